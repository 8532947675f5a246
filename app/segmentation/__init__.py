"""The segmentation engine: arrays and frames in, frozen dataclasses out.

Pure and deterministic; it imports nothing else from the app, no web, no SQL, and opens no file.
"""
