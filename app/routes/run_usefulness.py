"""What a run's segments tell about a column that they were not made from."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.routes.answers import errors
from app.routes.clustering import RunTurn
from app.routes.run_views import ReadableRun, Views
from app.schemas.usefulness import UsefulnessOut
from app.services.segmentations.usefulness import usefulness

router = APIRouter(prefix="/api/v1/clustering", tags=["clustering"])


@router.get(
    "/segments/{run_id}/usefulness",
    dependencies=[RunTurn],
    summary="Compare another column between segments",
    responses=errors(400, 401, 404),
)
def read_usefulness(
    views: Views,
    run: ReadableRun,
    column: Annotated[str, Query(description="One that the run did not use, such as churn")],
    value: Annotated[
        str | None, Query(description="The category to compare; chosen for you by default")
    ] = None,
) -> UsefulnessOut:
    """Shares of a category, or means of a number, for each segment with 95% intervals.

    `association_held_out` and `explained_by_segments` are measured on customers whose values were
    not used, and `explained_by_model` shows what a decision tree reaches there on the columns that
    the segments were made from. Nothing of this plays a part in choosing segments.
    """
    return usefulness(views, run, column, value)
