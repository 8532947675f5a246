"""A table to the space it is clustered in: columns used, set aside, drawn in, encoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.caution import Caution
from app.segmentation.preparation.column_choice import ColumnChoice, columns_used
from app.segmentation.preparation.columns import to_numbers
from app.segmentation.preparation.encoder import FeatureSpace, gaps_of
from app.segmentation.preparation.extremes import describe_extremes, find_fences
from app.segmentation.preparation.fitting import encode
from app.segmentation.preparation.order import canonical_order
from app.segmentation.preparation.relevance import ShowsGroups, unrelated_columns
from app.segmentation.recipe import Recipe
from app.segmentation.tables import Table
from app.segmentation.tables.repeats import Repeat, find_repeats

Scalar = TypeVar("Scalar", bound=np.generic)

UNRELATED = "unrelated to the columns that show groups"


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """Rows ready to be clustered, in an order that does not depend on the table's.

    Attributes
    ----------
    frame : DataFrame of shape (n_samples, any)
        The customers' own values, in the order of the matrix.
    order : ndarray of shape (n_samples,)
        Place of each of these rows in the table.
    space : FeatureSpace
    columns : ColumnChoice
        What is clustered, and why the others are not.
    described : ColumnChoice
        What segments are described on: the columns set aside as repeated or unrelated too.
    numeric, categorical : tuple of str
        The described columns, in an order that does not depend on the table's.
    gaps : ndarray of bool, shape (n_samples, n_numeric)
        Numbers that were missing, and filled, in the columns that are clustered.
    remarks : tuple of str
        What was set aside, drawn in or filled.
    """

    frame: pd.DataFrame
    order: NDArray[np.intp]
    space: FeatureSpace
    columns: ColumnChoice
    described: ColumnChoice
    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    gaps: NDArray[np.bool_]
    remarks: tuple[str, ...]

    @property
    def n_filled(self) -> int:
        return int(self.gaps.sum())

    @property
    def unprojected(self) -> FeatureSpace:
        """The space before any projection: components of categories lie in heaps."""
        if self.space.encoder.components is None:
            return self.space
        encoder = self.space.encoder.before_projection()
        return FeatureSpace(encoder.transform(self.frame), encoder)

    def in_table_order(self, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """Put values of these rows, shape (n_samples, ...), in the table's order."""
        result = np.empty_like(values)
        result[self.order] = values
        return result


def prepare(table: Table, recipe: Recipe, *, shows_groups: ShowsGroups) -> Prepared:
    """Choose, order and encode a table's columns as a recipe says.

    Parameters
    ----------
    table : Table
    recipe : Recipe
    shows_groups : callable
        As `unrelated_columns`.

    Raises
    ------
    ColumnError
        As `columns_used`.
    SegmentationError
        As `fit_features`.
    """
    described = columns_used(table.columns, recipe, n_rows=len(table.frame))
    order, numeric, categorical = canonical_order(
        table.frame, numeric=described.numeric, categorical=described.categorical
    )
    frame = table.frame.iloc[order].reset_index(drop=True)
    remarks: list[str] = []
    if recipe.extremes == "fences":
        remarks += _drawn_in(frame, described)
    columns = described
    if recipe.redundancy == "once" and recipe.columns is None:
        repeats = [
            each
            for each in find_repeats(frame, numeric=numeric, categorical=categorical)
            if each.how != "together"
        ]
        columns = _without(columns, {each.column: each.reason for each in repeats})
        remarks += _said_once(repeats)
    if recipe.relevance == "related" and recipe.columns is None:
        unrelated = unrelated_columns(
            frame,
            numeric=[name for name in numeric if name in columns.numeric],
            categorical=[name for name in categorical if name in columns.categorical],
            recipe=recipe,
            shows_groups=shows_groups,
        )
        aside = [name for name in columns.used if name in unrelated]
        columns = _without(columns, dict.fromkeys(aside, UNRELATED))
        if aside:
            remarks.append(
                Caution(
                    f"Not segmented by {', '.join(aside)}: {UNRELATED}. To use all columns, select "
                    "the columns to cluster on",
                    "unrelated_columns",
                )
            )
    space = encode(
        frame,
        recipe,
        numeric=[name for name in numeric if name in columns.numeric],
        categorical=[name for name in categorical if name in columns.categorical],
    )
    return Prepared(
        frame=frame,
        order=order,
        space=replace(space, order=order),
        columns=columns,
        described=described,
        numeric=numeric,
        categorical=categorical,
        gaps=gaps_of(frame, columns.numeric),
        remarks=tuple(remarks),
    )


def _drawn_in(frame: pd.DataFrame, columns: ColumnChoice) -> list[str]:
    found: list[str] = []
    for name in columns.numeric:
        numbers = to_numbers(frame[name])
        known = numbers[~np.isnan(numbers)]
        fences = find_fences(known)
        if fences is not None:
            told = describe_extremes(name, known, fences)
            found += [Caution(each, "extreme_values") for each in told]
    return found


def _said_once(repeats: Sequence[Repeat]) -> list[str]:
    return [
        Caution(
            f"Not segmented by {each.column}, which {each.reason}: together they would count "
            "twice. To use both, select the columns to cluster on",
            "repeated_column",
        )
        for each in repeats
    ]


def _without(choice: ColumnChoice, aside: Mapping[str, str]) -> ColumnChoice:
    """Set columns aside, each for its reason; `choice` itself where there are none."""
    if not aside:
        return choice
    return replace(
        choice,
        numeric=tuple(name for name in choice.numeric if name not in aside),
        categorical=tuple(name for name in choice.categorical if name not in aside),
        left_out={**choice.left_out, **aside},
    )
