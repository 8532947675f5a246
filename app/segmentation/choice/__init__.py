"""How many segments, by which algorithm: each tried, scored alike, and the choice explained."""
