"""Whether customers form distinct groups at all, or a continuum that any segmentation cuts."""

from dataclasses import dataclass
from typing import Literal

import diptest
import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from app.segmentation.errors import DegenerateDataError
from app.segmentation.threads import single_threaded
from app.segmentation.validation.cuts import MIN_POINTS, best_cut
from app.segmentation.validation.scales import (
    graded_columns,
    johnson_scale,
    principal_axes,
    spread_ties,
    to_unit_range,
)
from app.segmentation.validation.valley import valley_depth

Matrix = NDArray[np.float64]
Verdict = Literal["strong", "weak", "none"]

MIN_ROWS = 40
"""Under this many rows half a sample is too small to show a gap, and the verdict is none."""

UNTESTED = 1.0
"""The p-value where there was nothing to test; that of a test is below it."""

MAX_ROWS = 2_000
"""Rows drawn from a larger table, which bounds the cost."""

STRONG_P_VALUE = 0.01
STRONG_SEPARATION = 0.5
"""A strong verdict needs the valley between two groups at half their lower peak or deeper."""

SPLIT_CORRELATION = 0.25
"""Correlation assumed between scores of two splits; see the notes of `assess_structure`."""

_SCORE_LIMITS = (1e-7, 1 - 1e-3)
_CLEAR = 1e-4
_HOPELESS = {4: 0.8, 8: 0.5}


@dataclass(frozen=True)
class Structure:
    """Answer of the test against "no structure".

    Attributes
    ----------
    verdict : {"strong", "weak", "none"}
        ``none`` where ``p_value`` exceeds alpha; ``strong`` where it is at most 0.01 and
        ``separation`` at least 0.5; else ``weak``.
    p_value : float
        Chance, at most, of so clear a gap in customers without groups.
    separation : float
        Depth of the valley between the two groups that stand furthest apart, as a share of the
        lower peak, on rows the gap was not searched in: 0 no valley, 1 an empty gap. Median
        over the splits.
    score : float
        Mean normal score of the held-out dip tests, on the scale that says least.
    n_samples : int
        Rows the test used.
    sampled : bool
        Whether they are a random sample of those given.
    n_columns : int
        Columns the test used; constant ones and those of two values cannot show a gap.
    sentence : str
        The verdict in plain words.
    """

    verdict: Verdict
    p_value: float
    separation: float
    score: float
    n_samples: int
    sampled: bool
    n_columns: int
    sentence: str


def assess_structure(
    X: NDArray[np.floating],
    *,
    random_state: int = 0,
    n_splits: int = 10,
    alpha: float = 0.05,
    max_rows: int = MAX_ROWS,
) -> Structure:
    """Test whether the rows fall into groups with a gap between them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite values, one column for each feature; their scales do not matter.
    random_state : int
        Seeds the draw, the splits and the spreading of ties.
    n_splits : int
        Random halvings, at most; each is used both ways.
    alpha : float
        Level of the test.
    max_rows : int
        Rows drawn from a larger table.

    Returns
    -------
    Structure

    Raises
    ------
    DegenerateDataError
        ``X`` is not a matrix, or holds values that are missing or infinite.

    Notes
    -----
    On one half of the rows the cut is sought along which they are furthest from unimodal
    (`best_cut`); on the other half Hartigan's dip test judges that one cut. The null hypothesis
    is a log-concave density (Gaussian, uniform, exponential and all their linear maps), or one
    of the heavier-tailed kin for which the same theorem holds: its projection, within a convex
    region chosen without these rows, is unimodal (Prékopa 1973; Borell 1975, whose s-concave
    densities include the multivariate t). The dip's own reference is the uniform, the hardest
    unimodal shape (Hartigan and Hartigan 1985), so that p-values err upward.

    Skewed and heavy-tailed columns, whose product need not be such a density, are tested again
    with their tails drawn in, and the larger p-value counts: a gap must show on both scales.

    The p-values of the halves, 2 ``n_splits`` of them, become normal scores, and their mean
    is compared with the normal distribution as if every two had correlation 0.25 (Stouffer's
    method under dependence, Hartung 1999). Measured on uniform clouds, the least favourable
    here, that correlation is smaller; docs/structure.md has the false alarms and the power.
    After two and after four splits the rest are spared where the p-value is under 0.0001, or
    over 0.8 and 0.5.

    References
    ----------
    J. A. Hartigan and P. M. Hartigan (1985), "The dip test of unimodality", Ann. Statist. 13.
    A. Prékopa (1973), "On logarithmic concave measures and functions", Acta Sci. Math. 34.
    C. Borell (1975), "Convex set functions in d-space", Period. Math. Hungar. 6.
    J. Hartung (1999), "A note on combining dependent tests of significance", Biom. J. 41.
    """
    if X.ndim != 2 or not np.isfinite(X).all():
        raise DegenerateDataError(
            "Structure needs a table of finite numbers; fill or remove missing values first."
        )
    rng = np.random.default_rng(random_state)
    sampled = len(X) > max_rows
    drawn = np.sort(rng.choice(len(X), size=max_rows, replace=False)) if sampled else slice(None)
    rows = to_unit_range(np.asarray(X[drawn], dtype=np.float64))
    columns = graded_columns(rows)
    n_columns = int(columns.sum())
    if len(rows) < MIN_ROWS or n_columns == 0:
        return Structure(
            verdict="none",
            p_value=UNTESTED,
            separation=0.0,
            score=float(norm.isf(_SCORE_LIMITS[1])),
            n_samples=len(rows),
            sampled=sampled,
            n_columns=n_columns,
            sentence=_too_little(len(rows)),
        )

    spread = spread_ties(rows[:, columns], rng=rng)
    with single_threaded():
        evidence = _hold_out(principal_axes(spread), n_splits, rng)
        if evidence.p_value <= alpha and (drawn_in := johnson_scale(spread)) is not None:
            other = _hold_out(principal_axes(drawn_in), n_splits, rng)
            evidence = max(evidence, other, key=lambda one: one.p_value)
    verdict = _verdict(evidence, alpha)
    return Structure(
        verdict=verdict,
        p_value=evidence.p_value,
        separation=evidence.separation,
        score=evidence.score,
        n_samples=len(rows),
        sampled=sampled,
        n_columns=n_columns,
        sentence=_sentence(verdict, evidence.p_value),
    )


@dataclass(frozen=True)
class _Evidence:
    score: float
    separation: float
    p_value: float


def _hold_out(X: Matrix, n_splits: int, rng: np.random.Generator) -> _Evidence:
    scores: list[float] = []
    depths: list[float] = []
    for _ in range(n_splits):
        halves = np.array_split(rng.permutation(len(X)), 2)
        for search, judge in (halves, halves[::-1]):
            cut = best_cut(X[search], rng=rng)
            values = np.empty(0) if cut is None else cut.project(X[judge])
            seen = len(values) >= MIN_POINTS // 2
            p_value = float(diptest.diptest(values)[1]) if seen else 1.0
            scores.append(float(norm.isf(np.clip(p_value, *_SCORE_LIMITS))))
            depths.append(valley_depth(values) if seen else 0.0)
        if _is_settled(scores):
            break
    return _Evidence(float(np.mean(scores)), float(np.median(depths)), _combined(scores))


def _is_settled(scores: list[float]) -> bool:
    if len(scores) not in _HOPELESS:
        return False
    return not _CLEAR <= _combined(scores) <= _HOPELESS[len(scores)]


def _combined(scores: list[float]) -> float:
    deviation = np.sqrt(SPLIT_CORRELATION + (1 - SPLIT_CORRELATION) / len(scores))
    return float(norm.sf(np.mean(scores) / deviation))


def _verdict(evidence: _Evidence, alpha: float) -> Verdict:
    if evidence.p_value > alpha:
        return "none"
    if evidence.p_value <= STRONG_P_VALUE and evidence.separation >= STRONG_SEPARATION:
        return "strong"
    return "weak"


def _sentence(verdict: Verdict, p_value: float) -> str:
    shown = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
    return {
        "strong": f"These customers form distinct groups on these columns ({shown}).",
        "weak": (
            f"There are signs of groups on these columns ({shown}), but they overlap: many "
            "customers lie between them."
        ),
        "none": (
            f"These customers form no distinct groups on these columns ({shown}): any "
            "segmentation cuts a continuum."
        ),
    }[verdict]


def _too_little(n_rows: int) -> str:
    if n_rows < MIN_ROWS:
        needed = f"at least {MIN_ROWS} are needed."
        return f"{n_rows} customers are too few to tell groups from chance; {needed}"
    gap = "there is nothing in which distinct groups could show."
    return f"No column of numbers has more than two values, so {gap}"
