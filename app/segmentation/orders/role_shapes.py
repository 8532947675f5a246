"""Columns that are not what their name says, or say what their name does not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from app.segmentation.orders.line_shapes import ALWAYS, FEWEST_AMOUNTS, FEWEST_ORDERS
from app.segmentation.orders.line_words import CANCELLED, NO, YES
from app.segmentation.tables import Kind
from app.segmentation.tables.order_names import Role, is_cancelled_flag, may_be_status

Confidence = Literal["high", "medium", "low"]

FEWEST_PRODUCTS = 5
CLEARLY_STEADIER = 3.0
"""How many times less a figure varies within a product to be its price rather than another."""


MOSTLY_ONE = 0.8
"""Share of order numbers with one customer and one day below which they are none: receipts that
begin again each morning, or in each shop."""

_MOST_STATES = 30


@dataclass(frozen=True, kw_only=True)
class FoundRole:
    """A column with its role.

    Attributes
    ----------
    confidence : {"high", "medium", "low"}
        Name and values agree; one of the two alone; a guess.
    reason : str
        One sentence for people.
    """

    role: Role
    column: str
    confidence: Confidence
    reason: str


def found_role(role: Role, column: str, confidence: Confidence, reason: str) -> FoundRole:
    return FoundRole(role=role, column=column, confidence=confidence, reason=reason)


def drop_shared_orders(frame: pd.DataFrame, found: dict[Role, FoundRole]) -> None:
    """Take no order numbers that different customers share."""
    if not {"order", "customer", "date"} <= set(found):
        return
    groups = frame.groupby(found["order"].column)
    several = groups.size() > 1
    if several.sum() < FEWEST_ORDERS:
        return
    customers = groups[found["customer"].column].nunique()[several]
    if (customers <= 1).mean() < MOSTLY_ONE:
        del found["order"]


def status_by_shape(
    frame: pd.DataFrame, kinds: Mapping[str, Kind], found: dict[Role, FoundRole]
) -> None:
    """Take a column for the status that is called a state or a type, and names cancelled lines."""
    named = found.get("status")
    if named is not None and _undone(frame[named.column]) is not None:
        return
    taken = {each.column for each in found.values()}
    for name, kind in kinds.items():
        if name not in taken and is_cancelled_flag(name) and _is_flag(frame[name]):
            reason = f"{name!r} marks lines with yes or no."
            found["status"] = found_role("status", name, "medium", reason)
            return
        if name in taken or kind is not Kind.CATEGORICAL or not may_be_status(name):
            continue
        told = _undone(frame[name])
        if told is not None:
            reason = f"{name!r} has lines that are {told!r}."
            found["status"] = found_role("status", name, "medium", reason)
            return


def _is_flag(values: pd.Series) -> bool:
    said = {each.strip().lower() for each in values.dropna().astype("str").unique()}
    return bool(said & YES) and said <= YES | NO


def _undone(values: pd.Series) -> str | None:
    """Give a state of cancelled or returned lines, where there are few states."""
    states = values.dropna().astype("str").unique()
    if len(states) > _MOST_STATES:
        return None
    return next((each for each in states if re.search(CANCELLED, each)), None)


def take_lines_for_orders(frame: pd.DataFrame, found: dict[Role, FoundRole]) -> None:
    """Count lines by quantity × price where the amount is the whole order's."""
    if not {"order", "amount", "quantity", "price"} <= set(found):
        return
    amount, price = found["amount"], found["price"]
    groups = frame.groupby(found["order"].column)[amount.column]
    lines, held = groups.size(), groups.count()
    several = (lines > 1) & (held > 0)
    lowest, highest = groups.min()[several], groups.max()[several]
    if several.sum() < FEWEST_ORDERS or highest.nunique() < FEWEST_AMOUNTS:
        return
    whole = ((lowest == highest) & (held == lines)[several]).mean() >= ALWAYS
    first_alone = (held[several] == 1).mean() >= ALWAYS
    if whole or first_alone:
        del found["amount"]
        reason = f"{amount.column!r} is the whole order's: lines count by quantity × price."
        found["price"] = found_role("price", price.column, price.confidence, reason)


def take_amounts_for_prices(frame: pd.DataFrame, found: dict[Role, FoundRole]) -> None:
    """Take a price that grows with the quantity for the amount that it is."""
    if "amount" in found or not {"quantity", "price", "product"} <= set(found):
        return
    quantity = frame[found["quantity"].column].to_numpy(dtype=np.float64)
    price = frame[found["price"].column].to_numpy(dtype=np.float64)
    told = (quantity > 0) & (price > 0)
    rows = pd.DataFrame(
        {
            "product": frame[found["product"].column][told],
            "quantity": quantity[told],
            "price": np.log(price[told]),
            "each": np.log(price[told] / quantity[told]),
        }
    )
    by = rows.groupby("product")
    # Bought in different quantities, a product shows which of the two stays.
    spread = by[["price", "each"]].std()[by["quantity"].nunique() > 1].dropna()
    if len(spread) < FEWEST_PRODUCTS:
        return
    if spread["price"].median() > CLEARLY_STEADIER * spread["each"].median() + 0.01:
        column = found.pop("price").column
        reason = f"{column!r} grows with the quantity: it is the line's amount, not a price."
        found["amount"] = found_role("amount", column, "medium", reason)
