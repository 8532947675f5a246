"""Columns made from a table's own, as a recipe asks for them."""

from collections.abc import Sequence

from app.segmentation.caution import Caution
from app.segmentation.recipe import Recipe
from app.segmentation.tables import Column, Table
from app.segmentation.tables.derived import Derived, chosen, extended, extended_columns


def derived_by(columns: Sequence[Column], recipe: Recipe, *, n_rows: int) -> tuple[Derived, ...]:
    """List the columns that a recipe makes from a table's."""
    return chosen(
        columns,
        wanted=recipe.columns,
        exclude=recipe.exclude,
        by_default=recipe.derived == "usual",
        n_rows=n_rows,
    )


def with_derived_columns(
    columns: Sequence[Column], recipe: Recipe, *, n_rows: int
) -> tuple[Column, ...]:
    """Describe a table's columns with those that a recipe makes from them."""
    return extended_columns(columns, derived_by(columns, recipe, n_rows=n_rows))


def with_derived(table: Table, recipe: Recipe) -> Table:
    """Give a table with the columns that a recipe makes from its own."""
    return extended(table, derived_by(table.columns, recipe, n_rows=len(table.frame)))


def derived_remarks(columns: Sequence[Column], recipe: Recipe, *, n_rows: int) -> tuple[str, ...]:
    """Say which columns were made, and how."""
    return tuple(
        Caution(
            f"{each.name}: "
            + (
                f"whether there is a value in {each.source}"
                if each.days is None
                else f"counted to {each.days.newest.date().isoformat()}, the newest {each.source}"
            ),
            "derived_column",
        )
        for each in derived_by(columns, recipe, n_rows=n_rows)
    )
