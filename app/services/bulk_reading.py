"""Large tables of order lines, read by DuckDB in the way that a sample of them is read."""

import codecs
import io
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from app.segmentation.errors import TableError
from app.segmentation.orders.casting import Cast, find_casts
from app.segmentation.orders.literals import quoted_name
from app.segmentation.tables import Cells, Table, build_table, read_cells
from app.segmentation.tables.signatures import recognise_format
from app.services.reading import KeptReading, describe_table, read_options
from app.storage.datasets import DatasetStore
from app.storage.order_lines import (
    Delimited,
    bounded_connection,
    count_values,
    view_file,
    write_columns,
)

BULK_BYTES = 40_000_000
"""A file from which the short way is tried: half a million lines or so."""

SAMPLE_BYTES = 4_000_000
SAMPLE_ROWS = 50_000
_TOLD_BY_A_SAMPLE = frozenset({"layout", "rows_are_not_customers"})
"""Of other warnings a sample knows neither how many rows they concern, nor which."""


def read_bulk(
    store: DatasetStore, directory: str, overrides: Mapping[str, Any], max_columns: int
) -> KeptReading | None:
    """Read a large file and keep its rows; None where the reader itself has to."""
    original = store.original(directory)
    if original.stat().st_size < BULK_BYTES:
        return None
    options = read_options(overrides)
    if options.drop_duplicates:
        return None
    try:
        with original.open("rb") as source:
            sample = _sample(source)
        if sample is None:
            return None
        cells = read_cells(sample, overrides=options, max_columns=max_columns)
        table = build_table(cells, overrides=options)
    except TableError:
        # The reader says what is wrong, with the line of the whole file.
        return None
    if cells.dialect.format == "csv" and not _is_plain(cells):
        return None
    if any(each.code == "filled_down" for each in cells.doubts):
        return None
    with _as_utf8(original, cells) as path, bounded_connection() as connection:
        try:
            return _read(store, directory, connection, path, cells, table)
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.Error, UnicodeError):
            # A line that is not like the sample's: the reader knows what to do or say.
            return None


def _read(
    store: DatasetStore,
    directory: str,
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    cells: Cells,
    table: Table,
) -> KeptReading | None:
    if cells.dialect.format == "csv":
        connection.register("sample", cells.frame)
    else:
        connection.read_parquet(str(path)).limit(len(cells.frame)).create_view("sample")
    casts = find_casts(connection, "sample", table)
    if casts is None:
        return None
    view_file(connection, path, _delimited(cells))
    casts, ambiguous = _in_order(connection, casts)
    columns = {quoted_name(each.column): each.expression for each in casts}
    name, counted = store.save_by(
        directory, lambda target: write_columns(connection, columns, target)
    )
    reading = describe_table(table, name)
    missing = dict(zip([each.column for each in casts], counted.missing.values(), strict=True))
    return replace(
        reading,
        n_rows=counted.n_rows,
        columns=[
            each.model_copy(update={"missing": missing[each.name]}) for each in reading.columns
        ],
        warnings=[
            each
            for each in reading.warnings
            if each.code in _TOLD_BY_A_SAMPLE
            or (each.code == "ambiguous_date" and each.column in ambiguous)
        ],
    )


def _in_order(
    connection: duckdb.DuckDBPyConnection, casts: tuple[Cast, ...]
) -> tuple[tuple[Cast, ...], frozenset[str]]:
    """Let all lines say whether days or months come first, where the sample leaves it open."""
    decided, ambiguous = [], set()
    for cast in casts:
        if cast.swapped is None:
            decided.append(cast)
        else:
            as_read, other = count_values(connection, [cast.expression, cast.swapped])
            if as_read == other:
                ambiguous.add(cast.column)
            decided.append(cast if as_read >= other else replace(cast, expression=cast.swapped))
    return tuple(decided), frozenset(ambiguous)


def _delimited(cells: Cells) -> Delimited | None:
    dialect = cells.dialect
    if dialect.format != "csv":
        return None
    return Delimited(
        names=tuple(cells.frame.columns),
        delimiter=dialect.delimiter or ",",
        quotechar=dialect.quotechar or "",
        skip=cells.line_of(0) - 1,
    )


def _is_plain(cells: Cells) -> bool:
    dialect = cells.dialect
    one_character = dialect.delimiter is not None and len(dialect.delimiter) == 1
    return one_character and dialect.errors == "strict"


def _sample(source: BinaryIO) -> io.BytesIO | None:
    """Take the first rows of a file as a file of their own."""
    form = recognise_format(source)
    source.seek(0)
    if form == "csv":
        head = source.read(SAMPLE_BYTES)
        return io.BytesIO(head[: head.rfind(b"\n") + 1])
    if form != "parquet":
        return None
    batches = pq.ParquetFile(source).iter_batches(batch_size=SAMPLE_ROWS)
    sample = io.BytesIO()
    pq.write_table(pa.Table.from_batches(list(islice(batches, 1))), sample)
    return sample


@contextmanager
def _as_utf8(original: Path, cells: Cells) -> Iterator[Path]:
    """Give the file itself where DuckDB can read its letters, and else a copy that it can."""
    encoding = cells.dialect.encoding
    if encoding is None or codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        yield original
        return
    with NamedTemporaryFile("w", encoding="utf-8", newline="", prefix="orders-") as copy:
        with original.open(encoding=encoding, newline="") as source:
            shutil.copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)
