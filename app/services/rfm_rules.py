"""How an owner scores and names customers: cut points and segments, the program's or own ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.order_tables import Orders
from app.db.session import Database
from app.schemas.rfm import CutPointsGiven, RFMRuleOut, RFMRules, RFMRulesUpdate
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.rfm import CutPoints, Rule, Rules, default_rules, make_rules
from app.services import order_books
from app.services.accounts import Caller
from app.services.order_lines import UnusableOrders

CUT_POINTS, SEGMENTS = "rfm_cut_points", "rfm_segments"


def show(database: Database, caller: Caller, orders_id: int) -> RFMRules:
    with database.session(read_only=True) as session:
        orders = order_books.get(session, caller, orders_id)
    return _described(orders)


def update(database: Database, caller: Caller, orders_id: int, form: RFMRulesUpdate) -> RFMRules:
    """Keep what was given; what was left out stays as it is."""
    given: dict[str, Any] = {}
    if "cut_points" in form.model_fields_set:
        given[CUT_POINTS] = form.cut_points.model_dump() if form.cut_points is not None else None
        _check_cut_points(given[CUT_POINTS])
    if "segments" in form.model_fields_set:
        kept = None if form.segments is None else [each.model_dump() for each in form.segments]
        given[SEGMENTS] = kept
        _check_segments(kept)
    with database.session() as session:
        orders = order_books.get(session, caller, orders_id, lock=True)
        orders.settings = orders.settings | given
    return _described(orders)


def given_cut_points(orders: Orders) -> dict[str, CutPoints] | None:
    """Return the owner's own cut points, which hold for every snapshot."""
    kept = orders.settings.get(CUT_POINTS)
    return None if kept is None else cut_points_from(kept)


def rules_of(orders: Orders) -> Rules:
    kept = orders.settings.get(SEGMENTS)
    return default_rules() if kept is None else _rules(kept)


def cut_points_from(kept: Mapping[str, Sequence[float]]) -> dict[str, CutPoints]:
    return {
        name: CutPoints(tuple(edges), descending=name == "recency") for name, edges in kept.items()
    }


def _rules(kept: Sequence[Mapping[str, Any]]) -> Rules:
    return make_rules(
        [
            Rule(
                name=each["name"],
                recency=(each["recency"][0], each["recency"][1]),
                frequency=(each["frequency"][0], each["frequency"][1]),
            )
            for each in kept
        ]
    )


def _check_cut_points(given: Mapping[str, Sequence[float]] | None) -> None:
    for name, edges in (given or {}).items():
        try:
            CutPoints(tuple(edges))
        except DegenerateDataError as error:
            raise UnusableOrders(f"cut_points.{name}", "cut_points", str(error)) from error


def _check_segments(given: Sequence[Mapping[str, Any]] | None) -> None:
    try:
        if given is not None:
            _rules(given)
    except DegenerateDataError as error:
        raise UnusableOrders("segments", "segments", str(error)) from error


def _described(orders: Orders) -> RFMRules:
    cuts, kept = orders.settings.get(CUT_POINTS), orders.settings.get(SEGMENTS)
    rules = rules_of(orders)
    return RFMRules(
        cut_points=None if cuts is None else CutPointsGiven.model_validate(cuts),
        segments_are="default" if kept is None else "given",
        segments=[RFMRuleOut(**each) for each in kept] if kept is not None else _ranges(rules),
    )


def _ranges(rules: Rules) -> list[RFMRuleOut]:
    """Write rules as ranges again; the program's own are rectangles."""
    found = []
    for name in rules.names:
        cells = [cell for cell, of in rules.cells.items() if of == name]
        recency, frequency = {r for r, _ in cells}, {f for _, f in cells}
        found.append(
            RFMRuleOut(
                name=name,
                recency=[min(recency), max(recency)],
                frequency=[min(frequency), max(frequency)],
            )
        )
    return found
