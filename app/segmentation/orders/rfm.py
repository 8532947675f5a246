"""Recency, frequency and monetary scores, and the segments of their cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.rfm_rules import SCORES, Rules, default_rules


@dataclass(frozen=True)
class CutPoints:
    """Where the scores of one figure end.

    Attributes
    ----------
    edges : tuple of 4 floats, ascending
        Largest value of each group but the last, in the figure's own unit: days, orders, money.
    descending : bool
        Whether small values score high, as days since the last order do.

    Raises
    ------
    DegenerateDataError
        The edges are not four ascending finite numbers.
    """

    edges: tuple[float, ...]
    descending: bool = False

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges, dtype=np.float64)
        sound = (
            len(edges) == SCORES - 1 and np.isfinite(edges).all() and (np.diff(edges) >= 0).all()
        )
        if not sound:
            raise DegenerateDataError(
                f"Cut points are {SCORES - 1} ascending numbers, for example 30, 90, 180, 365."
            )

    def score(self, values: NDArray[np.floating]) -> NDArray[np.int8]:
        """Score values from 1 to 5, shape (n_rows,); equal values score alike.

        Raises
        ------
        DegenerateDataError
            A value is not a number; names the first row, counted from 0.
        """
        known = ~np.isnan(values)
        if not known.all():
            raise DegenerateDataError(f"Row {int(np.argmin(known))} has no value to score.")
        group = np.searchsorted(np.asarray(self.edges), values, side="left")
        return np.asarray(SCORES - group if self.descending else group + 1, dtype=np.int8)

    @property
    def empty(self) -> tuple[int, ...]:
        """Scores that no value can get, as two edges are equal."""
        groups = [i + 1 for i in range(1, SCORES - 1) if self.edges[i] == self.edges[i - 1]]
        return tuple(sorted(SCORES + 1 - g for g in groups) if self.descending else groups)


def quintile_cut_points(values: NDArray[np.floating], *, descending: bool = False) -> CutPoints:
    """Divide values into fifths by the percentile of their average rank.

    Equal values share a rank and so a score, whatever the order of the rows; where one value is
    that of more than a fifth of all customers, some scores stay empty.

    Parameters
    ----------
    values : ndarray of shape (n_customers,)
    descending : bool
        As for `CutPoints`.

    Raises
    ------
    DegenerateDataError
        There are no values, or one is not finite.
    """
    if not len(values) or not np.isfinite(values).all():
        raise DegenerateDataError("Scores need at least one customer, and a value for each.")
    percentile = (rankdata(values, method="average") - 0.5) / len(values)
    group = np.minimum((percentile * SCORES).astype(int), SCORES - 1)
    edges: list[float] = []
    for i in range(SCORES - 1):
        within = values[group <= i]
        # Below the smallest value where nothing is in the lowest groups.
        lowest = np.nextafter(float(values.min()), -np.inf)
        edges.append(float(within.max()) if len(within) else float(lowest))
    return CutPoints(tuple(edges), descending)


@dataclass(frozen=True, eq=False)
class RFM:
    """Scores of customers, 1 to 5, and the segment of each.

    Attributes
    ----------
    recency, frequency, monetary : ndarray of int8, shape (n_customers,)
    segment : ndarray of int32, shape (n_customers,)
        Position in ``rules.names``.
    cut_points : mapping of str to CutPoints
        By "recency", "frequency", "monetary".
    rules : Rules
    """

    recency: NDArray[np.int8]
    frequency: NDArray[np.int8]
    monetary: NDArray[np.int8]
    segment: NDArray[np.int32]
    cut_points: Mapping[str, CutPoints]
    rules: Rules


def score_customers(
    *,
    days_since_last: NDArray[np.floating],
    orders: NDArray[np.floating],
    money: NDArray[np.floating],
    cut_points: Mapping[str, CutPoints] | None = None,
    rules: Rules | None = None,
) -> RFM:
    """Score customers by recency, frequency and money, and name their segments.

    Parameters
    ----------
    days_since_last, orders, money : ndarray of shape (n_customers,)
    cut_points : mapping of str to CutPoints, optional
        Those of an earlier snapshot, so that nobody is demoted by what others did; by default
        fifths of these customers.
    rules : Rules, optional

    Raises
    ------
    DegenerateDataError
        As `quintile_cut_points`.
    """
    cuts = cut_points or {
        "recency": quintile_cut_points(days_since_last, descending=True),
        "frequency": quintile_cut_points(orders),
        "monetary": quintile_cut_points(money),
    }
    rules = rules or default_rules()
    recency, frequency = cuts["recency"].score(days_since_last), cuts["frequency"].score(orders)
    monetary = cuts["monetary"].score(money)
    return RFM(
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        segment=rules.of(recency, frequency, monetary),
        cut_points=cuts,
        rules=rules,
    )
