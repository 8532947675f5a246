"""What is said of numbers in another form than digits, and of texts that may be numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.segmentation.tables.codes import names_code
from app.segmentation.tables.date_names import means_date
from app.segmentation.tables.date_texts import is_day_without_year
from app.segmentation.tables.forms import Form
from app.segmentation.tables.kind_words import names_identifier
from app.segmentation.tables.kinds import MOSTLY, Kind
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.quality import Alternative, Place, TableWarning, as_missing, shown
from app.segmentation.tables.values import Strings

_CODES: dict[Form, tuple[str, str]] = {
    "time of day": ("time_of_day", "times of day, read as hours since midnight"),
    "inches": ("duration", "feet and inches, read in inches"),
    "grade": ("ordinal", "grades, read as numbers"),
    "ordinal": ("ordinal", "ordinals, read as numbers"),
    "signs": ("signs", "signs in a row, read as how many there are"),
    "capped": ("capped", "numbers of which the last means all above, read as the least of them"),
}
_FEWEST_UNREAD = 2
_OF_DIGITS = r"^(?:[^\pL]*\pN[^\pL]*|[+-]?\d[\d.,:/x*' +_-]*)$"
_LIKE_DAYS = r"^[0-3]?\S[-./ ]"
_TWO_NUMBERS = r"^[+-]?\d+(?:[.,]\d+)?\s*[/,:;x*]\s*[+-]?\d+(?:[.,]\d+)?$"
_PLAIN = r"^[+-]?\d+$"
_RANGE = r"^\d[\d.,' ]*\s*(?:-|–|—|\.\.)\s*\d[\d.,' ]*$"


def form_warning(place: Place, strings: Strings, numbers: Numbers, form: Form) -> TableWarning:
    """Say in which form a column's numbers are, with an example, and how else to read them."""
    there = ~np.isnan(numbers.values)
    row = int(np.nanargmax(numbers.values) if form == "capped" else np.argmax(there))
    unit = f" {numbers.format.unit}" if numbers.format.unit else ""
    code, what = _CODES.get(form, ("duration", f"durations, read in {form}"))
    text = f"are {what} ({strings.values[row].as_py()} is {numbers.values[row]:.6g}{unit})"
    others = []
    if numbers.clock:
        other = "minutes" if form == "seconds" else "seconds"
        told = "hours and minutes" if form == "seconds" else "minutes and seconds"
        others.append(Alternative(reading=told, overrides={"forms": {place.column: other}}))
    kinds = {"kinds": {place.column: Kind.CATEGORICAL.value}}
    others.append(Alternative(reading="texts", overrides=kinds))
    return place.warn(code, there, text, reading=what, alternatives=tuple(others))


def unread_warnings(place: Place, kind: Kind, strings: Strings) -> list[TableWarning]:
    """Say of a column left as text which texts may be numbers, or days that were numbers once."""
    coded = kind is Kind.IDENTIFIER
    if kind not in (Kind.CATEGORICAL, Kind.FREE_TEXT, Kind.IDENTIFIER):
        return []
    if coded and (names_code(place.column) or names_identifier(place.column)):
        return []
    texts = strings.distinct(strings.missing)
    if not len(texts) or not pc.any(pc.match_substring_regex(texts, r"\d")).as_py():
        return []
    likely = texts.filter(pc.match_substring_regex(texts, _LIKE_DAYS))
    days = [text for text in likely.to_pylist() if is_day_without_year(text)]
    if days:
        rows = _among(strings, days)
        text = "may have been numbers that a spreadsheet turned into days, or are days without a "
        text += f"year; kept as text ({shown(strings, rows)})"
        other = as_missing(place, strings, rows, ())
        return [place.warn("days_without_year", rows, text, reading="text", alternatives=(other,))]
    if means_date(place.column) and _dated(texts):
        rows = ~strings.missing
        text = f"that were not understood as dates; kept as text ({shown(strings, rows)})"
        other = as_missing(place, strings, rows, ())
        return [place.warn("unread_dates", rows, text, reading="text", alternatives=(other,))]
    digits = _TWO_NUMBERS if coded else _OF_DIGITS
    rows = ~strings.missing & strings.where(
        lambda each: pc.and_(
            pc.match_substring_regex(each, digits),
            pc.invert(pc.match_substring_regex(each, rf"{_RANGE}|{_PLAIN}")),
        )
    )
    if rows.sum() <= MOSTLY * (~strings.missing).sum() or len(texts) < _FEWEST_UNREAD:
        return []
    text = f"of digits that were not understood as numbers; kept as text ({shown(strings, rows)})"
    return [
        place.warn(
            "unread_numbers",
            rows,
            text,
            reading="text",
            alternatives=(as_missing(place, strings, rows, ()),),
        )
    ]


def _dated(texts: Any) -> bool:
    """Whether most texts have a day or a year beside words or marks."""
    found = pc.match_substring_regex(texts, r"(^|\D)((19|20|25)\d\d|\d{1,2})(\D|$)")
    return bool(pc.mean(found).as_py() > MOSTLY) and len(texts) > 1


def _among(strings: Strings, texts: list[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    known = pa.array(texts, type=pa.large_string())
    return strings.where(lambda each: pc.is_in(each, value_set=known))
