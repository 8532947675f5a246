"""What a snapshot of customers says: RFM, and the value still to come."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from app.routes.answers import errors
from app.routes.deps import ApiAnalyst, Id, ShortPage
from app.routes.orders import SnapshotsDep
from app.schemas.base import STORABLE
from app.schemas.order_views import ValueOut
from app.schemas.rfm import RFMCustomers, RFMOut
from app.services import order_views, rfm
from app.services.rfm import CutPointsFrom

router = APIRouter(prefix="/api/v1/snapshots", tags=["orders"])

Score = Annotated[int | None, Query(ge=1, le=5)]
CutPointsQuery = Annotated[
    CutPointsFrom,
    Query(description="Fifths of the first snapshot of these orders, or of its own customers"),
]
Horizon = Annotated[str, Query(pattern=r"^[1-9]\d{0,3}d$", description="Days ahead, `365d`")]
SegmentName = Annotated[Annotated[str, StringConstraints(max_length=100), STORABLE] | None, Query()]


@router.get("/{snapshot_id}/rfm", summary="Show the RFM grid", responses=errors(401, 403, 404))
def read_rfm(
    service: SnapshotsDep,
    caller: ApiAnalyst,
    snapshot_id: Id,
    cut_points: CutPointsQuery = "first",
) -> RFMOut:
    """Recency, frequency and money scored 1 to 5, and the 25 named cells of the first two.

    Cut points stay those of the first snapshot, so that no one is demoted by what others did.
    """
    return rfm.describe(rfm.score_snapshot(service, caller, snapshot_id, cut_points))


@router.get(
    "/{snapshot_id}/rfm/customers",
    summary="List customers of the RFM grid",
    responses=errors(401, 403, 404),
)
def read_rfm_customers(
    service: SnapshotsDep,
    caller: ApiAnalyst,
    snapshot_id: Id,
    page: ShortPage,
    recency: Score = None,
    frequency: Score = None,
    segment: SegmentName = None,
    cut_points: CutPointsQuery = "first",
) -> RFMCustomers:
    """Those of a cell or a segment, or all, by customer."""
    scored = rfm.score_snapshot(service, caller, snapshot_id, cut_points)
    table = rfm.members(scored, recency=recency, frequency=frequency, segment=segment)
    shown = table.iloc[page.skip : page.skip + (page.limit or 0)]
    return RFMCustomers.model_validate({"customers": shown.to_dict("records"), "total": len(table)})


@router.get(
    "/{snapshot_id}/value",
    summary="Forecast the value still to come",
    responses=errors(401, 403, 404, 422),
)
def read_value(
    service: SnapshotsDep,
    caller: ApiAnalyst,
    snapshot_id: Id,
    page: ShortPage,
    horizon: Horizon = "365d",
) -> ValueOut:
    """Orders and money expected of each customer and segment within the horizon.

    Never without `record`: how such forecasts did on the same customers' past, vs naive forecasts.
    Where there is too little history the answer is 422 with the reason; RFM is still given.
    """
    return order_views.value_of(
        service, caller, snapshot_id, horizon_days=int(horizon[:-1]), page=page
    )
