"""Forecasts of a snapshot's customers: made once, and kept for every page that shows them."""

import hashlib
import json
from dataclasses import asdict

import numpy as np
from pydantic import TypeAdapter

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.forecasting import (
    Forecast,
    Terms,
    TooLittleHistory,
    forecast,
)
from app.segmentation.orders.lifetime.record import Record
from app.segmentation.orders.lifetime.simulation import Ranges
from app.segmentation.threads import single_threaded
from app.services.order_lines import UnusableOrders
from app.services.placed_orders import placed_for
from app.services.rfm import Scored
from app.storage.datasets import DatasetStore
from app.storage.forecasts import ForecastStore

METHOD = 1
"""To be raised where a forecast of the same lines would come out otherwise."""

_RECORD = TypeAdapter(Record)
_RANGES = ("orders", "money", "group_money", "total_money")


def make_forecast(store: DatasetStore, scored: Scored, terms: Terms) -> Forecast:
    """Forecast from the lines there are now, and keep what came out."""
    placed = placed_for(store, scored.orders, scored.snapshot, scored.frame)
    try:
        with single_threaded():
            made = forecast(
                placed.customer,
                placed.day,
                placed.money,
                group=scored.rfm.segment.astype(np.intp),
                as_of=0.0,
                terms=terms,
            )
    except TooLittleHistory as error:
        raise UnusableOrders("horizon", error.code, str(error)) from error
    except DegenerateDataError as error:
        raise UnusableOrders("horizon", "no_sound_model", str(error)) from error
    arrays = {"alive": made.alive, "orders": made.orders}
    if made.money is not None:
        arrays["money"] = made.money
    for name in _RANGES:
        drawn = getattr(made.ranges, name)
        if drawn is not None:
            arrays[f"range_{name}"] = drawn
    told = {"model": made.model, "record": asdict(made.record), "notes": made.notes}
    ForecastStore(store.root).save(scored.directory, _key(scored, terms), arrays, told)
    return made


def load_forecast(store: DatasetStore, scored: Scored, terms: Terms) -> Forecast | None:
    """Return a forecast that was made of these lines on these terms."""
    kept = ForecastStore(store.root).load(scored.directory, _key(scored, terms))
    if kept is None:
        return None
    arrays, told = kept
    drawn = {name: arrays.get(f"range_{name}") for name in _RANGES[1:]}
    return Forecast(
        model=told["model"],
        record=_RECORD.validate_python(told["record"]),
        alive=arrays["alive"],
        orders=arrays["orders"],
        money=arrays.get("money"),
        ranges=Ranges(orders=arrays["range_orders"], **drawn),
        notes=tuple((code, message) for code, message in told["notes"]),
    )


def _key(scored: Scored, terms: Terms) -> str:
    """Stand for the lines, how they count, the groups that are summed, and the terms."""
    orders = scored.orders
    parts = [
        METHOD,
        [[file.id, file.reading] for file in orders.files],
        orders.roles,
        orders.corrections,
        orders.settings,
        {name: cuts.edges for name, cuts in scored.rfm.cut_points.items()},
        [asdict(each) for each in scored.rfm.rules.ranges],
        asdict(terms),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]
