"""How a column writes its dates, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from app.segmentation.tables.date_texts import Order
from app.segmentation.tables.dates import Dates
from app.segmentation.tables.quality import Alternative, Place, TableWarning, shown
from app.segmentation.tables.recency import DaysSince
from app.segmentation.tables.values import Strings

ORDERS: dict[Order, str] = {"dmy": "day/month/year", "mdy": "month/day/year"}


@dataclass(frozen=True, kw_only=True)
class DateFormat:
    """How a column's dates were read.

    Attributes
    ----------
    order
        ``dmy`` or ``mdy`` where days and months are numbers in front of the year.
    serial
        What numbers were read as, where they were.
    days_since
        The column as days before its newest date; None where it holds no date.
    """

    order: Order | None
    serial: str | None
    days_since: DaysSince | None


def date_format(name: str, dates: Dates | None) -> DateFormat | None:
    """Describe how dates were read."""
    if dates is None:
        return None
    values = dates.values.rename(name)
    since = DaysSince.fit(values) if values.notna().any() else None
    return DateFormat(order=dates.order, serial=dates.serial, days_since=since)


def date_warnings(place: Place, strings: Strings, dates: Dates) -> list[TableWarning]:
    """Warn of dates that have two readings, or are not written like the rest."""
    warnings = []
    if dates.never.any():
        text = f"taken as missing ({shown(strings, dates.never)})"
        warnings.append(place.warn("missing_mark", dates.never, text))
    if dates.serial is not None:
        there = dates.values.notna().to_numpy()
        row = int(np.argmax(there))
        example = f"{strings.values[row].as_py()} is {dates.values[row].date().isoformat()}"
        other = Alternative(reading="numbers", overrides={"kinds": {place.column: "numeric"}})
        warnings.append(
            place.warn(
                "serial_date",
                there,
                f"read as dates, being {dates.serial} ({example})",
                reading=dates.serial,
                alternatives=(other,),
            )
        )
    if dates.ambiguous and dates.order is not None:
        taken, left = ORDERS[dates.order], "mdy" if dates.order == "dmy" else "dmy"
        rows = np.asarray(
            pc.match_substring_regex(strings.values, r"^\d{1,2}\D").to_numpy(), dtype=np.bool_
        )
        other = Alternative(
            reading=ORDERS["mdy" if left == "mdy" else "dmy"],
            overrides={"date_orders": {place.column: left}},
        )
        text = f"whose day and month cannot be told apart; read as {taken}"
        warnings.append(
            place.warn(
                "ambiguous_date", rows, text, noun="date", reading=taken, alternatives=(other,)
            )
        )
    if dates.contrary.any() and dates.order is not None:
        text = f"that exist only in the other order than {ORDERS[dates.order]}, and read so "
        text += f"({shown(strings, dates.contrary)})"
        warnings.append(place.warn("mixed_dates", dates.contrary, text, noun="date"))
    return warnings
