"""What columns say of the amounts beside them: their currency, or which side of zero they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pandas as pd

from app.segmentation.tables.affix_words import SIGN_PAIRS, is_currency
from app.segmentation.tables.columns import Column
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.quality import Alternative, TableWarning
from app.segmentation.tables.roles import plain_name

_MOST_CURRENCIES = 40
_SHOWN = 3
_GLANCE = 100
_SIGNS = frozenset(frozenset(mark.casefold() for mark in pair) for pair in SIGN_PAIRS) | {
    frozenset("+-"), frozenset({"debit", "kredit"}), frozenset({"debe", "haber"}),
    frozenset({"in", "out"}), frozenset({"af", "bij"}),
}  # fmt: skip
_SIDES = (
    ("credit", "debit"), ("haben", "soll"), ("haber", "debe"), ("avere", "dare"),
    ("credito", "debito"), ("deposit", "withdrawal"), ("deposits", "withdrawals"),
    ("paid in", "paid out"), ("money in", "money out"), ("eingang", "ausgang"),
    ("einnahmen", "ausgaben"),
)  # fmt: skip
_ONE_SIDE = 0.9


def currency_warnings(frame: pd.DataFrame, columns: Sequence[Column]) -> list[TableWarning]:
    """Say that numbers of different rows may not compare, where a column names currencies."""
    if not any(column.kind is Kind.NUMERIC for column in columns):
        return []
    warnings = []
    for column in columns:
        if column.kind is not Kind.CATEGORICAL or not 1 < column.distinct <= _MOST_CURRENCIES:
            continue
        glance = frame[column.name].head(_GLANCE).dropna().unique()
        if not all(is_currency(str(level)) for level in glance):
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


def side_warnings(frame: pd.DataFrame, columns: Sequence[Column]) -> list[TableWarning]:
    """Say where a column of its own, or two columns, tell on which side of zero amounts are."""
    numbers = [column.name for column in columns if column.kind is Kind.NUMERIC]
    warnings = []
    for column in columns:
        if column.kind is not Kind.CATEGORICAL or not numbers or column.distinct > 2:
            continue
        known = frame[column.name].dropna().unique()
        levels = frozenset(str(each).casefold().rstrip(".") for each in known)
        if levels in _SIGNS:
            warnings.append(
                TableWarning(
                    code="sign_column",
                    message=f"{column.name}: may say on which side of zero each row's amount is "
                    f"({', '.join(sorted(levels))}); amounts are read as they are written",
                    column=column.name,
                    reading="as written",
                )
            )
    called = {plain_name(name).removesuffix(" amount"): name for name in numbers}
    for above, below in permutations(called, 2):
        if (above, below) in _SIDES:
            warnings += _one_amount(frame, called[above], called[below])
    return warnings


def _one_amount(frame: pd.DataFrame, above: str, below: str) -> list[TableWarning]:
    filled = frame[[above, below]].fillna(0).to_numpy() != 0
    if np.mean(filled.sum(axis=1) == 1) < _ONE_SIDE:
        return []
    left_out = dict.fromkeys((above, below), Kind.FREE_TEXT.value)
    return [
        TableWarning(
            code="one_amount",
            message=f"{above} and {below}: each row has an amount in one of them, which may be "
            "those above and below zero of one column; read as two columns",
            column=above,
            count=len(frame),
            reading="two columns",
            alternatives=(
                Alternative(
                    reading="columns that segments leave out", overrides={"kinds": left_out}
                ),
            ),
        )
    ]
