"""What a browser must refuse for a page, and what is refused to a browser's other pages."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.errors import BadRequest, Forbidden
from app.routes.error_answers import app_answer

_FOR_PAGES = {
    "default-src": "'self'",
    "script-src": "'self'",
    # Charts and dialogs set styles of elements, which run no code.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_FOR_DATA = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_OVER_TLS = "max-age=31536000"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_READ = frozenset({b"host", b"origin", b"sec-fetch-site"})
_ANY_HOST_PATHS = ("/live",)
"""What watches over the process calls it by whatever name it has inside."""


def policy_for_pages(scripts: Iterable[str] = ()) -> str:
    """Return the policy of a page, with the hashes of scripts that it holds itself."""
    directives = dict(_FOR_PAGES)
    directives["script-src"] = " ".join((directives["script-src"], *scripts))
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


class AnswerHeaders:
    """Adds to each answer what keeps other pages and caches away from it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_lacking(scope, message)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _encoded(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


# Ready-made, as they go with every answer.
_PAGE_HEADERS = _encoded({**_ALWAYS, "Content-Security-Policy": policy_for_pages()})
_DATA_HEADERS = _encoded({**_ALWAYS, "Content-Security-Policy": _FOR_DATA})
_BARE_HEADERS = _encoded(_ALWAYS)
_TLS_HEADERS = _encoded({"Strict-Transport-Security": _OVER_TLS})
_UNSTORED = _encoded({"Cache-Control": "no-store"})


def _lacking(scope: Scope, start: Message) -> list[tuple[bytes, bytes]]:
    sent = dict(start["headers"])
    is_page = sent.get(b"content-type", b"").startswith(b"text/html")
    wanted = _PAGE_HEADERS if is_page else _DATA_HEADERS
    if start["status"] == HTTPStatus.NOT_MODIFIED:
        # A browser lays these headers over those it keeps, and the policy would be the page's.
        wanted = _BARE_HEADERS
    if scope.get("scheme") == "https":
        wanted += _TLS_HEADERS
    # A file that is the same for everyone has a tag, by which a browser asks for a newer one.
    if not is_page and b"etag" not in sent:
        wanted += _UNSTORED
    return [header for header in wanted if header[0] not in sent]


class RequestOrigins:
    """Refuses changes that another site's page asks for, and hosts that are not this server's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        settings: Settings = scope["app"].state.settings
        headers = {
            name: value.decode("latin-1") for name, value in scope["headers"] if name in _READ
        }
        answer: ASGIApp = self._app
        if not _is_own_host(scope, headers, settings):
            answer = app_answer(
                BadRequest(
                    "This server has another name; see the setting ALLOWED_HOSTS",
                    code="unknown_host",
                )
            )
        elif scope["method"] not in _SAFE_METHODS and _is_foreign(headers, settings):
            answer = app_answer(
                Forbidden(
                    "Pages of this origin may not change anything; see the setting CORS_ORIGINS",
                    code="foreign_origin",
                )
            )
        await answer(scope, receive, send)


def _is_own_host(scope: Scope, headers: Mapping[bytes, str], settings: Settings) -> bool:
    if not settings.allowed_hosts or scope["path"].endswith(_ANY_HOST_PATHS):
        return True
    host = _host_of(headers.get(b"host", ""))[0]
    return any(
        host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:]))
        for allowed in map(str.lower, settings.allowed_hosts)
    )


def _is_foreign(headers: Mapping[bytes, str], settings: Settings) -> bool:
    """Whether a browser sends this for a page of another site; programs name no origin."""
    site = headers.get(b"sec-fetch-site")
    if site == "same-origin":
        return False
    origin = headers.get(b"origin")
    if origin is None:
        return site == "cross-site"
    if "*" in settings.cors_origins or origin in settings.cors_origins:
        return False
    name, port = _host_of(urlsplit(origin).netloc)
    own_name, own_port = _host_of(headers.get(b"host", ""))
    # A proxy may name the host without its port.
    return name != own_name or (own_port is not None and port != own_port)


def _host_of(netloc: str) -> tuple[str, str | None]:
    """Return a host's name, in small letters, and its port where it is named."""
    name, colon, port = netloc.rpartition(":")
    if not colon or "]" in port:
        return netloc.lower(), None
    return name.lower(), port
