"""How far customers of today have moved from those a model was trained on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SHARE_FLOOR = 1e-4
"""Stands for an empty bin, whose logarithm would be infinite."""


@dataclass(frozen=True)
class Bins:
    """A feature's training values in about ten bins of equal share.

    Attributes
    ----------
    edges : tuple of float
        Inner edges, rising, in the feature's units; a value on an edge lies above it.
    shares : tuple of float, length len(edges) + 1
        Share of the training customers in each bin.
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]


def decile_bins(values: NDArray[np.floating]) -> Bins:
    """Cut values of shape (n_samples,) at their deciles, those that coincide taken once."""
    edges = np.unique(np.quantile(values, np.linspace(0.1, 0.9, 9)))
    return Bins(
        edges=tuple(float(edge) for edge in edges),
        shares=tuple(float(share) for share in bin_shares(values, edges)),
    )


def bin_shares(values: NDArray[np.floating], edges: NDArray[np.floating]) -> NDArray[np.float64]:
    """Share of values in each bin, shape (len(edges) + 1,)."""
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return np.asarray(counts / max(len(values), 1), dtype=np.float64)


def population_stability_index(
    expected: NDArray[np.floating], actual: NDArray[np.floating]
) -> float:
    """Distance between two distributions over the same bins.

    Parameters
    ----------
    expected, actual : ndarray of shape (n_bins,)
        Shares, each summing to 1.

    Returns
    -------
    float
        0 where they are equal. By custom under 0.1 is no change, over 0.25 a large one.

    References
    ----------
    N. Siddiqi (2006), "Credit Risk Scorecards"; the sum of Kullback-Leibler divergences
    in both directions (Jeffreys 1946).
    """
    before = np.maximum(expected, _SHARE_FLOOR)
    now = np.maximum(actual, _SHARE_FLOOR)
    return float(np.sum((now - before) * np.log(now / before)))
