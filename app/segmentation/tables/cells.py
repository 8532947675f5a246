"""From bytes of unknown origin to a frame of strings, nothing guessed and nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables import coded
from app.segmentation.tables.columnar import read_parquet, records_to_strings
from app.segmentation.tables.delimited import read_delimited
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.groups_down import Filled, fill_down
from app.segmentation.tables.layout import Layout
from app.segmentation.tables.naming import name_columns, refuse_repeated
from app.segmentation.tables.notices import (
    aside_warnings,
    column_warnings,
    hidden_warnings,
    layout_warnings,
    letter_warnings,
    total_warnings,
)
from app.segmentation.tables.quality import TableWarning
from app.segmentation.tables.separators import UNIT
from app.segmentation.tables.set_aside import MOST_LISTED, SetAside
from app.segmentation.tables.sheet_marks import NO_MARKS, SheetMarks
from app.segmentation.tables.signatures import recognise_format
from app.segmentation.tables.text_dialect import open_text
from app.segmentation.tables.totals import find_between
from app.segmentation.tables.twice_encoded import (
    is_twice_encoded,
    restore,
    restore_column,
    twice_warning,
)
from app.segmentation.tables.workbook import read_workbook


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A table as it was written.

    Attributes
    ----------
    columns
        Each column's name to its (n_rows,) strings in Arrow, or `coded` ones; a blank is
        ``""`` and every missing mark stands as it was written.
    dialect
        How the file was read.
    line_numbers
        (n_rows,) the line of the text file, or row of the sheet, at which each row starts,
        counted from 1.
    doubts
        What looked wrong, or could have been read otherwise.
    repeated
        The names that two columns had.
    units
        Column to its unit, where a row below the header gives them.
    """

    columns: Mapping[str, Any]
    dialect: Dialect
    line_numbers: NDArray[np.int64]
    doubts: tuple[TableWarning, ...] = ()
    repeated: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """(n_rows, n_columns) of ``str``."""
        columns = [coded.plain(column) for column in self.columns.values()]
        frame: pd.DataFrame = pa.table(columns, names=list(self.columns)).to_pandas(
            split_blocks=True
        )
        return frame

    def __len__(self) -> int:
        return len(self.line_numbers)

    def kept(self, rows: NDArray[np.bool_]) -> Cells:
        """Leave out the rows where ``rows`` is false."""
        columns = {name: coded.kept(column, rows) for name, column in self.columns.items()}
        return replace(self, columns=columns, line_numbers=self.line_numbers[rows])

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
        cells = _cells(
            book.dialect, book.layout, book.columns, book.row_numbers, options, marks=book.marks
        )
        return replace(cells, doubts=(*book.doubts, *cells.doubts))
    return _text_cells(source, options, max_columns)


def _text_cells(source: BinaryIO, options: ReadOptions, max_columns: int) -> Cells:
    text = open_text(source, options)
    layout = text.layout
    columns, lines, short_rows = read_delimited(
        text.source, text.dialect, layout, max_columns=max_columns, skipped=options.skipped_lines
    )
    if text.separator:
        columns = [
            coded.rewritten(each, lambda texts: pc.replace_substring(texts, UNIT, text.separator))
            for each in columns
        ]
    doubts = letter_warnings(text.letters)
    if options.encoding is None and is_twice_encoded(text.head):
        columns = [coded.rewritten(each, restore_column) for each in columns]
        names = layout.names and [restore(name) for name in layout.names]
        layout = replace(layout, names=names)
        doubts.append(twice_warning())
    cells = _cells(text.written, layout, columns, lines, options, short_rows)
    return replace(cells, doubts=(*doubts, *cells.doubts))


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
    named = name_columns([str(name) for name in frame.columns], frame.shape[1])
    refuse_repeated(named.repeated)
    texts = records_to_strings(frame.set_axis(named.names, axis=1))
    return Cells(
        columns={str(name): coded.from_pandas(series) for name, series in texts.items()},
        dialect=Dialect(format="records"),
        line_numbers=np.arange(1, len(texts) + 1, dtype=np.int64),
        doubts=named.doubts,
    )


def _cells(
    dialect: Dialect,
    layout: Layout,
    columns: Sequence[Any],
    lines: NDArray[np.int64],
    options: ReadOptions,
    short_rows: Sequence[int] = (),
    marks: SheetMarks = NO_MARKS,
) -> Cells:
    columns, layout, marks = _without_blank_columns(columns, layout, marks)
    if not len(lines):
        raise TableError("the file has a header and no rows")
    skipped = options.skipped_lines
    aside = [each for each in layout.set_aside if each.line not in skipped]
    aside += [SetAside(line=line, what="skipped", text="") for line in sorted(skipped)]
    doubtful: tuple[int, ...] = ()
    if options.skip_rows is None and dialect.format != "parquet":
        between = find_between(columns, lines, layout.repeated)
        if between.set_aside and between.keep.any():
            columns = [coded.kept(column, between.keep) for column in columns]
            lines = lines[between.keep]
            aside += between.set_aside
            # A note may have been all that a column held.
            columns, layout, marks = _without_blank_columns(columns, layout, marks)
        doubtful = between.doubtful
    named = name_columns(layout.names, len(columns))
    names = named.names
    filled = Filled(columns=list(columns))
    if dialect.format != "parquet":
        filled = fill_down(
            columns,
            names,
            lines,
            unit=dialect.unit,
            given=options.fill_down,
            merged=marks.merged,
        )
    return Cells(
        columns=dict(zip(names, filled.columns, strict=True)),
        dialect=replace(
            dialect,
            has_header=layout.names is not None,
            header_row=layout.header_row,
            set_aside=tuple(aside[:MOST_LISTED]),
        ),
        line_numbers=lines,
        units=_units(names, layout.units),
        doubts=(
            *aside_warnings(aside, dialect.unit),
            *total_warnings(doubtful, aside, dialect.unit),
            *layout_warnings(layout, _among(short_rows, lines), aside),
            *hidden_warnings(marks, names, lines, aside),
            *filled.doubts,
            *named.doubts,
        ),
        repeated=named.repeated,
    )


def _among(short_rows: Sequence[int], lines: NDArray[np.int64]) -> list[int]:
    """Leave out the rows that were set aside."""
    short = np.array(sorted(short_rows), dtype=np.int64)
    kept: list[int] = short[np.isin(short, lines)].tolist()
    return kept


def _units(names: Sequence[str], units: Sequence[str]) -> dict[str, str]:
    plain = [unit.strip().strip("[]()").strip() for unit in units]
    found = zip(names, plain, strict=False)
    return {name: unit for name, unit in found if unit.strip("-–— ")}


def _is_blank(column: Any) -> bool:
    texts = pc.utf8_trim_whitespace(coded.texts_of(column))
    return bool(pc.all(pc.equal(texts, "")).as_py())


def _without_blank_columns(
    columns: Sequence[Any], layout: Layout, marks: SheetMarks
) -> tuple[Sequence[Any], Layout, SheetMarks]:
    """Leave out columns that have neither a name nor a value: a mark ends or begins each row."""
    if layout.names is None or all(name.strip() for name in layout.names):
        return columns, layout, marks
    kept = [
        i
        for i, (name, column) in enumerate(zip(layout.names, columns, strict=True))
        if name.strip() or not _is_blank(column)
    ]
    if len(kept) == len(columns):
        return columns, layout, marks
    return [columns[i] for i in kept], layout.at(kept), marks.at(kept)
