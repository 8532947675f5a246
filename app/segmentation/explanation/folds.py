"""Folds that hold their share of every segment."""

import numpy as np
from numpy.typing import NDArray

N_FOLDS = 5


def stratified_folds(
    labels: NDArray[np.integer], *, n_folds: int = N_FOLDS, random_state: int = 0
) -> NDArray[np.intp]:
    """Deal the rows of each segment out to the folds in turn.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
    n_folds : int
        Lowered to the number of rows where that is smaller.
    random_state : int
        Seeds the order within a segment.

    Returns
    -------
    ndarray of shape (n_samples,)
        Fold of each row, from 0. A segment with fewer rows than folds is missing from some.
    """
    rng = np.random.default_rng(random_state)
    shuffled = rng.permutation(len(labels))
    by_segment = shuffled[np.argsort(labels[shuffled], kind="stable")]
    fold = np.empty(len(labels), dtype=np.intp)
    fold[by_segment] = np.arange(len(labels)) % min(n_folds, max(len(labels), 1))
    return fold
