"""How an owner scores and names customers: cut points and segments, the program's or own ones."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.db.order_tables import Orders
from app.db.session import Database
from app.errors import BadRequest
from app.schemas.rfm import CutPointsGiven, RFMRuleOut, RFMRules, RFMRulesUpdate
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.rfm import CutPoints
from app.segmentation.orders.rfm_rules import (
    ALL,
    Range,
    Rule,
    Rules,
    default_rules,
    make_rules,
    read_rules,
)
from app.services import order_books
from app.services.accounts import Caller
from app.services.order_lines import UnusableOrders

CUT_POINTS, SEGMENTS = "rfm_cut_points", "rfm_segments"


def show(database: Database, caller: Caller, orders_id: int, file: Path) -> RFMRules:
    with database.session(read_only=True) as session:
        orders = order_books.get(session, caller, orders_id)
    return _described(orders, file)


def update(
    database: Database, caller: Caller, orders_id: int, form: RFMRulesUpdate, file: Path
) -> RFMRules:
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
    return _described(orders, file)


def given_cut_points(orders: Orders) -> dict[str, CutPoints] | None:
    """Return the owner's own cut points, which hold for every snapshot."""
    kept = orders.settings.get(CUT_POINTS)
    return None if kept is None else cut_points_from(kept)


def rules_of(orders: Orders, file: Path) -> Rules:
    """Return the rules given for these orders, else those of the file, else the program's own."""
    kept = orders.settings.get(SEGMENTS)
    return rules_of_file(file) if kept is None else _rules(kept)


def rules_of_file(file: Path) -> Rules:
    """Return the rules in a file that may change while the program runs; its own without one."""
    try:
        changed = file.stat().st_mtime_ns
    except FileNotFoundError:
        return default_rules()
    try:
        return _read(file, changed)
    except (DegenerateDataError, OSError, UnicodeError) as error:
        raise BadRequest(f"{file.name}: {error}", code="rfm_rules_file") from error


@lru_cache(maxsize=2)
def _read(file: Path, changed: int) -> Rules:
    """Read a file again once it was changed."""
    return read_rules(file.read_text(encoding="utf-8"))


def cut_points_from(kept: Mapping[str, Sequence[float]]) -> dict[str, CutPoints]:
    return {
        name: CutPoints(tuple(edges), descending=name == "recency") for name, edges in kept.items()
    }


def _rules(kept: Sequence[Mapping[str, Any]]) -> Rules:
    # Rules that were kept before money had a range take any.
    return make_rules(
        [
            Rule(
                name=each["name"],
                recency=_range(each["recency"]),
                frequency=_range(each["frequency"]),
                monetary=_range(each.get("monetary", ALL)),
            )
            for each in kept
        ]
    )


def _range(ends: Sequence[int]) -> Range:
    return ends[0], ends[1]


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


def _described(orders: Orders, file: Path) -> RFMRules:
    cuts, kept = orders.settings.get(CUT_POINTS), orders.settings.get(SEGMENTS)
    return RFMRules(
        cut_points=None if cuts is None else CutPointsGiven.model_validate(cuts),
        segments_are="default" if kept is None else "given",
        segments=[
            RFMRuleOut(
                name=each.name,
                recency=list(each.recency),
                frequency=list(each.frequency),
                monetary=list(each.monetary),
            )
            for each in rules_of(orders, file).ranges
        ],
    )
