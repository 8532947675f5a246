"""What segments tell about a column that they were not made from."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.routes.answers import errors
from app.routes.clustering import RunTurn
from app.routes.run_views import ReadableRun, Views
from app.routes.segmentation_customers import LookedInto
from app.schemas.usefulness import UsefulnessOut
from app.services.segmentations.looked import LookedRun
from app.services.segmentations.usefulness import usefulness

router = APIRouter(prefix="/api/v1/clustering", tags=["clustering"])
of_versions = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"])

Outcome = Annotated[str, Query(description="One that the segments were not made from: churn")]
Value = Annotated[
    str | None, Query(description="The category to compare; chosen for you by default")
]


@router.get(
    "/segments/{run_id}/usefulness",
    dependencies=[RunTurn],
    summary="Compare another column between segments",
    responses=errors(400, 401, 404),
)
def read_usefulness(
    views: Views, run: ReadableRun, column: Outcome, value: Value = None
) -> UsefulnessOut:
    """Shares of a category, or means of a number, for each segment with 95% intervals.

    `association_held_out` and `explained_by_segments` are measured on customers whose values were
    not used, and `explained_by_model` shows what a decision tree reaches there on the columns that
    the segments were made from. Nothing of this plays a part in choosing segments.
    """
    return usefulness(LookedRun(views, run), column, value)


@of_versions.get(
    "/{segmentation_id}/usefulness",
    dependencies=[RunTurn],
    summary="Compare another column between a version's segments",
    responses=errors(400, 401, 404),
)
def read_usefulness_of_a_version(
    looked: LookedInto, column: Outcome, value: Value = None
) -> UsefulnessOut:
    """The same of a version, the active one by default."""
    return usefulness(looked, column, value)
