"""From an uploaded file to a kept reading: rows in Parquet, and what was recognised in them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.db.tables import Dataset
from app.errors import BadRequest, InvalidField, UnsupportedMediaType
from app.schemas.datasets import DatasetColumn, DialectOut
from app.schemas.doubts import TableWarningOut
from app.segmentation.errors import FormatError, TableError
from app.segmentation.tables import Kind, ReadOptions, Table, TableWarning, read_table
from app.segmentation.tables.columnar import read_parquet
from app.segmentation.tables.grain import Grain
from app.segmentation.tables.notices import repeat_warnings
from app.segmentation.tables.ranking import rank_warnings
from app.segmentation.tables.repeats import find_repeats
from app.services.column_formats import described
from app.storage.datasets import DatasetStore

PARQUET_HERE_BYTES = 100_000_000
"""What a Parquet file of new customers may unpack to, which a request reads."""


@dataclass(frozen=True)
class KeptReading:
    """What a dataset's row says of its table."""

    name: str
    dialect: DialectOut
    grain: Grain
    columns: list[DatasetColumn]
    warnings: list[TableWarningOut]
    n_rows: int

    def describe(self, dataset: Dataset) -> None:
        dataset.reading = self.name
        dataset.dialect = {**self.dialect.model_dump(mode="json"), "grain": asdict(self.grain)}
        dataset.columns = [each.model_dump(mode="json") for each in self.columns]
        dataset.warnings = [each.model_dump(mode="json") for each in self.warnings]
        dataset.n_rows = self.n_rows
        dataset.n_columns = len(self.columns)


UNASKED = Grain(one_row_is="customer", reason="read before this was asked")


def grain_of(dataset: Dataset) -> Grain:
    """Return what one row of a dataset is, as its last reading found."""
    found = dataset.dialect.get("grain")
    return UNASKED if found is None else Grain(**found)


def read_options(overrides: Mapping[str, Any]) -> ReadOptions:
    """Turn overrides into the engine's options; a wrong one is named."""
    for name, value in overrides.items():
        try:
            ReadOptions(**{name: value})
        except TableError as error:
            raise InvalidField(name, str(error), code=error.code) from error
    try:
        return ReadOptions(**overrides)
    except TableError as error:
        raise BadRequest(str(error), code=error.code) from error


def read_upload(
    store: DatasetStore, directory: str, overrides: Mapping[str, object], max_columns: int
) -> KeptReading:
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
        raise UnsupportedMediaType(_sentence(error), code=error.code) from error
    except TableError as error:
        raise BadRequest(_sentence(error), code=error.code) from error
    return _kept(store, directory, table)


def try_parquet(path: Path, max_columns: int) -> None:
    """Read a Parquet file in a worker, to find out whether it can be read safely."""
    try:
        with path.open("rb") as source:
            read_parquet(source, max_columns=max_columns, max_bytes=PARQUET_HERE_BYTES)
    except TableError as error:
        raise BadRequest(_sentence(error), code=error.code) from error


def _kept(store: DatasetStore, directory: str, table: Table) -> KeptReading:
    return describe_table(table, store.save_reading(directory, table.frame))


def describe_table(table: Table, name: str) -> KeptReading:
    """Describe a table whose rows are kept under a name."""
    return KeptReading(
        name=name,
        dialect=DialectOut.model_validate(table.dialect),
        grain=table.grain,
        columns=[described(column) for column in table.columns],
        warnings=[
            TableWarningOut.model_validate(each)
            for each in rank_warnings((*table.warnings, *_repeats(table)), len(table.frame))
        ],
        n_rows=len(table.frame),
    )


def _repeats(table: Table) -> list[TableWarning]:
    numeric, categorical = table.of_kind(Kind.NUMERIC), table.of_kind(Kind.CATEGORICAL)
    return repeat_warnings(find_repeats(table.frame, numeric=numeric, categorical=categorical))


def _sentence(error: TableError) -> str:
    message = str(error)
    return message[:1].upper() + message[1:]
