"""Tables whose amounts are in several currencies, as a column of their own says."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from app.segmentation.tables.affix_words import is_currency
from app.segmentation.tables.columns import Column
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.quality import TableWarning

_MOST_CURRENCIES = 40
_SHOWN = 3


def currency_warnings(frame: pd.DataFrame, columns: Sequence[Column]) -> list[TableWarning]:
    """Say that numbers of different rows may not compare, where a column names currencies."""
    if not any(column.kind is Kind.NUMERIC for column in columns):
        return []
    warnings = []
    for column in columns:
        if column.kind is not Kind.CATEGORICAL or not 1 < column.distinct <= _MOST_CURRENCIES:
            continue
        counts = frame[column.name].value_counts()
        levels = [str(level) for level in counts.index]
        if len(levels) < 2 or not all(map(is_currency, levels)):
            continue
        others = int(counts.iloc[1:].sum())
        listed = ", ".join(levels[:_SHOWN]) + (", ..." if len(levels) > _SHOWN else "")
        warnings.append(
            TableWarning(
                code="several_currencies",
                message=f"{column.name}: amounts are in {len(levels)} currencies ({listed}) and "
                f"are read as they are written; convert them before you compare them",
                column=column.name,
                count=others,
                reading="as written",
            )
        )
    return warnings
