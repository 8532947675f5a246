"""Partitions of other draws of the same rows, kept to be asked more than one question."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError

Refit = Callable[[NDArray[np.float64], int], NDArray[np.integer]]
"""Cluster the rows given, seeded by the integer; labels count from 0, -1 is noise. It may raise
`DegenerateDataError` for rows that it cannot cluster."""


@dataclass(frozen=True, eq=False)
class Resamples:
    """Bootstrap draws of rows, clustered.

    Attributes
    ----------
    drawn : ndarray of int32, shape (n_resamples, n_drawn)
        Places of the rows, with repeats.
    labels : ndarray of int32, shape (n_resamples, n_drawn)
        Their clusters in that draw; -1 for noise.
    """

    drawn: NDArray[np.int32]
    labels: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.drawn)

    def distinct(self) -> Iterator[tuple[NDArray[np.integer], NDArray[np.integer]]]:
        """Give each draw's rows, once each, with their clusters."""
        for drawn, labels in zip(self.drawn, self.labels, strict=True):
            rows, first = np.unique(drawn, return_index=True)
            yield rows, labels[first]


def resample(
    X: NDArray[np.floating], refit: Refit, *, n_resamples: int, random_state: int
) -> Resamples:
    """Draw as many rows with replacement as there are, and cluster them, again and again.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    refit : callable
    n_resamples : int
    random_state : int
        Seeds the draws and the refits.

    Returns
    -------
    Resamples
        Without the draws that could not be clustered.
    """
    rng = np.random.default_rng(random_state)
    seeds = rng.integers(np.iinfo(np.int32).max, size=n_resamples)
    kept: list[NDArray[np.integer]] = []
    found: list[NDArray[np.integer]] = []
    for seed in seeds:
        drawn = rng.integers(len(X), size=len(X))
        try:
            labels = refit(np.asarray(X[drawn], dtype=np.float64), int(seed))
        except DegenerateDataError:
            continue
        kept.append(drawn)
        found.append(np.asarray(labels))
    shape = (len(kept), len(X))
    return Resamples(
        np.array(kept, dtype=np.int32).reshape(shape),
        np.array(found, dtype=np.int32).reshape(shape),
    )
