"""What is asked of a run: its table, its recipe, and the segmentation it becomes a version of."""

import hashlib
import json
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from app.db.tables import Dataset, Visibility
from app.schemas.base import RowIs
from app.schemas.clustering import RunRequest
from app.schemas.datasets import ColumnFacts
from app.schemas.segmentations import SegmentationCreate
from app.segmentation.preparation.column_choice import ColumnChoice, columns_used
from app.segmentation.preparation.deriving import derived_by, with_derived_columns
from app.segmentation.recipe import Recipe
from app.segmentation.tables import Column, Dialect, Kind, Table
from app.services.accounts import Caller
from app.services.column_formats import column_of
from app.services.job_work import Tools

TREE_DECISIONS = (
    "blanks",
    "transform",
    "category_weight",
    "categorical_limit",
    "extremes",
    "relevance",
    "redundancy",
    "derived",
    "projection",
    "linkage",
    "seed",
)
"""Whatever gives the same rows, space and linkage shares a tree."""


class Target(BaseModel):
    """Which segmentation a run becomes a version of: one there is, or a new one.

    Without either, the one that is named after the table.
    """

    model_config = ConfigDict(frozen=True)

    segmentation_id: int | None = None
    name: str | None = None
    description: str | None = None
    visibility: Visibility = "private"
    activate: bool = True

    @property
    def is_named(self) -> bool:
        return self.segmentation_id is not None or self.name is not None


@dataclass(frozen=True)
class AskedRun:
    """A run that is asked for: its table, how it is made, and which segmentation it continues."""

    dataset_id: int
    recipe: Recipe
    target: Target
    one_row_is: RowIs | None = None

    @classmethod
    def run(cls, form: RunRequest) -> Self:
        target = Target(segmentation_id=form.segmentation_id, name=form.name)
        return cls(form.dataset_id, form.recipe(), target, form.one_row_is)

    @classmethod
    def segmentation(cls, form: SegmentationCreate) -> Self:
        target = Target(name=form.name, description=form.description, visibility=form.visibility)
        return cls(form.dataset_id, form.recipe(), target, form.one_row_is)


class RunOrder(BaseModel):
    """What a run needs to know; it travels to a worker as plain values."""

    model_config = ConfigDict(frozen=True)

    target: Target
    actor_id: int
    key_id: int | None
    dataset_id: int
    directory: str
    reading: str
    n_rows: int
    facts: tuple[ColumnFacts, ...]
    recipe: Recipe

    @classmethod
    def of(cls, dataset: Dataset, recipe: Recipe, caller: Caller, target: Target) -> Self:
        return cls(
            target=target,
            actor_id=caller.id,
            key_id=caller.key_id,
            dataset_id=dataset.id,
            directory=dataset.directory,
            reading=dataset.reading,
            n_rows=dataset.n_rows,
            facts=tuple(ColumnFacts.model_validate(each) for each in dataset.columns),
            recipe=recipe,
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(map(column_of, self.facts))

    @property
    def tree_key(self) -> str:
        # Columns that are named are those that are taken where none is.
        kinds = [[each.name, each.kind.value] for each in self.columns]
        parts: list[object] = [self.reading, kinds, list(self.choice().used)]
        decided = self.recipe.to_dict()
        # Naming the columns says that all of them count.
        decided["relevance"] = "all" if self.recipe.columns else self.recipe.relevance
        parts += [decided[name] for name in TREE_DECISIONS]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def choice(self) -> ColumnChoice:
        columns = with_derived_columns(self.columns, self.recipe, n_rows=self.n_rows)
        return columns_used(columns, self.recipe, n_rows=self.n_rows)

    def columns_read(self) -> list[str]:
        """Name the columns that may be used, and those that others are made from."""
        derived = derived_by(self.columns, self.recipe, n_rows=self.n_rows)
        made = {each.name: each.source for each in derived}
        named = dict.fromkeys([*self.choice().used, *made.values()])
        used = [name for name in named if name not in made]
        constant = [each.name for each in self.columns if each.kind is Kind.CONSTANT]
        return used or constant[:1]

    def table_of(self, frame: pd.DataFrame) -> Table:
        """Make the table of those columns' rows."""
        return Table(
            frame=frame,
            columns=self.columns,
            dialect=Dialect(format="parquet"),
            line_numbers=np.arange(1, len(frame) + 1),
        )

    def table(self, tools: Tools) -> Table:
        columns = self.columns_read()
        return self.table_of(tools.tables.frame(self.directory, self.reading, columns=columns))
