"""Segmentations of datasets: asked for, worked out, described and shown."""
