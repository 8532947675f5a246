"""The one shape of every error: a sentence for people, a code for programs, and the field."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from app.errors import AppError, FieldProblem, InvalidFields

MOST_PROBLEMS = 100
"""Of one body; a list of a million wrong values would make an answer of 90 MB."""


_UNENCODABLE = b'{"detail":"Invalid text","code":"invalid_text","field":null}'


class SafeJSONResponse(JSONResponse):
    """JSON that can be encoded whatever text of the caller's it repeats."""

    def render(self, content: Any) -> bytes:
        return super().render(content) if _encodable(content) else _UNENCODABLE


def answer(
    status: int,
    detail: object,
    *,
    code: str,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = {"detail": detail, "code": code, "field": field}
    return SafeJSONResponse(body, status_code=status, headers=headers)


def app_answer(error: AppError) -> Response:
    if isinstance(error, InvalidFields):
        return fields_answer(error.problems)
    return answer(
        error.status, error.detail, code=error.code, field=error.field, headers=error.headers
    )


def fields_answer(problems: Sequence[FieldProblem]) -> Response:
    """Answer 422 with the first problems; each names its field and has its code."""
    shown = [
        {**each, "code": each["type"], "field": _name(each["loc"])}
        for each in problems[:MOST_PROBLEMS]
    ]
    field = _name(problems[0]["loc"]) if problems else None
    return answer(422, shown, code=InvalidFields.code, field=field)


def _name(loc: Sequence[str | int]) -> str | None:
    """Name a field by the path to it, without where in the request that begins."""
    return ".".join(str(part) for part in loc[1:]) or None


def _encodable(content: object) -> bool:
    try:
        repr(content).encode()
    except UnicodeEncodeError:
        return False
    return True
