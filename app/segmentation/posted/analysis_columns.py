"""What is asked of an analysis, and which columns it can be done on."""

from dataclasses import dataclass, replace
from typing import Literal

from app.segmentation.column_choice import ColumnChoice, choose_columns
from app.segmentation.columns import Transform
from app.segmentation.errors import ColumnError
from app.segmentation.tables import Kind, Table

AnalysisAlgorithm = Literal["auto", "kmeans", "hierarchical", "dbscan"]

MOSTLY_MISSING = 0.5
"""A column that more customers lack than have says who was asked, not who they are."""

MOST_FEATURES = 200
MOST_CELLS = 4_000_000
"""What an analysis works on at most, once categories are one-hot encoded; more is refused."""

_LEVELS_KEPT = 22

ONE_SEGMENT = ": they are given as one segment, and nothing in it is compared or measured."


@dataclass(frozen=True, kw_only=True)
class AnalysisOptions:
    """What is asked of an analysis.

    Attributes
    ----------
    algorithm : {"auto", "kmeans", "hierarchical", "dbscan"}
    n_clusters : int or None
        None: chosen by silhouette.
    columns, exclude : tuple of str or None
        Columns to segment by, all that can be used unless given, and those to leave aside.
    transform : {"none", "log", "auto"}
        Of numbers before scaling; "auto" straightens those that are skewed.
    random_state : int
    validate : bool
        Whether to measure stability and certainty and to find rules too.
    """

    algorithm: AnalysisAlgorithm = "auto"
    n_clusters: int | None = None
    columns: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    transform: Transform = "auto"
    random_state: int = 42
    validate: bool = False


def analysis_columns(table: Table, options: AnalysisOptions) -> ColumnChoice:
    """Choose the columns, and leave out those that most customers lack unless asked for.

    Returns
    -------
    ColumnChoice
        Without any column where every one that could be used is the same for everybody.

    Raises
    ------
    ColumnError
        A column is unknown, or one asked for is excluded or cannot be used, or none is left.
    """
    kinds = {column.name: column.kind for column in table.columns}
    unknown = [name for name in options.exclude if name not in kinds]
    if unknown:
        listed = ", ".join(repr(name) for name in unknown)
        raise ColumnError(f"The table has no column {listed} to exclude.")
    both = [name for name in options.columns or () if name in options.exclude]
    if both:
        listed = ", ".join(repr(name) for name in both)
        raise ColumnError(f"Asked for and excluded at once: {listed}; name it in one of the two.")
    kinds = {name: kind for name, kind in kinds.items() if name not in options.exclude}
    if not kinds:
        raise ColumnError("No column is left to segment by: every one is excluded.")
    sparse: dict[str, str] = {}
    if options.columns is None:
        sparse = _sparse(table, kinds)
        usable = {Kind.NUMERIC, Kind.CATEGORICAL}
        dense = {name for name, kind in kinds.items() if kind in usable} - sparse.keys()
        if not dense:
            sparse = {}
    kept = {name: kind for name, kind in kinds.items() if name not in sparse}
    try:
        choice = choose_columns(kept, wanted=options.columns)
    except ColumnError:
        others = set(kinds.values()) - {Kind.IDENTIFIER}
        if options.columns is None and others == {Kind.CONSTANT}:
            return ColumnChoice(numeric=(), categorical=(), identifier=None, left_out={})
        raise
    _check_width(table, choice)
    return replace(choice, left_out={**choice.left_out, **sparse})


def _check_width(table: Table, choice: ColumnChoice) -> None:
    n_features = len(choice.numeric)
    n_features += sum(min(table[name].distinct, _LEVELS_KEPT) for name in choice.categorical)
    most = min(MOST_FEATURES, MOST_CELLS // len(table.frame))
    if n_features > most:
        raise ColumnError(
            f"These {len(choice.used):,} columns become {n_features:,} features, and an analysis "
            f"of {len(table.frame):,} customers takes {most:,}; name the columns that matter, or "
            "exclude some."
        )


def _sparse(table: Table, kinds: dict[str, Kind]) -> dict[str, str]:
    n_rows = len(table.frame)
    return {
        column.name: f"missing for {column.missing / n_rows:.0%} of the customers"
        for column in table.columns
        if column.name in kinds
        and column.kind in (Kind.NUMERIC, Kind.CATEGORICAL)
        and column.missing > MOSTLY_MISSING * n_rows
    }
