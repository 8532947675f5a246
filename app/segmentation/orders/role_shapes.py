"""Amounts that are not what their name says: a whole order's, or a line's and not a piece's."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from app.segmentation.orders.line_shapes import ALWAYS, FEWEST_AMOUNTS, FEWEST_ORDERS
from app.segmentation.tables.order_names import Role

Confidence = Literal["high", "medium", "low"]

FEWEST_PRODUCTS = 5
CLEARLY_STEADIER = 3.0
"""How many times less a figure varies within a product to be its price rather than another."""


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
