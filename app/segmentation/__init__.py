"""The segmentation engine: arrays and frames in, frozen dataclasses out.

Pure and deterministic; it imports nothing else from the app, no web, no SQL, and opens no file.
A table goes through it in this order:

- ``tables``: bytes to typed columns; ``column_choice``, ``columns``, ``features``: to a matrix
- ``clustering``: the algorithms; ``selection``, ``tree_selection``: how many clusters
- ``silhouette``, ``validation``: whether the segments are real
- ``description``: what a segment looks like, in words, and its name
- ``explanation``: what tells the segments apart, and a rule for each
- ``fitting``, ``tree_cuts``: all of this for a run of a dataset; ``posted``: for posted records;
  ``core``: for the one table with four features
- ``scoring``, ``placing``: new customers; ``comparison``, ``identity``: one partition and the next
- ``pictures``: dendrogram, map and colours; ``advice``: what to do with each segment
"""
