"""Uploaded tables, as they come in and go out."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from app.schemas.base import STORABLE, Incoming, Outgoing, Text

ColumnKind = Literal["identifier", "numeric", "categorical", "date", "free_text", "constant"]


def _from_form(value: object) -> object:
    """Read the JSON object that a form's text field holds."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError('must be a JSON object, such as {"Region": "categorical"}') from error


Mark = Annotated[str, StringConstraints(max_length=1), STORABLE]


class ReadOverrides(Incoming):
    """What the sender knows better than the recognition; what is left out is recognised."""

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
    sheet: Annotated[str, StringConstraints(max_length=100), STORABLE] | None = None
    kinds: Annotated[
        dict[Text, ColumnKind | None],
        BeforeValidator(_from_form),
        Field(description="Column name to kind; `null` for one that is to be recognised again"),
    ] = Field(default_factory=dict)


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


class TableWarning(Outgoing):
    """One thing that looks wrong: in how many rows, and the first of them."""

    code: str
    message: str
    column: str | None
    count: int
    line: int | None


class DatasetColumn(Outgoing):
    name: str
    kind: ColumnKind
    missing: int
    distinct: int
    examples: list[str]
    warnings: list[str]


class DatasetSummary(Outgoing):
    id: int
    user_id: int
    filename: str
    size_bytes: int
    n_rows: int
    n_columns: int
    created_at: datetime
    updated_at: datetime


class DatasetOut(DatasetSummary):
    columns: list[DatasetColumn]
    dialect: Dialect
    overrides: dict[str, Any]
    warnings: list[TableWarning]
    preview: list[dict[str, Any]]


class DatasetRows(Outgoing):
    columns: list[str]
    rows: list[dict[str, Any]]
    total: int
