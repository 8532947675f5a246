"""From an uploaded file to a kept reading: rows in Parquet, and what was recognised in them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.errors import BadRequest, InvalidField, UnsupportedMediaType
from app.segmentation.errors import FormatError, TableError
from app.segmentation.tables import Column, Kind, ReadOptions, Table, TableWarning, read_table
from app.segmentation.tables.ranking import rank_warnings
from app.segmentation.tables.repeats import find_repeats, repeat_warnings
from app.storage.datasets import DatasetStore


@dataclass(frozen=True)
class Reading:
    """What a dataset's row says of its table."""

    name: str
    dialect: dict[str, Any]
    columns: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    n_rows: int
    n_columns: int


def read_options(overrides: Mapping[str, Any]) -> ReadOptions:
    """Turn overrides into the engine's options; a wrong one is named."""
    for name, value in overrides.items():
        try:
            ReadOptions(**{name: value})
        except TableError as error:
            raise InvalidField(name, str(error)) from error
    try:
        return ReadOptions(**overrides)
    except TableError as error:
        raise BadRequest(str(error)) from error


def read_upload(
    store: DatasetStore, directory: str, overrides: Mapping[str, Any], max_columns: int
) -> Reading:
    """Read a dataset's file and keep its rows.

    Raises
    ------
    UnsupportedMediaType
        The file is no table.
    BadRequest
        The table is faulty; the message names the fault and its line.
    """
    options = read_options(overrides)
    try:
        with store.original(directory).open("rb") as source:
            table = read_table(source, overrides=options, max_columns=max_columns)
    except FormatError as error:
        raise UnsupportedMediaType(_sentence(error)) from error
    except TableError as error:
        raise BadRequest(_sentence(error)) from error
    return _kept(store, directory, table)


def _kept(store: DatasetStore, directory: str, table: Table) -> Reading:
    return Reading(
        name=store.save_reading(directory, table.frame),
        dialect={
            **asdict(table.dialect),
            "sheets": list(table.dialect.sheets),
            "grain": asdict(table.grain),
        },
        columns=[_column(column) for column in table.columns],
        warnings=[
            _warning(warning)
            for warning in rank_warnings((*table.warnings, *_repeats(table)), len(table.frame))
        ],
        n_rows=len(table.frame),
        n_columns=len(table.columns),
    )


def _repeats(table: Table) -> list[TableWarning]:
    numeric, categorical = table.of_kind(Kind.NUMERIC), table.of_kind(Kind.CATEGORICAL)
    return repeat_warnings(find_repeats(table.frame, numeric=numeric, categorical=categorical))


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "kind": column.kind.value,
        "missing": column.missing,
        "distinct": column.distinct,
        "examples": [example[:100] for example in column.examples],
        "warnings": [warning.message for warning in column.warnings],
        "decimal": column.format.decimal if column.format else None,
        "thousands": column.format.thousands if column.format else None,
        "unit": column.format.unit if column.format else None,
        "marks": list(column.format.marks) if column.format else [],
        "decimal_inferred": column.format.inferred if column.format else False,
        "date_order": column.dates.order if column.dates else None,
        "days_since": _days_since(column),
    }


def _days_since(column: Column) -> dict[str, Any] | None:
    since = column.dates.days_since if column.dates else None
    if since is None:
        return None
    return {"newest": since.newest.isoformat(), "by_default": since.by_default}


def number_formats(columns: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Take from a dataset's columns how each writes its numbers, for a run to keep."""
    return {
        column["name"]: {name: column[name] for name in ("decimal", "thousands", "unit")}
        | {
            "marks": column.get("marks", []),
            "inferred": column.get("decimal_inferred", False),
        }
        for column in columns
        if column.get("thousands") is not None
    }


def _warning(warning: TableWarning) -> dict[str, Any]:
    return {**asdict(warning), "rows": list(warning.rows)}


def _sentence(error: TableError) -> str:
    message = str(error)
    return message[:1].upper() + message[1:]
