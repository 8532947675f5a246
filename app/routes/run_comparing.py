"""What is different in another run of the same table."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.routes.answers import errors
from app.routes.deps import ApiUser
from app.routes.run_views import ReadableRun, Views
from app.schemas.base import MAX_DATABASE_ID
from app.schemas.models import RunComparison
from app.services.comparing import compare_runs as compare_both

router = APIRouter(prefix="/api/v1/clustering", tags=["clustering"])


@router.get(
    "/runs/{run_id}/compare",
    summary="Compare two runs",
    responses=errors(400, 401, 404),
)
def compare_runs(
    views: Views,
    caller: ApiUser,
    run: ReadableRun,
    against: Annotated[int, Query(ge=1, le=MAX_DATABASE_ID, description="The run to compare with")],
) -> RunComparison:
    """Both runs must be of the same table; customers are matched from `against` to this run.

    Segments are matched as those of model versions are. A customer in the segment that theirs
    became has not moved; where one run divides the segments of the other, as another cut of a
    tree does, `refinement` says so, and no part of a segment has moved. `adjusted_rand_index`
    is 1 where both runs group the customers alike.
    """
    return compare_both(views, run, views.open(caller, against))
