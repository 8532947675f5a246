"""What a column may hold, and what is known of its table before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.segmentation.tables.date_names import means_birth
from app.segmentation.tables.date_texts import Order
from app.segmentation.tables.dates import Dates, parse_dates
from app.segmentation.tables.forms import Form, read_form
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.numbers import read_numbers
from app.segmentation.tables.scales import known_scale
from app.segmentation.tables.values import Strings
from app.segmentation.tables.votes import FileMarks
from app.segmentation.tables.worded import numbers_in_form, numbers_on_scale


class Kind(StrEnum):
    """What a column holds.

    ``constant`` has one value at most: a column with nothing in it says no more than one that
    repeats itself. Only numeric and categorical columns, and dates once turned into numbers,
    tell customers apart.
    """

    IDENTIFIER = "identifier"
    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    DATE = "date"
    FREE_TEXT = "free_text"
    CONSTANT = "constant"


MOSTLY = 0.5
"""A column of which a larger share are numbers or dates is one; the rest, reported one by one,
become missing."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A column's kind with what was parsed on the way to it.

    ``code`` is why numbers are none; ``partly`` are the numbers of a column that was left as text
    though most of it is numbers.
    """

    kind: Kind
    distinct: int
    numbers: Numbers | None = None
    dates: Dates | None = None
    code: str | None = None
    partly: Numbers | None = None


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What is known of how a table writes its numbers and dates, before a column is read."""

    given: Mark | Literal["none"] | None
    file: FileMarks
    extra_group: str
    order: Order | None = None
    newest_year: int | None = None
    suffixes: Mapping[str, float] | None = None
    scale: tuple[str, ...] = ()
    form: Form | None = None

    def dates(self, name: str, strings: Strings) -> Dates | None:
        """Read a column as dates by them."""
        return parse_dates(
            strings,
            day_first=self.file.day_first,
            given=self.order,
            decided=self.file.order is not None,
            newest_year=self.newest_year,
            born=means_birth(name),
        )

    def numbers(self, name: str, strings: Strings) -> Numbers | None:
        """Read a column as numbers by them."""
        if self.scale:
            texts = strings.distinct(strings.blank).to_pylist()
            return numbers_on_scale(strings, known_scale(texts, self.scale))
        if strings.numbers is None and not self.suffixes:
            formed = read_form(name, strings, given=self.form)
            if formed is not None:
                return numbers_in_form(strings, formed)
        return read_numbers(
            strings,
            given=self.given,
            file=self.file,
            extra_group=self.extra_group,
            suffixes=self.suffixes,
        )
