"""The application: middleware, routers, error handlers and the built web app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from app.config import Settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.logs import configure_logging
from app.routes import ROUTERS, large_body_routers
from app.routes.deps import Resources
from app.routes.handlers import add_error_handlers
from app.security import TokenSigner
from app.services.analysis import AnalysisService
from app.services.anonymous import ensure_anonymous
from app.services.answer_cache import AnswerCache
from app.services.datasets import DatasetService
from app.services.jobs import build_jobs
from app.services.limits import FailureLimiter
from app.services.models import ModelService
from app.services.run_views import RunViews
from app.services.runs import RunService
from app.storage.files import signing_key
from app.storage.models import ModelStore
from app.web_app import mount_web_app

WEB_APP = Path(__file__).parent / "web"
VERSION = "1.0.0"
EXPOSED_HEADERS = ("X-Total-Count", "Retry-After", "Location", "X-Cache")


def build_resources(settings: Settings) -> Resources:
    database = Database(
        settings.database_url,
        pool_size=settings.worker_threads,
        sqlite_synchronous=settings.sqlite_synchronous,
    )
    jobs = build_jobs(database, settings)
    bench = jobs.workshop.bench(database)
    return Resources(
        settings=settings,
        database=database,
        models=ModelService(database, ModelStore(settings.models_dir)),
        failures=FailureLimiter(settings.login_failure_limit, storage=settings.rate_limit_storage),
        signer=TokenSigner(
            key=settings.secret_key or signing_key(settings.secret_key_file),
            algorithm=settings.algorithm,
            lifetime=timedelta(minutes=settings.access_token_expire_minutes),
        ),
        jobs=jobs,
        datasets=DatasetService(database, bench.tables, settings, jobs),
        analyses=AnalysisService(
            settings,
            jobs,
            AnswerCache(max_bytes=settings.analysis_cache_bytes, release=VERSION),
        ),
        runs=RunService(bench, settings, jobs),
        run_views=RunViews(bench),
    )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    configure_logging(settings.log_level, as_json=settings.in_production)
    resources = app.state.resources = build_resources(settings)
    # A thread without a connection would wait for one that a waiting thread holds.
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.worker_threads
    await anyio.to_thread.run_sync(upgrade_schema, resources.database)
    await anyio.to_thread.run_sync(resources.models.warm_up)
    await anyio.to_thread.run_sync(ensure_anonymous, resources.database, settings)
    resources.jobs.chore = resources.datasets.remove_strays
    await anyio.to_thread.run_sync(resources.datasets.remove_strays)
    await anyio.to_thread.run_sync(resources.jobs.start)
    yield
    await anyio.to_thread.run_sync(resources.jobs.stop)
    resources.database.dispose()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application from settings; those of the environment unless given."""
    settings = settings or Settings()
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
