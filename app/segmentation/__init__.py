"""The segmentation engine: arrays and frames in, frozen dataclasses out.

Pure and deterministic; it imports nothing else from the app, no web, no SQL, and opens no file.
`segment` takes a table and a recipe through these rooms, in this order, to a `Segmentation`:

- ``tables``: bytes or records to typed columns
- ``preparation``: which columns count, and every step from them to a matrix, fitted and kept
- ``choice``: algorithms of ``clustering`` tried, and one taken, with its number of segments
- ``description``: what a segment looks like, in words, and its name
- ``explanation``: what tells the segments apart, and a rule for each
- ``validation``: whether the segments are real

Beside the journey: ``placing`` puts new rows in the segments, ``recutting`` cuts a kept tree again,
``comparison``, ``identity`` and ``drift`` set one segmentation beside the next, ``orders`` makes
customers of order lines, ``pictures`` draws, and ``advice`` says what to do with each segment.
"""
