"""Kept order lines, opened for questions by DuckDB, which spills to disk past its memory."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from app.storage.datasets import DamagedDataset

MEMORY_MB = 512
THREADS = 2


@contextmanager
def open_lines(readings: Sequence[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection with the views ``file_0``, ``file_1``, … of files of lines.

    Raises
    ------
    DamagedDataset
        A file is missing or damaged.
    """
    with tempfile.TemporaryDirectory(prefix="orders-") as spill:
        connection = duckdb.connect(
            config={
                "memory_limit": f"{MEMORY_MB}MB",
                "threads": THREADS,
                "temp_directory": spill,
                # Extensions would be downloaded.
                "autoinstall_known_extensions": False,
            }
        )
        try:
            for i, path in enumerate(readings):
                connection.read_parquet(str(path)).create_view(f"file_{i}")
            yield connection
        except duckdb.IOException as error:
            raise DamagedDataset("the files of these orders are missing or damaged") from error
        finally:
            connection.close()
