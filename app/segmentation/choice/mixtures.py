"""Which mixture describes the rows best: covariances and components, by information criterion."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans

from app.segmentation.choice.columns_apart import ColumnsApart
from app.segmentation.clustering.mixture import COVARIANCES, Covariance, Mixture, fit_mixture

COMPONENTS = (*range(1, 17), *range(18, 33, 2), 35, 38)
"""Numbers of components that are tried, in turn."""

PATIENCE = 4
"""Numbers in turn that bring no gain, after which a kind of covariance is given up."""

KINDS_KEPT = {8: 2, 18: 1}
"""From so many components, only so many kinds of covariance, those that did best so far."""

ROWS_A_COMPONENT = 8


def best_mixture(rows: ColumnsApart, *, random_state: int) -> Mixture:
    """Fit mixtures of more and more components, and take the lowest information criterion.

    Parameters
    ----------
    rows : ColumnsApart
        A few thousand at most: each start needs a partition of them all.
    random_state : int
        Seeds the K-means starts.

    References
    ----------
    G. Schwarz (1978), "Estimating the dimension of a model", Ann. Statist. 6; C. Fraley and
    A. Raftery (2002), "Model-based clustering, discriminant analysis, and density estimation",
    J. Amer. Statist. Assoc. 97.
    """
    kinds = _kinds(rows)
    everyone = np.zeros(len(rows), dtype=np.int64)
    best = fit_mixture(rows.numbers, rows.codes, everyone, covariance=kinds[0])
    lowest: dict[Covariance, float] = dict.fromkeys(kinds, np.inf)
    waited: dict[Covariance, int] = dict.fromkeys(kinds, 0)
    for k, starts in _starts(rows, random_state):
        if k in KINDS_KEPT:
            kinds = tuple(sorted(kinds, key=lowest.__getitem__)[: KINDS_KEPT[k]])
        for kind in kinds:
            if waited[kind] >= PATIENCE:
                continue
            for start in starts:
                found = fit_mixture(rows.numbers, rows.codes, start, covariance=kind)
                if found.bic < best.bic:
                    best = found
                if found.bic < lowest[kind]:
                    lowest[kind], waited[kind] = found.bic, -1
            waited[kind] += 1
        if min(waited[kind] for kind in kinds) >= PATIENCE:
            break
    return best


def _kinds(rows: ColumnsApart) -> tuple[Covariance, ...]:
    n_numeric = rows.numbers.shape[1]
    if n_numeric == 0:
        return ("full",)
    return ("tied", "full") if n_numeric == 1 else COVARIANCES


def _starts(
    rows: ColumnsApart, random_state: int
) -> Iterator[tuple[int, list[NDArray[np.integer]]]]:
    """Partitions to begin with, for one number of components after another."""
    matrix = rows.matrix
    n_distinct = len(np.unique(matrix, axis=0))
    tree = linkage(matrix, "ward") if len(matrix) > 1 else None
    for k in COMPONENTS:
        if k > min(n_distinct, max(1, len(matrix) // ROWS_A_COMPONENT)):
            return
        if k == 1 or tree is None:
            yield k, [np.zeros(len(matrix), dtype=np.int64)]
            continue
        model = KMeans(n_clusters=k, n_init=1, random_state=random_state).fit(matrix)
        partitions = (model.labels_, fcluster(tree, k, "maxclust"))
        yield k, [np.unique(labels, return_inverse=True)[1] for labels in partitions]
