"""From bytes of unknown origin to a frame of strings, nothing guessed and nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables import sniffing
from app.segmentation.tables.columnar import read_parquet, records_to_strings
from app.segmentation.tables.delimited import read_delimited
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.encoding import read_head, recognise_encoding
from app.segmentation.tables.signatures import recognise_format
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
    """

    frame: pd.DataFrame
    dialect: Dialect
    line_numbers: NDArray[np.int64]
    warnings: tuple[str, ...] = ()

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
        names, columns, n_rows = read_parquet(source, max_columns=max_columns)
        lines = np.arange(1, n_rows + 1, dtype=np.int64)
        return _cells(Dialect(format="parquet"), names, columns, lines)
    if kind == "xlsx":
        return _cells(*read_workbook(source, options, max_columns=max_columns))
    encoding = recognise_encoding(source, options.encoding)
    head = read_head(source, encoding)
    dialect = recognise_dialect(head, encoding, options)
    return _cells(dialect, *read_delimited(source, dialect, max_columns=max_columns))


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
    header: Sequence[str] | None,
    columns: Sequence[Any],
    lines: NDArray[np.int64],
    short_rows: int = 0,
) -> Cells:
    names, warnings = name_columns(header, len(columns))
    if not len(lines):
        raise TableError("the file has a header and no rows")
    if short_rows:
        warnings.append(f"{short_rows:,} rows are shorter than the header; filled with blanks")
    frame = pa.table(list(columns), names=names).to_pandas(split_blocks=True, self_destruct=True)
    return Cells(frame=frame, dialect=dialect, line_numbers=lines, warnings=tuple(warnings))


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


def recognise_dialect(head: str, encoding: str, options: ReadOptions) -> Dialect:
    declared, head = sniffing.declared_delimiter(head)
    quotechar = '"' if options.quotechar is None else options.quotechar
    delimiter = options.delimiter or declared or sniffing.recognise_delimiter(head, quotechar)
    rows = sniffing.split_rows(head, delimiter or "\x1f", quotechar)
    has_header = options.has_header
    if has_header is None:
        has_header = sniffing.recognise_header(rows)
    return Dialect(
        format="csv",
        delimiter=delimiter,
        encoding=encoding,
        quotechar=quotechar,
        has_header=has_header,
    )
