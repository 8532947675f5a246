"""What tells segments apart, from customers already divided or from centroids alone."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.segmentation.description.profiles import Difference, profile_segments
from app.segmentation.errors import SegmentationError
from app.segmentation.preparation.column_choice import columns_used
from app.segmentation.recipe import AUTO
from app.segmentation.tables import frame_of_records, table_from_frame

MOST = 100
"""Differences of centroids that are looked at, the largest of each segment."""

_ROUNDING = 1e-9
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
    frame = frame_of_records(records).frame
    try:
        if frame.empty or len(np.unique(labels)) < len(customers):
            raise SegmentationError("A segment has no customers.")
        table = table_from_frame(frame)
        choice = columns_used(table.columns, AUTO, n_rows=len(table.frame))
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
    names = sorted({name for centroid in centroids for name in centroid})
    means = np.array(
        [[centroid.get(name) for name in names] for centroid in centroids], dtype=np.float64
    )
    known = ~np.isnan(means)
    weights = known * np.maximum(sizes, 1)[:, None]
    # As shares of the whole, so that sums of the largest doubles stay finite.
    parts = np.where(known, means, 0.0) * (weights / np.maximum(weights.sum(axis=0), 1))
    others = weights.sum(axis=0) - weights
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        rest = (parts.sum(axis=0) - parts) * (weights.sum(axis=0) / others)
        scale = HALF * np.maximum(np.abs(means), np.abs(rest))
        effects = np.clip((means - rest) / scale, -4, 4)
    measured = known & (others > 0) & np.isfinite(effects) & np.isfinite(rest)
    effects[~measured | (np.abs(effects) < _ROUNDING)] = 0
    return [
        tuple(
            Difference(names[i], None, float(means[own, i]), float(rest[own, i]), float(effect[i]))
            for i in np.argsort(-np.abs(effect), kind="stable")[:MOST]
            if effect[i]
        )
        for own, effect in enumerate(effects)
    ]
