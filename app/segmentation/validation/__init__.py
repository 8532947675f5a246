"""Whether segments are real: structure at all, stability of each, certainty of their number."""
