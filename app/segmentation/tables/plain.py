"""Read regular delimited text through Arrow's reader, where nothing can go wrong silently.

A file qualifies when each of its quotes opens or closes a field (none is doubled or stands inside
a value), and when Arrow finds exactly one row of the header's width in each line. Every doubtful
file is left to the row-by-row reader, some ten times slower, which knows the line of each fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from app.segmentation.tables.coded import CODED, LARGE, in_one, repeats
from app.segmentation.tables.dialect import WHITESPACE, Dialect

_CHUNK = 1 << 20
_LINE_ENDS = b"\r\n"
_NEW_LINE = ord("\n")
_ONE_BYTE = (
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859-2",
    "iso8859-15", "koi8-r",
)  # fmt: skip
_ENCODINGS = {
    "utf-8": "utf8",
    "utf-8-sig": "utf8",
    "cp1252": "cp1252",
    "latin-1": "latin-1",
    "iso8859-1": "latin-1",
    **{name: name for name in _ONE_BYTE},
}


@dataclass(frozen=True, kw_only=True)
class PlainText:
    """What the bytes of a regular file say: how many lines it has, and whether any quotes."""

    n_lines: int
    quoted: bool


def examine(source: BinaryIO, dialect: Dialect) -> PlainText | None:
    """Look through the bytes; None where the file is not regular enough."""
    delimiter, quote = dialect.delimiter, dialect.quotechar or ""
    if delimiter is None or delimiter == WHITESPACE or not (delimiter + quote).isascii():
        return None
    if dialect.encoding not in _ENCODINGS or dialect.errors != "strict" or dialect.escapechar:
        return None
    edges = np.zeros(256, dtype=np.bool_)
    edges[list(delimiter.encode() + _LINE_ENDS)] = True
    source.seek(0)
    # The byte before the file and the one after it are line ends too.
    n_lines, n_quotes, carried = 0, 0, b"\n"
    while True:
        chunk = source.read(_CHUNK)
        n_lines += int(np.count_nonzero(np.frombuffer(chunk, dtype=np.uint8) == _NEW_LINE))
        window = carried + (chunk or b"\n")
        if quote and quote.encode() in window:
            codes = np.frombuffer(window, dtype=np.uint8)
            places = np.flatnonzero(codes[1:-1] == ord(quote)) + 1
            if not np.all(edges[codes[places - 1]] | edges[codes[places + 1]]):
                return None
            n_quotes += len(places)
        if not chunk:
            break
        carried = window[-2:]
    unfinished = not carried.endswith(b"\n")
    if n_quotes % 2:
        return None
    return PlainText(n_lines=n_lines + unfinished, quoted=n_quotes > 0)


def read_plain(
    source: BinaryIO, dialect: Dialect, plain: PlainText, *, width: int, skipped: int
) -> list[Any] | None:
    """Read the rows after ``skipped`` lines as strings; None where not every line is one row.

    Columns whose texts repeat in the first lines are read as `coded` ones.
    """
    names = [str(i) for i in range(width)]

    def read(part: Any, types: Mapping[str, pa.DataType]) -> pa.Table:
        return pa_csv.read_csv(
            part,
            read_options=pa_csv.ReadOptions(
                column_names=names,
                skip_rows=skipped,
                encoding=_ENCODINGS[dialect.encoding or ""],
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quotechar if plain.quoted else False,
                newlines_in_values=plain.quoted,
            ),
            convert_options=pa_csv.ConvertOptions(column_types=types, strings_can_be_null=False),
        )

    types = dict.fromkeys(names, LARGE)
    source.seek(0)
    first = source.read(_CHUNK)
    try:
        sample = read(pa.BufferReader(first[: first.rfind(b"\n") + 1]), types)
        types |= {name: CODED for name in names if repeats(sample[name])}
        source.seek(0)
        table = read(pa.PythonFile(source, mode="r"), types)
    except pa.ArrowInvalid:
        return None
    if table.num_rows != plain.n_lines - skipped:
        return None
    return [in_one(column) for column in table.columns]
