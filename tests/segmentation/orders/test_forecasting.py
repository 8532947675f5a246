"""Forecasts of orders and money, and the record that they never go without."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.segmentation.orders.lifetime.forecasting import (
    Forecast,
    Terms,
    TooLittleHistory,
    forecast,
)
from app.segmentation.orders.lifetime.scores import score, winners

START = pd.Timestamp("1997-01-01")


@pytest.fixture(scope="module")
def cdnow(shared_data: Path) -> pd.DataFrame:
    orders = pd.read_csv(
        shared_data / "cdnow_sample.csv",
        sep=r"\s+",
        header=None,
        names=["id", "customer", "date", "units", "value"],
        dtype={"date": str},
    )
    day = (pd.to_datetime(orders["date"], format="%Y%m%d") - START).dt.days
    return orders.assign(day=day.astype(float), who=pd.factorize(orders["customer"])[0])


def of_cdnow(orders: pd.DataFrame, terms: Terms, *, money: bool = True) -> Forecast:
    last = orders["day"].max()
    return forecast(
        orders["who"].to_numpy(),
        orders["day"].to_numpy() - last,
        orders["value"].to_numpy() if money else None,
        group=np.arange(2357) % 3,
        as_of=0.0,
        terms=terms,
    )


@pytest.fixture(scope="module")
def made(cdnow: pd.DataFrame) -> Forecast:
    return of_cdnow(cdnow, Terms(horizon=273.0))


class TestForecast:
    def test_of_money_has_a_record_of_its_own(self, made: Forecast, cdnow: pd.DataFrame) -> None:
        made_at = cdnow["day"].max() - 273
        before = cdnow[cdnow["day"] <= made_at]["who"].unique()
        came = cdnow[(cdnow["day"] > made_at) & cdnow["who"].isin(before)]
        first, *naive = made.record.money
        assert first.name == f"{made.record.chosen}, Gamma-Gamma"
        assert first.actual == pytest.approx(came["value"].sum())
        assert {each.name for each in naive} == {"Money so far", "Orders so far"}
        assert all(each.naive for each in naive)
        assert abs(first.total_error) < 0.25
        assert np.mean([actual for _, actual in first.by_decile]) == pytest.approx(
            first.actual / 2357, rel=0.01
        )

    def test_ranges_hold_the_expectation_of_each_group(self, made: Forecast) -> None:
        ranges = made.ranges
        assert made.money is not None
        assert ranges.group_money is not None
        assert ranges.total_money is not None
        for group in range(3):
            low, high = ranges.group_money[:, group]
            assert low < made.money[np.arange(2357) % 3 == group].sum() < high
        assert ranges.total_money[0] < made.money.sum() < ranges.total_money[1]
        assert (ranges.orders[0] <= ranges.orders[1]).all()

    def test_a_margin_scales_money_and_nothing_else(
        self, made: Forecast, cdnow: pd.DataFrame
    ) -> None:
        part = of_cdnow(cdnow, Terms(horizon=273.0, margin=0.25))
        assert np.allclose(part.money, made.money * 0.25)
        assert np.allclose(part.ranges.total_money, made.ranges.total_money * 0.25)
        assert np.array_equal(part.orders, made.orders)

    def test_a_discount_takes_off_what_waiting_costs(
        self, made: Forecast, cdnow: pd.DataFrame
    ) -> None:
        later = of_cdnow(cdnow, Terms(horizon=273.0, discount=0.1))
        kept = later.money / made.money
        years = 273 / 365
        # Orders that came evenly would keep this; customers stop, so that theirs come earlier.
        evenly = (1 - 1.1**-years) / (years * np.log(1.1))
        assert (kept >= evenly - 1e-3).all()
        assert (kept < 1).all()

    def test_orders_without_amounts_have_no_money(self, cdnow: pd.DataFrame) -> None:
        alone = of_cdnow(cdnow, Terms(horizon=273.0), money=False)
        assert alone.money is None
        assert alone.record.money == ()
        assert alone.ranges.total_money is None

    def test_says_that_the_record_is_shorter_than_what_is_forecast(
        self, cdnow: pd.DataFrame
    ) -> None:
        told = dict(of_cdnow(cdnow, Terms(horizon=730.0)).notes)
        assert "record of 272.5 days" in told["record_is_shorter"]

    @pytest.mark.parametrize(
        ("kept", "code"),
        [
            ("who < 400", "too_few_customers"),
            ("day < 100", "too_few_days"),
            ("who >= 0", "too_few_bought_again"),
        ],
    )
    def test_is_refused_where_there_is_too_little_history(
        self, cdnow: pd.DataFrame, kept: str, code: str
    ) -> None:
        part = cdnow.query(kept)
        if code == "too_few_bought_again":
            part = part.drop_duplicates("who")
            part = pd.concat([part, part.head(99).assign(day=part["day"].max())])
            part.loc[part.index[-1], "day"] = 545
            part = part[~part.duplicated(["who", "day"])]
        codes, names = pd.factorize(part["who"])
        with pytest.raises(TooLittleHistory) as refused:
            forecast(
                codes,
                part["day"].to_numpy(),
                None,
                group=np.zeros(len(names), dtype=np.intp),
                as_of=float(part["day"].max()),
                terms=Terms(horizon=90.0),
            )
        assert refused.value.code == code


class TestScore:
    @given(
        values=st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=10, max_size=60
        ).filter(lambda rows: any(actual for _, actual in rows)),
        seed=st.integers(0, 99),
    )
    def test_does_not_depend_on_the_order_of_the_rows(self, values, seed) -> None:
        expected, actual = np.array(values, float).T
        rows = np.random.default_rng(seed).permutation(len(values))
        one, other = score("a", expected, actual), score("a", expected[rows], actual[rows])
        assert one.top_found == pytest.approx(other.top_found)
        assert one.decile_error == pytest.approx(other.decile_error)
        assert 0 <= one.top_found <= 1

    def test_of_what_came_itself_is_perfect(self) -> None:
        actual = np.arange(50.0)
        told = score("a", actual, actual)
        assert (told.total_error, told.decile_error, told.top_found) == (0, 0, 1)

    def test_without_any_forecast_finds_a_tenth_of_the_top_tenth(self) -> None:
        told = score("a", np.zeros(100), np.arange(100.0))
        assert told.top_found == pytest.approx(0.1)

    def test_those_who_did_nothing_are_not_in_the_top_tenth(self) -> None:
        actual = np.zeros(100)
        actual[7] = 5
        expected = np.zeros(100)
        expected[7] = 1
        assert score("a", expected, actual).top_found == 1

    def test_winners_are_told_by_each_measure(self) -> None:
        actual = np.arange(40.0)
        high = score("high", actual * 2, actual)
        flat = score("flat", np.full(40, actual.mean()), actual, naive=True)
        best = winners([high, flat])
        assert (best["total_error"].name, best["top_found"].name) == ("flat", "high")
