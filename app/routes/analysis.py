"""Posted records to an analysis, and an analysis to what to do; camel case here alone."""

from typing import Annotated, Any, TypeVar

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.errors import UnsupportedMediaType
from app.routes.answers import errors
from app.routes.deps import ApiUser, Id, PreferAsync, ResourcesDep
from app.routes.handlers import is_json
from app.routes.jobs import JOB_ANSWER, accepted
from app.schemas.analysis import AnalysisRequest, inlined_schema
from app.schemas.analysis_result import AnalysisResult
from app.schemas.camel import camel
from app.schemas.recommendations import RecommendationRequest, Recommendations
from app.services import recommendations
from app.services.analysis import AnalysisService, Answer

router = APIRouter(prefix="/api", tags=["analysis"])
advice = APIRouter(prefix="/api", tags=["analysis"])

Form = TypeVar("Form", bound=BaseModel)

CACHE_HEADER: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "X-Cache": {
                "description": "`HIT` where the same was asked before",
                "schema": {"type": "string", "enum": ["HIT", "MISS"]},
            }
        }
    }
}


def _body(model: type[BaseModel]) -> dict[str, Any]:
    content = {"application/json": {"schema": inlined_schema(model)}}
    return {"requestBody": {"required": True, "content": content}}


async def receive_json(request: Request, _caller: ApiUser) -> bytes:
    """Take the body in as it is: a large one is read where it blocks no other request."""
    if not is_json(request):
        raise UnsupportedMediaType("The body must be JSON, with Content-Type: application/json")
    return await request.body()


Body = Annotated[bytes, Depends(receive_json)]


def read_form(model: type[Form], body: bytes) -> Form:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        problems = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(problems) from error


async def get_analyses(resources: ResourcesDep) -> AnalysisService:
    return resources.analyses


Analyses = Annotated[AnalysisService, Depends(get_analyses)]


def _answered(answer: Answer) -> Response:
    cached = "HIT" if answer.from_cache else "MISS"
    return Response(answer.content, media_type="application/json", headers={"X-Cache": cached})


@router.post(
    "/analyze",
    response_model=camel(AnalysisResult),
    summary="Analyse posted records",
    responses=errors(401, 403, 422, body=True) | JOB_ANSWER | CACHE_HEADER,
    openapi_extra=_body(AnalysisRequest),
)
async def analyze(
    service: Analyses, caller: ApiUser, prefer_async: PreferAsync, body: Body
) -> Response:
    """Finds and names segments in records of any shape, and tests whether they are real.

    `accuracy` is the cross-validated balanced accuracy with which a small decision tree
    reproduces the segments from the raw columns; `featureImportance` is each column's
    permutation importance in that reproduction, summing to 1: the mean over the tree on all columns
    and those on random halves that do nearly as well, so that columns that say the same share it.
    Columns that have nothing to do with those that show groups are set aside: `columns.leftOut` and
    `warnings` say so, and naming columns in `options.columns` segments by all of them. With
    `options.validate` the answer has each segment's stability, how sure their number is, and rules.
    Many records, or `Prefer: respond-async`, make it a job (202).
    """
    known = await run_sync(service.known_body, caller, body)
    if known is not None:
        return _answered(known)
    question = await run_sync(lambda: service.prepare(read_form(AnalysisRequest, body)))
    answer = service.known(caller, question)
    if answer is None:
        if prefer_async or service.is_large(question):
            return accepted(await run_sync(service.analyse_later, caller, question))
        # Those that wait for their turn hold no thread that others need.
        answer = await run_sync(service.analyse, caller, question, limiter=service.turns)
    await run_sync(service.name_by_body, caller, question, body)
    return _answered(answer)


@router.get(
    "/analyses/{job_id}",
    response_model=camel(AnalysisResult),
    summary="Get the analysis of a job",
    responses=errors(401, 403, 404) | CACHE_HEADER,
)
def read_analysis(service: Analyses, caller: ApiUser, job_id: Id) -> Response:
    """The job's `location` points here once it has succeeded."""
    return _answered(service.finished(caller, job_id))


@advice.post(
    "/recommendations",
    summary="Recommend an action per segment",
    responses=errors(401, 403, 422, body=True),
    openapi_extra=_body(RecommendationRequest),
)
async def recommend(
    resources: ResourcesDep, service: Analyses, _caller: ApiUser, body: Body
) -> Recommendations:
    """Takes the answer of `/api/analyze` and recommends an action per segment, with reasons.

    Segments that are not stable, and customers without groups, get the advice to be careful.
    """

    def advise() -> Recommendations:
        form = read_form(RecommendationRequest, body)
        return recommendations.recommend(form, resources.settings)

    return await run_sync(advise, limiter=service.turns)
