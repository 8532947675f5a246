"""Which columns tell the segments apart, by how well small trees reproduce them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from app.segmentation.errors import DegenerateDataError
from app.segmentation.explanation.folds import stratified_folds
from app.segmentation.explanation.raw_columns import raw_blocks

MAX_ROWS = 20_000
"""Rows the trees see at most; a larger table is sampled."""

_N_REPEATS = 5
_N_HALVINGS = 3
_NEARLY = 0.9
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
        Share of each column, largest first, summing to 1: what trees that reproduce the segments
        nearly as well as any lose of their accuracy when the column's values are shuffled. Equal
        shares where no column matters; see ``informative``.
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
    A tree has at most four leaves a segment. Every figure is from rows of a fold the tree was not
    fitted on, of 5 folds. The accuracy is that of trees on all columns, predictions pooled, so
    that each segment counts as a whole.

    The importance is the loss of accuracy when a column is shuffled within the fold, mean of 5
    shuffles (Breiman 2001, "Random forests", Machine Learning 45), clipped at 0. Of columns that
    say the same a tree uses one alone, and shuffling the others would cost it nothing. In each fold
    trees are therefore fitted on random halves of the columns too (Ho 1998, "The random subspace
    method for constructing decision forests", IEEE TPAMI 20), and the losses are the mean over the
    trees that come nine tenths as far from chance as the one on all columns (Fisher, Rudin and
    Dominici 2019, "All models are wrong, but many are useful", J. Mach. Learn. Res. 20). Where no
    half does, that is the importance in the tree on all columns.
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

    blocks = raw_blocks(frame.iloc[kept], numeric=numeric, categorical=categorical)
    X = np.hstack(blocks)
    edges = np.cumsum([0, *(block.shape[1] for block in blocks)])
    fold = stratified_folds(y, random_state=random_state)
    n_folds = int(fold.max()) + 1
    chance = 1 / len(segments)
    weights = chance / np.bincount(y)[y]
    predicted = np.empty(len(y), dtype=np.intp)
    losses = np.zeros(len(columns))
    most = 0.0
    for held_out in range(n_folds):
        train, test = np.flatnonzero(fold != held_out), np.flatnonzero(fold == held_out)
        for part in _column_sets(len(columns), rng):
            features = np.concatenate([np.arange(edges[j], edges[j + 1]) for j in part])
            tree = DecisionTreeClassifier(
                max_leaf_nodes=_LEAVES_PER_SEGMENT * len(segments),
                min_samples_leaf=2,
                class_weight="balanced",
                # Among columns that say the same the tree draws, and should not always draw one.
                random_state=int(rng.integers(2**31)),
            ).fit(X[np.ix_(train, features)], y[train])
            seen = X[np.ix_(test, features)]
            guess = tree.predict(seen)
            right = weights[test][guess == y[test]].sum()
            gained = right - chance * weights[test].sum()
            if len(part) == len(columns):
                predicted[test], most = guess, gained
            if min(gained, most) <= 0 or gained < _NEARLY * most:
                continue
            widths = [blocks[j].shape[1] for j in part]
            left = _right_when_shuffled(tree, seen, y[test], weights[test], widths, rng)
            losses[part] += right - left

    accuracy = balanced_accuracy(y, predicted)
    losses = np.maximum(losses, 0.0)
    total = float(losses.sum())
    shares = losses / total if total > 0 else np.full(len(columns), 1 / len(columns))
    ranked = sorted(zip(columns, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    return Explanation(
        accuracy=accuracy,
        chance=chance,
        importance=dict(ranked),
        informative=total > 0,
        n_folds=n_folds,
        n_samples=len(y),
        sampled=sampled,
    )


def _right_when_shuffled(
    tree: DecisionTreeClassifier,
    X: NDArray[np.float64],
    y: NDArray[np.intp],
    weights: NDArray[np.float64],
    widths: Sequence[int],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Weight of the rows put right when each block of so many columns is shuffled; the mean."""
    right = np.full(len(widths), weights[tree.predict(X) == y].sum())
    edges = np.cumsum([0, *widths])
    used = np.add.reduceat(tree.feature_importances_, edges[:-1]) > 0
    # A block in no split of the tree costs nothing.
    for j in np.flatnonzero(used):
        block = slice(edges[j], edges[j + 1])
        kept = 0.0
        for _ in range(_N_REPEATS):
            mixed = X.copy()
            mixed[:, block] = mixed[rng.permutation(len(X)), block]
            kept += weights[tree.predict(mixed) == y].sum()
        right[j] = kept / _N_REPEATS
    return right


def _column_sets(n_columns: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """All columns, and random halves of them."""
    yield np.arange(n_columns)
    for _ in range(_N_HALVINGS if n_columns > 1 else 0):
        yield from np.array_split(rng.permutation(n_columns), 2)


def balanced_accuracy(actual: NDArray[np.integer], predicted: NDArray[np.integer]) -> float:
    """Mean over the classes of the share predicted right; each class from 0 must be present."""
    right = np.bincount(actual, weights=actual == predicted)
    return float(np.mean(right / np.bincount(actual)))
