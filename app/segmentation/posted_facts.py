"""What tells segments apart, from customers already divided or from centroids alone."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from app.segmentation.analysis_columns import AnalysisOptions, analysis_columns
from app.segmentation.errors import SegmentationError
from app.segmentation.profiles import Difference, profile_segments
from app.segmentation.tables import table_from_frame

HALF = 0.5
"""Without customers there is no spread: a mean half as large again counts as a large effect."""


def differences_of(
    customers: Sequence[Sequence[Mapping[str, object]]],
    centroids: Sequence[Mapping[str, float | None]],
) -> list[tuple[Difference, ...]]:
    """Measure what sets each segment apart from the others, strongest first.

    Parameters
    ----------
    customers : sequence of sequences of mappings
        Each segment's records; taken where they make a table.
    centroids : sequence of mappings
        Each segment's means by column, for where they do not.
    """
    records = [record for segment in customers for record in segment]
    labels = np.repeat(np.arange(len(customers)), [len(segment) for segment in customers])
    names = sorted({name for record in records for name in record})
    try:
        if not names or len(np.unique(labels)) < len(customers):
            raise SegmentationError("A segment has no customers.")
        columns = {name: [record.get(name) for record in records] for name in names}
        table = table_from_frame(pd.DataFrame(columns, dtype=object))
        choice = analysis_columns(table, AnalysisOptions())
        profiles = profile_segments(
            table.frame, labels, numeric=choice.numeric, categorical=choice.categorical
        )
    except SegmentationError:
        return _between_centroids(centroids, [len(segment) for segment in customers])
    found = [profile.differences for profile in profiles]
    return found if any(found) else _between_centroids(centroids, [len(s) for s in customers])


def _between_centroids(
    centroids: Sequence[Mapping[str, float | None]], sizes: Sequence[int]
) -> list[tuple[Difference, ...]]:
    result = []
    for own, centroid in enumerate(centroids):
        differences = []
        for name, value in centroid.items():
            others = [
                (mean, max(size, 1))
                for i, (other, size) in enumerate(zip(centroids, sizes, strict=True))
                if i != own and (mean := other.get(name)) is not None
            ]
            if value is None or not others:
                continue
            weights = sum(size for _, size in others)
            rest = sum(mean * (size / weights) for mean, size in others)
            scale = HALF * max(abs(value), abs(rest))
            if scale > 0 and value != rest:
                effect = float(np.clip((value - rest) / scale, -4, 4))
                differences.append(Difference(name, None, value, rest, effect))
        result.append(tuple(sorted(differences, key=lambda each: -abs(each.effect))))
    return result
