"""Serving the built web app: its page at every address of its own, its assets for good."""

from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PATH = "/app"
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Not built yet</title>
<body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto">
<h1>The web app is not built yet</h1>
<p>The API runs: see its <a href="../docs">documentation</a>.</p>
<p>For the web app, install Node 20 or later, run <code>make web</code>, and start again.</p>
"""


class WebApp(StaticFiles):
    """Files of a build. An address without a file is the page's own business to show."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not _asks_for_a_page(scope):
                raise
            response = await super().get_response("index.html", scope)
        # The names of assets carry a hash of their content; those of other files do not.
        kept = path.startswith("assets/") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = _FOR_GOOD if kept else _ASK_EACH_TIME
        return response


def mount_web_app(app: FastAPI, folder: Path) -> bool:
    """Serve the build where there is one, else a page that says how to get it."""
    if (folder / "index.html").exists():
        app.mount(PATH, GZipMiddleware(WebApp(directory=folder, html=True)), name="web")
        return True

    async def say_how(path: str = "") -> Response:
        return HTMLResponse(_NOT_BUILT, status_code=404)

    app.add_api_route(f"{PATH}/{{path:path}}", say_how, include_in_schema=False)
    return False


def _asks_for_a_page(scope: Scope) -> bool:
    """Tell a page's address from a missing file, whose place a page must not take."""
    headers = dict(scope["headers"])
    accepted = headers.get(b"accept", b"*/*")
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    if path.startswith("/assets/"):
        return False
    # Browsers name pages; curl takes anything, and then the address has to tell.
    return b"text/html" in accepted or (b"*/*" in accepted and not PurePosixPath(path).suffix)
