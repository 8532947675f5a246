"""Which groups stay: those that come back in parts of the rows, and no more than can be used."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from app.segmentation.choice.columns_apart import ColumnsApart
from app.segmentation.choice.search import Found, search
from app.segmentation.validation.stability import best_jaccard

PARTS, PART = 3, 0.8
"""Draws, and the share of the rows in each, in which every group has to come back."""

STABLE = 0.75
"""Mean Jaccard similarity that a group that comes back has at least (Hennig 2007)."""

ALIKE = 0.9
"""Mean adjusted Rand index of the groups and those of each draw, at least: where other draws give
other groups, a score finds segments that hold better."""

USUAL_GROUPS = 10
"""Groups at most where a column holds categories or few values: heaps of equal values are divided
by empty space, and are not so many kinds of customers."""


@dataclass(frozen=True, eq=False)
class Draw:
    """Rows of a part, and what was found in it, given to all rows."""

    part: NDArray[np.intp]
    found: Found


def drawn_again(rows: ColumnsApart, rng: np.random.Generator) -> tuple[Draw, ...]:
    """Search parts of the rows as all of them were searched."""
    draws = []
    for _ in range(PARTS):
        part = np.sort(rng.choice(len(rows), int(PART * len(rows)), replace=False))
        found = search(rows.take(part), int(rng.integers(2**31)))
        draws.append(Draw(part, found.on(rows, part)))
    return tuple(draws)


def most_typical(found: Found, draws: Sequence[Draw]) -> tuple[Found, tuple[Draw, ...]]:
    """Take the search that agrees best with the others, as any one may have missed the best fit.

    Returns
    -------
    found : Found
    draws : tuple of Draw
        The other searches; that of all rows is one of them where it was not taken.
    """
    searches = (Draw(np.arange(len(found.labels)), found), *draws)
    agreed = [
        sum(adjusted_rand_score(one.found.labels, other.found.labels) for other in searches)
        for one in searches
    ]
    best = int(np.argmax(agreed))
    return searches[best].found, tuple(each for i, each in enumerate(searches) if i != best)


def holds(labels: NDArray[np.int64], draws: Sequence[Draw]) -> bool:
    """Whether the groups are, on the whole, those of each part too."""
    alike = [adjusted_rand_score(labels[draw.part], draw.found.labels[draw.part]) for draw in draws]
    return float(np.mean(alike)) >= ALIKE


def returning(found: Found, draws: Sequence[Draw]) -> NDArray[np.int64]:
    """Join groups that do not come back in parts of the rows with the one nearest to them.

    Returns
    -------
    ndarray of int64, shape (n_components,)
    """
    groups = found.groups
    while groups.max() > 0:
        labels, n_groups = groups[found.components], int(groups.max()) + 1
        similar = np.nanmean(
            [
                best_jaccard(labels[draw.part], draw.found.labels[draw.part], n_segments=n_groups)
                for draw in draws
            ],
            axis=0,
        )
        weakest = int(np.argmin(similar))
        if similar[weakest] >= STABLE:
            break
        between = np.where(
            (groups == weakest)[:, None] & (groups != weakest)[None], found.depths, np.inf
        )
        nearest = groups[np.unravel_index(int(between.argmin()), between.shape)[1]]
        groups = np.unique(np.where(groups == weakest, nearest, groups), return_inverse=True)[1]
    return groups


def usual(groups: NDArray[np.int64], found: Found, rows: ColumnsApart) -> NDArray[np.int64]:
    """Join the smallest groups to the nearest ones until there are no more than usual."""
    while rows.codes and groups.max() >= USUAL_GROUPS:
        labels = groups[found.components]
        counts = np.bincount(labels)
        means = np.array([rows.matrix[labels == i].mean(axis=0) for i in range(len(counts))])
        smallest = int(np.argmin(counts))
        distances = np.square(means - means[smallest]).sum(axis=1)
        distances[smallest] = np.inf
        groups = np.where(groups == smallest, int(np.argmin(distances)), groups)
        groups = np.unique(groups, return_inverse=True)[1]
    return groups
