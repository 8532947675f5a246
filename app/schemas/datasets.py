"""Uploaded tables, as they go out."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, JsonValue, model_validator

from app.schemas.base import Outgoing, RowIs
from app.schemas.doubts import TableWarningOut
from app.schemas.read_overrides import ColumnKind
from app.segmentation.tables import NumberFormat
from app.segmentation.tables.forms import Form
from app.segmentation.tables.marks import Mark

_EXAMPLE_DATASET: dict[str, JsonValue] = {
    "id": 1,
    "user_id": 7,
    "filename": "customers.csv",
    "size_bytes": 14012,
    "n_rows": 400,
    "n_columns": 2,
    "source": None,
    "kept_until": None,
    "created_at": "2026-03-02T09:15:00Z",
    "updated_at": "2026-03-02T09:15:00Z",
}


class SetAsideOut(Outgoing):
    """A line that is not a row of the table, and why."""

    line: int
    what: str
    text: str


class DialectOut(Outgoing):
    format: str
    delimiter: str | None
    encoding: str | None
    decimal: str
    thousands: str
    quotechar: str | None
    has_header: bool
    sheet: str | None
    sheets: list[str]
    header_row: int | None
    set_aside: list[SetAsideOut]

    @model_validator(mode="before")
    @classmethod
    def _from_older_readings(cls, values: Any) -> Any:
        """Datasets read by earlier releases kept no lines of their file."""
        return (
            {"header_row": None, "set_aside": [], **values} if isinstance(values, dict) else values
        )


class DaysSinceOut(Outgoing):
    """A column of dates as days before its newest date.

    `by_default` where its name is that of a sign-up or a last purchase.
    """

    newest: str
    by_default: bool


_LATER: dict[str, object] = {
    "decimal_inferred": False,
    "suffixes": {},
    "scale": [],
    "form": None,
    "spellings": {},
    "date_marks": [],
}


DateOrder = Literal["dmy", "mdy"]


class ColumnFacts(Outgoing):
    """What is known of a column; a run keeps it, so that new rows are read in the same way.

    `decimal`, `thousands` and `unit` are `null` where a column holds no numbers; `marks` are
    numbers that stand for a missing value in it. `decimal_inferred` says that no value has
    the mark; `suffixes` and `scale` are what texts behind or instead of numbers stand for. `form`
    is what texts are that stand for numbers: `minutes` of durations, `time of day`, `ordinal`,
    `signs`.
    `spellings` are ways of writing a category, each with the one that is kept. `date_order` is
    `dmy` or `mdy` where days and months come as numbers before the year; `days_since` is `null`
    where a column holds no dates. `date_marks` are dates that stand for a missing one.
    """

    name: str
    kind: ColumnKind
    missing: int
    distinct: int
    decimal: Mark | None
    thousands: str | None
    unit: str | None
    marks: list[float]
    decimal_inferred: bool
    suffixes: dict[str, float]
    scale: list[str]
    form: Form | None
    spellings: dict[str, str]
    date_order: DateOrder | None
    newest_year: int | None
    date_marks: list[str]
    days_since: DaysSinceOut | None

    @model_validator(mode="before")
    @classmethod
    def _from_older_readings(cls, values: Any) -> Any:
        """Datasets read by earlier releases kept no marks of their columns."""
        later = ("decimal", "thousands", "unit", "date_order", "newest_year", "days_since")
        return {**dict.fromkeys(later), "marks": [], **_LATER, **values}

    @property
    def number_format(self) -> NumberFormat | None:
        if self.thousands is None:
            return None
        return NumberFormat(
            decimal=self.decimal,
            thousands=self.thousands,
            unit=self.unit or "",
            marks=tuple(self.marks),
            inferred=self.decimal_inferred,
            suffixes=self.suffixes,
            scale=tuple(self.scale),
            form=self.form,
        )


class DatasetColumn(ColumnFacts):
    """`decimal`, `thousands` and `unit` are `null` where a column holds no numbers.

    `examples` are the first different values, as they are written; `meaning` says what a figure
    of a snapshot is.
    """

    examples: list[str]
    warnings: list[str]
    meaning: str | None

    @model_validator(mode="before")
    @classmethod
    def _without_meaning(cls, values: Any) -> Any:
        """Columns that earlier releases described had none."""
        return {"meaning": None, **values} if isinstance(values, dict) else values


class DatasetSource(Outgoing):
    """The orders that a dataset was made of, and the day up to which they count."""

    orders_id: int
    as_of: date


class DatasetSummary(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE_DATASET})

    id: int
    user_id: int
    filename: str
    size_bytes: int
    n_rows: int
    n_columns: int
    source: DatasetSource | None
    kept_until: datetime | None
    created_at: datetime
    updated_at: datetime


class FileLimits(Outgoing):
    """What a file may be at most, and for how many days it is kept; `null` is without a limit."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"max_bytes": 50_000_000, "max_rows": 50_000, "kept_days": 30}
        }
    )

    max_bytes: int
    max_rows: int | None
    kept_days: int | None


class WayOn(Outgoing):
    """Where a table that is not one of customers belongs: `POST` to `href` takes it there."""

    kind: Literal["orders"]
    method: Literal["POST"]
    href: str
    message: str


class DatasetOut(DatasetSummary):
    """`way_on` is where a table of orders is made into one of customers, `null` for others."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_EXAMPLE_DATASET,
                "one_row_is": "customer",
                "one_row_is_because": "no customer stands in more than one row",
                "way_on": None,
                "columns": [
                    {
                        "name": "age",
                        "kind": "numeric",
                        "decimal": None,
                        "thousands": "",
                        "unit": "",
                        "date_order": None,
                        "days_since": None,
                        "marks": [],
                        "decimal_inferred": False,
                        "suffixes": {},
                        "scale": [],
                        "form": None,
                        "missing": 0,
                        "distinct": 52,
                        "examples": ["34", "57"],
                        "warnings": [],
                    },
                    {
                        "name": "region",
                        "kind": "categorical",
                        "decimal": None,
                        "thousands": None,
                        "unit": None,
                        "date_order": None,
                        "days_since": None,
                        "marks": [],
                        "decimal_inferred": False,
                        "suffixes": {},
                        "scale": [],
                        "form": None,
                        "missing": 3,
                        "distinct": 2,
                        "examples": ["North", "South"],
                        "warnings": [],
                    },
                ],
                "dialect": {
                    "format": "csv",
                    "delimiter": ",",
                    "encoding": "utf-8",
                    "decimal": ".",
                    "thousands": "",
                    "quotechar": '"',
                    "has_header": True,
                    "sheet": None,
                    "sheets": [],
                    "header_row": 1,
                    "set_aside": [],
                },
                "overrides": {},
                "warnings": [],
                "preview": [{"age": 34, "region": "North"}],
            }
        }
    )

    one_row_is: RowIs
    one_row_is_because: str
    way_on: WayOn | None
    columns: list[DatasetColumn]
    dialect: DialectOut
    overrides: dict[str, Any]
    warnings: list[TableWarningOut]
    preview: list[dict[str, Any]]


class DatasetRows(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "columns": ["age", "region"],
                "rows": [{"age": 34, "region": "North"}, {"age": 57, "region": None}],
                "total": 400,
            }
        }
    )

    columns: list[str]
    rows: list[dict[str, Any]]
    total: int
