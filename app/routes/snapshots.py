"""What a snapshot of customers says: RFM, value still to come, rhythm, who brings the money."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints

from app.db.tables import Job
from app.routes.answers import errors
from app.routes.deps import ApiAnalyst, Id, PreferAsync, ShortPage
from app.routes.jobs import JOB_ANSWER, accepted
from app.routes.orders import SnapshotsDep
from app.schemas.base import STORABLE
from app.schemas.order_value import ValueOut
from app.schemas.order_views import ConcentrationOut, LeavingOut, NextOrderOut
from app.schemas.rfm import RFMCustomers, RFMOut
from app.segmentation.orders.lifetime.forecasting import Terms
from app.services import leaving, order_value, order_views, rfm
from app.services.rfm import CutPointsFrom

router = APIRouter(prefix="/api/v1/snapshots", tags=["orders"])

Score = Annotated[int | None, Query(ge=1, le=5)]
CutPointsQuery = Annotated[
    CutPointsFrom,
    Query(
        description="`kept`: yours, else those of the first snapshot of these orders; `first`: "
        "those of the first snapshot; `own`: fifths of this snapshot's customers"
    ),
]
Horizon = Annotated[str, Query(pattern=r"^[1-9]\d{0,3}d$", description="Days ahead, `365d`")]
SegmentName = Annotated[Annotated[str, StringConstraints(max_length=100), STORABLE] | None, Query()]
Margin = Annotated[float, Query(gt=0, le=1, description="Share of the money that is kept")]
Discount = Annotated[
    float, Query(ge=0, le=10, description="By how much money is worth less per year, `0.1`")
]


@router.get("/{snapshot_id}/rfm", summary="Show the RFM grid", responses=errors(401, 403, 404))
def read_rfm(
    service: SnapshotsDep,
    caller: ApiAnalyst,
    snapshot_id: Id,
    cut_points: CutPointsQuery = "kept",
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
    monetary: Score = None,
    segment: SegmentName = None,
    cut_points: CutPointsQuery = "kept",
) -> RFMCustomers:
    """Those of a cell or a segment, or all, by customer."""
    scored = rfm.score_snapshot(service, caller, snapshot_id, cut_points)
    table = rfm.members(
        scored, recency=recency, frequency=frequency, monetary=monetary, segment=segment
    )
    shown = table.iloc[page.skip : page.skip + (page.limit or 0)]
    return RFMCustomers.model_validate({"customers": shown.to_dict("records"), "total": len(table)})


@router.get(
    "/{snapshot_id}/value",
    summary="Forecast the value still to come",
    response_model=ValueOut,
    responses=errors(401, 403, 404, 422) | JOB_ANSWER,
)
def read_value(
    service: SnapshotsDep,
    caller: ApiAnalyst,
    snapshot_id: Id,
    page: ShortPage,
    prefer_async: PreferAsync,
    horizon: Horizon = "365d",
    margin: Margin = 1.0,
    discount: Discount = 0.0,
) -> ValueOut | Response:
    """Orders and money expected of each customer and segment within the horizon.

    Never without `record`: how such forecasts did on the same customers' past, vs naive forecasts.
    Where there is too little history the answer is 422 with the reason; RFM is still given. Of
    very many customers, and with `Prefer: respond-async`, the first answer is a job: ask again
    once it is done.
    """
    terms = Terms(horizon=float(horizon[:-1]), margin=margin, discount=discount)
    found = order_value.value_of(
        service, caller, snapshot_id, terms=terms, page=page, prefer_async=prefer_async
    )
    return accepted(found) if isinstance(found, Job) else found


@router.get(
    "/{snapshot_id}/concentration",
    summary="Show who brings the money",
    responses=errors(401, 403, 404, 422),
)
def read_concentration(
    service: SnapshotsDep, caller: ApiAnalyst, snapshot_id: Id
) -> ConcentrationOut:
    """The Lorenz curve of the customers' money, and the shares of the top customers."""
    return order_views.concentrated(service, caller, snapshot_id)


@router.get(
    "/{snapshot_id}/next-order",
    summary="Show the time to the next order",
    responses=errors(401, 403, 404, 422),
)
def read_next_order(service: SnapshotsDep, caller: ApiAnalyst, snapshot_id: Id) -> NextOrderOut:
    """How soon customers order again after their first order, their second and later ones.

    Estimated by Kaplan and Meier's method, which counts those who may still order as waiting.
    """
    return order_views.next_orders(service, caller, snapshot_id)


@router.get(
    "/{snapshot_id}/leaving",
    summary="List customers likely to leave",
    responses=errors(401, 403, 404, 422),
)
def read_leaving(
    service: SnapshotsDep,
    caller: ApiAnalyst,
    snapshot_id: Id,
    page: ShortPage,
    overdue: Annotated[
        float, Query(gt=0, le=1000, description="At least this many of their own usual gaps")
    ] = 2.0,
    horizon: Annotated[
        str, Query(pattern=r"^[1-9]\d{0,3}d$", description="Days in which they could come back")
    ] = "180d",
) -> LeavingOut:
    """Customers whose last order is long ago by the measure of their own rhythm.

    With the record: how many customers as overdue did not come back when the same was asked of an
    earlier day.
    """
    return leaving.leaving(
        service,
        caller,
        snapshot_id,
        overdue_from=overdue,
        horizon_days=int(horizon[:-1]),
        page=page,
    )
