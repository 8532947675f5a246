"""Looking into a segmentation: its customers, one segment, one customer, what to do."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from app.routes.answers import errors
from app.routes.clustering import RunTurn
from app.routes.deps import ApiUser, ResourcesDep, Search
from app.routes.downloads import attachment
from app.routes.run_views import XLSX
from app.routes.segmentations import LastingId, SegmentationRef
from app.schemas.base import MAX_DATABASE_ID, STORABLE
from app.schemas.customers import CustomerPage, CustomerView
from app.schemas.insights import Insights
from app.schemas.placements import PlacementForm
from app.schemas.segment_views import SegmentView
from app.services.segmentations.customer_files import as_csv, as_parquet, as_workbook
from app.services.segmentations.customer_query import WantedCustomers
from app.services.segmentations.customers import CustomerList
from app.services.segmentations.forms import form_of
from app.services.segmentations.insights import insights_of
from app.services.segmentations.looked import Looked
from app.services.segmentations.looking import segment_of
from app.services.segmentations.one_customer import customer_of
from app.services.segmentations.opening import check_customers, words_for

router = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"])

PARQUET = "application/vnd.apache.parquet"
CUSTOMERS_SHOWN = 50
FILES: dict[str, tuple[str, Callable[[CustomerList], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": (XLSX, as_workbook),
    "parquet": (PARQUET, as_parquet),
}

Version = Annotated[
    int | None,
    Query(ge=1, le=MAX_DATABASE_ID, description="A version's number; the active one by default"),
]
Line = Annotated[str, StringConstraints(max_length=2_000), STORABLE]
Lines = Annotated[list[Line] | None, Query(max_length=50)]
Confidence = Annotated[int | None, Query(ge=0, le=100)]


def get_looked(
    resources: ResourcesDep,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    version: Version = None,
) -> Looked:
    return resources.opening.look_into(caller, segmentation_id, version)


LookedInto = Annotated[Looked, Depends(get_looked)]


async def get_customers(caller: ApiUser, looked: LookedInto) -> Looked:
    check_customers(caller, looked)
    return looked


WithCustomers = Annotated[Looked, Depends(get_customers)]


async def get_wanted(
    segment: Annotated[
        list[int] | None,
        Query(max_length=50, description="Lasting ids of segments; -1 for customers in none"),
    ] = None,
    where: Annotated[
        list[Line] | None, Query(max_length=50, description="`column:operator:value`")
    ] = None,
    q: Search = None,
    sort: Annotated[Line | None, Query(description="A column, with `-` before it turned")] = None,
    min_confidence: Confidence = None,
    max_confidence: Confidence = None,
    outlier: bool | None = None,
    moved_since: Annotated[
        int | None,
        Query(ge=1, le=MAX_DATABASE_ID, description="Were in another segment in this version"),
    ] = None,
    fields: Annotated[
        list[Line] | None, Query(max_length=2_000, description="Columns to show; all by default")
    ] = None,
) -> WantedCustomers:
    return WantedCustomers(
        segments=tuple(segment or ()),
        where=tuple(where or ()),
        q=q,
        sort=sort,
        min_confidence=min_confidence,
        max_confidence=max_confidence,
        outlier=outlier,
        moved_since=moved_since,
        fields=None if fields is None else tuple(fields),
    )


def _content() -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"text/csv": {}, XLSX: {}, PARQUET: {}}}}


@router.get(
    "/{segmentation_id}/customers",
    response_model=CustomerPage,
    summary="List customers",
    responses=errors(400, 401, 404, 422) | _content(),
)
def list_customers(
    resources: ResourcesDep,
    caller: ApiUser,
    looked: WithCustomers,
    wanted: Annotated[WantedCustomers, Depends(get_wanted)],
    cursor: Annotated[Line | None, Query(description="`next_cursor` of the page before")] = None,
    limit: Annotated[
        int, Query(ge=0, description="Maximum number of rows; lowered to the server's limit")
    ] = CUSTOMERS_SHOWN,
    format: Annotated[Literal["json", "csv", "xlsx", "parquet"], Query()] = "json",
) -> Response:
    """Returns customers by page, in the table's order or sorted by `sort`.

    `where` may be repeated; a customer has to meet all filters. Operators are `eq`, `ne`, `in`
    (values with commas between), `lt`, `le`, `gt`, `ge`, `between` (`10..20`, open at either end),
    `contains`, `missing` and `present`; a day without a time is the whole of it. `q` looks in every
    text. `sort` takes any column, `identifier`, `row`, `segment`, `confidence`, `probability` or
    `outlier`; `values.` before a column's name says that it is the table's. As a file the whole
    list comes at once. Who may not see the dataset sees, and asks for, the identifier and the
    columns that were used. The core's customers are those of the file that the version was trained
    on, and are for analysts.
    """
    moved_since = wanted.moved_since
    before = None
    if moved_since is not None:
        before = resources.opening.another(caller, looked, moved_since)
    customers = CustomerList(looked, wanted, before)
    if format == "json":
        page = customers.page(cursor, min(limit, resources.settings.max_page_size))
        return Response(page.model_dump_json(), media_type="application/json")
    media_type, written = FILES[format]
    return StreamingResponse(
        written(customers),
        media_type=media_type,
        headers=attachment(
            looked.segmentation.name, "customers", looked.created_at.date(), ending=format
        ),
    )


@router.get(
    "/{segmentation_id}/customers/{identifier:path}",
    summary="Show one customer",
    responses=errors(400, 401, 404, 422),
)
def read_customer(
    resources: ResourcesDep,
    caller: ApiUser,
    looked: WithCustomers,
    identifier: Annotated[Line, Path(description="As in the list; the row's number without one")],
) -> CustomerView:
    """Says why the customer is in their segment, and which change would move them.

    Distances and chances are given for each segment, with the three columns that speak most for
    the own one, the smallest change of one column that would move the customer, and where they
    were in each version.
    """
    return customer_of(looked, identifier, resources.opening.all_versions(caller, looked))


@router.get(
    "/{segmentation_id}/segments/{lasting_id}",
    dependencies=[RunTurn],
    summary="Show one segment",
    responses=errors(400, 401, 404, 422),
)
def read_segment(
    resources: ResourcesDep,
    caller: ApiUser,
    looked: WithCustomers,
    lasting_id: LastingId,
) -> SegmentView:
    """Returns everything about a segment: how it differs from the rest, its rule, who is in it.

    `columns` compare it with all other customers in the same bins. `typical` are its customers
    nearest to its center, `borderline` those nearest to another one.
    """
    versions = resources.opening.all_versions(caller, looked)
    return segment_of(looked, lasting_id, words_for(looked, lasting_id), versions)


@router.get(
    "/{segmentation_id}/insights",
    dependencies=[RunTurn],
    summary="Say what to do, what matters, and the rules",
    responses=errors(400, 401, 404, 422),
)
def read_insights(looked: LookedInto) -> Insights:
    """Returns what `/api/analyze` and `/api/recommendations` say, of any version.

    What a version was trained without is measured when it is first asked for, and kept.
    """
    return insights_of(looked)


@router.get(
    "/{segmentation_id}/form",
    summary="Get the columns of a customer to place",
    responses=errors(400, 401, 404, 422),
)
def read_form(looked: LookedInto) -> PlacementForm:
    """Returns the columns that placing needs, with ranges and choices from the version's table."""
    return form_of(looked)
