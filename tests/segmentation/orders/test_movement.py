"""Cohorts, concentration and movement between two dates."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.cohorts import Measure, cohorts_of_orders
from app.segmentation.orders.concentration import concentration
from app.segmentation.orders.migration import LOST, NEW, SegmentMembers, migration

ORDERS = pd.DataFrame(
    [
        (0, "2026-01-05", 10.0),
        (0, "2026-02-20", 20.0),
        (0, "2026-02-21", 5.0),
        (1, "2026-01-30", 7.0),
        (2, "2026-03-03", 1.0),
    ],
    columns=["customer", "date", "money"],
).assign(date=lambda orders: pd.to_datetime(orders["date"]))


def _cohorts(measure: Measure, until: str = "2026-03-15") -> list[list[float]]:
    found = cohorts_of_orders(
        ORDERS["customer"].to_numpy(np.intp),
        ORDERS["date"],
        ORDERS["money"].to_numpy(),
        until=pd.Timestamp(until),
        measure=measure,
    )
    assert found.cohorts == ("2026-01", "2026-03")
    assert found.sizes.tolist() == [2, 1]
    return np.nan_to_num(found.values, nan=-1).tolist()


class TestCohorts:
    @pytest.mark.parametrize(
        ("measure", "january"),
        [
            ("customers", [2, 1, 0]),
            ("orders", [2, 2, 0]),
            ("revenue", [17, 25, 0]),
            ("cumulative", [17, 42, 42]),
        ],
    )
    def test_are_followed_from_their_first_period(
        self, measure: Measure, january: list[float]
    ) -> None:
        assert _cohorts(measure) == [january, [1, -1, -1]]

    def test_mark_the_period_that_is_not_over(self) -> None:
        arguments = (
            ORDERS["customer"].to_numpy(np.intp),
            ORDERS["date"],
            ORDERS["money"].to_numpy(),
        )
        half = cohorts_of_orders(*arguments, until=pd.Timestamp("2026-03-15"))
        assert half.unfinished.tolist() == [[False, False, True], [True, False, False]]
        whole = cohorts_of_orders(*arguments, until=pd.Timestamp("2026-03-31"))
        assert not whole.unfinished.any()

    def test_need_an_order(self) -> None:
        with pytest.raises(DegenerateDataError, match="no order"):
            _cohorts("orders", until="2020-01-01")


class TestConcentration:
    def test_of_cdnow_is_the_published_one(self, shared_data: Path) -> None:
        orders = pd.read_csv(shared_data / "orders" / "cdnow_master.txt", sep=r"\s+")
        orders.columns = pd.Index(["customer", "date", "units", "value"])
        found = concentration(orders.groupby("customer")["value"].sum().to_numpy())
        assert round(found.share_of_top(0.1), 2) == 0.51
        assert round(found.share_of_top(0.2), 2) == 0.68

    def test_of_equal_customers_is_none(self) -> None:
        found = concentration(np.full(10, 5.0))
        assert found.gini == pytest.approx(0)
        assert found.share_of_top(0.3) == pytest.approx(0.3)

    def test_of_one_who_brings_all_is_nearly_whole(self) -> None:
        assert concentration(np.array([0.0] * 99 + [1.0])).gini == pytest.approx(0.99)

    def test_needs_money(self) -> None:
        with pytest.raises(DegenerateDataError, match="money"):
            concentration(np.array([0.0, -5.0]))


class TestMigration:
    def test_counts_those_who_stayed_moved_came_and_went(self) -> None:
        before = SegmentMembers(
            np.array(["a", "b", "c"]), np.array([0, 0, 1]), np.array([5.0, 1.0, 9.0]), ["X", "Y"]
        )
        after = SegmentMembers(
            np.array(["d", "b", "a"]), np.array([1, 1, 0]), np.array([3.0, 4.0, 6.0]), ["X", "Y"]
        )
        found = migration(before, after)
        assert found.sources == ("X", "Y", NEW)
        assert found.targets == ("X", "Y", LOST)
        assert found.customers.tolist() == [[1, 1, 0], [0, 0, 1], [0, 1, 0]]
        assert found.money_before.tolist() == [[5, 1, 0], [0, 0, 9], [0, 0, 0]]
        assert found.money_after.tolist() == [[6, 4, 0], [0, 0, 0], [0, 3, 0]]
        assert found.members(0, 1).tolist() == ["b"]

    @given(
        before=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 2)),
        after=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 2)),
    )
    def test_loses_nobody(self, before: dict[str, int], after: dict[str, int]) -> None:
        sides = [
            SegmentMembers(
                np.array(list(side), dtype=np.str_),
                np.array(list(side.values()), dtype=np.int64),
                np.ones(len(side)),
                "xyz",
            )
            for side in (before, after)
        ]
        found = migration(*sides)
        assert found.customers.sum() == len(before.keys() | after.keys())
        assert found.customers[:3].sum() == len(before)
        assert found.customers[:, :3].sum() == len(after)
