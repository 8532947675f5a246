"""What is known of each customer of a version, in a file beside it, opened for questions by DuckDB.

No SQL names a column of a customer's table: columns are known by their place.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from app.storage.datasets import ROWS_PER_GROUP, DamagedDataset
from app.storage.files import write_atomically
from app.storage.order_lines import bounded_connection

ROWS_FILE = "rows-1.parquet"
"""The number is that of its columns and their meaning: another one is measured again."""


INSIGHTS_FILE = "insights-1.json"
"""What matters, and the rules, where they were measured after the version was made."""


@dataclass(frozen=True)
class VersionFiles:
    """The kept reading of a version's table, and what is known of each of its rows."""

    table: Path
    rows: Path


def kept_text(path: Path) -> str | None:
    """Read what was kept beside a version; None where nothing was."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return None


def keep_text(path: Path, text: str) -> None:
    """Keep a text beside a version; one that was deleted meanwhile is let go."""
    if path.parent.is_dir():
        write_atomically(path, lambda file: file.write(text.encode()))


def write_rows(path: Path, blocks: Iterator[pa.Table]) -> None:
    """Write blocks of rows into an artefact's directory, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{token_hex(4)}")
    writer = None
    try:
        for block in blocks:
            if writer is None:
                writer = pq.ParquetWriter(unfinished, block.schema, compression="zstd")
            writer.write_table(block, row_group_size=ROWS_PER_GROUP)
        if writer is not None:
            writer.close()
            unfinished.replace(path)
    except FileNotFoundError as error:
        raise DamagedDataset("the version was deleted meanwhile") from error
    finally:
        if writer is not None:
            writer.close()
        with suppress(FileNotFoundError):
            unfinished.unlink()


def read_columns(path: Path) -> pa.Table:
    """Return all that is known of the rows."""
    return pq.read_table(path)


def schema_of(table: Path) -> pa.Schema:
    """Return the names and types of a kept reading's columns.

    Raises
    ------
    DamagedDataset
        It is missing or damaged.
    """
    try:
        return pq.read_schema(table)
    except (OSError, pa.ArrowException) as error:
        raise DamagedDataset("the dataset's rows are not there or damaged") from error


FACTS = ("segment", "confidence", "probability", "outlier")
"""What is told of each row."""

_ROW_NUMBER = "file_row_number"


@contextmanager
def open_customers(
    files: VersionFiles, earlier: VersionFiles | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection with the view ``customers``, and no file or setting within reach.

    The table's columns are ``c0``, ``c1``, … in its order; what is known of the rows has its own
    names, from `ROWS_FILE`. ``earlier`` is the same of another version, where one is given, and
    ``customers_cells`` and ``customers_made`` have the columns of either file, quick to look up by
    ``place``, counted from 0.

    Raises
    ------
    DamagedDataset
        A file is missing or damaged.
    MemoryError
    """
    try:
        with OPENED.use(files, earlier) as database, database.cursor() as connection:
            yield connection
    except duckdb.IOException as error:
        raise DamagedDataset("the version's rows are missing or damaged") from error
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(str(error)) from error


Key = tuple[tuple[str, int, int], ...]


@dataclass(eq=False)
class _Opened:
    """A database over a version's files, and how many ask it something."""

    connection: duckdb.DuckDBPyConnection
    closing: ExitStack
    n_users: int = 0


class OpenedVersions:
    """Databases over the files that were asked about last: opening one takes as long as asking.

    They hold what DuckDB knows of the files, and neither their rows nor the files themselves.
    """

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._kept: OrderedDict[Key, _Opened] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def use(
        self, files: VersionFiles, earlier: VersionFiles | None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        opened = self._taken(files, earlier)
        try:
            yield opened.connection
        finally:
            with self._lock:
                opened.n_users -= 1
                if not opened.n_users and opened not in self._kept.values():
                    opened.closing.close()

    def close(self) -> None:
        """Close all; what is being asked is closed when it has answered."""
        with self._lock:
            self._drop(0)

    def _taken(self, files: VersionFiles, earlier: VersionFiles | None) -> _Opened:
        paths = [each for one in (files, earlier) if one for each in (one.table, one.rows)]
        # A file that was made again is another one.
        try:
            found = [(str(path), path.stat()) for path in paths]
        except OSError as error:
            raise DamagedDataset("the version's rows are missing or damaged") from error
        key = tuple((name, told.st_ino, told.st_mtime_ns) for name, told in found)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = _open(files, earlier, paths)
            self._kept.move_to_end(key)
            opened = self._kept[key]
            opened.n_users += 1
            self._drop(self._most)
        return opened

    def _drop(self, leaving: int) -> None:
        while len(self._kept) > leaving:
            _, dropped = self._kept.popitem(last=False)
            if not dropped.n_users:
                dropped.closing.close()


OPENED = OpenedVersions()


def _open(files: VersionFiles, earlier: VersionFiles | None, paths: Sequence[Path]) -> _Opened:
    with ExitStack() as stack:
        connection = stack.enter_context(bounded_connection())
        connection.execute("SET parquet_metadata_cache = true")
        connection.execute("SET enable_external_file_cache = false")
        _define(connection, files, "customers")
        if earlier is not None:
            _define(connection, earlier, "earlier")
        connection.execute("SET allowed_paths = ?", [[str(path) for path in paths]])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return _Opened(connection, stack.pop_all())


def _define(connection: duckdb.DuckDBPyConnection, files: VersionFiles, name: str) -> None:
    names, facts = schema_of(files.table).names, ", ".join(schema_of(files.rows).names)
    columns = ", ".join(f"c{place}" for place in range(len(names)))
    taken = _ROW_NUMBER in {each.casefold() for each in names}
    table = connection.read_parquet(str(files.table), file_row_number=not taken)
    table.create_view(f"{name}_table")
    connection.read_parquet(str(files.rows)).create_view(f"{name}_rows")
    place = "" if taken else ", place"
    for statement in (
        f"CREATE VIEW {name}_named({columns}{place}) AS SELECT * FROM {name}_table",  # noqa: S608
        f"CREATE VIEW {name} AS SELECT {columns}, {facts} FROM {name}_named "  # noqa: S608
        f"POSITIONAL JOIN {name}_rows",
        f"CREATE VIEW {name}_cells AS SELECT {columns}, {'row - 1 AS place' if taken else 'place'} "  # noqa: S608
        f"FROM {name if taken else f'{name}_named'}",
        f"CREATE VIEW {name}_made AS SELECT *, row - 1 AS place FROM {name}_rows",  # noqa: S608
    ):
        connection.execute(statement)
