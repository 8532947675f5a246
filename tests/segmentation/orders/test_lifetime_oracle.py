"""Our purchase models compared with `lifetimes` and `clvkit`, which are here for this alone."""

import importlib
import warnings
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from clvkit.clv.bgnbd import BGNBD
from clvkit.clv.gamma_gamma import GammaGamma as PeerGammaGamma
from clvkit.clv.mbgnbd import MBGNBD
from clvkit.customer_base import CustomerBase

from app.segmentation.orders.lifetime.beta_geometric import BetaGeometric
from app.segmentation.orders.lifetime.gamma_gamma import Amounts, expected_value
from app.segmentation.orders.lifetime.histories import Histories
from app.segmentation.orders.lifetime.models import PurchaseModel, fit_amounts, fit_model
from app.segmentation.orders.lifetime.pareto_nbd import ParetoNBD


@pytest.fixture(scope="module")
def lifetimes() -> ModuleType:
    with warnings.catch_warnings():
        # Its last release is of 2020, and it says so in every way.
        warnings.simplefilter("ignore")
        return importlib.import_module("lifetimes")


@pytest.fixture(scope="module")
def observed() -> Histories:
    rng = np.random.default_rng(8)
    n = 3_000
    age, rate = rng.uniform(20, 40, n), rng.gamma(0.8, size=n) / 5
    lifetime = rng.exponential(size=n) / np.maximum(rng.gamma(0.6, size=n) / 11.7, 1e-9)
    alive_for = np.minimum(lifetime, age)
    orders = rng.poisson(rate * alive_for)
    last = np.where(orders > 0, alive_for * rng.random(n) ** (1 / np.maximum(orders, 1)), 0)
    return Histories.of(orders, last, age)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("model", "peer"),
    [
        (BetaGeometric(modified=False), "BetaGeoFitter"),
        (BetaGeometric(modified=True), "ModifiedBetaGeoFitter"),
        (ParetoNBD(), "ParetoNBDFitter"),
    ],
)
def test_models_agree_in_fit_probability_and_forecast(
    model: PurchaseModel, peer: str, observed: Histories, lifetimes: ModuleType
) -> None:
    ours = fit_model(model, observed).fit
    theirs = getattr(lifetimes, peer)()
    theirs.fit(observed.frequency, observed.recency, observed.age)
    assert ours.values == pytest.approx(list(theirs.params_), rel=5e-3)
    some = observed.rows(0, 50)
    x, t_x, age = some.frequency, some.recency, some.age
    alive = theirs.conditional_probability_alive(x, t_x, age)
    assert model.probability_alive(ours, some) == pytest.approx(np.asarray(alive), abs=2e-3)
    came = theirs.conditional_expected_number_of_purchases_up_to_time(20, x, t_x, age)
    expected = model.expected_orders(ours, some, 20.0)
    assert expected == pytest.approx(np.asarray(came), rel=5e-3, abs=1e-3)


def peer_customers(observed: Histories, **columns: np.ndarray) -> CustomerBase:
    data = {"frequency": observed.frequency, "recency": observed.recency, "T": observed.age}
    return CustomerBase(
        pd.DataFrame({**data, **columns}),
        time_unit="D",
        observation_period_end=pd.Timestamp("2026-01-01"),
        has_monetary=bool(columns),
        on_negative="net",
    )


@pytest.mark.parametrize(
    ("model", "peer"),
    [(BetaGeometric(modified=False), BGNBD), (BetaGeometric(modified=True), MBGNBD)],
)
def test_models_agree_with_a_second_peer(
    model: PurchaseModel, peer: type[BGNBD | MBGNBD], observed: Histories
) -> None:
    ours = fit_model(model, observed).fit
    customers = peer_customers(observed)
    theirs = peer().fit(customers)
    assert ours.values == pytest.approx(list(theirs.params_), rel=5e-3)
    alive = theirs.probability_alive(customers).to_pandas().iloc[:, 0]
    assert model.probability_alive(ours, observed) == pytest.approx(alive.to_numpy(), abs=2e-3)
    came = theirs.predict(20.0, customers).to_pandas().iloc[:, 0]
    expected = model.expected_orders(ours, observed, 20.0)
    assert expected == pytest.approx(came.to_numpy(), rel=5e-3, abs=1e-3)


@pytest.fixture(scope="module")
def amounts() -> Amounts:
    rng = np.random.default_rng(3)
    orders = rng.integers(1, 9, 800).astype(float)
    own = 15.44 / rng.gamma(3.74, size=800)
    return Amounts(orders, rng.gamma(6.25 * orders) * own / orders)


def test_the_value_of_an_order_agrees_with_a_second_peer(amounts: Amounts) -> None:
    ours = fit_amounts(amounts)
    observed = Histories.of(amounts.orders, np.ones(800), np.full(800, 9.0))
    theirs = PeerGammaGamma().fit(peer_customers(observed, monetary_value=amounts.mean))
    assert ours.values == pytest.approx([theirs.p, theirs.q, theirs.gamma], rel=1e-2)


@pytest.mark.filterwarnings("ignore")
def test_the_value_of_an_order_agrees(lifetimes: ModuleType, amounts: Amounts) -> None:
    orders, mean = amounts.orders, amounts.mean
    ours = fit_amounts(amounts)
    theirs = lifetimes.GammaGammaFitter()
    theirs.fit(orders, mean)
    assert ours.values == pytest.approx(list(theirs.params_), rel=1e-2)
    value = theirs.conditional_expected_average_profit(orders, mean)
    assert expected_value(ours, orders, mean) == pytest.approx(np.asarray(value), rel=2e-3)
