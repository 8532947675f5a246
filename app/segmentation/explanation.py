"""Which columns tell the segments apart, by how well a small tree reproduces them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from app.segmentation.errors import DegenerateDataError
from app.segmentation.folds import stratified_folds

MAX_ROWS = 20_000
"""Rows the trees see at most; a larger table is sampled."""

MAX_CATEGORIES = 50
"""Most frequent values of a categorical column told apart; the rest count as one."""

_N_REPEATS = 5
_LEAVES_PER_SEGMENT = 4


@dataclass(frozen=True)
class Explanation:
    """What the raw columns say of the segments.

    Attributes
    ----------
    accuracy : float
        Balanced accuracy, 0 to 1, with which the tree puts rows it has not seen into their
        segments: the mean over the segments of the share put right. It measures how simply the
        segments can be described, not whether they are real.
    chance : float
        What guessing would reach, 1 / n_segments.
    importance : mapping of str to float
        Share of each column, largest first, summing to 1: what the accuracy loses when the
        column's values are shuffled. Equal shares where no column matters; see ``informative``.
    informative : bool
        Whether any column matters at all.
    n_folds : int
    n_samples : int
        Rows used, noise left out.
    sampled : bool
        Whether they are a random sample.
    """

    accuracy: float
    chance: float
    importance: Mapping[str, float]
    informative: bool
    n_folds: int
    n_samples: int
    sampled: bool


def explain_segments(
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
    random_state: int = 0,
) -> Explanation:
    """Reproduce the segments from the raw columns, and shuffle each column in turn.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, ...)
        The columns in their own units; missing values may remain.
    labels : ndarray of shape (n_samples,)
        Segment of each row; rows labelled -1 (noise) take no part.
    numeric, categorical : sequence of str
        The columns to use. A categorical one is shuffled whole, not indicator by indicator.
    random_state : int

    Returns
    -------
    Explanation

    Raises
    ------
    DegenerateDataError
        Fewer than two segments, or no column.

    Notes
    -----
    The tree has at most four leaves a segment. Every figure is from rows of a fold the tree was
    not fitted on (5 folds, predictions pooled, so that each segment counts as a whole); the
    importance is the mean loss over 5 shuffles within the fold (Breiman 2001, "Random forests",
    Machine Learning 45), clipped at 0. Columns that say the same share the importance between
    them, or leave it to one.
    """
    columns = [*numeric, *categorical]
    kept = np.flatnonzero(np.asarray(labels) >= 0)
    rng = np.random.default_rng(random_state)
    sampled = len(kept) > MAX_ROWS
    if sampled:
        kept = np.sort(rng.choice(kept, size=MAX_ROWS, replace=False))
    segments, y = np.unique(np.asarray(labels)[kept], return_inverse=True)
    if len(segments) < 2 or not columns:
        raise DegenerateDataError("An explanation needs at least two segments and one column.")

    blocks = _encode(frame.iloc[kept], numeric, categorical)
    X = np.hstack(blocks)
    edges = np.cumsum([0, *(block.shape[1] for block in blocks)])
    fold = stratified_folds(y, random_state=random_state)
    n_folds = int(fold.max()) + 1
    predicted = np.empty(len(y), dtype=np.intp)
    shuffled = np.empty((len(columns), _N_REPEATS, len(y)), dtype=np.intp)
    for held_out in range(n_folds):
        test = np.flatnonzero(fold == held_out)
        tree = DecisionTreeClassifier(
            max_leaf_nodes=_LEAVES_PER_SEGMENT * len(segments),
            min_samples_leaf=2,
            class_weight="balanced",
            random_state=random_state,
        ).fit(X[fold != held_out], y[fold != held_out])
        predicted[test] = tree.predict(X[test])
        for j in range(len(columns)):
            block = slice(edges[j], edges[j + 1])
            for repeat in range(_N_REPEATS):
                mixed = X[test].copy()
                mixed[:, block] = mixed[rng.permutation(len(test)), block]
                shuffled[j, repeat, test] = tree.predict(mixed)

    accuracy = balanced_accuracy(y, predicted)
    losses = [
        max(0.0, accuracy - float(np.mean([balanced_accuracy(y, guess) for guess in guesses])))
        for guesses in shuffled
    ]
    total = sum(losses)
    shares = [loss / total if total > 0 else 1 / len(columns) for loss in losses]
    ranked = sorted(zip(columns, shares, strict=True), key=lambda pair: -pair[1])
    return Explanation(
        accuracy=accuracy,
        chance=1 / len(segments),
        importance=dict(ranked),
        informative=total > 0,
        n_folds=n_folds,
        n_samples=len(y),
        sampled=sampled,
    )


def balanced_accuracy(actual: NDArray[np.integer], predicted: NDArray[np.integer]) -> float:
    """Mean over the classes of the share predicted right; each class from 0 must be present."""
    right = np.bincount(actual, weights=actual == predicted)
    return float(np.mean(right / np.bincount(actual)))


def _encode(
    frame: pd.DataFrame, numeric: Sequence[str], categorical: Sequence[str]
) -> list[NDArray[np.float64]]:
    blocks = [frame[[name]].to_numpy(dtype=np.float64, na_value=np.nan) for name in numeric]
    for name in categorical:
        values = frame[name]
        frequent = values.value_counts().index[:MAX_CATEGORIES]
        codes = frequent.get_indexer(pd.Index(values))
        # Rare and missing values share the code -1: a row of zeros.
        blocks.append((codes[:, None] == np.arange(max(len(frequent), 1))).astype(np.float64))
    return blocks
