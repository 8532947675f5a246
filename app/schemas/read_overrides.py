"""How a file is to be read where it is not recognised: as JSON, or from a form's text fields."""

import json
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from app.schemas.base import STORABLE, Incoming, RowIs, Text
from app.segmentation.tables.forms import Form

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
    fill_down: (
        Annotated[
            list[Text],
            Field(
                max_length=10_000,
                description="Columns whose values also hold for the blank rows below them; an "
                "empty list means that none do",
            ),
            BeforeValidator(_names_from_form),
        ]
        | None
    ) = None
    drop_duplicates: (
        Annotated[bool, Field(description="Leave out rows that are the same as an earlier one")]
        | None
    ) = None
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
    forms: Annotated[
        dict[Text, Form | None],
        BeforeValidator(_from_form),
        Field(
            description="Column name to what its texts count, where they are durations, or to "
            "`time of day`, `ordinal`, `signs`"
        ),
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
