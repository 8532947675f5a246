"""Why a customer is in its segment: how near each one is, and which columns speak for its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.clustering.nearest_rows import VOTERS, nearest_places
from app.segmentation.segmentation import Segmentation

MOST = 3
"""Columns that are named."""


@dataclass(frozen=True)
class Support:
    """A column that speaks for a segment; ``share`` is of all that speaks for it, 0 to 1."""

    column: str
    share: float


def columns_for(
    found: Segmentation, row: pd.DataFrame, *, own: int, rival: int
) -> tuple[Support, ...]:
    """Name the columns that speak most for a customer's segment and against the next one.

    Parameters
    ----------
    found : Segmentation
    row : DataFrame of shape (1, any)
        Holds the columns that were clustered.
    own, rival : int
        The segment that the customer is in, and the one that it is compared with.

    Returns
    -------
    tuple of Support, at most `MOST`
        Strongest first; empty where no column speaks for the segment.

    Notes
    -----
    The squared distance to the rival's center less that to the own one is a sum over the columns;
    the largest terms speak most. Where the nearest customers or the dense regions decide, the
    nearest rows of either segment stand in for its center. Components are linear, so that behind
    them the sum is taken apart along the line between the two centers, from its middle.
    """
    if found.encoder is None or min(own, rival) < 0:
        return ()
    x = found.encode(row)
    here, there = (_of_segment(found, x, segment) for segment in (own, rival))
    encoder = found.encoder
    if encoder.components is None:
        terms = np.square(x - there).mean(axis=0) - np.square(x - here).mean(axis=0)
    else:
        directions = encoder.components.directions
        ends = np.stack([here.mean(axis=0), there.mean(axis=0)])
        middle = encoder.components.mean + ends.mean(axis=0) @ directions
        encoded = encoder.before_projection().transform(row)[0]
        terms = 2 * ((ends[0] - ends[1]) @ directions) * (encoded - middle)
        encoder = encoder.before_projection()
    totals = np.add.reduceat(terms, encoder.column_starts)
    speaking = np.maximum(totals, 0)
    ranked = np.argsort(-speaking, kind="stable")[:MOST]
    return tuple(
        Support(encoder.columns[i], float(speaking[i] / speaking.sum()))
        for i in ranked
        if speaking[i] > 0
    )


def chances(
    distances: NDArray[np.float64], *, own: int, probability: float | None
) -> Mapping[int, float | None]:
    """Share out what the own segment's probability leaves, the more the nearer the center.

    Parameters
    ----------
    distances : ndarray of shape (n_clusters,)
        To the centers.
    own : int
    probability : float or None
        Calibrated, of the own segment.

    Returns
    -------
    mapping of int to float or None
        Each segment's probability, summing to 1; None of all where the own one is not known.

    Notes
    -----
    Only the own segment's is calibrated. The rest goes by the inverse square of the distances, so
    that nearly all is the runner-up's where the others are far.
    """
    segments = range(len(distances))
    if probability is None or own < 0:
        return dict.fromkeys(segments)
    others = np.array([segment for segment in segments if segment != own], dtype=np.intp)
    if len(others) == 0:
        return {own: 1.0}
    nearness = 1 / np.maximum(np.square(distances[others]), np.finfo(np.float64).tiny)
    # Scaled first, so that the sum of the inverse squares of next to nothing stays finite.
    nearness /= nearness.max()
    shares = (1 - probability) * nearness / nearness.sum()
    return {own: probability, **dict(zip(others.tolist(), shares.tolist(), strict=True))}


def _of_segment(found: Segmentation, x: NDArray[np.float64], segment: int) -> NDArray[np.float64]:
    """Return what stands for a segment near a row: its center, or its nearest rows."""
    kept = found.membership.kept if found.membership is not None else found.nearest
    rows = None
    if found.density is not None:
        cores = found.density.is_core & (found.density.clustering.labels == segment)
        rows = found.density.rows[cores]
    elif kept is not None:
        rows = kept.rows[kept.labels == segment]
    if rows is None or len(rows) == 0:
        return found.clustering.centers[[segment]]
    return np.asarray(rows[nearest_places(rows, x, min(VOTERS, len(rows)))[0]])
