"""Which columns of a table to segment by, and why the others are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.segmentation.errors import ColumnError
from app.segmentation.recipe import Recipe
from app.segmentation.tables import Column, Kind
from app.segmentation.tables.kind_words import name_words
from app.segmentation.tables.recency import days_since

MOSTLY_MISSING = 0.5
"""A column that more customers lack than have says who was asked, not who they are."""

UNUSABLE = {
    Kind.IDENTIFIER: "an identifier: it names customers and does not describe them",
    Kind.FREE_TEXT: "free text: nearly every value differs",
    Kind.CONSTANT: "constant: every customer has the same value",
    Kind.DATE: "a date",
}
"""Kinds of columns that say nothing of customers by themselves, and why."""

_WHO = {"customer", "client", "user", "member", "account", "household", "person"}


@dataclass(frozen=True)
class ColumnChoice:
    """The columns of a segmentation.

    Attributes
    ----------
    numeric, categorical : tuple of str
        What customers are compared on, in the table's order.
    identifier : str or None
        What names a customer.
    left_out : mapping of str to str
        Column to the reason, asked for or not; one that could be used and was not asked for is not
        in it.
    """

    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    identifier: str | None
    left_out: Mapping[str, str]

    @property
    def used(self) -> tuple[str, ...]:
        return (*self.numeric, *self.categorical)


def choose_columns(
    kinds: Mapping[str, str], *, wanted: Sequence[str] | None = None
) -> ColumnChoice:
    """Take the columns that can tell customers apart, all of them or those asked for.

    Parameters
    ----------
    kinds : mapping of str to str
        Every column of the table, in its order, to its `Kind`.
    wanted : sequence of str, optional

    Raises
    ------
    ColumnError
        A column asked for does not exist or is of a kind that is left out, or no column is
        left.
    """
    absent = [name for name in wanted or () if name not in kinds]
    if absent:
        listed = ", ".join(repr(name) for name in absent)
        raise ColumnError(f"The table has no column {listed}.")
    chosen = [name for name in kinds if wanted is None or name in wanted]
    left_out = {name: UNUSABLE[Kind(kind)] for name, kind in kinds.items() if kind in UNUSABLE}
    left_out |= {
        name: "a date: the days since it are used"
        for name, kind in kinds.items()
        if kind == Kind.DATE and days_since(name) in kinds
    }
    name = next((name for name in wanted or () if name in left_out), None)
    if name is not None:
        dated = f"name {days_since(name)!r}, " if kinds[name] == Kind.DATE else ""
        raise ColumnError(
            f"Column {name!r} is {left_out[name]}; "
            f"{dated}leave it out, or correct its kind where it is wrong."
        )
    choice = ColumnChoice(
        numeric=tuple(name for name in chosen if kinds[name] == Kind.NUMERIC),
        categorical=tuple(name for name in chosen if kinds[name] == Kind.CATEGORICAL),
        identifier=_identifier(kinds),
        left_out=left_out,
    )
    if not choice.used:
        told = "; ".join(f"{name!r} is {reason}" for name, reason in left_out.items())
        raise ColumnError(f"No column is left to segment by: {told}.")
    return choice


def columns_used(columns: Sequence[Column], recipe: Recipe, *, n_rows: int) -> ColumnChoice:
    """Choose the columns as a recipe says.

    Parameters
    ----------
    columns : sequence of Column
        Every column of the table, in its order.
    recipe : Recipe
    n_rows : int

    Returns
    -------
    ColumnChoice
        Without any column where every one that could be used is the same for everybody, and the
        recipe has an answer for customers that nothing divides.

    Raises
    ------
    ColumnError
        A column is unknown, or one asked for is excluded or cannot be used, or none is left.
    """
    kinds = {column.name: column.kind for column in columns}
    unknown = [name for name in recipe.exclude if name not in kinds]
    if unknown:
        listed = ", ".join(repr(name) for name in unknown)
        raise ColumnError(f"The table has no column {listed} to exclude.", field="exclude")
    both = [name for name in recipe.columns or () if name in recipe.exclude]
    if both:
        listed = ", ".join(repr(name) for name in both)
        raise ColumnError(
            f"Both requested and excluded: {listed}; remove it from one of the two lists.",
            field="exclude",
        )
    kinds = {name: kind for name, kind in kinds.items() if name not in recipe.exclude}
    if not kinds:
        raise ColumnError(
            "No column is left to segment by: every one is excluded.", field="exclude"
        )
    sparse: dict[str, str] = {}
    if recipe.columns is None and recipe.sparse == "aside":
        sparse = _sparse(columns, kinds, n_rows)
    kept = {name: kind for name, kind in kinds.items() if name not in sparse}
    try:
        choice = choose_columns(kept, wanted=recipe.columns)
    except ColumnError:
        others = set(kinds.values()) - {Kind.IDENTIFIER}
        if recipe.columns is None and others == {Kind.CONSTANT} and recipe.undivided == "one":
            return ColumnChoice(numeric=(), categorical=(), identifier=None, left_out={})
        raise
    return replace(choice, left_out={**choice.left_out, **sparse})


def _sparse(columns: Sequence[Column], kinds: Mapping[str, Kind], n_rows: int) -> dict[str, str]:
    """Tell of the columns that most customers lack; of none where no others are left."""
    usable = [
        column
        for column in columns
        if column.name in kinds and column.kind in (Kind.NUMERIC, Kind.CATEGORICAL)
    ]
    sparse = {
        column.name: f"missing for {column.missing / n_rows:.0%} of the customers"
        for column in usable
        if column.missing > MOSTLY_MISSING * n_rows
    }
    return sparse if len(sparse) < len(usable) else {}


def _identifier(kinds: Mapping[str, str]) -> str | None:
    """Prefer what names a customer over what names an order or an item."""
    names = [name for name, kind in kinds.items() if kind == Kind.IDENTIFIER]
    return next((name for name in names if _WHO & set(name_words(name))), next(iter(names), None))


MOST_FEATURES = 200
MOST_CELLS = 4_000_000
"""What is analysed while a caller waits, once categories are one-hot encoded; more is refused."""


def check_width(
    columns: Sequence[Column], choice: ColumnChoice, *, n_rows: int, limit: int
) -> None:
    """Refuse columns that become more features than an analysis takes.

    Raises
    ------
    ColumnError
        They do.
    """
    distinct = {column.name: column.distinct for column in columns}
    n_features = len(choice.numeric)
    n_features += sum(min(distinct[name], limit + 2) for name in choice.categorical)
    most = min(MOST_FEATURES, MOST_CELLS // n_rows)
    if n_features > most:
        raise ColumnError(
            f"These {len(choice.used):,} columns become {n_features:,} features, and an analysis "
            f"of {n_rows:,} customers takes {most:,}; name the columns that matter, or "
            "exclude some."
        )
