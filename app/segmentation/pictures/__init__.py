"""Dendrogram, map and colours: what is drawn, and the coordinates for who draws it."""
