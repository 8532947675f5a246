"""Seeking groups in one half of the rows and judging them in the other, by two tests."""

from dataclasses import dataclass, field

import diptest
import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from app.segmentation.validation.cuts import MIN_POINTS, Cut, suspect
from app.segmentation.validation.gaps import NO_GAP, Gap
from app.segmentation.validation.valley import valley_depth

Matrix = NDArray[np.float64]

ALPHA = 0.05
STRONG_P_VALUE = 0.01

SPLIT_CORRELATION = 0.25
"""Correlation assumed between scores of two splits; see the notes of `assess_structure`."""

GAP_CORRELATION = 0.1
"""The same of the scores of gaps, which are never below 0: a gap that one half has by chance is
none in the other, and most of these are 0 where there are no groups."""

DIP_SHARE = 0.8
"""Share of the level that the dip has; gaps have the rest."""

_SCORE_LIMITS = (1e-7, 1 - 1e-3)
LEAST_SCORE = float(norm.isf(_SCORE_LIMITS[1]))

CERTAIN = float(np.nextafter(1.0, 0.0))
"""The largest p-value of a test; one is for what could not be tested."""

_CLEAR = 1e-4
_HOPELESS = {2: 0.8, 4: 0.5}


@dataclass(frozen=True)
class Evidence:
    """The clearer of the tests: mean normal score, median depth, and the p-value of both."""

    score: float
    separation: float
    p_value: float


@dataclass
class Tally:
    """Normal scores and depths of one test over the halves."""

    share: float
    correlation: float
    scores: list[float] = field(default_factory=list)
    depths: list[float] = field(default_factory=list)

    def add(self, p_value: float, depth: float) -> None:
        self.scores.append(float(norm.isf(np.clip(p_value, *_SCORE_LIMITS))))
        self.depths.append(depth)

    @property
    def p_value(self) -> float:
        """Of all halves together, for the test's share of the level (Bonferroni)."""
        spread = np.sqrt(self.correlation + (1 - self.correlation) / len(self.scores))
        return float(norm.sf(np.mean(self.scores) / spread)) / self.share


def hold_out(X: Matrix, n_splits: int, rng: np.random.Generator) -> tuple[Tally, Tally]:
    """Seek on one half and judge on the other, both ways, by the dip and by gaps.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        As `principal_axes` gives it.
    n_splits : int
        Random halvings; twice as many where the answer is on a border, fewer where it is clear.
    rng : numpy Generator
    """
    by_dip = Tally(DIP_SHARE, SPLIT_CORRELATION)
    by_gap = Tally(1 - DIP_SHARE, GAP_CORRELATION)
    for split in range(1, 2 * n_splits + 1):
        halves = np.array_split(rng.permutation(len(X)), 2)
        for search, judge in (halves, halves[::-1]):
            found = suspect(X[search], rng=rng)
            by_dip.add(*_judge_dip(found.cut, X[judge]))
            by_gap.add(*_judge_gap(found.gap_cut, found.gap, X[judge]))
        p_value = min(by_dip.p_value, by_gap.p_value)
        if split in _HOPELESS and not _CLEAR <= p_value <= _HOPELESS[split]:
            break
        if split >= n_splits and not is_borderline(p_value):
            break
    return by_dip, by_gap


def evidence_of(by_dip: Tally, by_gap: Tally) -> Evidence:
    """Take the test that says more."""
    clearer = min(by_dip, by_gap, key=lambda tally: tally.p_value)
    return Evidence(
        score=float(np.mean(clearer.scores)),
        separation=float(np.median(clearer.depths)),
        p_value=min(CERTAIN, clearer.p_value),
    )


def is_borderline(p_value: float) -> bool:
    """Whether a p-value is within a factor of two of a border between verdicts."""
    return any(edge / 2 <= p_value <= 2 * edge for edge in (STRONG_P_VALUE, ALPHA))


def _judge_dip(cut: Cut | None, X: Matrix) -> tuple[float, float]:
    values = np.empty(0) if cut is None else cut.project(X)
    if len(values) < MIN_POINTS // 2:
        return 1.0, 0.0
    return float(diptest.diptest(values)[1]), valley_depth(values)


def _judge_gap(cut: Cut | None, gap: Gap | None, X: Matrix) -> tuple[float, float]:
    if cut is None or gap is None:
        return NO_GAP, 0.0
    return gap.judge(cut.project(X))
