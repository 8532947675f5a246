"""From the figures of an analysis to what to do, by a table of rules a marketer can read."""
