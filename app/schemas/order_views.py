"""What orders say of their customers: cohorts, who brings the money, rhythm."""

from datetime import date

from pydantic import ConfigDict

from app.schemas.base import Outgoing
from app.schemas.orders import OrderNote


class CohortsOut(Outgoing):
    """One row of `values` per cohort, one column per period since its first; `null` is to come."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "by": "month",
                "measure": "customers",
                "until": "2026-02-14",
                "cohorts": ["2026-01", "2026-02"],
                "sizes": [40, 31],
                "values": [[40, 12], [31, None]],
                "unfinished": [[False, True], [True, False]],
            }
        }
    )

    by: str
    measure: str
    until: date
    cohorts: list[str]
    sizes: list[int]
    values: list[list[float | None]]
    unfinished: list[list[bool]]


class TopShare(Outgoing):
    """The top `part` of the customers, and their share of the money."""

    part: float
    customers: int
    money: float
    share_of_money: float


class ConcentrationOut(Outgoing):
    """Who brings the money. `curve` is the Lorenz curve: shares of customers and of money.

    Customers come lowest first; `gini` is 0 where all bring the same and near 1 where one brings
    everything.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "snapshot_id": 1,
                "as_of": "2026-06-30",
                "currency": None,
                "customers": 812,
                "money": 88120.5,
                "gini": 0.62,
                "top": [
                    {"part": 0.1, "customers": 81, "money": 44941.5, "share_of_money": 0.51},
                    {"part": 0.2, "customers": 162, "money": 59921.9, "share_of_money": 0.68},
                ],
                "curve": [[0, 0], [0.5, 0.1], [1, 1]],
            }
        }
    )

    snapshot_id: int
    as_of: date
    currency: str | None
    customers: int
    money: float
    gini: float
    top: list[TopShare]
    curve: list[list[float]]


class WithinDays(Outgoing):
    """Share expected to have ordered again within so many days; `null` past what was observed."""

    days: int
    share: float | None


class NextOrderStep(Outgoing):
    """Customers after their first order, their second, or (`or_later`) any from the third on.

    `waits` counts orders that were watched, `ordered_again` those that another followed. `curve`
    has days and the share expected to have ordered again by then.
    """

    after: int
    or_later: bool
    waits: int
    ordered_again: int
    median_days: float | None
    within: list[WithinDays]
    curve: list[list[float]]


class NextOrderOut(Outgoing):
    """Time to the next order; customers who have not ordered again yet are counted as waiting."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "snapshot_id": 1,
                "as_of": "2026-06-30",
                "steps": [
                    {
                        "after": 1,
                        "or_later": False,
                        "waits": 812,
                        "ordered_again": 402,
                        "median_days": 96,
                        "within": [{"days": 30, "share": 0.21}],
                        "curve": [[1, 0.01], [30, 0.21], [96, 0.5]],
                    }
                ],
            }
        }
    )

    snapshot_id: int
    as_of: date
    steps: list[NextOrderStep]


class OverdueBand(Outgoing):
    """Customers whose last order is so many of their own usual gaps ago; `most` is exclusive.

    `customers_then` were so at the record's date, and `left_then` of them did not order again.
    """

    least: float
    most: float | None
    customers: int
    customers_then: int | None
    left_then: int | None
    share_left: float | None


class LeavingRecordOut(Outgoing):
    """What the rule would have said at an earlier day, and who did not order until `until`.

    `found` is the share of those who left whom it had named; `tells` is false where the overdue
    did not leave clearly more often than the others.
    """

    made_at: date
    until: date
    flagged: int
    flagged_left: int
    others: int
    others_left: int
    found: float | None
    tells: bool


class LeavingCustomer(Outgoing):
    """`chance` is the share that left, of customers as overdue as this one, on the record."""

    customer_id: str
    segment: str
    overdue: float
    recency_days: int
    median_gap_days: float
    orders: int
    money: float | None
    chance: float | None


class LeavingOut(Outgoing):
    """Customers overdue by their own rhythm, those who brought most first.

    A rhythm needs three days with orders: `customers_with_rhythm` have one.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "snapshot_id": 1,
                "as_of": "2026-06-30",
                "currency": None,
                "overdue_from": 2,
                "n_customers": 812,
                "customers_with_rhythm": 290,
                "likely_to_leave": 61,
                "money": 12010.5,
                "bands": [
                    {
                        "least": 2,
                        "most": 3,
                        "customers": 30,
                        "customers_then": 28,
                        "left_then": 17,
                        "share_left": 0.61,
                    }
                ],
                "record": {
                    "made_at": "2026-01-01",
                    "until": "2026-06-30",
                    "flagged": 58,
                    "flagged_left": 39,
                    "others": 201,
                    "others_left": 40,
                    "found": 0.49,
                    "tells": True,
                },
                "notes": [],
                "customers": [
                    {
                        "customer_id": "C000",
                        "segment": "At risk",
                        "overdue": 2.4,
                        "recency_days": 96,
                        "median_gap_days": 40,
                        "orders": 9,
                        "money": 990.5,
                        "chance": 0.61,
                    }
                ],
                "total": 61,
            }
        }
    )

    snapshot_id: int
    as_of: date
    currency: str | None
    overdue_from: float
    n_customers: int
    customers_with_rhythm: int
    likely_to_leave: int
    money: float | None
    bands: list[OverdueBand]
    record: LeavingRecordOut | None
    notes: list[OrderNote]
    customers: list[LeavingCustomer]
    total: int
