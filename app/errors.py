"""What can go wrong below the routes. One handler turns these into answers."""

from collections.abc import Mapping, Sequence
from typing import TypedDict


class FieldProblem(TypedDict):
    type: str
    loc: list[str | int]
    msg: str


class AppError(Exception):
    """An error with an HTTP status and a sentence that is meant for the caller."""

    status = 500

    def __init__(self, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})


class BadRequest(AppError):
    status = 400


class Unauthorized(AppError):
    status = 401

    def __init__(self, detail: str = "Could not validate credentials") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    status = 403


class MustChangePassword(Forbidden):
    def __init__(self) -> None:
        super().__init__("Change your one-time password first: PUT /users/me with a new password")


class NotFound(AppError):
    status = 404


class TooLarge(AppError):
    status = 413


class UnsupportedMediaType(AppError):
    status = 415


class InvalidFields(AppError):
    """Fields that are missing or wrong, in the form of the framework's own field errors."""

    status = 422

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("Some fields are missing or wrong")
        self.problems = list(problems)


class InvalidField(InvalidFields):
    """A field of the body that is well formed, and wrong for the data it is meant for."""

    def __init__(self, name: str, message: str, *, code: str = "value_error") -> None:
        super().__init__([{"type": code, "loc": ["body", name], "msg": message}])


class TooManyRequests(AppError):
    status = 429

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(max(1, retry_after))})


class Unavailable(AppError):
    status = 503

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class ModelNotTrained(BadRequest):
    def __init__(self) -> None:
        super().__init__("Model not trained. Please train the model first")
