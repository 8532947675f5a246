"""The application: middleware, routers, error handlers and the built web app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from app import VERSION
from app.config import Settings, load_settings
from app.logs import configure_logging
from app.routes import ROUTERS, large_body_routers
from app.routes.handlers import add_error_handlers
from app.services.resources import build_resources
from app.web_app import mount_web_app

WEB_APP = Path(__file__).parent / "web"
EXPOSED_HEADERS = ("X-Total-Count", "Retry-After", "Location", "X-Cache")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    configure_logging(settings.log_level, as_json=settings.in_production)
    # A thread without a connection would wait for one that a waiting thread holds.
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.worker_threads
    resources = app.state.resources = build_resources(settings)
    await anyio.to_thread.run_sync(resources.start)
    yield
    await anyio.to_thread.run_sync(resources.stop)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application from settings; those of the environment unless given."""
    settings = settings or load_settings()
    app = FastAPIOffline(
        title="Customer Segmentation",
        version=VERSION,
        description="From a table of customers to named, trustworthy segments.",
        lifespan=lifespan,
        max_body_size=settings.max_body_bytes,
        strict_content_type=False,
    )
    app.state.settings = settings
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials="*" not in settings.cors_origins,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=EXPOSED_HEADERS,
    )
    add_error_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    for router, limit in large_body_routers(settings):
        app.include_router(router, max_body_size=limit)
    app.state.has_web_app = mount_web_app(app, WEB_APP)
    return app


app = create_app()
