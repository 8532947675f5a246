"""Bodies of requests: how much a stranger may send, and how long anyone may take."""

import asyncio
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.errors import AppError, BodyTimeout, TooLarge, Unauthorized
from app.routes.error_answers import app_answer
from app.security import InvalidToken
from app.services import keys
from app.services.resources import Resources

STRANGERS_BYTES = 64_000
"""Enough to register or sign in; whatever takes more needs a token."""
_OPEN_PATHS = ("/auth/login", "/auth/register", "/train")


class RequestBodies:
    """Ends a request whose body is too much for a stranger's, or does not come.

    A token is looked at before a large body is read; whether it is still honoured, the handler
    finds out.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"")
        if length == b"0" or (not length and b"transfer-encoding" not in headers):
            await self._app(scope, receive, send)
            return
        body = _Body(scope, headers, receive, send)
        if length.isdigit() and int(length) > STRANGERS_BYTES and await body.is_strangers():
            await body.refuse_size()
            return
        await self._app(scope, body.receive, body.send)


class _Body:
    """One request's body on its way in, and the answer that takes another's place if it must."""

    def __init__(
        self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        self._scope = scope
        self._headers = headers
        self._receive = receive
        self._send = send
        self._settings: Settings = scope["app"].state.settings
        self._received = 0
        self._is_complete = False
        self._has_started = False
        self._refusal: Response | None = None
        self._ends_at = asyncio.get_running_loop().time() + self._settings.body_total_seconds

    async def receive(self) -> Message:
        if self._is_complete:
            return await self._receive()
        if self._refusal is not None:
            return {"type": "http.disconnect"}
        idle = self._settings.body_idle_seconds
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(min(now + idle, self._ends_at)):
                message = await self._receive()
        except TimeoutError:
            self._refusal = _refusal(BodyTimeout())
            return {"type": "http.disconnect"}
        self._is_complete = not message.get("more_body", False)
        before = self._received
        self._received += len(message.get("body", b""))
        if before <= STRANGERS_BYTES < self._received and await self.is_strangers():
            self._refusal = self._too_much()
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if self._refusal is None or self._has_started:
            self._has_started = True
            await self._send(message)
        elif message["type"] == "http.response.start":
            await self._refusal(self._scope, self._receive, self._send)

    async def refuse_size(self) -> None:
        await self._too_much()(self._scope, self._receive, self._send)

    async def is_strangers(self) -> bool:
        """Whether it comes without a token that this server signed, or a key that it knows."""
        path: str = self._scope["path"]
        if self._settings.anonymous_role is not None and "/api/" in path:
            return False
        resources: Resources = self._scope["app"].state.resources
        scheme, _, token = self._headers.get(b"authorization", b"").partition(b" ")
        try:
            if scheme.lower() == b"bearer":
                resources.signer.read(token.decode("latin-1").strip())
                return False
            key = self._headers.get(b"x-api-key", b"").decode("latin-1")
            return not key or not await run_in_threadpool(keys.is_known, resources.database, key)
        except InvalidToken:
            return True

    def _too_much(self) -> Response:
        if self._scope["path"].endswith(_OPEN_PATHS):
            return _refusal(TooLarge("Content Too Large"))
        return _refusal(Unauthorized())


def _refusal(error: AppError) -> Response:
    # What is left of the body would be read as the next request.
    refusal = app_answer(error)
    refusal.headers["Connection"] = "close"
    return refusal
