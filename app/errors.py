"""What can go wrong below the routes. One handler turns these into answers."""

import errno
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict


class FieldProblem(TypedDict):
    """What is wrong with one field: a code, the path to it, and a sentence."""

    type: str
    loc: list[str | int]
    msg: str


def problem_at(message: str, *path: str | int, code: str = "value_error") -> FieldProblem:
    """Describe what is wrong with a field of the body."""
    return {"type": code, "loc": ["body", *path], "msg": message}


class AppError(Exception):
    """An error with an HTTP status, a sentence for people, and a code for programs.

    A code never changes; a sentence may. `field` names the field of the request that is at fault,
    where there is one.
    """

    status = 500
    code = "internal_server_error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.field = field
        self.headers = dict(headers or {})


class BadRequest(AppError):
    status = 400
    code = "bad_request"


class Unauthorized(AppError):
    status = 401
    code = "unauthorized"

    def __init__(
        self, detail: str = "Could not validate credentials", *, code: str | None = None
    ) -> None:
        super().__init__(detail, code=code, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    status = 403
    code = "forbidden"


class MustChangePassword(Forbidden):
    code = "password_change_required"

    def __init__(self) -> None:
        super().__init__("Change your one-time password first: PUT /users/me with a new password")


class NotFound(AppError):
    status = 404
    code = "not_found"


class MethodNotAllowed(AppError):
    status = 405
    code = "method_not_allowed"

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__("Method Not Allowed", headers={"Allow": ", ".join(sorted(allowed))})


class BodyTimeout(AppError):
    status = 408
    code = "body_timeout"

    def __init__(self) -> None:
        super().__init__("The body did not arrive in time")


class TooLarge(AppError):
    status = 413
    code = "content_too_large"


class UnsupportedMediaType(AppError):
    status = 415
    code = "unsupported_media_type"


class InvalidFields(AppError):
    """Fields that are missing or wrong, in the form of the framework's own field errors."""

    status = 422
    code = "invalid_fields"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("; ".join(each["msg"] for each in problems))
        self.problems = list(problems)

    def __reduce__(self) -> tuple[type["InvalidFields"], tuple[list[FieldProblem]]]:
        # Workers send errors home, where the problems are all that matters.
        return InvalidFields, (self.problems,)


class InvalidField(InvalidFields):
    """A field of the body that is well formed, and wrong for the data it is meant for."""

    def __init__(self, name: str, message: str, *, code: str = "value_error") -> None:
        super().__init__([problem_at(message, name, code=code)])


class TooManyRequests(AppError):
    status = 429
    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(detail, code=code, headers={"Retry-After": str(max(1, retry_after))})


class Unavailable(AppError):
    status = 503
    code = "service_unavailable"

    def __init__(self, detail: str, *, retry_after: int = 5, code: str | None = None) -> None:
        super().__init__(detail, code=code, headers={"Retry-After": str(retry_after)})


class InsufficientStorage(AppError):
    status = 507
    code = "insufficient_storage"

    def __init__(self) -> None:
        super().__init__(
            "The server's disk is full, and nothing was saved; delete what is not needed, or have "
            "an administrator free space, then try again"
        )


_DISK_IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DISK_IS_FULL_STATE = "53100"


def is_disk_full(error: BaseException | None) -> bool:
    """Whether want of space is behind an error, of a file or of either database."""
    while error is not None:
        cause = getattr(error, "orig", None) or error
        if (
            getattr(cause, "errno", None) in _DISK_IS_FULL
            or getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL"
            or getattr(cause, "sqlstate", None) == _DISK_IS_FULL_STATE
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


class ModelNotTrained(BadRequest):
    code = "model_not_trained"

    def __init__(self) -> None:
        super().__init__("Model not trained. Please train the model first")
