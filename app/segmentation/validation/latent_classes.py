"""Whether categories go together, as they do in groups of customers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from app.segmentation.threads import single_threaded
from app.segmentation.validation.evidence_rows import one_of_copies
from app.segmentation.validation.hold_out import ALPHA, is_borderline
from app.segmentation.validation.structure import MAX_ROWS, MIN_ROWS, Structure
from app.segmentation.validation.structure_words import shown_p_value

RARE = 0.05
"""Share of the customers under which categories of a column count as one."""

_PERMUTATIONS = 199
_ENOUGH = 40
"""Permutations that go together as well, after which the rest are spared."""


def assess_categories(
    codes: Sequence[NDArray[np.integer]], *, random_state: int = 0
) -> Structure | None:
    """Test whether the columns of a table without graded numbers have to do with each other.

    Parameters
    ----------
    codes : sequence of ndarray of shape (n_samples,)
        The category of each row, a column each.
    random_state : int
        Seeds the draw of rows and the permutations.

    Returns
    -------
    Structure or None
        Weak at most; None where fewer than two columns tell customers apart, or there are fewer
        than `MIN_ROWS` rows.

    Notes
    -----
    In a latent class model the columns are independent within a class (Lazarsfeld and Henry 1968),
    so that customers of one class alone have columns without relation. The statistic is the sum
    over all pairs of columns of chi-squared over n and over the root of its degrees of freedom;
    the p-value is by permutation of each column (Besag and Clifford 1991, "Sequential Monte Carlo
    p-values", Biometrika 78). Classes are not the only reason why columns go together: a scale that
    all answers lie on gives the same, so that the verdict is never strong.

    References
    ----------
    P. F. Lazarsfeld and N. W. Henry (1968), "Latent Structure Analysis".
    """
    if not codes or len(codes[0]) < MIN_ROWS:
        return None
    rng = np.random.default_rng(random_state)
    rows = one_of_copies(np.column_stack(codes))
    n_different = len(rows)
    if len(rows) > MAX_ROWS:
        rows = np.sort(rng.choice(rows, MAX_ROWS, replace=False))
    blocks = [_indicators(column[rows]) for column in codes]
    blocks = [block for block in blocks if block.shape[1] > 1]
    if len(blocks) < 2 or len(rows) < MIN_ROWS:
        return None
    with single_threaded():
        p_value = _p_value(blocks, rng)
    found, shown = p_value <= ALPHA, shown_p_value(p_value)
    return Structure(
        verdict="weak" if found else "none",
        p_value=p_value,
        separation=0.0,
        score=float(norm.isf(p_value)),
        n_samples=len(rows),
        sampled=n_different > MAX_ROWS,
        n_columns=len(blocks),
        sentence=f"The answers in these columns go together ({shown}), as they would in groups of "
        "customers; one scale behind all of them would look the same."
        if found
        else f"There is no evidence that the answers in these columns go together ({shown}), and "
        "so none of groups: the segments may be parts of a continuum.",
        borderline=is_borderline(p_value),
        n_repeated=len(codes[0]) - n_different,
    )


def _indicators(codes: NDArray[np.integer]) -> NDArray[np.float64]:
    """Give a column's categories, weighed so that products of two columns sum to the statistic."""
    _, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    rare = counts < RARE * len(codes)
    kept = np.where(rare, len(counts), np.arange(len(counts)))
    codes = np.unique(kept[places], return_inverse=True)[1]
    shown = (codes[:, None] == np.arange(codes.max() + 1)).astype(np.float64)
    shares = shown.mean(axis=0)
    freedom = max(len(shares) - 1, 1)
    return np.asarray((shown - shares) / np.sqrt(shares * len(shown)) / freedom**0.25)


def _p_value(blocks: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> float:
    within = sum(float(np.square(block.T @ block).sum()) for block in blocks)

    def together(columns: Sequence[NDArray[np.float64]]) -> float:
        joined = np.hstack(columns)
        return float(np.square(joined.T @ joined).sum()) - within

    # Sums in another order differ in their last digits.
    observed = together(blocks) - 1e-9
    as_strong = 0
    for done in range(1, _PERMUTATIONS + 1):
        as_strong += together([rng.permutation(block) for block in blocks]) >= observed
        if as_strong == _ENOUGH:
            return as_strong / done
    return (as_strong + 1) / (_PERMUTATIONS + 1)
