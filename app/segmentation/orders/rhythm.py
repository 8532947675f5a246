"""How soon customers order again, and who has not for long by the measure of their own rhythm."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import CensoredData, ecdf

from app.segmentation.orders.visits import visits_of

STEPS = 3
"""Orders counted separately: the first, the second, and all from the third on."""

FEWEST_GAPS = 2
"""A single gap between two orders is no rhythm."""

OVERDUE_BANDS = (1.0, 1.5, 2.0, 3.0, 5.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class NextOrder:
    """How long it takes until customers order again, after their first order or a later one.

    Attributes
    ----------
    after : int
        The order that is counted from, 1 for the first; the last step holds all later ones too.
    waits : int
        Orders after which the customer was seen for at least a day.
    ordered_again : int
        Those that another order followed.
    days : ndarray of float64, shape (n_times,)
    share : ndarray of float64, shape (n_times,)
        Share expected to have ordered again by each of ``days``.
    median_days : float or None
        When half of them have; None where it is not reached.
    """

    after: int
    waits: int
    ordered_again: int
    days: NDArray[np.float64]
    share: NDArray[np.float64]
    median_days: float | None

    def share_within(self, days: float) -> float | None:
        """Share expected to have ordered again, or None past what was observed."""
        if not len(self.days) or days > self.days[-1]:
            return None
        at = int(np.searchsorted(self.days, days, side="right")) - 1
        return float(self.share[at]) if at >= 0 else 0.0


def times_to_next_order(
    customer: NDArray[np.intp], day: NDArray[np.floating], *, as_of: float
) -> tuple[NextOrder, ...]:
    """Estimate the time to the next order, for the first orders and later ones.

    Customers who have not ordered again may still do so: leaving them out would make the time too
    short, and counting them as lost too long. Orders of one day count once.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
    day : ndarray of shape (n_orders,)
        Up to ``as_of``.
    as_of : float

    Raises
    ------
    DegenerateDataError
        There are no orders.

    References
    ----------
    E. L. Kaplan and P. Meier (1958), "Nonparametric estimation from incomplete observations",
    J. American Statistical Association 53.
    """
    visits = visits_of(customer, day)
    again = np.isfinite(visits.next_day)
    wait = np.where(again, visits.next_day - visits.day, as_of - visits.day)
    found = []
    for step in range(1, STEPS + 1):
        here = (visits.number >= step) if step == STEPS else (visits.number == step)
        # Whoever ordered on the last day has not been seen waiting.
        here &= wait > 0
        if here.any():
            found.append(_step(step, wait[here], again[here]))
    return tuple(found)


def _step(after: int, wait: NDArray[np.float64], again: NDArray[np.bool_]) -> NextOrder:
    if not again.any():
        days, share = np.array([wait.max()]), np.zeros(1)
    else:
        curve = ecdf(CensoredData(uncensored=wait[again], right=wait[~again])).cdf
        days, share = np.asarray(curve.quantiles, float), np.asarray(curve.probabilities, float)
    reached = share >= 0.5
    return NextOrder(
        after=after,
        waits=len(wait),
        ordered_again=int(again.sum()),
        days=days,
        share=share,
        median_days=float(days[np.argmax(reached)]) if reached.any() else None,
    )


def overdue(
    customer: NDArray[np.intp], day: NDArray[np.floating], *, n_customers: int, as_of: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure the time since each customer's last order in that customer's own median gaps.

    Returns
    -------
    overdue : ndarray of float64, shape (n_customers,)
        2 where the last order is two usual gaps ago; NaN below `FEWEST_GAPS` gaps.
    gap : ndarray of float64, shape (n_customers,)
        The median gap itself, in days.
    """
    visits = visits_of(customer, day)
    has_next = np.isfinite(visits.next_day)
    gaps, owner = (visits.next_day - visits.day)[has_next], visits.customer[has_next]
    order = np.lexsort((gaps, owner))
    gaps, owner = gaps[order], owner[order]
    count = np.bincount(owner, minlength=n_customers)
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    usual = np.full(n_customers, np.nan)
    has = count >= FEWEST_GAPS
    low, high = start[has] + (count[has] - 1) // 2, start[has] + count[has] // 2
    usual[has] = (gaps[low] + gaps[high]) / 2
    last = np.full(n_customers, np.nan)
    ends = ~has_next
    last[visits.customer[ends]] = visits.day[ends]
    return (as_of - last) / usual, usual


@dataclass(frozen=True, kw_only=True)
class LatenessBand:
    """Customers who were overdue by so much at an earlier date, and how many did not come back.

    ``least`` counts, ``most`` does not; the last band has no end.
    """

    least: float
    most: float
    customers: int
    left: int

    @property
    def share_left(self) -> float | None:
        return self.left / self.customers if self.customers else None


@dataclass(frozen=True, kw_only=True)
class LeavingRecord:
    """What the rule would have said at an earlier date, and what came.

    Attributes
    ----------
    made_at, until : float
        Customers were told by their orders up to the one, and watched up to the other.
    flagged, flagged_left : int
        Customers who were overdue, and those of them who did not order until ``until``.
    others, others_left : int
        Customers with a rhythm who were not overdue.
    bands : tuple of LatenessBand
    """

    made_at: float
    until: float
    flagged: int
    flagged_left: int
    others: int
    others_left: int
    bands: tuple[LatenessBand, ...]

    @property
    def tells(self) -> bool:
        """Whether the overdue left clearly more often: by two standard errors of the difference."""
        if not self.flagged or not self.others:
            return False
        of_flagged, of_others = self.flagged_left / self.flagged, self.others_left / self.others
        pooled = (self.flagged_left + self.others_left) / (self.flagged + self.others)
        error = np.sqrt(pooled * (1 - pooled) * (1 / self.flagged + 1 / self.others))
        return bool(of_flagged - of_others > 2 * error)


def check_overdue(
    customer: NDArray[np.intp],
    day: NDArray[np.floating],
    *,
    made_at: float,
    until: float,
    threshold: float,
    edges: Sequence[float] = OVERDUE_BANDS,
) -> LeavingRecord:
    """Apply the rule at an earlier date, and count who then came back.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
    day : ndarray of shape (n_orders,)
    made_at, until : float
    threshold : float
        Overdue from here on, in own median gaps.
    edges : sequence of float
        Where bands of being overdue begin, besides 0.

    Raises
    ------
    DegenerateDataError
        There is no order up to ``made_at``.
    """
    n = int(customer.max()) + 1 if len(customer) else 0
    before, after = day <= made_at, (day > made_at) & (day <= until)
    late, _ = overdue(customer[before], day[before], n_customers=n, as_of=made_at)
    came = np.zeros(n, dtype=np.bool_)
    came[customer[after]] = True
    known = ~np.isnan(late)
    flagged = known & (late >= threshold)
    others = known & ~flagged
    bounds = [0.0, *edges, np.inf]
    bands = []
    for least, most in itertools.pairwise(bounds):
        here = known & (late >= least) & (late < most)
        bands.append(
            LatenessBand(
                least=least, most=most, customers=int(here.sum()), left=int((here & ~came).sum())
            )
        )
    return LeavingRecord(
        made_at=made_at,
        until=until,
        flagged=int(flagged.sum()),
        flagged_left=int((flagged & ~came).sum()),
        others=int(others.sum()),
        others_left=int((others & ~came).sum()),
        bands=tuple(bands),
    )
