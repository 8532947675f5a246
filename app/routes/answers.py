"""What a route declares besides its types, so that clients generated from the schema know it."""

from typing import Any

from pydantic import BaseModel

from app.schemas.base import ErrorOut, FieldProblemsOut

_MEANING = {
    400: "The request is invalid",
    401: "No token, or one that is expired, revoked or forged",
    403: "The caller's role does not allow it, or a one-time password must be changed first",
    404: "It does not exist, or belongs to someone else",
    413: "The body is larger than the server takes",
    415: "Unsupported content type",
    422: "A field is missing or out of range; `loc` names it",
    429: "Too many attempts, or more than a fair share; `Retry-After` says when to try again",
    507: "The server's disk is full, and nothing was saved",
    503: "The database or the model is away; `Retry-After` says when to try again",
}
_BODY = (400, 413, 415, 507)


def errors(*statuses: int, body: bool = False) -> dict[int | str, dict[str, Any]]:
    """Return the declaration of these error answers, and of those any body can get.

    Where a caller must sign in, one who has yet to change a one-time password is refused too.
    """
    refused = (403,) if 401 in statuses else ()
    declared = sorted({*statuses, *refused, 503, *(_BODY if body else ())})
    return {
        status: {
            "model": FieldProblemsOut if status == 422 else ErrorOut,
            "description": _MEANING[status],
        }
        for status in declared
    }


def records_or_file(records: type[BaseModel]) -> dict[str, Any]:
    """Return the declaration of a body that is JSON, a CSV file, or a form with one."""
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "required": ["file"], "properties": {"file": file}}
    content = {
        "application/json": {"schema": records.model_json_schema()},
        "text/csv": {"schema": {"type": "string"}},
        "multipart/form-data": {"schema": form},
    }
    return {"requestBody": {"required": True, "content": content}}
