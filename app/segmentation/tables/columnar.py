"""Read what has columns already: Parquet files, and records that never were a file."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from app.segmentation.errors import TableError
from app.segmentation.tables.number_column import write_number

MAX_PARQUET_BYTES = 1 << 30
"""A Parquet file that unpacks to more is refused."""

_BATCH = 8192
_BATCH_BYTES = 32 << 20
_FIRST_ROWS = 16
_WHOLE = r"^(-?\d+)\.0$"
# As `write_number`, for a whole column.
_THOUSANDTHS = r"^-?[1-9]\d{0,2}\.\d{3}$"


@dataclass(frozen=True, kw_only=True)
class ParquetColumns:
    """A Parquet file's columns as strings, and the types of those that hold no plain values."""

    names: list[str]
    columns: list[Any]
    n_rows: int
    left_out: Mapping[str, str]


def read_parquet(
    source: BinaryIO, *, max_columns: int, max_bytes: int | None = None
) -> ParquetColumns:
    """Read a Parquet file's columns of plain values as strings; structures by their fields.

    Raises
    ------
    TableError
        The file is damaged, too large unpacked, has no rows, too many columns, or none of plain
        values.
    MemoryError
        There is too little memory to find out.
    """
    try:
        parquet = pq.ParquetFile(source)
        if len(parquet.schema_arrow) > max_columns:
            raise TableError(
                f"{len(parquet.schema_arrow):,} columns; at most {max_columns:,} are read"
            )
        table = _flattened(_bounded(parquet, max_bytes or MAX_PARQUET_BYTES))
    except pa.ArrowMemoryError as error:
        raise MemoryError(str(error)) from error
    except (pa.ArrowException, OSError) as error:
        raise TableError(f"the Parquet file is damaged: {error}") from error
    if not table.num_rows:
        raise TableError("the Parquet file has no rows")
    left_out = {
        field.name: str(field.type)
        for field in table.schema
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type)
    }
    kept = [name for name in table.column_names if name not in left_out]
    if not kept:
        listed = ", ".join(f"{name!r} ({type_})" for name, type_ in left_out.items())
        raise TableError(f"no column holds plain values: {listed}; write one column for each value")
    return ParquetColumns(
        names=kept,
        columns=[
            _strings(field.name, column)
            for field, column in zip(table.schema, table.columns, strict=True)
            if field.name not in left_out
        ],
        n_rows=table.num_rows,
        left_out=left_out,
    )


def _bounded(parquet: pq.ParquetFile, max_bytes: int) -> pa.Table:
    """Read by small batches: one long value repeated a million times packs into nothing."""
    batches, unpacked = [], 0
    for group in range(parquet.num_row_groups):
        for batch in parquet.iter_batches(_batch_rows(parquet, group), row_groups=[group]):
            unpacked += batch.nbytes
            if unpacked > max_bytes:
                raise TableError(f"the Parquet file unpacks to over {max_bytes:,} bytes")
            batches.append(batch)
    return pa.Table.from_batches(batches, schema=parquet.schema_arrow)


def _batch_rows(parquet: pq.ParquetFile, group: int) -> int:
    """Choose how many rows are read at a time, by what the first few take."""
    first = next(parquet.iter_batches(_FIRST_ROWS, row_groups=[group]), None)
    if first is None or not first.num_rows:
        return _BATCH
    fitting: int = _BATCH_BYTES * first.num_rows // max(1, first.nbytes)
    return min(max(1, fitting), _BATCH)


def _flattened(table: pa.Table) -> pa.Table:
    """Give each field of a structure a column of its own: ``address.city``."""
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _strings(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = _instants(column)
    try:
        texts = pc.cast(column, pa.large_string())
    except pa.ArrowException as error:
        raise TableError(f"column {name!r} of type {column.type} cannot be read") from error
    if pa.types.is_floating(column.type):
        texts = pc.replace_substring_regex(texts, pattern=_WHOLE, replacement=r"\1")
        texts = pc.replace_substring_regex(texts, pattern=_THOUSANDTHS, replacement=r"\00")
    return pc.fill_null(texts, "")


def _instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Drop the zone (the instants are UTC) and an empty time of day."""
    plain = pc.cast(column, pa.timestamp("us"), safe=False)
    days = pc.cast(plain, pa.date32(), safe=False)
    midnight = pc.all(pc.equal(pc.cast(days, pa.timestamp("us")), plain)).as_py()
    return days if midnight else pc.cast(plain, pa.timestamp("s"), safe=False)


def records_to_strings(frame: pd.DataFrame) -> pd.DataFrame:
    """Write each value of a frame of anything as a string.

    Parameters
    ----------
    frame
        (n_rows, n_columns) of str, int, float, bool, None, dates, mixed as JSON has them.

    Raises
    ------
    TableError
        A value is a list or a mapping (names its column and row), or no valid Unicode.
    """
    texts = {}
    for name, series in frame.items():
        values = [_text(value, str(name), row) for row, value in enumerate(series.tolist(), 1)]
        try:
            texts[str(name)] = pd.Series(values, dtype="str")
        except UnicodeEncodeError as error:
            raise TableError(f"column {name!r} holds half of a surrogate pair") from error
    return pd.DataFrame(texts)


def _text(value: object, name: str, row: int) -> str:
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return write_number(float(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dict | list | tuple | set):
        raise TableError(f"column {name!r}, row {row}: a {type(value).__name__} is no plain value")
    return str(value)
