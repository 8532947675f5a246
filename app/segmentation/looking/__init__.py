"""Looking into a segmentation: its customers, a segment against the rest, and why one is here."""
