"""Samples without groups and with them, as the test of structure is measured on them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Cloud = Callable[[np.random.Generator, int, int], NDArray[np.float64]]


def correlated(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Gaussian with every correlation 0.6."""
    factor = np.linalg.cholesky(0.6 * np.ones((d, d)) + 0.4 * np.eye(d))
    return rng.normal(size=(n, d)) @ factor.T


CLOUDS: dict[str, Cloud] = {
    "isotropic Gaussian": lambda rng, n, d: rng.normal(size=(n, d)),
    "correlated Gaussian": correlated,
    "uniform": lambda rng, n, d: rng.uniform(size=(n, d)),
    "exponential": lambda rng, n, d: rng.exponential(size=(n, d)),
    "lognormal": lambda rng, n, d: rng.lognormal(size=(n, d)),
    "t(3)": lambda rng, n, d: rng.standard_t(3, size=(n, d)),
}
FURTHER_CLOUDS: dict[str, Cloud] = {
    "multivariate t(3)": lambda rng, n, d: (
        rng.normal(size=(n, d)) / np.sqrt(rng.chisquare(3, size=(n, 1)) / 3)
    ),
    "correlated lognormal": lambda rng, n, d: np.exp(correlated(rng, n, d)),
    "whole numbers 0 to 9": lambda rng, n, d: rng.integers(0, 10, size=(n, d)).astype(float),
    "Poisson(3) counts": lambda rng, n, d: rng.poisson(3, size=(n, d)).astype(float),
}


def groups(
    rng: np.random.Generator, n: int, d: int, k: int, gap: float, layout: str
) -> NDArray[np.float64]:
    """Unit Gaussian groups whose nearest centres are ``gap`` apart."""
    if layout == "scattered":
        centres = rng.normal(size=(k, d))
        distances = np.linalg.norm(centres[:, None] - centres[None], axis=2)
        centres *= gap / distances[np.triu_indices(k, 1)].min()
        labels = rng.choice(k, size=n, p=rng.dirichlet(np.full(k, 10.0)))
    else:
        centres = np.zeros((k, d))
        if d >= k:
            centres[:, :k] = np.eye(k) * gap / np.sqrt(2)
        else:
            centres[:, :2] = gap * np.array([(i % 3, i // 3) for i in range(k)])
        labels = np.arange(n) % k
    return centres[labels] + rng.normal(size=(n, d))


def uniform_pairs(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Uniform columns, each two of them related: blocks of columns without groups."""
    own = rng.uniform(size=(n, d))
    own[:, 1::2] += own[:, ::2][:, : d // 2]
    return own


def groups_beside_noise(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Three groups in two columns, 6 apart each, beside uniform noise; 5% of the values missing."""
    centres = 6 * np.array([(0, 0), (1, 0), (0.5, np.sqrt(0.75))])
    X = np.hstack(
        [centres[np.arange(n) % 3] + rng.normal(size=(n, 2)), rng.uniform(size=(n, d - 2))]
    )
    X[rng.random(X.shape) < 0.05] = np.nan
    return X


DOOR_CLOUDS = CLOUDS | {"uniform, related in pairs": uniform_pairs}
