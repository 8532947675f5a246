"""What is known of the request that is being answered, wherever it is worked on."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestContext:
    request_id: str
    address: str


_current: ContextVar[RequestContext | None] = ContextVar("request", default=None)


def current_request() -> RequestContext | None:
    return _current.get()


def enter_request(context: RequestContext) -> None:
    """Name the request for all that is done in this task and its threads."""
    _current.set(context)
