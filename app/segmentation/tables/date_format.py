"""How a column writes its dates, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.date_texts import Order
from app.segmentation.tables.dates import Dates
from app.segmentation.tables.quality import Alternative, Place, TableWarning, as_missing, shown
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
    newest_year
        The latest that years of two digits were read as; None where there are none.
    days_since
        The column as days before its newest date; None where it holds no date.
    marks
        Days, as ISO writes them, that stand for "no date" in it.
    """

    order: Order | None
    serial: str | None
    newest_year: int | None
    days_since: DaysSince | None
    marks: tuple[str, ...] = ()


def date_format(name: str, dates: Dates | None, marks: tuple[str, ...] = ()) -> DateFormat | None:
    """Describe how dates were read."""
    if dates is None:
        return None
    values = dates.values.rename(name)
    since = DaysSince.fit(values) if values.notna().any() else None
    return DateFormat(
        order=dates.order,
        serial=dates.serial,
        newest_year=dates.newest_year,
        days_since=since,
        marks=marks,
    )


def date_warnings(place: Place, strings: Strings, dates: Dates) -> list[TableWarning]:
    """Warn of dates that have two readings, or are not written like the rest."""
    warnings = []
    if dates.never.any():
        text = f"taken as missing ({shown(strings, dates.never)})"
        kinds = {"kinds": {place.column: "categorical"}}
        texts = Alternative(reading="a category, all values as text", overrides=kinds)
        warnings.append(
            place.warn("missing_mark", dates.never, text, reading="missing", alternatives=(texts,))
        )
    if dates.serial is not None and dates.serials is not None:
        there = dates.serials & dates.values.notna().to_numpy()
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
        rows = strings.where(lambda texts: pc.match_substring_regex(texts, r"^\d{1,2}\D"))
        rows = rows if rows.any() else dates.values.notna().to_numpy()
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
    if dates.converted is not None and dates.converted.any():
        row = int(np.argmax(dates.converted))
        text = "are days of another calendar, read as those of the common one "
        text += f"({strings.values[row].as_py()} is {dates.values[row].date().isoformat()})"
        texts = Alternative(reading="texts", overrides={"kinds": {place.column: "categorical"}})
        warnings.append(
            place.warn(
                "calendar", dates.converted, text, reading="another calendar", alternatives=(texts,)
            )
        )
    if dates.short is not None and dates.short.any() and dates.newest_year is not None:
        warnings.append(_short_years(place, strings, dates, dates.short, dates.newest_year))
    if dates.contrary.any() and dates.order is not None:
        text = f"that exist only in the other order than {ORDERS[dates.order]}, and read so "
        text += f"({shown(strings, dates.contrary)})"
        warnings.append(
            place.warn(
                "mixed_dates",
                dates.contrary,
                text,
                noun="date",
                reading="the other order",
                alternatives=(as_missing(place, strings, dates.contrary, ()),),
            )
        )
    return warnings


def _short_years(
    place: Place, strings: Strings, dates: Dates, rows: NDArray[np.bool_], newest: int
) -> TableWarning:
    row = int(np.argmax(rows))
    years = dates.values[rows].dt.year
    first, last = int(years.min()), int(years.max())
    ends = (newest - 20, newest + 20, last - 1, first + 100)
    others = [
        Alternative(
            reading=f"years from {end - 99} to {end}",
            overrides={"newest_years": {place.column: end}},
        )
        for end in dict.fromkeys(ends)
        if (last > end or first <= end - 100) and 1900 <= end <= 2200
    ]
    text = f"with a year of two digits, read as one of {newest - 99} to {newest} "
    text += f"({strings.values[row].as_py()} is {dates.values[row].date().isoformat()})"
    return place.warn(
        "two_digit_years",
        rows,
        text,
        noun="date",
        reading=f"years from {newest - 99} to {newest}",
        alternatives=tuple(others[:2]),
    )
