"""From bytes of unknown origin to a frame of strings, nothing guessed and nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables import sniffing
from app.segmentation.tables.columnar import read_parquet, records_to_strings
from app.segmentation.tables.delimited import read_delimited
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.encoding import read_head, recognise_encoding
from app.segmentation.tables.layout import Layout
from app.segmentation.tables.letters import Letters
from app.segmentation.tables.notices import (
    aside_warnings,
    column_warnings,
    letter_warnings,
    total_warnings,
)
from app.segmentation.tables.quality import TableWarning
from app.segmentation.tables.set_aside import MOST_LISTED, SetAside
from app.segmentation.tables.signatures import recognise_format
from app.segmentation.tables.surroundings import recognise_layout
from app.segmentation.tables.totals import find_between
from app.segmentation.tables.workbook import read_workbook

_LONGEST_NAME = 500


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A table as it was written.

    Attributes
    ----------
    frame
        (n_rows, n_columns) of ``str``; a blank is ``""`` and every missing mark stands as it
        was written.
    dialect
        How the file was read.
    line_numbers
        (n_rows,) the line of the text file, or row of the sheet, at which each row starts,
        counted from 1.
    warnings
        What looked wrong in the reading.
    doubts
        What could have been read otherwise.
    units
        Column to its unit, where a row below the header gives them.
    """

    frame: pd.DataFrame
    dialect: Dialect
    line_numbers: NDArray[np.int64]
    warnings: tuple[str, ...] = ()
    doubts: tuple[TableWarning, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)

    def line_of(self, row: int) -> int:
        """Line (CSV) or sheet row (Excel) of the frame's row ``row``, counted from 1."""
        return int(self.line_numbers[row])


def read_cells(
    source: BinaryIO, *, overrides: ReadOptions | None = None, max_columns: int = 2000
) -> Cells:
    """Read a table of unknown format and dialect as strings.

    Parameters
    ----------
    source
        A seekable binary stream, read from its beginning; it is left open.
    overrides
        What the caller knows; everything else is recognised from the first 256 KiB, but for
        the encoding, which the whole file must satisfy.
    max_columns
        More columns than this are refused.

    Raises
    ------
    TableError
        The file is no table, or a faulty one; the message names the fault and its line.
    """
    options = overrides or ReadOptions()
    source.seek(0)
    kind = recognise_format(source)
    if kind == "parquet":
        read = read_parquet(source, max_columns=max_columns)
        lines = np.arange(1, read.n_rows + 1, dtype=np.int64)
        layout = Layout(names=read.names, width=len(read.names), header_row=None, first_row=1)
        cells = _cells(Dialect(format="parquet"), layout, read.columns, lines, options)
        return replace(cells, doubts=(*column_warnings(read.left_out), *cells.doubts))
    if kind == "xlsx":
        book = read_workbook(source, options, max_columns=max_columns)
        cells = _cells(book.dialect, book.layout, book.columns, book.row_numbers, options)
        return replace(cells, doubts=(*book.doubts, *cells.doubts))
    letters = recognise_encoding(source, options.encoding)
    head = read_head(source, letters)
    dialect, layout = recognise_dialect(head, letters, options)
    columns, lines, short_rows = read_delimited(
        source, dialect, layout, max_columns=max_columns, skipped=options.skipped_lines
    )
    cells = _cells(dialect, layout, columns, lines, options, short_rows)
    return replace(cells, doubts=(*letter_warnings(letters), *cells.doubts))


def cells_from_frame(frame: pd.DataFrame) -> Cells:
    """Take records (numbers, texts, booleans, None, mixed) as if they had been read.

    Raises
    ------
    TableError
        There are no records or columns, two columns have one name, or a value is a list or a
        mapping.
    """
    if frame.empty:
        raise TableError("there are no records")
    names, renamed = name_columns([str(name) for name in frame.columns], frame.shape[1])
    texts = records_to_strings(frame.set_axis(names, axis=1))
    return Cells(
        frame=texts,
        dialect=Dialect(format="records"),
        line_numbers=np.arange(1, len(texts) + 1, dtype=np.int64),
        warnings=tuple(renamed),
    )


def _cells(
    dialect: Dialect,
    layout: Layout,
    columns: Sequence[Any],
    lines: NDArray[np.int64],
    options: ReadOptions,
    short_rows: int = 0,
) -> Cells:
    columns, layout = _without_blank_columns(columns, layout)
    names, warnings = name_columns(layout.names, len(columns))
    if layout.shifted:
        warnings.append(
            "the header has one name fewer than the rows have fields; the first column is taken "
            "for the names of the rows"
        )
    if not len(lines):
        raise TableError("the file has a header and no rows")
    if short_rows:
        warnings.append(f"{short_rows:,} rows are shorter than the header; filled with blanks")
    skipped = options.skipped_lines
    aside = [each for each in layout.set_aside if each.line not in skipped]
    aside += [SetAside(line=line, what="skipped", text="") for line in sorted(skipped)]
    doubtful: tuple[int, ...] = ()
    if options.skip_rows is None and dialect.format != "parquet":
        between = find_between(columns, lines, layout.repeated)
        if between.set_aside and between.keep.any():
            kept = pa.array(between.keep)
            columns = [pc.filter(column, kept) for column in columns]
            lines = lines[between.keep]
            aside += between.set_aside
        doubtful = between.doubtful
    frame = pa.table(list(columns), names=names).to_pandas(split_blocks=True, self_destruct=True)
    return Cells(
        frame=frame,
        dialect=replace(
            dialect,
            has_header=layout.names is not None,
            header_row=layout.header_row,
            set_aside=tuple(aside[:MOST_LISTED]),
        ),
        line_numbers=lines,
        warnings=tuple(warnings),
        units=_units(names, layout.units),
        doubts=(
            *aside_warnings(aside, dialect.unit),
            *total_warnings(doubtful, aside, dialect.unit),
        ),
    )


def _units(names: Sequence[str], units: Sequence[str]) -> dict[str, str]:
    plain = [unit.strip().strip("[]()").strip() for unit in units]
    found = zip(names, plain, strict=False)
    return {name: unit for name, unit in found if unit.strip("-–— ")}


def _without_blank_columns(columns: Sequence[Any], layout: Layout) -> tuple[Sequence[Any], Layout]:
    """Leave out columns that have neither a name nor a value: a mark ends or begins each row."""
    if layout.names is None or all(name.strip() for name in layout.names):
        return columns, layout
    kept = [
        i
        for i, (name, column) in enumerate(zip(layout.names, columns, strict=True))
        if name.strip() or not pc.all(pc.equal(pc.utf8_trim_whitespace(column), "")).as_py()
    ]
    repeated = tuple(
        tuple(fields[i] for i in kept if i < len(fields)) for fields in layout.repeated
    )
    names = [layout.names[i] for i in kept]
    units = tuple(layout.units[i] for i in kept if i < len(layout.units))
    return [columns[i] for i in kept], replace(
        layout, names=names, width=len(kept), repeated=repeated, units=units
    )


def name_columns(header: Sequence[str] | None, width: int) -> tuple[list[str], list[str]]:
    """Trim the names; number the columns that have none.

    Raises
    ------
    TableError
        Two columns have one name, or a name is no name: too long, or of control characters.
    """
    numbered = [f"column_{i}" for i in range(1, width + 1)]
    if header is None:
        return numbered, []
    trimmed = [" ".join(name.split()) for name in header]
    for position, name in enumerate(trimmed, start=1):
        if len(name) > _LONGEST_NAME or not name.isprintable():
            raise TableError(
                f"column {position} has no usable name ({name[:40]!r}); is the first row a header?"
            )
    names = [name or number for name, number in zip(trimmed, numbered, strict=True)]
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        listed = ", ".join(repr(name) for name in repeated)
        raise TableError(f"column names appear more than once: {listed}; rename them")
    warnings = [
        f"column {number[7:]} has no name; it is called {number}"
        for name, number in zip(trimmed, numbered, strict=True)
        if not name
    ]
    return names, warnings


def recognise_dialect(head: str, letters: Letters, options: ReadOptions) -> tuple[Dialect, Layout]:
    declared, text = sniffing.declared_delimiter(head)
    quotechar = '"' if options.quotechar is None else options.quotechar
    delimiter = options.delimiter or declared or sniffing.recognise_delimiter(text, quotechar)
    if options.quotechar is None:
        quotechar = sniffing.recognise_quote(text, delimiter)
    escaped = sniffing.escapes_quotes(text, delimiter, quotechar)
    escapechar = "\\" if escaped else None
    numbered = sniffing.numbered_rows(text, delimiter or "\x1f", quotechar, escapechar)
    above = head[: len(head) - len(text)].count("\n")
    skipped = options.skipped_lines
    numbered = [(line + above, row) for line, row in numbered if line + above not in skipped]
    if not numbered:
        raise TableError("the file is empty")
    layout = recognise_layout(
        numbered,
        has_header=options.has_header,
        header_row=options.header_row,
        recognised=options.skip_rows is None,
    )
    dialect = Dialect(
        format="csv",
        delimiter=delimiter,
        encoding=letters.encoding,
        errors=letters.errors,
        quotechar=quotechar,
        escapechar=escapechar,
        has_header=layout.names is not None,
    )
    return dialect, layout
