"""Columns of a snapshot in the words that segments are named by."""

import pandas as pd
import pytest

from app.segmentation.description.phrases import phrase_of_number
from app.segmentation.figures import compared
from app.segmentation.orders.snapshot import SEASON_SHARES, WEEKDAY_SHARES
from app.segmentation.orders.snapshot_columns import typed
from app.segmentation.tables import units_of


@pytest.mark.parametrize(
    ("column", "high"),
    [
        ("recency_days", "with no recent activity"),
        ("orders", "with frequent purchases"),
        ("net_money", "with high spending"),
        ("mean_order_money", "with large orders"),
        ("last_order_money", "with large orders"),
        ("median_gap_days", "with long gaps between orders"),
        ("gap_spread_days", "who order irregularly"),
        ("overdue", "who are overdue by their own rhythm"),
        ("return_rate", "who return much"),
        ("trend_90_days", "who spend more than before"),
        ("favourite_category_share", "who keep to one category"),
        ("saturday_share", "who often order on Saturdays"),
        ("october_to_december_share", "who often order from October to December"),
    ],
)
def test_a_figure_is_said_as_what_it_means(column: str, high: str) -> None:
    assert phrase_of_number(column, "high").tail == high


@pytest.mark.parametrize(
    ("column", "currency", "said"),
    [
        ("recency_days", None, "12 days vs 80 days"),
        ("orders", None, "12 orders vs 80 orders"),
        ("overdue", None, "12 usual gaps vs 80 usual gaps"),
        ("net_money", "EUR", "€12 vs €80"),
        ("mean_order_money", "PLN", "12 PLN vs 80 PLN"),
        ("gross_money", None, "12 vs 80"),
        ("return_rate", "EUR", "12 vs 80"),
    ],
)
def test_figures_are_said_in_their_unit(column: str, currency: str | None, said: str) -> None:
    frame = pd.DataFrame({"customer_id": ["A", "B"], column: [1.0, 2.0]})
    table = typed(frame, currency=currency)
    unit = units_of(table.columns).get(column, "")
    assert compared(12.0, 80.0, None, column=column, unit=unit) == said


def test_each_column_says_what_it_is() -> None:
    names = ["customer_id", "recency_days", "net_money", *WEEKDAY_SHARES, *SEASON_SHARES]
    table = typed(pd.DataFrame({name: ["1", "2"] for name in names}), currency="EUR")
    meanings = {column.name: column.meaning for column in table.columns}
    assert all(meanings.values())
    assert meanings["saturday_share"] == "Share of days with orders that are Saturdays"
    assert meanings["october_to_december_share"].endswith("in October to December")
