"""Columns of a snapshot in the words that segments are named by."""

import pytest

from app.segmentation.description.phrases import phrase_of_number


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
