"""The documentation pages without what would call another host."""

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_REDOC = "redoc.standalone.js"
_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_PICTURE = b"data:,"
"""Empty: the page leaves out a picture that it cannot show."""


def serve_redoc_without_logo(app: FastAPI) -> None:
    """Serve Redoc's program from here alone: it loads its maker's logo from the maker's host."""
    file = Path(fastapi_offline.__file__).parent / "static" / _REDOC
    program = file.read_bytes().replace(_LOGO, _NO_PICTURE)

    async def read_program(_request: Request) -> Response:
        return Response(program, media_type="text/javascript")

    # First, as the folder that has the original would answer otherwise.
    app.router.routes.insert(0, Route(f"/static-offline-docs/{_REDOC}", read_program))
