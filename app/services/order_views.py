"""What orders say of their customers: value still to come, and cohorts."""

from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from app.db.order_tables import Orders
from app.schemas.order_views import (
    CohortsOut,
    CustomerValue,
    ForecastRecord,
    ForecastScore,
    SegmentValue,
    ValueOut,
)
from app.schemas.orders import OrderNote
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.cohorts import Measure, Period, cohorts_of_orders
from app.segmentation.orders.lifetime.forecasting import Forecast, TooLittleHistory, forecast
from app.segmentation.orders.lifetime.record import Record
from app.segmentation.orders.lines import Plan, define_lines
from app.segmentation.orders.snapshot import orders_placed
from app.segmentation.threads import single_threaded
from app.services import orders as order_books
from app.services import snapshots
from app.services.accounts import Caller
from app.services.order_lines import UnusableOrders, opened, plan_of, roles_of, sources_of
from app.services.paging import Page
from app.services.rfm import Scored, score_snapshot
from app.services.snapshots import SnapshotService


def value_of(
    service: SnapshotService, caller: Caller, snapshot_id: int, *, horizon_days: int, page: Page
) -> ValueOut:
    """Forecast orders and money, with the record of such forecasts."""
    scored = score_snapshot(service, caller, snapshot_id, "first")
    with service.database.session(read_only=True) as session:
        snapshot, orders, _ = snapshots.get(session, caller, snapshot_id)
    plan = replace(
        plan_of(roles_of(orders), orders.settings),
        currency=snapshot.currency,
        as_of=snapshot.as_of,
        window_days=snapshot.window_days,
    )
    placed = _placed(service, orders, plan)
    # Lines that came since do not belong to the snapshot's customers.
    names = pd.Index(scored.frame["customer_id"])
    placed = placed[placed["customer"].isin(names)]
    since = placed["day"] - pd.Timestamp(snapshot.as_of)
    day = np.asarray(since.dt.days, dtype=np.float64)
    money = placed["money"].to_numpy(dtype=np.float64) if plan.has_money else None
    try:
        with single_threaded():
            made = forecast(
                names.get_indexer(placed["customer"]),
                day,
                money,
                n_customers=len(names),
                as_of=0.0,
                horizon=float(horizon_days),
            )
    except TooLittleHistory as error:
        raise UnusableOrders("horizon", error.code, str(error)) from error
    except DegenerateDataError as error:
        raise UnusableOrders("horizon", "no_sound_model", str(error)) from error
    return _described(scored, made, horizon_days, page)


def _described(scored: Scored, made: Forecast, horizon_days: int, page: Page) -> ValueOut:
    snapshot = scored.snapshot
    money = None if made.value is None else made.orders * made.value
    step = _step(made.record, money)
    names = np.array(scored.rfm.rules.names)[scored.rfm.segment]

    def total(members: slice | np.ndarray) -> float | None:
        return None if money is None or step is None else _rounded(money[members].sum(), step)

    segments = [
        SegmentValue(
            segment=name,
            customers=int(here.sum()),
            expected_orders=round(float(made.orders[here].sum()), 2),
            expected_money=total(here),
        )
        for name in scored.rfm.rules.names
        if (here := names == name).any()
    ]
    ids = scored.frame["customer_id"].tolist()
    shown = range(len(ids))[page.skip : page.skip + (page.limit or 0)]
    return ValueOut(
        snapshot_id=snapshot.id,
        as_of=snapshot.as_of,
        horizon_days=horizon_days,
        currency=snapshot.currency,
        model=made.model,
        record=_record(made.record, scored),
        notes=[OrderNote(code=code, message=message) for code, message in made.notes],
        expected_orders=round(float(made.orders.sum()), 2),
        expected_money=total(slice(None)),
        money_rounded_to=step,
        segments=segments,
        customers=[
            CustomerValue(
                customer_id=ids[i],
                segment=str(names[i]),
                alive=round(float(made.alive[i]), 4),
                expected_orders=round(float(made.orders[i]), 4),
                orders_low=float(made.orders_low[i]),
                orders_high=float(made.orders_high[i]),
                expected_money=None if money is None else round(float(money[i]), 2),
            )
            for i in shown
        ],
        total=len(ids),
    )


def _record(record: Record, scored: Scored) -> ForecastRecord:
    as_of = scored.snapshot.as_of
    scores = [
        ForecastScore.model_validate(
            {
                name: (None if isinstance(part, float) and np.isnan(part) else part)
                for name, part in asdict(each).items()
            }
        )
        for each in record.scores
    ]
    return ForecastRecord(
        made_at=as_of + timedelta(days=record.made_at),
        until=as_of,
        n_customers=record.n_customers,
        chosen=record.chosen,
        best=record.best,
        scores=scores,
    )


def _step(record: Record, money: np.ndarray | None) -> float | None:
    """Give the power of ten that the record's error of the total leaves sure of the money."""
    if money is None:
        return None
    chosen = record.scores[0]
    error = abs(chosen.total_error) if np.isfinite(chosen.total_error) else 1.0
    doubt = max(error * float(money.sum()), 0.01)
    return float(10.0 ** np.floor(np.log10(doubt)))


def _rounded(amount: float, step: float) -> float:
    return float(round(round(amount / step) * step, 2))


def _placed(service: SnapshotService, orders: Orders, plan: Plan) -> pd.DataFrame:
    if orders.problems:
        problem = orders.problems[0]
        raise UnusableOrders(problem["field"], problem["code"], problem["message"])
    with opened(service.datasets.store, orders.files) as lines:
        define_lines(lines, sources_of(orders.files, orders.settings), plan)
        return orders_placed(lines)


def cohorts(
    service: SnapshotService, caller: Caller, orders_id: int, *, by: Period, measure: Measure
) -> CohortsOut:
    """Follow customers from the period of their first order on."""
    with service.database.session(read_only=True) as session:
        orders = order_books.get(session, caller, orders_id)
    plan = plan_of(roles_of(orders), orders.settings)
    placed = _placed(service, orders, plan)
    if not len(placed):
        raise UnusableOrders("orders", "no_orders", "No line counts as an order.")
    money = measure in ("revenue", "cumulative")
    if money and not plan.has_money:
        raise UnusableOrders("measure", "no_money", "These orders have no amounts.")
    if money and plan.currency is None and len((orders.ledger or {})["currencies"]) > 1:
        message = "Money is in several currencies; choose one in the settings of the orders."
        raise UnusableOrders("currency", "mixed_currencies", message)
    until = placed["day"].max()
    made = cohorts_of_orders(
        pd.factorize(placed["customer"])[0],
        placed["day"].reset_index(drop=True),
        placed["money"].to_numpy(dtype=np.float64),
        until=until,
        by=by,
        measure=measure,
    )
    return CohortsOut(
        by=by,
        measure=measure,
        until=until.date(),
        cohorts=list(made.cohorts),
        sizes=made.sizes.tolist(),
        values=[
            [None if np.isnan(v) else round(v, 2) for v in row] for row in made.values.tolist()
        ],
        unfinished=made.unfinished.tolist(),
    )
