"""Kept order lines, opened for questions by DuckDB, which spills to disk past its memory."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from app.segmentation.orders.literals import quoted
from app.storage.datasets import DamagedDataset

MEMORY_MB = 512
THREADS = 2
ROWS_PER_GROUP = 122_880


@contextmanager
def open_lines(readings: Sequence[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection with the views ``file_0``, ``file_1``, … of files of lines.

    Raises
    ------
    DamagedDataset
        A file is missing or damaged.
    """
    with bounded_connection() as connection:
        try:
            for i, path in enumerate(readings):
                connection.read_parquet(str(path)).create_view(f"file_{i}")
            yield connection
        except duckdb.IOException as error:
            raise DamagedDataset("the files of these orders are missing or damaged") from error


@contextmanager
def bounded_connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory, which spills to disk and then raises a `MemoryError`."""
    with tempfile.TemporaryDirectory(prefix="orders-") as spill:
        connection = duckdb.connect(
            config={
                "memory_limit": f"{MEMORY_MB}MB",
                "threads": THREADS,
                "temp_directory": spill,
                "TimeZone": "UTC",
                # Extensions would be downloaded.
                "autoinstall_known_extensions": False,
            }
        )
        try:
            yield connection
        except duckdb.OutOfMemoryException as error:
            raise MemoryError(str(error)) from error
        finally:
            connection.close()


@dataclass(frozen=True, kw_only=True)
class Delimited:
    """A file of delimited text in UTF-8: its columns, its marks, and the lines before its rows."""

    names: tuple[str, ...]
    delimiter: str
    quotechar: str
    skip: int


@dataclass(frozen=True)
class Counted:
    """What a file holds that was written: its rows, and how many of each column are missing."""

    n_rows: int
    missing: Mapping[str, int]


def view_file(
    connection: duckdb.DuckDBPyConnection, path: Path, delimited: Delimited | None
) -> None:
    """Define the view ``raw`` of a file of delimited text, or of Parquet."""
    if delimited is None:
        connection.read_parquet(str(path)).create_view("raw", replace=True)
        return
    quote = quoted(delimited.quotechar)
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in delimited.names)
    connection.execute(
        f"CREATE OR REPLACE VIEW raw AS SELECT * FROM read_csv({quoted(str(path))}, "  # noqa: S608
        f"columns = {{{columns}}}, auto_detect = false, header = false, "
        f"delim = {quoted(delimited.delimiter)}, quote = {quote}, escape = {quote}, "
        f"skip = {delimited.skip}, strict_mode = false)"
    )


def write_columns(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, str], target: Path
) -> Counted:
    """Write expressions over the view ``raw`` as columns of a Parquet file.

    Parameters
    ----------
    connection : DuckDBPyConnection
    columns : mapping of str to str
        Name, as an SQL identifier, to expression.
    target : Path
    """
    listed = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    connection.sql(f"SELECT {listed} FROM raw").write_parquet(  # noqa: S608
        str(target), compression="zstd", row_group_size=ROWS_PER_GROUP
    )
    counts = ", ".join(f"count(*) - count({name})" for name in columns)
    kept = connection.read_parquet(str(target))
    row = kept.aggregate(f"count(*), {counts}").fetchall()[0]
    return Counted(int(row[0]), dict(zip(columns, map(int, row[1:]), strict=True)))


def count_values(connection: duckdb.DuckDBPyConnection, expressions: Sequence[str]) -> list[int]:
    """Count the rows of the view ``raw`` in which each expression has a value."""
    listed = ", ".join(f"count({each})" for each in expressions)
    row = connection.sql(f"SELECT {listed} FROM raw").fetchall()[0]  # noqa: S608
    return [int(each) for each in row]
