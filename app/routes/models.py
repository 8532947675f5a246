"""Model versions: looking at them, comparing them, and rolling back."""

from collections.abc import AsyncIterator
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Response

from app.routes.answers import errors
from app.routes.deps import (
    ApiAnalyst,
    ApiUser,
    Id,
    PreferAsync,
    ResourcesDep,
    Transaction,
    WholePage,
    require_analyst,
)
from app.routes.jobs import JOB_ANSWER, accepted
from app.schemas.base import MAX_DATABASE_ID
from app.schemas.models import Comparison, DriftOut, ModelDetail, ModelList, ModelSummary, Points
from app.services import comparing, drifting, validating, versions


async def _activation_turn() -> AsyncIterator[None]:
    """Wait for a training that runs without holding a thread."""
    yield


ActivationTurn = Depends(_activation_turn, scope="function", max_concurrency=1)

router = APIRouter(prefix="/api/v1/models", tags=["models"])


@router.get("", summary="List model versions", responses=errors(401, 403))
def list_models(transaction: Transaction, _analyst: ApiAnalyst, page: WholePage) -> ModelList:
    """Every successfully trained version, newest first."""
    with transaction() as session:
        rows, total = versions.list_versions(session, page)
    return ModelList(models=[ModelSummary.model_validate(row) for row in rows], total=total)


@router.get(
    "/{version}",
    response_model=ModelDetail,
    summary="Show a model version",
    responses=errors(400, 401, 403, 404) | JOB_ANSWER,
)
async def read_model(
    resources: ResourcesDep,
    analyst: ApiAnalyst,
    version: Id,
    prefer_async: PreferAsync,
    with_validation: Annotated[bool, Query(alias="validate")] = False,
) -> ModelDetail | Response:
    """Returns its segments, its scores per number of segments, and which segments were kept.

    With `validate=true` also whether the segments are real: structure, stability of each, how
    sure their number is, and rules. For more than 1,000 customers, and with
    `Prefer: respond-async`, the first answer is a job (202): ask again once it has succeeded.
    """
    models, jobs = resources.models, resources.jobs
    row = await run_sync(versions.find, models, version)
    if not with_validation:
        return versions.describe(row)
    found = validating.kept(row)
    if found is None and (prefer_async or row.n_customers > validating.CUSTOMERS_HERE):
        return accepted(await run_sync(validating.validate_later, jobs, analyst, version))
    if found is None:
        # Those that wait for their turn hold no thread that others need.
        turns = resources.analyses.turns
        found = await run_sync(validating.validate_now, models, jobs, row, limiter=turns)
    return versions.describe(row, found)


@router.post(
    "/{version}/activate",
    dependencies=[ActivationTurn],
    summary="Activate a model version",
    responses=errors(400, 401, 403, 404),
)
def activate_model(resources: ResourcesDep, analyst: ApiAnalyst, version: Id) -> ModelDetail:
    """Activates a candidate or rolls back to an older version; all workers switch immediately."""
    row = versions.activate(resources.models, version, by=analyst.id)
    return versions.describe(row)


@router.get(
    "/{version}/compare",
    summary="Show what a version would change",
    responses=errors(400, 401, 403, 404),
)
def compare_model(
    resources: ResourcesDep,
    _analyst: ApiAnalyst,
    version: Id,
    against: Annotated[int | None, Query(ge=1, le=MAX_DATABASE_ID)] = None,
) -> Comparison:
    """Compares with the active version, or with the version `against`, without changing anything.

    `customers_moved` places the customers of both tables by the old model alone: they moved
    because they changed. `borders_moved` places the old table by both models: they moved
    because the model did.
    """
    return comparing.compare(resources.models, version, against)


@router.get(
    "/{version}/drift",
    summary="Check for drift",
    responses=errors(400, 401, 403, 404),
)
def read_drift(
    resources: ResourcesDep,
    _analyst: ApiAnalyst,
    version: Id,
    days: Annotated[int, Query(ge=1, le=3650)] = 30,
) -> DriftOut:
    """Compares recent predictions with the training data.

    Changes are measured by the population stability index, less what chance explains: up to 0.1
    none, up to 0.25 moderate, beyond it large. One counts only where a test at a joint level of
    2% finds it too; `alarm` says that there is one.
    """
    return drifting.drift(resources.models, version, days=days)


@router.get("/{version}/points", summary="Get customers for a map", responses=errors(400, 401, 404))
def read_points(resources: ResourcesDep, caller: ApiUser, version: Id) -> Points:
    """Returns up to 10,000 training customers with their segments, without identifiers.

    For any user those of the active version; for others it needs an analyst.
    """
    if not versions.is_active(resources.models, version):
        require_analyst(caller)
    return versions.points(resources.models, version)
