"""How a file writes its table: the options a caller may set, and what was recognised."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.segmentation.errors import TableError
from app.segmentation.tables.forms import FORMS, Form
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.set_aside import SetAside

RowIs = Literal["customer", "order", "order_line", "event", "customer_month", "item"]
"""What one row of a table may be."""

Format = Literal["csv", "xlsx", "parquet", "records"]
"""``records`` are rows that never were a file."""

WHITESPACE = "whitespace"
"""The delimiter's name where columns are set apart by runs of spaces or tabs."""

_LONGEST_DELIMITER = 5
_DELIMITER_NAMES = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "bar": "|",
    "pipe": "|",
    "space": WHITESPACE,
    " ": WHITESPACE,
    r"\s+": WHITESPACE,
}


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What the caller knows better than the sniffing; None leaves it to be recognised.

    Parameters
    ----------
    delimiter
        A character, a few signs (``||``), one of the names comma, semicolon, tab, bar, or
        ``whitespace``.
    encoding
        A codec's name, such as ``utf-8``, ``utf-16``, ``cp1252``, ``latin-1``.
    decimal
        ``.`` or ``,``.
    thousands
        A character that groups digits, or ``""`` for none.
    quotechar
        One character, or ``""`` where quotes are ordinary characters.
    has_header
        Whether the first row holds the names.
    header_row
        The line (of a sheet: row) that holds the names; 0 where none does.
    skip_rows
        The lines (of a sheet: rows) to leave out, or how many from the top; given, no others are.
    sheet
        The name of the Excel sheet; the first one when None.
    one_row_is
        What one row is; recognised when None.
    fill_down
        Columns whose values hold for the blank rows below them; recognised when None.
    drop_duplicates
        Whether rows that are the same as an earlier one are left out.
    as_written
        Columns whose values are kept as they are written: no number in them stands for "no
        value", and no two texts for one category.
    marks
        Column name to the numbers or texts that stand for "no value" in it; none others do.
    kinds
        Column name to kind, for columns whose recognised kind is not the right one.
    decimals
        Column name to decimal mark, for columns that differ from the others.
    date_orders
        Column name to ``dmy`` or ``mdy``, for dates of which the order is known.
    newest_years
        Column name to the latest year that two digits mean in it.
    suffixes
        Column name to what stands behind its numbers, and by what it multiplies them: "Cr" by
        10,000,000 or by 1, "months" by 1/12 among years. ``""`` is a number with nothing behind.
    scales
        Column name to the words that its numbers stand for, the first for 1.
    forms
        Column name to what its texts are, where they are numbers in another form: ``minutes`` of
        durations, ``time of day``, ``ordinal``, ``signs``.
    """

    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    quotechar: str | None = None
    has_header: bool | None = None
    header_row: int | None = None
    skip_rows: int | Sequence[int] | None = None
    sheet: str | None = None
    one_row_is: RowIs | None = None
    fill_down: Sequence[str] | None = None
    drop_duplicates: bool = False
    as_written: Sequence[str] = ()
    marks: Mapping[str, Sequence[float | str]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    date_orders: Mapping[str, str] = field(default_factory=dict)
    newest_years: Mapping[str, int] = field(default_factory=dict)
    suffixes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    scales: Mapping[str, Sequence[str]] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.delimiter is not None:
            delimiter = _DELIMITER_NAMES.get(self.delimiter, self.delimiter)
            usable = 0 < len(delimiter) <= _LONGEST_DELIMITER and not set(delimiter) & set(
                '"\r\n\0'
            )
            words = len(delimiter) > 1 and any(map(str.isalnum, delimiter))
            if delimiter != WHITESPACE and (not usable or words):
                raise TableError(
                    f"delimiter {self.delimiter!r} is no mark between fields; give , ; | tab "
                    f"{WHITESPACE} or up to {_LONGEST_DELIMITER} signs such as ||"
                )
            object.__setattr__(self, "delimiter", delimiter)
        if self.encoding is not None:
            object.__setattr__(self, "encoding", _text_codec(self.encoding))
        if self.decimal not in (None, ".", ","):
            raise TableError(f"decimal {self.decimal!r} is not a mark; give '.' or ','")
        for name, order in self.date_orders.items():
            if order not in ("dmy", "mdy"):
                raise TableError(f"order {order!r} of column {name!r} is not dmy or mdy")
        for name, form in self.forms.items():
            if form not in FORMS:
                raise TableError(f"form {form!r} of column {name!r} is none of {', '.join(FORMS)}")
        for name, mark in self.decimals.items():
            if mark not in (".", ","):
                raise TableError(f"decimal {mark!r} of column {name!r} is not a mark; give . or ,")
        if self.thousands is not None and (
            len(self.thousands) > 1 or (self.thousands and self.thousands == self.decimal)
        ):
            raise TableError(
                f"thousands {self.thousands!r} must be one character other than the decimal mark"
            )
        if self.quotechar is not None and (
            len(self.quotechar) > 1
            or self.quotechar in ("\r", "\n", "\0")
            or (self.quotechar and self.quotechar == self.delimiter)
        ):
            raise TableError(
                f"quotechar {self.quotechar!r} must be one character other than the delimiter"
            )
        if self.header_row is not None and self.header_row < 0:
            raise TableError("header_row is the number of a line, or 0 where there is no header")
        if self.skip_rows is not None and any(line < 1 for line in self.skipped_lines):
            raise TableError("skip_rows are numbers of lines, counted from 1")

    @property
    def skipped_lines(self) -> frozenset[int]:
        """The lines to leave out."""
        skip = self.skip_rows
        return frozenset(range(1, skip + 1) if isinstance(skip, int) else skip or ())

    def decimal_of(self, column: str) -> Mark | Literal["none"] | None:
        """Give what is known of a column's marks: "none" where no mark groups its digits."""
        known = self.decimals.get(column, self.decimal)
        if known is None and self.thousands in (".", ","):
            known = "," if self.thousands == "." else "."
        if known is None:
            return None if self.thousands is None else "none"
        return "," if known == "," else "."

    def order_of(self, column: str) -> Literal["dmy", "mdy"] | None:
        """Give what is known of the order of day and month in a column."""
        known = self.date_orders.get(column)
        return None if known is None else "dmy" if known == "dmy" else "mdy"

    def form_of(self, column: str) -> Form | None:
        """Give what is known of the form of a column's numbers."""
        known = self.forms.get(column)
        return next((form for form in FORMS if form == known), None)

    @property
    def extra_group(self) -> str:
        """A mark that groups digits and is none of the usual ones."""
        mark = self.thousands or ""
        return "" if mark in ".,' \u2019\u00a0\u202f" else mark


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How the table was written; ``None`` where the format has no such thing.

    ``thousands`` is ``""`` where digits are not grouped; ``sheets`` names all of a workbook's.
    ``escapechar`` stands before quotes inside values, where they are not doubled.
    ``skip_spaces`` says that quotes open behind a delimiter and a space.
    ``errors`` is the codec's way with bytes that are not of its encoding. ``set_aside`` are the
    lines that are no rows of the table, the first of them where there are many.
    """

    format: Format
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str = "."
    thousands: str = ""
    quotechar: str | None = None
    escapechar: str | None = None
    has_header: bool = True
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    skip_spaces: bool = False
    errors: str = "strict"
    header_row: int | None = None
    set_aside: tuple[SetAside, ...] = ()

    @property
    def unit(self) -> str:
        """What the table's rows are counted in: lines of a text, else rows."""
        return "line" if self.format == "csv" else "row"


def _text_codec(name: str) -> str:
    try:
        "a".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError) as error:
        raise TableError(
            f"encoding {name!r} is not known; utf-8, utf-16, cp1252 and latin-1 are"
        ) from error
