"""The documentation pages without what calls another host, under a policy that holds there too."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.browsers import policy_for_pages

_REDOC = "redoc.standalone.js"
_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_PICTURE = b"data:,"
"""Empty: the page leaves out a picture that it cannot show."""
_PAGES = frozenset({"/docs", "/docs/oauth2-redirect", "/redoc"})
_INLINE_SCRIPT = re.compile(rb"<script(?: type=\"[^\"]*\")?>(.*?)</script>", re.DOTALL)


def serve_redoc_without_logo(app: FastAPI) -> None:
    """Serve Redoc's program from here alone: it loads its maker's logo from the maker's host."""
    file = Path(fastapi_offline.__file__).parent / "static" / _REDOC
    program = file.read_bytes().replace(_LOGO, _NO_PICTURE)

    async def read_program(_request: Request) -> Response:
        return Response(
            program, media_type="text/javascript", headers={"Cache-Control": "no-cache"}
        )

    # First, as the folder that has the original would answer otherwise.
    app.router.routes.insert(0, Route(f"/static-offline-docs/{_REDOC}", read_program))


def allow_own_scripts(app: FastAPI) -> None:
    """Let the pages run the few lines that are in them, by their hashes, and no other."""
    for route in app.router.routes:
        if isinstance(route, Route) and route.path in _PAGES:
            route.app = _WithHashes(route.app)


class _WithHashes:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started: list[Message] = []

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            for start in started:
                policy = policy_for_pages(_hashes_of(message.get("body", b"")))
                header = (b"content-security-policy", policy.encode())
                await send({**start, "headers": [*start["headers"], header]})
            started.clear()
            await send(message)

        await self._app(scope, receive, send_with_policy)


def _hashes_of(page: bytes) -> list[str]:
    scripts = _INLINE_SCRIPT.findall(page)
    return [f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts]
