"""The framework's own refusals, in the shape of every other error."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge

_TOO_LARGE = {"detail": "Content Too Large", "code": TooLarge.code, "field": None}


class RefusalsAsJSON:
    """Answers with JSON where the framework's body limit would answer with plain text.

    The limit replaces whatever answer a handler gives to a body that is declared too large, so
    this wraps the whole application, outside of it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def send_as_json(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and _is_plain_refusal(message):
                refused = True
                await JSONResponse(_TOO_LARGE, 413)(scope, receive, send)
            elif not refused:
                await send(message)

        await self._app(scope, receive, send_as_json)


def _is_plain_refusal(start: Message) -> bool:
    content_type: bytes = dict(start["headers"]).get(b"content-type", b"")
    return bool(start["status"] == 413) and content_type.startswith(b"text/plain")
