"""The one place where text becomes dates: the order of day and month is the whole column's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.calendars import BUDDHIST_SHIFT
from app.segmentation.tables.date_texts import Order
from app.segmentation.tables.distinct_dates import DistinctDates, distinct_dates
from app.segmentation.tables.serials import DAY, NO_DAY, read_serials, serials_among
from app.segmentation.tables.values import Strings

NEVER = frozenset(
    {
        "never", "nie", "niemals", "jamais", "nunca", "mai", "nooit", "aldrig", "aldri", "nigdy",
        "никогда", "从未", "0000-00-00", "00.00.0000", "00/00/0000", "00000000", "n.a.", "k.a.",
        "open",
    }
)  # fmt: skip
"""Lower-case words that mean a missing date: what has not happened."""

LEAST_READ = 0.4
_NEWEST_SHORT = 2068
_NEWEST_BIRTH = 2025
"""Two-digit years are read as the latest year up to this one."""

_LIKELY = (1980, 2040)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """A column as dates.

    Attributes
    ----------
    values
        (n_rows,) instants, UTC where the text names a zone; NaT where there is none.
    order
        ``dmy`` or ``mdy`` where days and months are numbers in front of the year.
    ambiguous
        Whether nothing decides that order.
    evident
        Whether the column's own values decide it.
    contrary
        (n_rows,) where a date exists in the other order only, and was read so.
    never
        (n_rows,) where a word says that there was none.
    serial
        What numbers were read as, where they were: ``Excel day numbers``, ``Unix seconds``.
    serials
        (n_rows,) where they were.
    short
        (n_rows,) where a year of two digits is read as one that is less likely than others.
    newest_year
        The latest that two digits were read as.
    converted
        (n_rows,) where a date was written in another calendar.
    """

    values: pd.Series
    order: Order | None = None
    ambiguous: bool = False
    evident: bool = False
    contrary: NDArray[np.bool_]
    never: NDArray[np.bool_]
    serial: str | None = None
    serials: NDArray[np.bool_] | None = None
    short: NDArray[np.bool_] | None = None
    newest_year: int | None = None
    converted: NDArray[np.bool_] | None = None


def parse_dates(
    strings: Strings,
    *,
    day_first: bool,
    given: Order | None = None,
    decided: bool = False,
    newest_year: int | None = None,
    born: bool = False,
) -> Dates | None:
    """Read dates of any forms; None where a sample holds few.

    Dates that exist in one order only decide it for their column, then rows that run forward in
    time, then ``day_first``, which is said to be ambiguous unless ``decided`` by other columns.

    Parameters
    ----------
    given
        The order, where it is known.
    newest_year
        The latest year that two digits may mean, where it is known.
    born
        Whether the dates are of births, of which none lies ahead.
    """
    if len(strings.sample.values) < len(strings.values):
        glance = distinct_dates(strings.sample)
        if np.mean(glance.readable) < LEAST_READ:
            return None
    read = distinct_dates(strings)
    if not read.readable.any():
        return None
    order, ambiguous, evident = _settle(read, day_first=day_first, given=given, decided=decided)
    days = read.days(order)
    other = read.of_calendars
    if other.any() and 2 * other.sum() <= read.readable.sum():
        # A few years far ahead stand for no date; they are no years of another calendar.
        far = read.of_calendar("Buddhist")
        days, other = _moved(days, far, BUDDHIST_SHIFT), other & ~far
    newest = newest_year or (_NEWEST_BIRTH if born else _NEWEST_SHORT)
    short = read.short & (days != NO_DAY)
    if short.any():
        days = _in_century(days, short, newest)
    instants = np.where(days == NO_DAY, NO_DAY, days * DAY + read.time)
    serials = serials_among(strings, (days == NO_DAY) & ~strings.missing)
    if serials is not None:
        instants = np.where(serials.found, serials.instants, instants)
    only_other = read.only("mdy" if order == "dmy" else "dmy") if order else read.none
    return Dates(
        values=pd.Series(instants.view("datetime64[us]")),
        order=order,
        ambiguous=ambiguous,
        evident=evident,
        contrary=only_other,
        never=read.spread([text in NEVER for text in read.written]),
        serial=serials.name if serials is not None else None,
        serials=serials.found if serials is not None else None,
        short=_unlikely(days, short, known=newest_year is not None, born=born),
        newest_year=newest if short.any() else None,
        converted=other,
    )


def serial_dates(numbers: NDArray[np.float64], strings: Strings) -> Dates | None:
    """Read a column of numbers as dates; None where they are none."""
    read = read_serials(numbers)
    if read is None:
        return None
    return Dates(
        values=pd.Series(read.instants.view("datetime64[us]")),
        contrary=np.zeros(len(numbers), dtype=np.bool_),
        never=_never(strings),
        serial=read.name,
        serials=read.found,
    )


def _in_century(
    days: NDArray[np.int64], short: NDArray[np.bool_], newest: int
) -> NDArray[np.int64]:
    """Move dates of two-digit years to the hundred years that end with ``newest``."""
    years = days[short].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return _moved(days, short, np.floor_divide(newest - years, 100) * 100)


def _moved(
    days: NDArray[np.int64], rows: NDArray[np.bool_], years: NDArray[np.int64] | int
) -> NDArray[np.int64]:
    """Move some dates by years."""
    moved = days.copy()
    dates = days[rows].astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    within = (dates - months.astype("datetime64[D]")).astype(np.int64)
    moved[rows] = (months + 12 * years).astype("datetime64[D]").astype(np.int64) + within
    return moved


def _unlikely(
    days: NDArray[np.int64], short: NDArray[np.bool_], *, known: bool, born: bool
) -> NDArray[np.bool_]:
    """Where a two-digit year was read as a year that few tables hold; of births, everywhere."""
    if known or born or not short.any():
        return short & (born and not known)
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return short & ((years < _LIKELY[0]) | (years > _LIKELY[1]))


def _settle(
    read: DistinctDates, *, day_first: bool, given: Order | None, decided: bool
) -> tuple[Order | None, bool, bool]:
    either = read.either()
    dmy, mdy = int(read.only("dmy").sum()), int(read.only("mdy").sum())
    if not (either.any() or dmy or mdy):
        return None, False, False
    if given is not None:
        return given, False, False
    if dmy or mdy:
        order: Order = "dmy" if dmy >= mdy else "mdy"
        return order, bool(dmy and mdy and either.any()), True
    if not either.any():
        return ("dmy" if day_first else "mdy"), False, False
    forward = [each for each in ("dmy", "mdy") if _runs_forward(read.days(each))]
    if len(forward) == 1:
        return ("dmy" if forward[0] == "dmy" else "mdy"), False, True
    marks = {text.mark for text in read.texts if text is not None and text.mark}
    if marks == {"."}:
        # Dots stand between day, month and year where the day comes first.
        return "dmy", not (day_first or decided), False
    return ("dmy" if day_first else "mdy"), not decided, False


def _runs_forward(days: NDArray[np.int64]) -> bool:
    present = days[days != NO_DAY]
    steps = np.diff(present)
    return bool(len(steps) and (steps >= 0).all() and steps.any())


def _never(strings: Strings) -> NDArray[np.bool_]:
    words = pa.array(sorted(NEVER), type=pa.large_string())
    return strings.where(lambda texts: pc.is_in(pc.utf8_lower(texts), value_set=words))
