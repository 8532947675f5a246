"""What is known of the request that is being answered, wherever it is worked on."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class RequestContext:
    """One request; who asks is known once its token or key has been read."""

    request_id: str
    address: str
    account_id: int | None = None
    key_id: int | None = None


_current: ContextVar[RequestContext | None] = ContextVar("request", default=None)


def current_request() -> RequestContext | None:
    return _current.get()


def enter_request(context: RequestContext) -> None:
    """Name the request for all that is done in this task and its threads."""
    _current.set(context)


def name_account(account_id: int, key_id: int | None = None) -> None:
    """Say whose request this is."""
    request = _current.get()
    if request is not None:
        request.account_id, request.key_id = account_id, key_id


def current_account() -> int | None:
    request = _current.get()
    return request.account_id if request is not None else None
