"""Samples without groups and with them, as the test of structure is measured on them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Cloud = Callable[[np.random.Generator, int, int], NDArray[np.float64] | NDArray[np.str_]]


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


def zero_inflated(share: float) -> Cloud:
    """Skewed spends, each of them 0 for a share of the customers."""
    return lambda rng, n, d: rng.gamma(2, size=(n, d)) * (rng.random((n, d)) >= share)


def gamma(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Columns with a pile near zero."""
    return rng.gamma(0.5, size=(n, d))


def correlated_gamma(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """The same with rank correlations of about 0.6."""
    return np.asarray(stats.gamma.ppf(stats.norm.cdf(correlated(rng, n, d)), 0.5))


def products(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Quantities, and what they cost: every second column is a multiple of the one before."""
    X = rng.lognormal(1, 0.8, size=(n, d))
    X[:, 1::2] *= X[:, ::2][:, : d // 2]
    return X


def capped(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Values over a limit are written as the limit: a sixth of them."""
    return np.minimum(correlated(rng, n, d), 1.0)


def heaped(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Half of the customers round to tens, half to whole numbers."""
    X = rng.normal(50, 15, size=(n, d))
    return np.where(rng.random((n, d)) < 0.5, np.round(X, -1), np.round(X))


def likert(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Answers from 1 to 5 that go together."""
    return np.clip(np.round(3 + correlated(rng, n, d)), 1, 5)


def repeated(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Each row twice."""
    return np.repeat(correlated(rng, n // 2, d), 2, axis=0)


def bootstrapped(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Rows drawn with replacement."""
    return correlated(rng, n, d)[rng.integers(n, size=n)]


def l_shaped(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Customers who do much of one thing or of another, seldom of both."""
    X = rng.normal(scale=0.3, size=(n, d))
    X[np.arange(n), rng.integers(2, size=n)] += rng.exponential(2, size=n)
    return X


def u_shaped(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """A parabola."""
    X = rng.normal(scale=0.3, size=(n, d))
    X[:, 0] = rng.normal(size=n)
    X[:, 1] += X[:, 0] ** 2
    return X


def random_walks(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Columns that wander from row to row."""
    return rng.normal(size=(n, d)).cumsum(axis=0)


def trends(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Columns that grow with time."""
    return np.linspace(0, 5, n)[:, None] * rng.uniform(0.5, 1.5, d) + rng.normal(size=(n, d))


LETTERS = np.array(list("abcde"))


def unrelated_categories(rng: np.random.Generator, n: int, d: int) -> NDArray[np.str_]:
    """Categories that have nothing to do with each other."""
    return LETTERS[rng.choice(5, size=(n, d), p=[0.4, 0.3, 0.15, 0.1, 0.05])]


def scaled_categories(rng: np.random.Generator, n: int, d: int) -> NDArray[np.str_]:
    """Three grades of what lies on one scale for every column."""
    return LETTERS[np.digitize(correlated(rng, n, d), [-0.5, 0.5])]


HARD_CLOUDS: dict[str, Cloud] = {
    "gamma(0.5)": gamma,
    "correlated gamma(0.5)": correlated_gamma,
    "zeros, 20%": zero_inflated(0.2),
    "zeros, 50%": zero_inflated(0.5),
    "zeros, 80%": zero_inflated(0.8),
    "products": products,
    "capped": capped,
    "heaped": heaped,
    "answers 1 to 5": likert,
    "each row twice": repeated,
    "drawn with replacement": bootstrapped,
    "L-shape": l_shaped,
    "U-shape": u_shaped,
    "random walks": random_walks,
    "time trends": trends,
    "unrelated categories": unrelated_categories,
    "categories along a scale": scaled_categories,
}


def of_sizes(shares: tuple[float, ...], far: float) -> Cloud:
    """A large group, and small ones that far from it, each in its own direction."""

    def make(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
        group = rng.choice(len(shares), size=n, p=shares)
        centres = np.vstack([np.zeros(d), far * np.eye(d)[: len(shares) - 1]])
        return centres[group] + rng.normal(size=(n, d))

    return make


def twelve(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Twelve groups, 6 apart."""
    return groups(rng, n, d, 12, 6.0, "packed")


def few_columns(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Three groups, 6 apart, in two columns of all."""
    return np.hstack([groups(rng, n, 2, 3, 6.0, "packed"), rng.normal(size=(n, d - 2))])


def elongated(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Two groups, six times as long as wide, 6 widths apart."""
    X = rng.normal(size=(n, d))
    X[:, 0] *= 6
    X[:, 1] += 6 * (np.arange(n) % 2)
    return X


def unlike(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """A dense group beside one three times as wide, 8 apart."""
    second = np.arange(n) % 2 == 1
    X = rng.normal(size=(n, d)) * np.where(second, 3, 1)[:, None] / 2
    X[:, 0] += 8 * second
    return X


def nested(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Two groups far apart, each of two that are 5 apart."""
    X = rng.normal(size=(n, d))
    X[:, 0] += 20 * (np.arange(n) % 2)
    X[:, 1] += 5 * (np.arange(n) // 2 % 2)
    return X


def classes(rng: np.random.Generator, n: int, d: int) -> NDArray[np.str_]:
    """Three classes, each with an answer of its own in every column, given by 7 in 10."""
    group = rng.integers(0, 3, size=(n, 1))
    return LETTERS[np.where(rng.random((n, d)) < 0.55, group, rng.integers(0, 3, size=(n, d)))]


SMALL_GROUPS: dict[str, Cloud] = {
    "95 and 5%, 8 apart": of_sizes((0.95, 0.05), 8.0),
    "90, 8 and 2%, 6 apart": of_sizes((0.9, 0.08, 0.02), 6.0),
    "twelve groups": twelve,
    "two columns of all": few_columns,
    "elongated": elongated,
    "unlike densities": unlike,
    "nested": nested,
    "classes of categories": classes,
}
