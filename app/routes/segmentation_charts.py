"""What the charts of a segmentation are drawn from."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.routes.answers import errors
from app.routes.clustering import RunTurn
from app.routes.packing import PackingDep
from app.routes.segmentation_customers import Line, LookedInto, WithCustomers
from app.schemas.charted import ChartedColumn, ColumnBySegment, CustomerPoints
from app.services.segmentations.charted import by_segment, columns_of, points_of

router = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"])

Column = Annotated[Line, Query(description="Any column that you may see")]


@router.get(
    "/{segmentation_id}/columns",
    summary="List a version's columns",
    responses=errors(400, 401, 404, 422),
)
def list_columns(looked: LookedInto) -> list[ChartedColumn]:
    """Returns the columns of the version's table that can be shown by segment.

    Who may not see the dataset sees the columns that were used.
    """
    return columns_of(looked)


@router.get(
    "/{segmentation_id}/distribution",
    dependencies=[RunTurn],
    summary="Show a column by segment",
    responses=errors(400, 401, 404, 422),
)
def read_distribution(looked: LookedInto, column: Column) -> ColumnBySegment:
    """Counts the column's values in each segment; it need not have been used to find them."""
    return by_segment(looked, column)


@router.get(
    "/{segmentation_id}/points",
    response_model=CustomerPoints,
    dependencies=[RunTurn],
    summary="Show customers by two columns",
    responses=errors(400, 401, 403, 404, 422),
)
def read_points(looked: WithCustomers, packing: PackingDep, x: Column, y: Column) -> Response:
    """Returns up to 5,000 customers with a value in both columns, of numbers or dates.

    The core's customers are for analysts.
    """
    return packing.packed(points_of(looked, x, y))
