"""How much of a column's variance groups explain, in the same rows and in others."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.tree import DecisionTreeRegressor

from app.segmentation.explanation.folds import stratified_folds

_PERMUTATIONS = 999
_ENOUGH = 40
"""Permutations that go together as well, after which the rest are spared."""

_LEAVES, _FEWEST_IN_LEAF = 32, 10


def explained_by(groups: NDArray[np.integer], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure the share of each target's variance that lies between groups.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,)
        Counted from 0.
    targets : ndarray of shape (n_samples, n_targets)

    Returns
    -------
    ndarray of shape (n_targets,)
    """
    n_rows = len(groups)
    sizes = np.bincount(groups)
    in_group = sparse.csr_array((np.ones(n_rows), groups, np.arange(n_rows + 1)))
    means = (in_group.T @ targets) / np.maximum(sizes, 1)[:, None]
    between = sizes @ np.square(means - targets.mean(axis=0))
    within = n_rows * targets.var(axis=0)
    return np.asarray(np.divide(between, within, out=np.zeros(len(within)), where=within > 0))


def held_out_by(
    X: NDArray[np.float64],
    groups: NDArray[np.integer],
    targets: NDArray[np.float64],
    *,
    random_state: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure the share of each target's variance that is explained in rows left out.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        May hold NaN.
    groups, targets
        As `explained_by`.
    random_state : int

    Returns
    -------
    by_groups, by_tree : ndarray of shape (n_targets,)
        By the groups' means, and by a decision tree on X; 0 where the mean of all does better.
    """
    fold = stratified_folds(groups, random_state=random_state)
    wrong = np.zeros((3, targets.shape[1]))
    for held_out in range(int(fold.max()) + 1):
        train, test = fold != held_out, fold == held_out
        overall = targets[train].mean(axis=0)
        means = np.array(
            [
                targets[train & (groups == i)].mean(axis=0)
                if (train & (groups == i)).any()
                else overall
                for i in range(int(groups.max()) + 1)
            ]
        )
        tree = DecisionTreeRegressor(
            max_leaf_nodes=_LEAVES, min_samples_leaf=_FEWEST_IN_LEAF, random_state=random_state
        ).fit(X[train], targets[train])
        modelled = tree.predict(X[test]).reshape(-1, targets.shape[1])
        for i, guess in enumerate((overall, means[groups[test]], modelled)):
            wrong[i] += np.square(targets[test] - guess).sum(axis=0)
    ratio = np.divide(wrong[1:], wrong[0], out=np.ones((2, len(wrong[0]))), where=wrong[0] > 0)
    by_groups, by_tree = np.maximum(1 - ratio, 0.0)
    return by_groups, by_tree


def permutation_p_value(
    groups: NDArray[np.integer],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    rng: np.random.Generator,
) -> float:
    """Chance of so large a weighted sum of `explained_by` where groups do not matter.

    References
    ----------
    J. Besag and P. Clifford (1991), "Sequential Monte Carlo p-values", Biometrika 78.
    """
    starts = np.concatenate([[0], np.cumsum(np.bincount(groups))[:-1]])
    by_group = targets[np.argsort(groups, kind="stable")]
    sizes = np.diff(np.append(starts, len(groups)))
    scale = weights / np.maximum(len(groups) * targets.var(axis=0), np.finfo(np.float64).tiny)
    centered = by_group - targets.mean(axis=0)

    def strength(rows: NDArray[np.float64]) -> float:
        sums = np.add.reduceat(rows, starts, axis=0)
        return float((np.square(sums) / sizes[:, None]).sum(axis=0) @ scale)

    # Sums in another order differ in their last digits.
    observed = strength(centered) * (1 - 1e-9)
    as_strong = 0
    for done in range(1, _PERMUTATIONS + 1):
        as_strong += strength(centered[rng.permutation(len(centered))]) >= observed
        if as_strong == _ENOUGH:
            return as_strong / done
    return (1 + as_strong) / (1 + _PERMUTATIONS)
