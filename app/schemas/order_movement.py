"""Who moved between two snapshots of the same orders, and with how much money."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict

from app.schemas.base import Outgoing


class Move(Outgoing):
    """Customers who went from one segment to another; `money` is what they had brought."""

    source: str
    target: str
    customers: int
    money_before: float | None
    money_after: float | None
    members: list[str]


class MigrationOut(Outgoing):
    """Every customer of either day is in one move; `members` lists the first of each.

    `New customers` and `No longer there` stand for those of one day alone. `cut_points_of` is the
    snapshot whose RFM cut points both days are scored by; `null` for the owner's, for the earlier
    day's, and for a run's segments.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "from_day": "2026-05-31",
                "to_day": "2026-06-30",
                "by": "segments",
                "run_id": None,
                "cut_points_of": None,
                "sources": ["Champions", "New customers"],
                "targets": ["Champions", "At risk"],
                "moves": [
                    {
                        "source": "Champions",
                        "target": "At risk",
                        "customers": 12,
                        "money_before": 4100.5,
                        "money_after": 4100.5,
                        "members": ["C000"],
                    }
                ],
            }
        }
    )

    from_day: date
    to_day: date
    by: Literal["segments", "cells", "run"]
    run_id: int | None
    cut_points_of: int | None
    sources: list[str]
    targets: list[str]
    moves: list[Move]


class MoveMember(Outgoing):
    customer_id: str
    source: str
    target: str
    money_before: float | None
    money_after: float | None


class MoveMembers(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "customers": [
                    {
                        "customer_id": "C000",
                        "source": "Champions",
                        "target": "At risk",
                        "money_before": 410.5,
                        "money_after": 410.5,
                    }
                ],
                "total": 12,
            }
        }
    )

    customers: list[MoveMember]
    total: int
