"""Purchase models: published fits, gradients, recovery, and fits that say nothing."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.beta_geometric import BetaGeometric
from app.segmentation.orders.lifetime.fitting import Fit, maximise
from app.segmentation.orders.lifetime.gamma_gamma import (
    DEPENDENT,
    Amounts,
    GammaGamma,
    dependence,
    expected_value,
)
from app.segmentation.orders.lifetime.histories import Histories, histories_of_orders
from app.segmentation.orders.lifetime.models import (
    PurchaseModel,
    fit_amounts,
    fit_model,
    sound_models,
)
from app.segmentation.orders.lifetime.nbd import NBD
from app.segmentation.orders.lifetime.pareto_nbd import ParetoNBD
from app.segmentation.orders.lifetime.record import measure_record

BG, MBG = BetaGeometric(modified=False), BetaGeometric(modified=True)
MODELS: tuple[PurchaseModel, ...] = (BG, MBG, ParetoNBD(), NBD())
START = pd.Timestamp("1997-01-01")
CALIBRATION_WEEKS = (pd.Timestamp("1997-09-30") - START).days / 7


@pytest.fixture(scope="module")
def cdnow(shared_data: Path) -> pd.DataFrame:
    """Orders of the published sample: customer, week, value."""
    orders = pd.read_csv(
        shared_data / "cdnow_sample.csv",
        sep=r"\s+",
        header=None,
        names=["id", "customer", "date", "units", "value"],
        dtype={"date": str},
    )
    days = (pd.to_datetime(orders["date"], format="%Y%m%d") - START).dt.days
    return orders.assign(week=days / 7)


@pytest.fixture(scope="module")
def calibration(cdnow: pd.DataFrame) -> Histories:
    part = cdnow[cdnow["week"] <= CALIBRATION_WEEKS]
    codes, names = pd.factorize(part["customer"])
    return histories_of_orders(
        codes, part["week"].to_numpy(), n_customers=len(names), as_of=CALIBRATION_WEEKS
    )


class TestPublishedFits:
    @pytest.mark.parametrize(
        ("model", "published", "log_likelihood"),
        [
            (BG, (0.243, 4.414, 0.793, 2.426), -9582.4),
            (MBG, (0.525, 6.183, 0.891, 1.614), None),
            (ParetoNBD(), (0.553, 10.578, 0.606, 11.669), -9595.0),
        ],
    )
    def test_of_the_cdnow_sample_come_out_to_the_digits_printed(
        self,
        model: PurchaseModel,
        published: tuple[float, ...],
        log_likelihood: float | None,
        calibration: Histories,
    ) -> None:
        fit = fit_model(model, calibration).fit
        assert fit.status == "sound"
        assert tuple(round(value, 3) for value in fit.values) == published
        if log_likelihood is not None:
            assert round(fit.log_likelihood, 1) == log_likelihood

    def test_orders_expected_of_the_published_customer(self, calibration: Histories) -> None:
        fit = fit_model(BG, calibration).fit
        one = Histories.of(np.array([2.0]), np.array([30.43]), np.array([38.86]))
        assert round(float(BG.expected_orders(fit, one, 39.0)[0]), 3) == 1.226

    def test_of_values_of_those_who_bought_again(self, cdnow: pd.DataFrame) -> None:
        part = cdnow[cdnow["week"] <= CALIBRATION_WEEKS]
        orders = part.groupby(["customer", "week"])["value"].sum().reset_index()
        again = orders[orders["week"] > orders.groupby("customer")["week"].transform("min")]
        spent = again.groupby("customer")["value"].agg(["size", "mean"])
        assert len(spent) == 946
        fit = fit_amounts(
            Amounts(spent["size"].to_numpy(np.float64), spent["mean"].to_numpy(np.float64))
        )
        assert tuple(round(value, 2) for value in fit.values) == (6.25, 3.74, 15.44)

    @pytest.mark.parametrize("length", [7.0, 7 * 86_400.0, 1 / 52])
    def test_are_the_same_in_any_unit_of_time(self, calibration: Histories, length: float) -> None:
        weeks = fit_model(MBG, calibration).fit
        other = fit_model(MBG, calibration.in_units_of(1 / length)).fit
        assert other["alpha"] / length == pytest.approx(weeks["alpha"], rel=1e-4)
        assert other["a"] == pytest.approx(weeks["a"], rel=1e-4)


class TestGradients:
    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
    @settings(max_examples=30, deadline=None)
    @given(
        logs=st.lists(st.floats(-2, 2), min_size=4, max_size=4),
        seed=st.integers(0, 1_000),
        most=st.sampled_from([0, 3, 500]),
    )
    def test_agree_with_central_differences(
        self, model: PurchaseModel, logs: list[float], seed: int, most: int
    ) -> None:
        rng = np.random.default_rng(seed)
        age = rng.uniform(0.1, 3, 20)
        x = rng.integers(0, most + 1, 20)
        observed = Histories.of(x, np.where(x > 0, age * rng.uniform(0, 1, 20), 0), age)
        values = np.exp(logs[: len(model.parameters)])
        _, gradient = model.log_likelihood(values, observed)
        for i, value in enumerate(values):
            step = np.zeros(len(values))
            step[i] = 1e-4 * value
            above = model.log_likelihood(values + step, observed)[0]
            below = model.log_likelihood(values - step, observed)[0]
            scale = max(abs(above), 1.0)
            assert abs(gradient[i] * value - (above - below) / 2e-4) < 1e-6 * scale

    def test_of_the_value_model_agree_too(self) -> None:
        rng = np.random.default_rng(3)
        observed = Amounts(rng.integers(1, 9, 50).astype(float), rng.gamma(2, 20, 50))
        values = np.array([3.0, 2.5, 12.0])
        _, gradient = GammaGamma().log_likelihood(values, observed)
        for i, value in enumerate(values):
            step = np.zeros(3)
            step[i] = 1e-5 * value
            above = GammaGamma().log_likelihood(values + step, observed)[0]
            below = GammaGamma().log_likelihood(values - step, observed)[0]
            assert gradient[i] == pytest.approx((above - below) / (2 * step[i]), rel=1e-6)


def test_the_likelihood_of_pareto_nbd_is_its_definition_integrated() -> None:
    r, alpha, s, beta = 0.7, 3.0, 0.9, 40.0
    observed = Histories.of(np.array([4.0]), np.array([10.0]), np.array([300.0]))
    stopped = quad(
        lambda y: s * (alpha + y) ** -(r + 4) * (beta + y) ** -(s + 1), 10, 300, epsabs=0
    )[0]
    alive = (alpha + 300) ** -(r + 4) * (beta + 300) ** -s
    rising = r * (r + 1) * (r + 2) * (r + 3)
    expected = np.log(rising * alpha**r * beta**s * (alive + stopped))
    found, _ = ParetoNBD().log_likelihood(np.array([r, alpha, s, beta]), observed)
    assert found == pytest.approx(expected, rel=1e-10)


class TestRecovery:
    """Customers simulated from known parameters give these back."""

    @pytest.mark.parametrize("seed", range(3))
    def test_of_mbg_nbd(self, seed: int) -> None:
        truth = {"r": 0.8, "alpha": 5.0, "a": 0.9, "b": 2.5}
        fitted = fit_model(MBG, _mbg_customers(4_000, seed=seed, **truth)).fit
        assert fitted.status == "sound"
        mean_rate = truth["r"] / truth["alpha"]
        assert fitted["r"] / fitted["alpha"] == pytest.approx(mean_rate, rel=0.15)
        stop = truth["a"] / (truth["a"] + truth["b"])
        assert fitted["a"] / (fitted["a"] + fitted["b"]) == pytest.approx(stop, abs=0.05)

    def test_probability_alive_is_right_as_often_as_it_says(self) -> None:
        observed, alive = _mbg_customers_and_state(20_000, seed=5, r=0.8, alpha=5.0, a=0.9, b=2.5)
        fitted = fit_model(MBG, observed).fit
        said = MBG.probability_alive(fitted, observed)
        for low in (0.0, 0.2, 0.4, 0.6, 0.8):
            told = (said >= low) & (said < low + 0.2)
            if told.sum() >= 200:
                assert alive[told].mean() == pytest.approx(said[told].mean(), abs=0.05)

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
    def test_simulated_orders_average_to_those_expected(
        self, model: PurchaseModel, calibration: Histories
    ) -> None:
        fit = fit_model(model, calibration).fit
        expected = model.expected_orders(fit, calibration, 39.0).sum()
        rng = np.random.default_rng(1)
        drawn = [model.simulate_orders(fit, calibration, 39.0, rng).sum() for _ in range(20)]
        assert np.mean(drawn) == pytest.approx(expected, rel=0.03)


@pytest.fixture(scope="module")
def shops() -> dict[str, Histories]:
    rng = np.random.default_rng(2)
    forever = _bought_until_the_end(rng, rng.gamma(2.0, size=3_000) / 4, np.full(3_000, 30.0))
    rng = np.random.default_rng(5)
    age = rng.uniform(20, 40, 4_000)
    seen = np.minimum(rng.exponential(20, 4_000), age)
    gone = _bought_until_the_end(rng, rng.gamma(0.8, size=4_000) / 2, seen)
    return {
        "none stops": forever,
        "one rate": _mbg_customers(3_000, seed=4, r=1e6, alpha=1e6 / 0.3, a=1e6, b=3e6),
        "one lifetime": Histories.of(gone.frequency, gone.recency, age),
    }


@dataclass(frozen=True)
class WithCorner:
    """A likelihood whose slope jumps at its top, where a search ends without having converged."""

    parameters: tuple[str, ...] = ("r",)
    starts: tuple[tuple[float, ...], ...] = ((1.0,),)

    def log_likelihood(self, values: np.ndarray, observed: None) -> tuple[float, np.ndarray]:
        log = float(np.log(values[0]))
        slope = -1_000 * (log + (1.0 if log >= 0 else -1.0))
        return -1_000 * (log**2 / 2 + abs(log)), np.array([slope]) / values


class TestFitsThatSayNothing:
    @pytest.mark.parametrize(
        ("model", "shop", "reason"),
        [
            (MBG, "none stops", "customers hardly ever stop ordering"),
            (BG, "none stops", "customers hardly ever stop ordering"),
            (ParetoNBD(), "none stops", "customers hardly ever stop ordering"),
            (MBG, "one rate", "all customers order at nearly the same rate"),
            (ParetoNBD(), "one rate", "all customers order at nearly the same rate"),
            (BG, "one rate", "all customers stop ordering at nearly the same rate"),
            (ParetoNBD(), "one lifetime", "all customers stop ordering at nearly the same rate"),
        ],
    )
    def test_at_a_border_say_what_the_orders_are_like(
        self, model: PurchaseModel, shop: str, reason: str, shops: dict[str, Histories]
    ) -> None:
        fit = fit_model(model, shops[shop]).fit
        assert (fit.status, fit.reason) == ("border", reason)
        assert fit.detail is not None
        assert fit.detail.endswith("without end")

    @pytest.mark.parametrize(
        ("own", "spread", "reason"),
        [
            (False, False, "the orders of a customer hardly differ in value"),
            (True, False, "the orders of a customer hardly differ in value"),
            (False, True, "customers hardly differ in the value of their orders"),
        ],
    )
    def test_of_values_at_a_border_say_what_they_are_like(
        self, own: bool, spread: bool, reason: str
    ) -> None:
        rng = np.random.default_rng(4)
        orders = rng.integers(1, 6, 4_000).astype(float)
        mean = 15 / rng.gamma(3.7, size=4_000) if own else np.full(4_000, 20.0)
        mean *= rng.gamma(3 * orders) / (3 * orders) if spread else rng.normal(1, 1e-3, 4_000)
        fit = fit_amounts(Amounts(orders, mean))
        assert (fit.status, fit.reason) == ("border", reason)

    def test_that_are_flat_say_what_is_open(self) -> None:
        customers = _mbg_customers(600, seed=4, r=0.8, alpha=5.0, a=5.0, b=15.0)
        fit = fit_model(BG, customers).fit
        assert fit.status == "flat"
        assert fit.reason == "the orders do not show how many customers stop ordering"

    def test_where_the_search_ends_is_not_taken_for_the_best(self) -> None:
        fit = maximise(WithCorner(), None, n_customers=1_000.0)
        assert fit.values[0] == pytest.approx(1, abs=1e-3)
        assert fit.status == "not_converged"

    def test_where_nobody_stops_the_simpler_model_is_left(self) -> None:
        rng = np.random.default_rng(2)
        rate = rng.gamma(2.0, size=3_000) / 4.0
        observed = _bought_until_the_end(rng, rate, np.full(3_000, 30.0))
        sound, aside = sound_models(observed)
        assert [each.model.name for each in sound] == ["NBD"]
        assert {name for name, _ in aside} == {"MBG/NBD", "BG/NBD", "Pareto/NBD"}
        assert all(reason for _, reason in aside)

    def test_where_all_buy_at_one_rate_no_model_is_left(self) -> None:
        rng = np.random.default_rng(2)
        # More even than chance: fifteen orders each, where equal rates would give 11 to 19.
        last = 30 * rng.random(3_000) ** (1 / 15)
        observed = Histories.of(np.full(3_000, 15.0), last, np.full(3_000, 30.0))
        with pytest.raises(DegenerateDataError, match=r"how often|same rate") as refused:
            sound_models(observed)
        assert "RFM" in str(refused.value)

    def test_expected_values_are_refused_where_their_mean_is_infinite(self) -> None:
        rng = np.random.default_rng(4)
        own = 10 / rng.gamma(0.6, size=4_000)
        orders = rng.integers(1, 6, 4_000).astype(float)
        fit = fit_amounts(Amounts(orders, own * rng.gamma(3 * orders) / (3 * orders)))
        assert fit["q"] < 1
        with pytest.raises(DegenerateDataError, match="a few customers spend so much more"):
            expected_value(fit, orders, own)

    def test_expected_orders_go_through_the_pole_of_the_closed_form(
        self, calibration: Histories
    ) -> None:
        fit = fit_model(BG, calibration).fit
        around = [
            BG.expected_orders(_with(fit, a=a), calibration, 39.0)
            for a in (1 - 2e-4, 1 - 1e-9, 1.0, 1 + 1e-9, 1 + 2e-4)
        ]
        for each in around[1:-1]:
            assert np.allclose(each, (around[0] + around[-1]) / 2, rtol=1e-6)


class TestDependence:
    def test_is_found_where_those_who_buy_often_spend_more(self) -> None:
        rng = np.random.default_rng(0)
        orders = rng.integers(1, 20, 500).astype(float)
        assert dependence(Amounts(orders, orders + rng.gamma(2, 2, 500))) > DEPENDENT

    def test_is_none_where_all_spend_the_same(self) -> None:
        assert dependence(Amounts(np.array([1.0, 2.0]), np.array([5.0, 5.0]))) == 0


class TestRecord:
    def test_of_cdnow_tells_the_error_of_a_forecast_of_39_weeks(self, cdnow: pd.DataFrame) -> None:
        codes, _ = pd.factorize(cdnow["customer"])
        record = measure_record(
            codes.astype(np.intp),
            cdnow["week"].to_numpy(),
            made_at=CALIBRATION_WEEKS,
            until=CALIBRATION_WEEKS + 39,
        )
        scores = {each.name: each for each in record.scores}
        assert record.n_customers == 2357
        assert record.scores[0].name == record.chosen
        assert abs(scores[record.chosen].total_error) < 0.21
        later = cdnow[
            (cdnow["week"] > CALIBRATION_WEEKS) & (cdnow["week"] <= CALIBRATION_WEEKS + 39)
        ]
        actual = later.drop_duplicates(["customer", "week"])
        assert scores["Orders so far"].actual == len(actual)
        assert scores["No further orders"].total_error == -1
        assert scores["Orders so far"].total_error > 0.2
        assert 0 < scores[record.chosen].top_found <= 1

    def test_needs_orders_on_both_sides(self) -> None:
        with pytest.raises(DegenerateDataError, match="before and after"):
            measure_record(np.array([0, 1]), np.array([1.0, 2.0]), made_at=5.0, until=9.0)


class TestHistories:
    def test_orders_at_one_time_count_once(self) -> None:
        found = histories_of_orders(
            np.array([0, 0, 0, 1]), np.array([1.0, 1.0, 4.0, 2.0]), n_customers=2, as_of=10.0
        )
        assert found.frequency.tolist() == [1, 0]
        assert found.recency.tolist() == [3, 0]
        assert found.age.tolist() == [9, 8]

    @pytest.mark.parametrize(
        ("x", "t_x", "T"), [(-1.0, 0.0, 1.0), (1.0, 2.0, 1.0), (0.0, 1.0, 2.0), (1.0, np.nan, 2.0)]
    )
    def test_what_is_no_history_is_refused_by_row(self, x: float, t_x: float, T: float) -> None:
        with pytest.raises(DegenerateDataError, match="Row 1"):
            Histories.of(np.array([0.0, x]), np.array([0.0, t_x]), np.array([1.0, T]))

    def test_an_order_after_the_snapshot_is_refused(self) -> None:
        with pytest.raises(DegenerateDataError, match="later"):
            histories_of_orders(np.array([0]), np.array([9.0]), n_customers=1, as_of=5.0)


def _with(fit: Fit, **changed: float) -> Fit:
    values = dict(zip(fit.names, fit.values, strict=True)) | changed
    return replace(fit, values=tuple(values.values()))


def _bought_until_the_end(rng: np.random.Generator, rate: np.ndarray, age: np.ndarray) -> Histories:
    bought = rng.poisson(rate * age)
    last = np.where(bought > 0, age * rng.random(len(age)) ** (1 / np.maximum(bought, 1)), 0)
    return Histories.of(bought, last, age)


def _mbg_customers(n: int, *, seed: int, r: float, alpha: float, a: float, b: float) -> Histories:
    return _mbg_customers_and_state(n, seed=seed, r=r, alpha=alpha, a=a, b=b)[0]


def _mbg_customers_and_state(
    n: int, *, seed: int, r: float, alpha: float, a: float, b: float
) -> tuple[Histories, np.ndarray]:
    """Simulate order by order, from the model's story and none of its formulas."""
    rng = np.random.default_rng(seed)
    age = rng.uniform(20, 40, n)
    x, t_x, alive = np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool)
    for i in range(n):
        rate, stop = rng.gamma(r) / alpha, rng.beta(a, b)
        now = 0.0
        going = rng.random() >= stop
        while going:
            now += rng.exponential(1 / max(rate, 1e-12))
            if now > age[i]:
                break
            x[i] += 1
            t_x[i] = now
            going = rng.random() >= stop
        alive[i] = going
    return Histories.of(x, t_x, age), alive
