"""How much segments tell about a column that they were not made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from app.segmentation.errors import DegenerateDataError
from app.segmentation.explanation.raw_columns import raw_blocks
from app.segmentation.preparation.order import canonical_order
from app.segmentation.validation.association import (
    explained_by,
    held_out_by,
    permutation_p_value,
)
from app.segmentation.validation.outcomes import OutcomeColumn, read_outcome

MAX_ROWS = 20_000
"""Rows that the held-out figures are measured on at most; a larger table is sampled."""

LEVEL = 0.95
"""Of the intervals."""


@dataclass(frozen=True, kw_only=True)
class SegmentOutcome:
    """One column in one segment.

    Attributes
    ----------
    segment : int
        -1 for customers in no segment.
    size : int
        Customers whose value is known.
    value, low, high : float
        The share that has the level, with Wilson's interval, or the mean, with Student's; a single
        customer's mean has no interval, and the ends are NaN.
    lift, lift_low, lift_high : float
        The same over the figure of all customers, which is taken as known; NaN for means where
        values may be below 0.
    """

    segment: int
    size: int
    value: float
    low: float
    high: float
    lift: float
    lift_low: float
    lift_high: float


@dataclass(frozen=True, kw_only=True)
class Usefulness:
    """What segments tell about a column.

    Attributes
    ----------
    kind : {"category", "number"}
    level : str or None
        The category whose share is given.
    n_samples, n_missing : int
        Customers with a known value, and without.
    overall : float
        Share or mean of all of them.
    segments : tuple of SegmentOutcome
        Those without a known value are left out.
    measure : {"cramers_v", "eta_squared"}
    association : float
        The measure on all customers, by its definition.
    held_out : float
        The same of customers whose values were not used: 0 where the segments' figures predict
        them no better than the figure of all.
    by_segments, by_model : float
        Share of the column's variance that is explained, held out, by the segments and by a
        decision tree on the columns that the segments were made from.
    p_value : float
        Chance of as strong an association where there is none.
    sample_size : int
        Rows that the last four figures were measured on.
    """

    kind: Literal["category", "number"]
    level: str | None
    n_samples: int
    n_missing: int
    overall: float
    segments: tuple[SegmentOutcome, ...]
    measure: Literal["cramers_v", "eta_squared"]
    association: float
    held_out: float
    by_segments: float
    by_model: float
    p_value: float
    sample_size: int


def assess_usefulness(
    values: pd.Series,
    labels: NDArray[np.integer],
    columns: pd.DataFrame,
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
    level: str | None = None,
    random_state: int = 0,
) -> Usefulness:
    """Compare a column between segments that were made without it.

    Parameters
    ----------
    values : Series of shape (n_samples,)
        The column; rows without a value take no part.
    labels : ndarray of shape (n_samples,)
        Segment of each row; -1 for noise, which is compared like one more.
    columns : DataFrame of shape (n_samples, any)
    numeric, categorical : sequence of str
        What the segments were made from, in its own units.
    level : str, optional
        As `read_outcome`.
    random_state : int
        Of the folds, the sample and the permutations.

    Raises
    ------
    DegenerateDataError
        As `read_outcome`, or the column is known in one segment alone.

    Notes
    -----
    Chi-squared over n is the sum over the categories of (1 - p) R², p being the category's share
    and R² what the segments explain of its indicator's variance; Cramér's V is the root of that
    over one less than the smaller side of the table. Held out, R² is of values predicted from the
    other folds of 5, and 0 where it is negative. The p-value is by 999 permutations.

    References
    ----------
    H. Cramér (1946), "Mathematical Methods of Statistics".
    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    J. Am. Stat. Assoc. 22.
    """
    everything = columns[[*numeric, *categorical]].assign(**{str(values.name): values})
    order, _, _ = canonical_order(
        everything, numeric=numeric, categorical=[*categorical, str(values.name)]
    )
    columns, labels = columns.iloc[order], np.asarray(labels)[order]
    outcome = read_outcome(values.iloc[order], level=level)
    targets, places = outcome.targets, np.flatnonzero(outcome.known)
    present, groups = np.unique(labels[places], return_inverse=True)
    if len(present) < 2:
        raise DegenerateDataError(f"{outcome.name} is known for customers of one segment alone.")
    rng = np.random.default_rng(random_state)
    drawn = np.arange(len(places))
    if len(places) > MAX_ROWS:
        drawn = np.sort(rng.choice(len(places), MAX_ROWS, replace=False))
    blocks = raw_blocks(columns.iloc[places[drawn]], numeric=numeric, categorical=categorical)
    by_segments, by_model = held_out_by(
        np.hstack(blocks), groups[drawn], targets[drawn], random_state=random_state
    )
    weights = _weights(outcome, n_segments=len(present))
    root = 0.5 if outcome.kind == "category" else 1.0
    shown = targets[:, outcome.at]
    overall = float(shown.mean())
    # A ratio to a mean of values on both sides of 0 says nothing.
    whole = overall if shown.min() >= 0 and overall > 0 else float("nan")
    segments = tuple(
        _in_segment(int(segment), shown[groups == i], outcome, whole=whole)
        for i, segment in enumerate(present)
    )
    variances = targets.var(axis=0)
    explained = float(np.average(by_segments, weights=variances))
    modelled = float(np.average(by_model, weights=variances))
    p_value = permutation_p_value(groups[drawn], targets[drawn], weights, rng)
    return Usefulness(
        kind=outcome.kind,
        level=outcome.level,
        n_samples=len(places),
        n_missing=len(values) - len(places),
        overall=overall,
        segments=segments,
        measure="cramers_v" if outcome.kind == "category" else "eta_squared",
        association=float(explained_by(groups, targets) @ weights) ** root,
        held_out=float(by_segments @ weights) ** root,
        by_segments=explained,
        by_model=modelled,
        p_value=p_value,
        sample_size=len(drawn),
    )


def _in_segment(
    segment: int, values: NDArray[np.float64], outcome: OutcomeColumn, *, whole: float
) -> SegmentOutcome:
    size, mean = len(values), float(values.mean())
    low = high = float("nan")
    if outcome.kind == "category":
        interval = stats.binomtest(round(values.sum()), size).proportion_ci(LEVEL, method="wilson")
        low, high = float(interval.low), float(interval.high)
    elif size > 1:
        reach = float(stats.t.ppf((1 + LEVEL) / 2, size - 1) * values.std(ddof=1) / size**0.5)
        low, high = mean - reach, mean + reach
    return SegmentOutcome(
        segment=segment,
        size=size,
        value=mean,
        low=low,
        high=high,
        lift=mean / whole,
        lift_low=low / whole,
        lift_high=high / whole,
    )


def _weights(outcome: OutcomeColumn, *, n_segments: int) -> NDArray[np.float64]:
    """Weigh the targets' explained shares so that their sum is the measure, or its square."""
    if outcome.kind == "number":
        return np.ones(1)
    smaller = min(n_segments, len(outcome.levels))
    return np.asarray((1 - outcome.targets.mean(axis=0)) / (smaller - 1), dtype=np.float64)
