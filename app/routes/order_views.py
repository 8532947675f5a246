"""What orders say of their customers over time, and how those are scored and named."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from app.routes.answers import errors
from app.routes.deps import ApiAnalyst, Id, ResourcesDep, ShortPage
from app.routes.orders import OrdersDep, SnapshotsDep
from app.schemas.base import MAX_DATABASE_ID, STORABLE
from app.schemas.order_movement import MigrationOut, MoveMembers
from app.schemas.order_views import CohortsOut
from app.schemas.rfm import RFMRules, RFMRulesUpdate
from app.segmentation.orders.cohorts import Measure, Period
from app.services import order_movement, order_views, rfm_rules
from app.services.order_movement import By, DaysCompared
from app.services.segmentations.views import RunViews

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])

SegmentName = Annotated[Annotated[str, StringConstraints(max_length=200), STORABLE] | None, Query()]


async def get_run_views(resources: ResourcesDep) -> RunViews:
    return resources.run_views


RunViewsDep = Annotated[RunViews, Depends(get_run_views)]


async def get_comparison(
    from_day: Annotated[date, Query(alias="from", description="The earlier day")],
    to_day: Annotated[date, Query(alias="to", description="The later day")],
    by: Annotated[
        By, Query(description="RFM segments, or the 25 cells of recency and frequency")
    ] = "segments",
    run_id: Annotated[
        int | None,
        Query(
            ge=1,
            le=MAX_DATABASE_ID,
            description="Place the customers of both days by this run of a snapshot instead",
        ),
    ] = None,
    window: Annotated[
        str | None, Query(pattern=r"^[1-9]\d{0,4}d$", description="Days that count, `365d`")
    ] = None,
) -> DaysCompared:
    return DaysCompared(from_day=from_day, to_day=to_day, by=by, run_id=run_id, window=window)


ComparisonDep = Annotated[DaysCompared, Depends(get_comparison)]


@router.get("/{orders_id}/cohorts", summary="Show cohorts", responses=errors(401, 403, 404, 422))
def read_cohorts(
    service: SnapshotsDep,
    caller: ApiAnalyst,
    orders_id: Id,
    by: Period = "month",
    measure: Measure = "customers",
) -> CohortsOut:
    """Customers by the period of their first order, and what they did in each period since."""
    return order_views.cohorts(service, caller, orders_id, by=by, measure=measure)


@router.get(
    "/{orders_id}/migration", summary="Show who moved", responses=errors(401, 403, 404, 422)
)
def read_migration(
    service: SnapshotsDep,
    views: RunViewsDep,
    caller: ApiAnalyst,
    orders_id: Id,
    asked: ComparisonDep,
) -> MigrationOut:
    """From one segment to another between two days, in customers and money.

    Both days are scored by your cut points, else by those of the first snapshot, else by the
    earlier day's; with `run_id` both are placed by that run. A move lists its first 1,000 members.
    """
    return order_movement.movement(service, views, caller, orders_id, asked)


@router.get(
    "/{orders_id}/migration/customers",
    summary="List who moved",
    responses=errors(401, 403, 404, 422),
)
def read_movers(
    service: SnapshotsDep,
    views: RunViewsDep,
    caller: ApiAnalyst,
    orders_id: Id,
    asked: ComparisonDep,
    page: ShortPage,
    source: SegmentName = None,
    target: SegmentName = None,
) -> MoveMembers:
    """The customers of one move, of all from a segment or to one, or all, by customer."""
    return order_movement.movers(
        service, views, caller, orders_id, asked, source=source, target=target, page=page
    )


@router.get("/{orders_id}/rfm-rules", summary="Show RFM rules", responses=errors(401, 403, 404))
def read_rules(service: OrdersDep, caller: ApiAnalyst, orders_id: Id) -> RFMRules:
    """The cut points and the segments by which customers of these orders are scored."""
    return rfm_rules.show(service.database, caller, orders_id, service.rules_file)


@router.put(
    "/{orders_id}/rfm-rules",
    summary="Change RFM rules",
    responses=errors(401, 403, 404, 422, body=True),
)
def update_rules(
    service: OrdersDep, caller: ApiAnalyst, orders_id: Id, form: RFMRulesUpdate
) -> RFMRules:
    """Own cut points hold for every snapshot; own segments have to name each cell once.

    Cells are combinations of the scores of recency, frequency and money; a segment without
    `monetary` takes any.

    What is left out stays as it is; `null` goes back to the program's.
    """
    return rfm_rules.update(service.database, caller, orders_id, form, service.rules_file)
