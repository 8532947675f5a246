"""What the columns of a snapshot hold: their kinds, their units, and what they mean."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from app.segmentation.orders.snapshot import SEASON_SHARES, TREND_DAYS, WEEKDAY_SHARES
from app.segmentation.tables import Column, Dialect, Kind, NumberFormat, Table

MONEY = "money"
"""Stands for the currency of the orders."""

_SIGNS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_KINDS = {"customer_id": Kind.IDENTIFIER, "first_order": Kind.DATE, "last_order": Kind.DATE}
_EXAMPLES = 3

_MEANINGS: dict[str, tuple[str, str]] = {
    "customer_id": ("", "The customer, as the orders name them"),
    "first_order": ("", "Day of the first order"),
    "last_order": ("", "Day of the last order"),
    "recency_days": ("days", "Days since the last order"),
    "orders": ("orders", "Number of orders; returns are none"),
    "days_with_orders": ("days", "Days on which the customer ordered"),
    "gross_money": (MONEY, "Money of all orders, before returns"),
    "returned_money": (MONEY, "Money that was given back for returns"),
    "net_money": (MONEY, "Money of all orders, less returns"),
    "mean_order_money": (MONEY, "Mean money per order, before returns"),
    "last_order_money": (MONEY, "Money of the last order"),
    "tenure_days": ("days", "Days since the first order"),
    "median_gap_days": ("days", "Usual number of days between two days with orders (median)"),
    "gap_spread_days": ("days", "How much these gaps vary: days between their quartiles"),
    "overdue": ("usual gaps", "Time since the last order, in usual gaps of this customer"),
    "products": ("products", "Number of different products"),
    "categories": ("categories", "Number of different categories"),
    "favourite_category_share": ("", "Share of the category that the customer spends most on"),
    "return_rate": ("", "Returned money as a share of the money of all orders"),
    "trend_90_days": (
        "",
        f"Money of the last {TREND_DAYS} days compared with the {TREND_DAYS} before: "
        "from -1 (all before) to 1 (all since)",
    ),
}


def _habit(name: str) -> str:
    part = name.removesuffix("_share").replace("_", " ").title().replace(" To ", " to ")
    return f"in {part}" if name in SEASON_SHARES else f"{part}s"


_MEANINGS |= {
    name: ("", f"Share of days with orders that are {_habit(name)}")
    for name in (*WEEKDAY_SHARES, *SEASON_SHARES)
}


def unit_of(column: str, currency: str | None) -> str:
    """Give what a column of a snapshot is counted in; empty where that is nothing."""
    unit = _MEANINGS.get(column, ("", ""))[0]
    if unit != MONEY:
        return unit
    return _SIGNS.get(currency, currency) if currency is not None else ""


def typed(frame: pd.DataFrame, *, currency: str | None) -> Table:
    """Type a snapshot as a table: its kinds are known, and are not to be guessed.

    Parameters
    ----------
    frame : DataFrame of shape (n_customers, n_figures)
        As `take_snapshot` makes it.
    currency : str or None
        Code of the one currency that money is in; None where it is not known.
    """
    columns = []
    for name in frame.columns:
        values = frame[name]
        distinct = int(values.nunique())
        kind = _KINDS.get(name, Kind.NUMERIC if distinct > 1 else Kind.CONSTANT)
        written = None if name in _KINDS else NumberFormat(unit=unit_of(name, currency))
        columns.append(
            Column(
                name=name,
                kind=kind,
                missing=int(values.isna().sum()),
                distinct=distinct,
                examples=tuple(str(each) for each in values.dropna().unique()[:_EXAMPLES]),
                format=written,
                meaning=_MEANINGS.get(name, ("", ""))[1],
            )
        )
    return Table(
        frame=frame.assign(customer_id=frame["customer_id"].astype("str")),
        columns=tuple(columns),
        dialect=Dialect(format="parquet"),
        line_numbers=np.arange(1, len(frame) + 1),
    )
