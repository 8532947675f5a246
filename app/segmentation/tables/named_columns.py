"""A table's columns by what their names and kinds say of customers, orders and amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from app.segmentation.tables.columns import Column
from app.segmentation.tables.date_names import means_birth
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.order_names import Role, name_rank
from app.segmentation.tables.roles import WORDS, means, plain_name

SAMPLE_ROWS = 20_000
UNIQUE = 0.98
"""Share of rows with a value of their own from which a column is one of ids."""

_PERSONAL = re.compile(
    r"\b(age|alter|edad|eta|idade|leeftijd|wiek|gender|sex|geschlecht|sexe|sexo|sesso|birth\w*|dob|"
    r"\w*geburt\w*|naissance|nacimiento|nascita|income|einkommen|salary|gehalt|education|marital|"
    r"children|kids|tenure|churn\w*|occupation|job|profession|beruf|возраст|пол|年齢|性別|年龄|性别)\b"
)
_OF_A_TIME = re.compile(
    r"\b(last|first|latest|letzte\w*|erste\w*|dernier\w*|premier\w*|ultim\w*)\b"
)


@dataclass(frozen=True, kw_only=True)
class CustomerKey:
    """The column of customers whose values repeat."""

    column: str
    distinct: int
    n_present: int

    @property
    def repeats(self) -> str:
        """Say how it repeats."""
        return f"{self.column!r} repeats: {self.distinct:,} different in {self.n_present:,} rows"


@dataclass(frozen=True, kw_only=True, eq=False)
class Named:
    """A table's columns by what their names and kinds say."""

    frame: pd.DataFrame
    columns: Sequence[Column]

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The first rows, for what is compared row by row."""
        return self.frame.head(SAMPLE_ROWS)

    def of(self, kind: str) -> list[Column]:
        """Columns whose name has a word of this kind."""
        return self._by_word[kind]

    @cached_property
    def _by_word(self) -> dict[str, list[Column]]:
        roles: dict[str, tuple[Role, ...]] = {
            "order": ("order",),
            "product": ("product", "product_name"),
            "amount": ("amount", "price", "quantity"),
        }
        return {
            kind: [
                c
                for c in self.columns
                if means(kind, c.name)
                or any(name_rank(role, c.name) is not None for role in roles.get(kind, ()))
            ]
            for kind in WORDS
        }

    @cached_property
    def dates(self) -> list[str]:
        """Columns of dates, of more than one day, births left out."""
        return [
            c.name
            for c in self.columns
            if c.kind is Kind.DATE and c.distinct > 1 and not means_birth(c.name)
        ]

    @cached_property
    def numbers(self) -> list[str]:
        """Columns of quantities."""
        return [c.name for c in self.columns if c.kind is Kind.NUMERIC]

    @cached_property
    def amounts(self) -> list[str]:
        """Columns of quantities whose name says money or pieces."""
        return [c.name for c in self.of("amount") if c.kind is Kind.NUMERIC]

    @cached_property
    def order_numbers(self) -> list[Column]:
        """Columns whose name is that of order numbers, and whose values can be."""
        return [
            c
            for c in self.columns
            if name_rank("order", c.name) is not None
            and not _OF_A_TIME.search(plain_name(c.name))
            and c.distinct > 0.1 * self.n_present(c)
            and (c.kind in (Kind.IDENTIFIER, Kind.CATEGORICAL, Kind.FREE_TEXT))
        ]

    @cached_property
    def personal(self) -> bool:
        """Whether a column's name is that of what persons are."""
        return any(_PERSONAL.search(plain_name(c.name)) for c in self.columns)

    def n_present(self, column: Column) -> int:
        """How many rows have a value."""
        return max(1, len(self.frame) - column.missing)

    def is_unique(self, column: Column) -> bool:
        """Whether nearly each row has a value of its own."""
        return column.distinct > 1 and column.distinct >= UNIQUE * self.n_present(column)

    def key(self, column: Column) -> CustomerKey:
        """Describe a column as the one that says whose a row is."""
        return CustomerKey(
            column=column.name, distinct=column.distinct, n_present=self.n_present(column)
        )

    def varies(self, column: str, key: str) -> float:
        """Share of the values of ``key`` with several rows that have several of ``column``."""
        groups = self.sample.groupby(key, observed=True)[column]
        several = groups.count() > 1
        return float((groups.nunique()[several] > 1).mean()) if several.any() else 0.0
