"""The value that a snapshot's customers will still bring, with the record of such forecasts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from app.db.order_tables import Snapshot
from app.db.tables import Job
from app.errors import NotFound
from app.schemas.order_value import (
    CustomerValue,
    ForecastRecord,
    ForecastScore,
    ForecastWinners,
    MoneyRecord,
    SegmentValue,
    ValueOut,
)
from app.schemas.orders import OrderNote
from app.segmentation.orders.lifetime.forecasting import Forecast, Terms
from app.segmentation.orders.lifetime.record import Record
from app.segmentation.orders.lifetime.scores import ForecastTrial, winners
from app.services.accounts import Caller
from app.services.forecasts import load_forecast, make_forecast
from app.services.job_work import Outcome, Progress, Tools
from app.services.paging import Page
from app.services.rfm import Scored, score_of, score_snapshot
from app.services.snapshots import SnapshotService

CUSTOMERS_HERE = 50_000
"""Customers whose forecast a request waits for, some seconds; more are a job."""


def value_of(
    service: SnapshotService,
    caller: Caller,
    snapshot_id: int,
    *,
    terms: Terms,
    page: Page,
    prefer_async: bool = False,
) -> ValueOut | Job:
    """Forecast orders and money, with the record of such forecasts; what was made is kept."""
    scored = score_snapshot(service, caller, snapshot_id)
    store = service.datasets.store
    made = load_forecast(store, scored, terms)
    if made is None:
        if prefer_async or len(scored.frame) > CUSTOMERS_HERE:
            arguments = {"snapshot_id": snapshot_id, **asdict(terms)}
            return service.jobs.submit(caller, "value", value_work, arguments)
        made = make_forecast(store, scored, terms)
    return _described(scored, made, terms, page)


def value_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Make a forecast in a worker; the next request for it finds it."""
    order = ForecastOrder.model_validate(arguments)
    with tools.database.session(read_only=True) as session:
        snapshot = session.get(Snapshot, order.snapshot_id)
        if snapshot is None:
            raise NotFound("Snapshot not found")
        scored = score_of(session, tools.tables, snapshot, tools.rfm_rules_file)
    report("forecasting orders and money", 10)
    make_forecast(tools.tables, scored, order.terms)
    return Outcome(store=lambda _: {"value_of": order.model_dump()}, discard=lambda: None)


class ForecastOrder(BaseModel):
    """Which forecast is to be made; it travels to a worker."""

    snapshot_id: int
    horizon: float
    margin: float
    discount: float

    @property
    def terms(self) -> Terms:
        return Terms(horizon=self.horizon, margin=self.margin, discount=self.discount)


def _described(scored: Scored, made: Forecast, terms: Terms, page: Page) -> ValueOut:
    snapshot = scored.snapshot
    step = _step(made)
    total_low, total_high = _widened(made.ranges.total_money, made.record.doubt, step)
    return ValueOut(
        snapshot_id=snapshot.id,
        as_of=snapshot.as_of,
        horizon_days=int(terms.horizon),
        margin=terms.margin,
        discount=terms.discount,
        currency=snapshot.currency,
        model=made.model,
        record=_record(made.record, scored),
        notes=[OrderNote(code=code, message=message) for code, message in made.notes],
        expected_orders=round(float(made.orders.sum()), 2),
        expected_money=_rounded(None if made.money is None else made.money.sum(), step),
        money_low=total_low,
        money_high=total_high,
        money_rounded_to=step,
        segments=_segments(scored, made, step),
        customers=_customers(scored, made, page),
        total=len(scored.frame),
    )


def _segments(scored: Scored, made: Forecast, step: float | None) -> list[SegmentValue]:
    found = []
    for i, name in enumerate(scored.rfm.rules.names):
        here = scored.rfm.segment == i
        if not here.any():
            continue
        ranges = made.ranges.group_money
        low, high = _widened(None if ranges is None else ranges[:, i], made.record.doubt, step)
        found.append(
            SegmentValue(
                segment=name,
                customers=int(here.sum()),
                expected_orders=round(float(made.orders[here].sum()), 2),
                expected_money=_rounded(
                    None if made.money is None else made.money[here].sum(), step
                ),
                money_low=low,
                money_high=high,
            )
        )
    return found


def _customers(scored: Scored, made: Forecast, page: Page) -> list[CustomerValue]:
    ids, names = scored.frame["customer_id"], scored.segment_names
    orders, money = made.ranges.orders, made.ranges.money

    def cents(values: NDArray[np.float64] | None, i: int) -> float | None:
        return None if values is None else round(float(values[i]), 2)

    return [
        CustomerValue(
            customer_id=str(ids.iloc[i]),
            segment=str(names[i]),
            alive=round(float(made.alive[i]), 4),
            expected_orders=round(float(made.orders[i]), 4),
            orders_low=float(orders[0, i]),
            orders_high=float(orders[1, i]),
            expected_money=cents(made.money, i),
            money_low=cents(None if money is None else money[0], i),
            money_high=cents(None if money is None else money[1], i),
        )
        for i in range(len(ids))[page.skip : page.skip + (page.limit or 0)]
    ]


def _record(record: Record, scored: Scored) -> ForecastRecord:
    as_of = scored.snapshot.as_of
    money = None
    if record.money:
        money = MoneyRecord(scores=_scores(record.money), winners=_winners(record.money))
    return ForecastRecord(
        made_at=as_of + timedelta(days=record.made_at),
        until=as_of,
        n_customers=record.n_customers,
        chosen=record.chosen,
        best=record.best,
        scores=_scores(record.scores),
        winners=_winners(record.scores),
        money=money,
    )


def _scores(scores: Sequence[ForecastTrial]) -> list[ForecastScore]:
    return [
        ForecastScore.model_validate(
            {
                name: None if isinstance(part, float) and np.isnan(part) else part
                for name, part in asdict(each).items()
            }
        )
        for each in scores
    ]


def _winners(scores: Sequence[ForecastTrial]) -> ForecastWinners:
    best = winners(scores)
    return ForecastWinners(
        total_error=best["total_error"].name,
        decile_error=best["decile_error"].name,
        top_found=best["top_found"].name,
    )


def _step(made: Forecast) -> float | None:
    """Give the power of ten that the record's error of the total leaves sure of the money."""
    if made.money is None:
        return None
    doubt = max(made.record.doubt * float(made.money.sum()), 0.01)
    return float(10.0 ** np.floor(np.log10(doubt)))


def _rounded(amount: float | None, step: float | None) -> float | None:
    if amount is None or step is None:
        return None
    return float(round(round(float(amount) / step) * step, 2))


def _widened(
    drawn: NDArray[np.float64] | None, doubt: float, step: float | None
) -> tuple[float | None, float | None]:
    """Widen the range of simulated sums by the error that forecasts had on the record."""
    if drawn is None:
        return None, None
    return _rounded(drawn[0] * max(1 - doubt, 0), step), _rounded(drawn[1] * (1 + doubt), step)
