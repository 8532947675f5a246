"""What a customer needs to be placed: the columns of a version, with their ranges and choices."""

from typing import Any

import duckdb

from app.schemas.placements import FormColumn, PlacementForm
from app.segmentation.new_rows import columns_needed
from app.segmentation.tables import plain_rows
from app.services.segmentations.customer_filters import SqlColumn
from app.services.segmentations.customer_query import WantedCustomers
from app.services.segmentations.customers import CustomerList
from app.services.segmentations.looked import Looked

MOST_CHOICES = 50
_EITHER_OR = ({"yes", "no"}, {"y", "n"}, {"true", "false"}, {"0", "1"})


def form_of(looked: Looked) -> PlacementForm:
    """Describe each column that a new customer must have, in the version's order."""
    report = looked.report
    with CustomerList(looked, WantedCustomers()).connected() as connection:
        columns = [
            _column(connection, looked, name)
            for name in columns_needed(report.columns, report.formats)
        ]
    return PlacementForm(version=looked.number, identifier=report.identifier, columns=columns)


def _column(connection: duckdb.DuckDBPyConnection, looked: Looked, name: str) -> FormColumn:
    column, unit = looked.columns.get(name), looked.unit_of(name)
    if column is None:
        # A made column's source, of which this caller may know no more than that it is needed.
        kind = next(
            each.source_kind for each in looked.report.formats.values() if each.source == name
        )
        return FormColumn.model_validate(
            {"name": name, "kind": "date" if kind == "date" else "category", "unit": None,
             "low": None, "high": None, "typical": None, "choices": []}
        )  # fmt: skip
    if column.holds in ("text", "flag"):
        return _category(connection, column)
    middle = "median" if column.holds == "number" else "quantile_disc"
    half = "" if column.holds == "number" else ", 0.5"
    row = connection.sql(
        f"SELECT min({column.sql}) AS low, max({column.sql}) AS high, "  # noqa: S608
        f"{middle}({column.sql}{half}) AS typical FROM customers"
    ).to_arrow_table()
    figures: dict[str, Any] = plain_rows(row.to_pandas())[0]
    return FormColumn(name=name, kind=column.holds, unit=unit, choices=[], **figures)


def _category(connection: duckdb.DuckDBPyConnection, column: SqlColumn) -> FormColumn:
    found = connection.execute(
        f"SELECT CAST({column.sql} AS VARCHAR) AS level FROM customers "  # noqa: S608
        "WHERE level IS NOT NULL GROUP BY level ORDER BY count(*) DESC, level LIMIT ?",
        [MOST_CHOICES],
    ).fetchall()
    choices = [level for (level,) in found]
    either_or = {each.casefold() for each in choices} in _EITHER_OR
    return FormColumn(
        name=column.name,
        kind="yes_no" if either_or else "category",
        unit=None,
        low=None,
        high=None,
        typical=choices[0] if choices else None,
        choices=choices,
    )
