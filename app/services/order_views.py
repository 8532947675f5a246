"""What orders say of their customers over time, and who brings the money."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from app.schemas.order_views import (
    CohortsOut,
    ConcentrationOut,
    NextOrderOut,
    NextOrderStep,
    TopShare,
    WithinDays,
)
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.cohorts import Measure, Period, cohorts_of_orders
from app.segmentation.orders.concentration import concentration
from app.segmentation.orders.rhythm import STEPS, NextOrder, times_to_next_order
from app.services import order_books, snapshots
from app.services.accounts import Caller
from app.services.order_lines import UnusableOrders, plan_of, roles_of
from app.services.placed_orders import placed_for, read_placed
from app.services.snapshot_making import money_of
from app.services.snapshots import SnapshotService

TOP_PARTS = (0.01, 0.05, 0.1, 0.2, 0.5)
WITHIN_DAYS = (7, 14, 30, 60, 90, 180, 365)
CURVE_POINTS = 101


def cohorts(
    service: SnapshotService, caller: Caller, orders_id: int, *, by: Period, measure: Measure
) -> CohortsOut:
    """Follow customers from the period of their first order on."""
    with service.database.session(read_only=True) as session:
        orders = order_books.get(session, caller, orders_id)
    plan = plan_of(roles_of(orders), orders.settings)
    placed = read_placed(service.datasets.store, orders, plan)
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


def concentrated(service: SnapshotService, caller: Caller, snapshot_id: int) -> ConcentrationOut:
    """Measure how much of the money the top customers bring."""
    with service.database.session(read_only=True) as session:
        snapshot, _, dataset = snapshots.get(session, caller, snapshot_id)
    frame = service.customers(dataset)
    money = money_of(frame)
    if money is None:
        raise UnusableOrders("measure", "no_money", "These orders have no amounts.")
    try:
        found = concentration(money.to_numpy(dtype=np.float64))
    except DegenerateDataError as error:
        raise UnusableOrders("measure", "no_money", str(error)) from error
    total = found.total
    shown = _thinned(len(found.customers))
    return ConcentrationOut(
        snapshot_id=snapshot.id,
        as_of=snapshot.as_of,
        currency=snapshot.currency,
        customers=len(frame),
        money=round(total, 2),
        gini=round(found.gini, 4),
        top=[
            TopShare(
                part=part,
                customers=round(part * len(frame)),
                money=round(found.share_of_top(part) * total, 2),
                share_of_money=round(found.share_of_top(part), 4),
            )
            for part in TOP_PARTS
        ],
        curve=[
            [round(float(found.customers[i]), 4), round(float(found.money[i]), 4)] for i in shown
        ],
    )


def next_orders(service: SnapshotService, caller: Caller, snapshot_id: int) -> NextOrderOut:
    """Estimate how long customers take until they order again."""
    with service.database.session(read_only=True) as session:
        snapshot, orders, dataset = snapshots.get(session, caller, snapshot_id)
    placed = placed_for(service.datasets.store, orders, snapshot, service.customers(dataset))
    try:
        steps = times_to_next_order(placed.customer, placed.day, as_of=0.0)
    except DegenerateDataError as error:
        raise UnusableOrders("orders", "no_orders", str(error)) from error
    return NextOrderOut(
        snapshot_id=snapshot.id, as_of=snapshot.as_of, steps=[_step(each) for each in steps]
    )


def _step(step: NextOrder) -> NextOrderStep:
    shares = {days: step.share_within(days) for days in WITHIN_DAYS}
    return NextOrderStep(
        after=step.after,
        or_later=step.after == STEPS,
        waits=step.waits,
        ordered_again=step.ordered_again,
        median_days=step.median_days,
        within=[
            WithinDays(days=days, share=None if share is None else round(share, 4))
            for days, share in shares.items()
        ],
        curve=[
            [float(step.days[i]), round(float(step.share[i]), 4)] for i in _thinned(len(step.days))
        ],
    )


def _thinned(n_points: int) -> Sequence[int]:
    """Choose the points of a curve that are sent: enough for a picture, both ends among them."""
    chosen = np.linspace(0, n_points - 1, min(n_points, CURVE_POINTS)).round().astype(int)
    return [*dict.fromkeys(chosen.tolist())]
