"""A generated shop comes back: its customers, their money, who still buys, and what comes."""

import io

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, roc_auc_score

from app.segmentation.orders.ledger import take_ledger
from app.segmentation.orders.lifetime.forecasting import Forecast, Terms, forecast
from app.segmentation.orders.lines import Plan, Source, define_lines
from app.segmentation.orders.roles import find_roles, required_kinds
from app.segmentation.orders.snapshot import orders_placed, take_snapshot
from app.segmentation.tables import ReadOptions, read_table
from tests.segmentation.orders.generated_shop import DAYS, START, Shop, generate_shop

LAST = (START + pd.Timedelta(days=DAYS)).date()


@pytest.fixture(scope="module")
def shop() -> Shop:
    return generate_shop(1_500, seed=11)


@pytest.fixture(scope="module")
def opened(shop: Shop):
    raw = io.BytesIO(shop.lines.to_csv(index=False).encode())
    table = read_table(raw)
    roles = {
        each.role: each.column
        for each in find_roles(table.frame, {c.name: c.kind for c in table.columns})
    }
    kinds = {column: str(kind) for column, kind in required_kinds(roles).items()}
    connection = duckdb.connect()
    connection.register("file_0", read_table(raw, overrides=ReadOptions(kinds=kinds)).frame)
    plan = Plan(roles=roles, as_of=LAST)
    define_lines(connection, [Source(view="file_0")], plan)
    yield connection, plan
    connection.close()


@pytest.fixture(scope="module")
def snapshot(opened) -> pd.DataFrame:
    connection, plan = opened
    return take_snapshot(connection, plan, as_of=LAST).set_index("customer_id")


@pytest.fixture(scope="module")
def made(opened, snapshot: pd.DataFrame) -> Forecast:
    placed = orders_placed(opened[0])
    row = snapshot.index.get_indexer(placed["customer"])
    day = (placed["day"] - pd.Timestamp(LAST)).dt.days.to_numpy(dtype=np.float64)
    return forecast(
        row,
        day,
        placed["money"].to_numpy(dtype=np.float64),
        group=np.zeros(len(snapshot), dtype=np.intp),
        as_of=0.0,
        terms=Terms(horizon=182.0),
    )


def test_its_ledger_has_every_line_of_each_kind(shop: Shop, opened) -> None:
    ledger = take_ledger(opened[0], duplicates=0)
    counted = {each.state: each.lines for each in ledger.entries}
    n_returned = (shop.lines["quantity"] < 0).sum()
    n_some = (shop.lines["customer"] == "").sum()
    assert counted == {
        "order": shop.customers["orders"].sum(),
        "return": n_returned,
        "no_customer": n_some,
        "no_product": n_some,
    }
    assert ledger.value == pytest.approx((shop.lines["price"] * shop.lines["quantity"]).sum())


def test_its_customers_are_summarised_to_the_cent(shop: Shop, snapshot: pd.DataFrame) -> None:
    truth = shop.customers.loc[snapshot.index]
    assert (snapshot["orders"] == truth["orders"]).all()
    assert np.allclose(snapshot["gross_money"], truth["gross"], atol=0.005 * truth["orders"])
    net = truth["gross"] - truth["returned"]
    assert np.allclose(snapshot["net_money"], net, atol=0.005 * 2 * truth["orders"])


def test_who_still_buys_is_told_from_who_has_stopped(
    shop: Shop, snapshot: pd.DataFrame, made: Forecast
) -> None:
    alive = shop.customers.loc[snapshot.index, "alive"].to_numpy()
    assert roc_auc_score(alive, made.alive) > 0.85
    # Seasons and unlike groups are not in the model: its chances err by a tenth at most.
    assert made.alive.mean() == pytest.approx(alive.mean(), abs=0.1)


def test_orders_still_to_come_are_expected_within_a_sixth(
    shop: Shop, snapshot: pd.DataFrame, made: Forecast
) -> None:
    came = shop.later.loc[snapshot.index].sum()
    assert made.orders.sum() == pytest.approx(came, rel=1 / 6)
    best = np.argsort(made.orders)[-150:]
    assert shop.later.loc[snapshot.index].to_numpy()[best].sum() > 0.2 * came


def test_its_groups_show_in_how_often_and_how_much(shop: Shop, snapshot: pd.DataFrame) -> None:
    truth = shop.customers.loc[snapshot.index, "group"]
    large = snapshot["mean_order_money"] > 80
    assert adjusted_rand_score(truth == "large and seldom", large) > 0.9


def test_the_season_shows_in_the_shares_of_quarters(snapshot: pd.DataFrame) -> None:
    quarters = snapshot[[name for name in snapshot if name.count("_to_")]].mean()
    assert quarters["october_to_december_share"] > quarters["april_to_june_share"] + 0.05
