"""The application: middleware, routers, error handlers and the built web app."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp

from app import VERSION
from app.audited import AuditedCalls
from app.bodies import RequestBodies
from app.browsers import AnswerHeaders, RequestOrigins
from app.config import Settings, load_settings
from app.documentation import allow_own_scripts, serve_redoc_without_logo
from app.logs import configure_logging
from app.methods import answer_by_method_first
from app.observing import ObservedRequests
from app.routes import ROUTERS, large_body_routers
from app.routes.handlers import add_error_handlers
from app.routes.turns import PasswordTurns
from app.services.resources import build_resources
from app.starting import StartFailures, sentence_of
from app.storage.files import keep_files_private
from app.telemetry import open_provider, telemetry_of, tracer_of
from app.web_app import mount_web_app

WEB_APP = Path(__file__).parent / "web"
READINESS_CHECKS = 2
"""At once; they do not need a thread that serves."""

EXPOSED_HEADERS = (
    "X-Total-Count",
    "Retry-After",
    "Location",
    "X-Cache",
    "X-Request-ID",
    "Content-Disposition",
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    configure_logging(settings.log_level, as_json=settings.in_production)
    # A thread without a connection would wait for one that a waiting thread holds.
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.worker_threads
    app.state.readiness_turns = CapacityLimiter(READINESS_CHECKS)
    app.state.password_turns = PasswordTurns()
    before = keep_files_private()
    try:
        tracer = tracer_of(app.state.tracer_provider)
        resources = app.state.resources = build_resources(settings, tracer)
        await anyio.to_thread.run_sync(resources.start)
    except Exception as error:
        app.state.start_failure = sentence_of(error)
        raise
    yield
    await anyio.to_thread.run_sync(resources.stop)
    os.umask(before)


def _operation_id(route: APIRoute) -> str:
    """Name an operation for generated clients, by its noun and its handler."""
    return "_".join((*map(str, route.tags[:1]), route.name))


def _allow_origins(app: FastAPI, origins: list[str]) -> None:
    """Let pages of other origins read answers: the server's own refusals too."""
    _wrap(
        app,
        partial(
            CORSMiddleware,
            allow_origins=origins,
            allow_credentials="*" not in origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=EXPOSED_HEADERS,
        ),
    )


def _wrap(app: FastAPI, outer: Callable[[ASGIApp], ASGIApp]) -> None:
    """Put a middleware around every other, the framework's own included."""
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: outer(build())  # type: ignore[method-assign]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application from settings; those of the environment unless given."""
    settings = settings or load_settings()
    provider = open_provider(settings)
    app = FastAPIOffline(
        swagger_ui_parameters={"validatorUrl": None},
        generate_unique_id_function=_operation_id,
        title="Customer Segmentation",
        version=VERSION,
        description="From a table of customers to named, trustworthy segments.",
        lifespan=lifespan,
        telemetry=telemetry_of(provider),
        max_body_size=settings.max_body_bytes,
        strict_content_type=False,
    )
    app.state.settings = settings
    app.state.tracer_provider = provider
    add_error_handlers(app)
    _wrap(app, AuditedCalls)
    _wrap(app, RequestBodies)
    _wrap(app, RequestOrigins)
    _allow_origins(app, settings.cors_origins)
    _wrap(app, AnswerHeaders)
    _wrap(app, ObservedRequests)
    _wrap(app, StartFailures)
    serve_redoc_without_logo(app)
    allow_own_scripts(app)
    for router in ROUTERS:
        app.include_router(router)
    for router, limit in large_body_routers(settings):
        app.include_router(router, max_body_size=limit)
    answer_by_method_first(app, (*ROUTERS, *(each for each, _ in large_body_routers(settings))))
    app.state.has_web_app = mount_web_app(app, WEB_APP)
    return app


app = create_app()
