"""RFM: ties, cut points, names of cells."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.rfm import CutPoints, quintile_cut_points, score_customers
from app.segmentation.orders.rfm_rules import default_rules, read_rules

VALUES = st.lists(st.integers(0, 30), min_size=1, max_size=60)


class TestScores:
    @given(values=VALUES, seed=st.integers(0, 99))
    def test_do_not_depend_on_the_order_of_the_rows(self, values: list[int], seed: int) -> None:
        given_, shuffled = np.array(values, float), np.random.default_rng(seed).permutation(values)
        assert quintile_cut_points(given_) == quintile_cut_points(shuffled.astype(float))

    @given(values=VALUES)
    def test_rise_with_the_value_and_are_equal_where_values_are(self, values: list[int]) -> None:
        numbers = np.array(values, float)
        scores = quintile_cut_points(numbers).score(numbers)
        order = np.argsort(numbers, kind="stable")
        assert (np.diff(scores[order]) >= 0).all()
        for value in set(values):
            assert len(set(scores[numbers == value].tolist())) == 1

    @given(values=VALUES)
    def test_fall_with_days_since_the_last_order(self, values: list[int]) -> None:
        days = np.array(values, float)
        scores = quintile_cut_points(days, descending=True).score(days)
        assert (np.diff(scores[np.argsort(days, kind="stable")]) <= 0).all()

    def test_of_different_values_are_fifths(self) -> None:
        scores = quintile_cut_points(np.arange(100.0)).score(np.arange(100.0))
        assert np.bincount(scores).tolist() == [0, 20, 20, 20, 20, 20]

    def test_where_one_value_is_most_customers_some_stay_empty_and_are_named(self) -> None:
        values = np.array([1.0] * 90 + [2.0] * 10)
        cuts = quintile_cut_points(values)
        assert cuts.score(np.array([1.0, 2.0])).tolist() == [3, 5]
        assert set(cuts.empty) == {2, 4}

    def test_of_an_earlier_snapshot_stay_as_they_were(self) -> None:
        first = {"days_since_last": np.arange(100.0), "orders": np.arange(100.0)}
        before = score_customers(**first, money=np.arange(100.0))
        later = score_customers(
            **{name: np.append(values, [500.0] * 100) for name, values in first.items()},
            money=np.append(np.arange(100.0), [500.0] * 100),
            cut_points=before.cut_points,
        )
        assert later.frequency[:100].tolist() == before.frequency.tolist()
        assert later.recency[:100].tolist() == before.recency.tolist()

    def test_cut_points_of_the_published_orders(self, shared_data: Path) -> None:
        orders = pd.read_csv(shared_data / "orders" / "rfm_orders.csv", parse_dates=["order_date"])
        by = orders.groupby("customer_id")
        last = (pd.Timestamp("2006-12-31") - by["order_date"].max()).dt.days.to_numpy(float)
        # The published ones are where the next score begins, these are where one ends.
        published = {
            "recency": (last, (115, 181, 297, 482)),
            "orders": (by.size().to_numpy(float), (4, 5, 6, 8)),
            "money": (by["revenue"].sum().to_numpy(float), (256, 382, 506, 666)),
        }
        for values, begins in published.values():
            edges = quintile_cut_points(values).edges
            for edge, begin in zip(edges, begins, strict=True):
                assert begin - 2 <= edge < begin

    def test_a_customer_without_a_value_is_refused_by_row(self) -> None:
        with pytest.raises(DegenerateDataError, match="Row 1"):
            CutPoints((1.0, 2.0, 3.0, 4.0)).score(np.array([1.0, np.nan]))

    @pytest.mark.parametrize("edges", [(1.0, 2.0), (4.0, 3.0, 2.0, 1.0), (1.0, 2.0, 3.0, np.inf)])
    def test_cut_points_that_are_none_are_refused(self, edges: tuple[float, ...]) -> None:
        with pytest.raises(DegenerateDataError, match="ascending"):
            CutPoints(edges)


class TestRules:
    def test_name_each_cell_and_use_each_name(self) -> None:
        rules = default_rules()
        assert len(rules.cells) == 125
        assert set(rules.cells.values()) == set(rules.names)
        assert len(rules.names) == 10

    def test_the_best_are_champions_and_the_lost_are_hibernating(self) -> None:
        cells = {(5, 5): "Champions", (1, 1): "Hibernating", (1, 5): "Can't lose", (5, 1): "New"}
        for cell, name in cells.items():
            assert default_rules().names_at(*cell) == (name,)

    def test_of_an_owner_may_divide_cells_by_money(self) -> None:
        rules = read_rules(
            '[[segment]]\nname = "Big"\nrecency = [1, 5]\nfrequency = [1, 5]\nmonetary = [5, 5]\n'
            '[[segment]]\nname = "All"\nrecency = [1, 5]\nfrequency = [1, 5]\nmonetary = [1, 4]'
        )
        assert rules.names == ("Big", "All")
        assert rules.names_at(3, 3) == ("All", "Big")
        scored = score_customers(
            days_since_last=np.zeros(100),
            orders=np.ones(100),
            money=np.arange(100.0),
            rules=rules,
        )
        assert np.bincount(scored.segment).tolist() == [20, 80]

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("not toml", "entries"),
            ('[[segment]]\nname = "A"\nrecency = [1, 5]', "entries"),
            ('[[segment]]\nname = "A"\nrecency = [1]\nfrequency = [1, 5]', "entries"),
            ('[[segment]]\nname = "A"\nrecency = [1, 6]\nfrequency = [1, 5]', "1 to 5"),
            ('[[segment]]\nname = "A"\nrecency = [1, 4]\nfrequency = [1, 5]', "recency 5"),
            (
                '[[segment]]\nname = "A"\nrecency = [1, 5]\nfrequency = [1, 5]\n'
                '[[segment]]\nname = "B"\nrecency = [2, 2]\nfrequency = [2, 2]',
                "both A and B",
            ),
        ],
    )
    def test_that_leave_a_doubt_are_refused(self, content: str, told: str) -> None:
        with pytest.raises(DegenerateDataError, match=told):
            read_rules(content)
