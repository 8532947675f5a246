"""The rows of a segmentation's own table: how surely, and how typically, each is in its segment."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.membership import own_and_other, rivals_of
from app.segmentation.segmentation import Segmentation


@dataclass(frozen=True, eq=False)
class RowFacts:
    """What is known of rows in the segments that they have.

    Attributes
    ----------
    confidences : ndarray of float64, shape (n_samples,)
        As `confidences_of`: whole numbers, 0 to 100; NaN where there are fewer than two segments,
        as for ``distances`` and ``margins``.
    probabilities : ndarray of float64, shape (n_samples,)
        NaN in no segment, and where they are not known.
    outliers : ndarray of bool, shape (n_samples,)
    distances : ndarray of float64, shape (n_samples,)
        To the center of the own segment, in the space that was clustered; of noise, the nearest.
    margins : ndarray of float64, shape (n_samples,)
        1 - distance to the own center / distance to the nearest other one; below 0 where the
        other one is nearer.
    rivals : ndarray of int32, shape (n_samples,)
        The segment of the nearest other center; -1 where there is none.
    """

    confidences: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    outliers: NDArray[np.bool_]
    distances: NDArray[np.float64]
    margins: NDArray[np.float64]
    rivals: NDArray[np.int32]


def facts_of(found: Segmentation, frame: pd.DataFrame, labels: NDArray[np.integer]) -> RowFacts:
    """Measure rows of the table that was segmented.

    Parameters
    ----------
    found : Segmentation
    frame : DataFrame of shape (n_samples, any)
        Holds the columns that were clustered.
    labels : ndarray of shape (n_samples,)
        The segments that these rows have, -1 for none.
    """
    X = found.encode(frame)
    placed = found.place_encoded(X)
    unknown = np.full(len(X), np.nan)
    # Runs of earlier releases do not place all of their own rows where they are.
    as_placed = (placed.labels == labels) & (labels >= 0)
    probabilities = (
        unknown
        if placed.probabilities is None
        else np.where(as_placed, placed.probabilities, np.nan)
    )
    outliers = np.where(as_placed, placed.outliers, labels < 0)
    if found.scorer is None:
        no_rival = np.full(len(X), -1, dtype=np.int32)
        return RowFacts(unknown, probabilities, outliers, unknown, unknown, no_rival)
    distances = found.scorer.distances(X)
    margins = own_and_other(distances, labels)
    own = np.where(labels >= 0, labels, distances.argmin(axis=1))
    return RowFacts(
        confidences=np.rint(np.clip(margins, 0, 1) * 100),
        probabilities=probabilities,
        outliers=outliers,
        distances=np.take_along_axis(distances, own[:, None], axis=1)[:, 0],
        margins=margins,
        rivals=rivals_of(distances, labels).astype(np.int32),
    )
