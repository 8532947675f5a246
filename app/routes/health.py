"""How the service is, for people, load balancers and monitors."""

from functools import partial

from anyio import CapacityLimiter, fail_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from prometheus_client import CONTENT_TYPE_LATEST

from app.errors import NotFound
from app.routes.answers import errors
from app.routes.deps import ResourcesDep
from app.routes.single_sign_on import described
from app.schemas.health import ApiHealth, Health, Liveness, Readiness
from app.services import health, metrics
from app.services.resources import Resources

THREADS_SECONDS = 3.0
"""Without a free thread for so long, requests are not served."""

DATABASE_SECONDS = 6.0
"""Longer than it takes to find that a connection cannot be made."""

router = APIRouter(tags=["health"])
api_router = APIRouter(prefix="/api/v1", tags=["health"])


@router.get("/", response_model=Health, summary="Check the service")
def read_health(request: Request, resources: ResourcesDep) -> Health | Response:
    """Redirects a browser to the web app, or to the documentation if the app is not built."""
    if "text/html" in request.headers.get("accept", ""):
        home = "app/" if request.app.state.has_web_app else "docs"
        return RedirectResponse(f"{request.scope.get('root_path', '')}/{home}", status_code=307)
    return Health(
        status="healthy",
        version=request.app.version,
        model_version=health.active_model(resources.database),
        docs="/docs",
    )


@api_router.get("/", summary="Check this API")
async def read_api_health(request: Request, resources: ResourcesDep) -> ApiHealth:
    """Needs no token and does not use the database."""
    return ApiHealth(
        status="healthy",
        version=request.app.version,
        docs="/docs",
        registration=resources.settings.registration,
        sign_in_provider=None if resources.provider is None else described(resources),
    )


@router.get("/live", summary="Check that the process is alive")
async def read_liveness() -> Liveness:
    """Uses neither the database nor the thread pool, so it answers while both are busy."""
    return Liveness(status="alive")


@router.get(
    "/ready",
    summary="Check that requests can be served",
    responses={503: {"model": Readiness, "description": "`detail` says what is missing"}},
)
async def read_readiness(
    request: Request, response: Response, resources: ResourcesDep
) -> Readiness:
    """Ready means that the database has the newest schema and the model files are complete.

    And threads that are free to serve: it answers, with 503, while all of them are stuck.
    """
    readiness = await _readiness(resources, request.app.state.readiness_turns)
    if readiness.status != "ready":
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return readiness


@router.get(
    "/metrics",
    response_class=StreamingResponse,
    summary="Read the metrics",
    responses=errors(404) | {200: {"content": {"text/plain": {}}}},
)
def read_metrics(resources: ResourcesDep) -> Response:
    """Requests by route, jobs and connections, in the format of Prometheus.

    Answers only with the setting `METRICS`.
    """
    if not resources.settings.metrics:
        raise NotFound("Not Found")
    return Response(
        metrics.exposition(resources.database, resources.memory), media_type=CONTENT_TYPE_LATEST
    )


async def _readiness(resources: Resources, turns: CapacityLimiter) -> Readiness:
    threads = await _has_free_thread()
    found = {"threads": threads, "workers": resources.jobs.is_watched()}
    check = partial(health.readiness, resources.models, resources.settings, **found)
    try:
        with fail_after(DATABASE_SECONDS):
            # Not in a thread that serves; where the database hangs, one is left behind.
            return await run_sync(check, limiter=turns, abandon_on_cancel=True)
    except TimeoutError:
        return health.unanswered(**found)


async def _has_free_thread() -> bool:
    try:
        with fail_after(THREADS_SECONDS):
            await run_sync(_nothing)
    except TimeoutError:
        return False
    return True


def _nothing() -> None:
    """Show that a thread is free."""
