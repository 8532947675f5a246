"""Uploaded tables, as they come in and go out."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from app.schemas.base import STORABLE, Incoming, Outgoing, RowIs, Text

ColumnKind = Literal["identifier", "numeric", "categorical", "date", "free_text", "constant"]


def _from_form(value: object) -> object:
    """Read the JSON object that a form's text field holds."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError('must be a JSON object, such as {"Region": "categorical"}') from error


def _lines_from_form(value: object) -> object:
    """Read a number, or numbers between commas, from a form's text field."""
    if not isinstance(value, str):
        return value
    listed = value.strip().strip("[]")
    try:
        numbers = [int(each) for each in listed.split(",") if each.strip()]
    except ValueError as error:
        raise ValueError("must be a number of lines, or lines such as 1,2,14") from error
    return numbers[0] if value.strip().isdigit() else numbers


def _names_from_form(value: object) -> object:
    """Read names between commas, or a JSON list of them, from a form's text field."""
    if not isinstance(value, str):
        return value
    if value.strip().startswith("["):
        return _from_form(value)
    return [name.strip() for name in value.split(",") if name.strip()]


Line = Annotated[int, Field(ge=1, le=10_000_000)]
Lines = Annotated[int, Field(ge=0, le=10_000)] | Annotated[list[Line], Field(max_length=10_000)]
Suffix = Annotated[str, StringConstraints(max_length=40), STORABLE]
Factor = Annotated[float, Field(allow_inf_nan=False)]
Mark = Annotated[str, StringConstraints(max_length=1), STORABLE]


class ReadOverrides(Incoming):
    """Overrides of how the file is read; anything omitted is detected."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kinds": {"Region": "categorical", "ZIP": "identifier"}}}
    )

    delimiter: (
        Annotated[
            str,
            StringConstraints(max_length=20),
            STORABLE,
            Field(description="`,` `;` `|` `tab` ..."),
        ]
        | None
    ) = None
    encoding: (
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), STORABLE] | None
    ) = None
    decimal: Literal[".", ","] | None = None
    thousands: Mark | None = None
    quotechar: Mark | None = None
    has_header: bool | None = None
    header_row: (
        Annotated[
            int,
            Field(
                ge=0, le=10_000_000, description="Line with the column names; 0 if there are none"
            ),
        ]
        | None
    ) = None
    skip_rows: (
        Annotated[
            Lines,
            BeforeValidator(_lines_from_form),
            Field(
                description="Lines to leave out, or how many from the top; no others are then. "
                "An empty list puts back what was set aside"
            ),
        ]
        | None
    ) = None
    sheet: Annotated[str, StringConstraints(max_length=100), STORABLE] | None = None
    one_row_is: RowIs | None = None
    as_written: (
        Annotated[
            list[Text],
            Field(
                max_length=10_000,
                description="Columns whose values are kept as written: no marks for missing ones, "
                "no spellings gathered",
            ),
            BeforeValidator(_names_from_form),
        ]
        | None
    ) = None
    kinds: Annotated[
        dict[Text, ColumnKind | None],
        BeforeValidator(_from_form),
        Field(description="Column name to kind; `null` to detect it again"),
    ] = Field(default_factory=dict)
    decimals: Annotated[
        dict[Text, Literal[".", ","] | None],
        BeforeValidator(_from_form),
        Field(description="Column name to decimal mark, for columns that differ from the others"),
    ] = Field(default_factory=dict)
    date_orders: Annotated[
        dict[Text, Literal["dmy", "mdy"] | None],
        BeforeValidator(_from_form),
        Field(description="Column name to the order of day and month, where it is known"),
    ] = Field(default_factory=dict)
    newest_years: Annotated[
        dict[Text, Annotated[int, Field(ge=1900, le=2200)] | None],
        BeforeValidator(_from_form),
        Field(description="Column name to the latest year that two digits mean"),
    ] = Field(default_factory=dict)
    suffixes: Annotated[
        dict[Text, Annotated[dict[Suffix, Factor], Field(max_length=100)] | None],
        BeforeValidator(_from_form),
        Field(
            description="Column name to what follows its numbers and what that multiplies them "
            'by: `{"revenue": {"Cr": 10000000}, "age": {"months": 0.0833}}`; an empty suffix means '
            "numbers with nothing after them"
        ),
    ] = Field(default_factory=dict)
    marks: Annotated[
        dict[Text, Annotated[list[float | Text], Field(max_length=1000)] | None],
        BeforeValidator(_from_form),
        Field(
            description="Column name to the numbers or texts that mean a missing value; an empty "
            "list means that none do"
        ),
    ] = Field(default_factory=dict)


_EXAMPLE_DATASET: dict[str, JsonValue] = {
    "id": 1,
    "user_id": 7,
    "filename": "customers.csv",
    "size_bytes": 14012,
    "n_rows": 400,
    "n_columns": 2,
    "source": None,
    "created_at": "2026-03-02T09:15:00Z",
    "updated_at": "2026-03-02T09:15:00Z",
}


class SetAside(Outgoing):
    """A line that is not a row of the table, and why."""

    line: int
    what: str
    text: str


class Dialect(Outgoing):
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
    set_aside: list[SetAside]


class Alternative(Outgoing):
    """Another reading, and the overrides that select it with `PATCH`."""

    reading: str
    overrides: dict[str, Any]


class TableWarning(Outgoing):
    """One thing that looks wrong or could be read otherwise.

    A dataset's warnings are in order: those that would change most come first. `count` rows are
    concerned, `line` is the first, `rows` the first 50. `reading` is what was
    taken where there are `alternatives`.
    """

    code: str
    message: str
    column: str | None
    count: int
    line: int | None
    rows: list[int]
    reading: str | None
    alternatives: list[Alternative]

    @model_validator(mode="before")
    @classmethod
    def _from_older_readings(cls, values: Any) -> Any:
        """Datasets read by earlier releases kept less of a warning."""
        return {"rows": [], "reading": None, "alternatives": [], **values}


class DaysSince(Outgoing):
    """A column of dates as days before its newest date.

    `by_default` where its name is that of a sign-up or a last purchase.
    """

    newest: str
    by_default: bool


class DatasetColumn(Outgoing):
    """`decimal`, `thousands` and `unit` are `null` where a column holds no numbers.

    `date_order` is `dmy` or `mdy` where days and months come as numbers before the year;
    `days_since` is `null` where a column holds no dates.
    """

    name: str
    kind: ColumnKind
    decimal: str | None
    thousands: str | None
    unit: str | None
    date_order: str | None
    days_since: DaysSince | None
    missing: int
    distinct: int
    examples: list[str]
    warnings: list[str]

    @model_validator(mode="before")
    @classmethod
    def _from_older_readings(cls, values: Any) -> Any:
        """Datasets read by earlier releases kept no marks of their columns."""
        marks = ("decimal", "thousands", "unit", "date_order", "days_since")
        return {**dict.fromkeys(marks), **values}


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
    created_at: datetime
    updated_at: datetime


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
    dialect: Dialect
    overrides: dict[str, Any]
    warnings: list[TableWarning]
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
