"""Which groups stay: those that come back in parts of the rows, and no more than can be used."""

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.columns_apart import ColumnsApart
from app.segmentation.choice.search import Found, search
from app.segmentation.validation.stability import best_jaccard

PARTS, PART = 2, 0.7
"""Draws, and the share of the rows in each, in which every group has to come back."""

DISSOLVED = 0.5
"""Mean Jaccard similarity up to which a group does not come back (Hennig 2007)."""

USUAL_GROUPS = 10
"""Groups at most where a column holds categories or few values: heaps of equal values are divided
by empty space, and are not so many kinds of customers."""


def returning(found: Found, rows: ColumnsApart, rng: np.random.Generator) -> NDArray[np.int64]:
    """Join groups that do not come back in parts of the rows with the one nearest to them.

    Returns
    -------
    ndarray of int64, shape (n_components,)
    """
    again: list[tuple[NDArray[np.intp], NDArray[np.int64]]] = []
    if found.groups.max() == 0:
        return found.groups
    for _ in range(PARTS):
        part = np.sort(rng.choice(len(rows), int(PART * len(rows)), replace=False))
        again.append((part, search(rows.take(part), int(rng.integers(2**31))).labels))
    groups = found.groups
    while groups.max() > 0:
        labels, n_groups = groups[found.components], int(groups.max()) + 1
        similar = np.nanmean(
            [best_jaccard(labels[part], other, n_segments=n_groups) for part, other in again],
            axis=0,
        )
        weakest = int(np.argmin(similar))
        if similar[weakest] > DISSOLVED:
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
