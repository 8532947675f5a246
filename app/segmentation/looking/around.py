"""A segment among the others: its neighbours, and its typical and borderline customers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BORDERLINE = 0.1
"""Part of a segment's customers, those nearest to another one, that are called borderline."""

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Another segment: how far its center is, and which share of the borderline is next to it."""

    segment: int
    distance: float
    share_of_borderline: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Around:
    """Who is where in a segment.

    Attributes
    ----------
    neighbours : tuple of Neighbour
        The one that most borderline customers are next to first, then the nearest.
    typical : ndarray of int64, shape (up to SHOWN,)
        Rows nearest to the center, the nearest first.
    borderline : ndarray of int64, shape (up to SHOWN,)
        Rows nearest to another center in proportion, the most doubtful first.
    """

    neighbours: tuple[Neighbour, ...]
    typical: NDArray[np.int64]
    borderline: NDArray[np.int64]


def around(
    segment: int,
    centers: NDArray[np.float64],
    labels: NDArray[np.integer],
    *,
    distances: NDArray[np.float64],
    margins: NDArray[np.float64],
    rivals: NDArray[np.integer],
) -> Around:
    """Find a segment's neighbours, its most typical customers and its borderline ones.

    Parameters
    ----------
    segment : int
    centers : ndarray of shape (n_clusters, n_features)
    labels, distances, margins, rivals : ndarray of shape (n_samples,)
        The segments of all customers, and their `RowFacts`.
    """
    own = np.flatnonzero(labels == segment)
    by_distance = own[np.argsort(distances[own], kind="stable")]
    if len(centers) < 2:
        return Around(neighbours=(), typical=by_distance[:0], borderline=by_distance[:0])
    by_doubt = own[np.argsort(margins[own], kind="stable")]
    doubtful = by_doubt[: max(1, round(BORDERLINE * len(own)))]
    shares = np.bincount(rivals[doubtful], minlength=len(centers)) / max(len(doubtful), 1)
    apart = np.linalg.norm(centers - centers[segment], axis=1)
    others = [other for other in range(len(centers)) if other != segment]
    others.sort(key=lambda other: (-shares[other], apart[other]))
    return Around(
        neighbours=tuple(
            Neighbour(
                segment=other,
                distance=float(apart[other]),
                share_of_borderline=float(shares[other]),
            )
            for other in others
        ),
        typical=by_distance[:SHOWN],
        borderline=by_doubt[:SHOWN],
    )
