"""Whether the parts that requests need are there."""

import os
import shutil
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.db.migrations import current_revision, newest_revision
from app.db.session import Database, sync_url
from app.errors import Unavailable
from app.schemas.health import Readiness
from app.services.models import ACTIVE_VERSION, ModelService

log = structlog.get_logger(__name__)

LEAST_FREE_BYTES = 20_000_000
"""Below that a model or a table may not fit any more."""


def active_model(database: Database) -> int | None:
    """Return the active version; None also where the database is away, for this is no test."""
    try:
        with database.connect(read_only=True) as connection:
            return connection.scalar(sa.select(ACTIVE_VERSION))
    except SQLAlchemyError as error:
        log.warning("database unavailable", reason=str(error))
        return None


def readiness(
    models: ModelService, settings: Settings, *, threads: bool, workers: bool
) -> Readiness:
    """Look at the database and the model; of `threads` and `workers` its caller knows."""
    try:
        with models.database.connect(read_only=True) as connection:
            up_to_date = current_revision(connection) == newest_revision()
            version = connection.scalar(sa.select(ACTIVE_VERSION)) if up_to_date else None
    except SQLAlchemyError as error:
        log.warning("database unavailable", reason=str(error))
        return unanswered(threads=threads, workers=workers)
    return _readiness(
        threads=threads,
        workers=workers,
        database=True,
        schema_revision=up_to_date,
        model=_usable(models, version),
        disk=has_space(settings),
    )


def unanswered(*, threads: bool, workers: bool) -> Readiness:
    """Say that the database is away, or does not answer in time."""
    return _readiness(
        threads=threads,
        workers=workers,
        database=False,
        schema_revision=False,
        model=False,
        disk=True,
    )


def _usable(models: ModelService, version: int | None) -> bool:
    if version is None:
        return False
    try:
        models.load(version)
    except Unavailable as error:
        log.warning("model unusable", reason=error.detail)
        return False
    return True


def has_space(settings: Settings) -> bool:
    """Whether the disks of what is stored take more."""
    folders = {settings.datasets_dir, settings.models_dir}
    url = sync_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        folders.add(Path(str(url.database)).parent)
    return all(_takes_more(folder) for folder in folders)


def _takes_more(folder: Path) -> bool:
    # What is not there yet is made below the next folder that is.
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return os.access(there, os.W_OK) and shutil.disk_usage(there).free >= LEAST_FREE_BYTES


def _readiness(
    *,
    threads: bool,
    workers: bool,
    database: bool,
    schema_revision: bool,
    model: bool,
    disk: bool,
) -> Readiness:
    lacking = (
        "all threads have been busy for some seconds"
        if not threads
        else "the database is away"
        if not database
        else "the schema is not at the newest revision"
        if not schema_revision
        else "the disk is full or read-only; free some space"
        if not disk
        else "nothing watches over the workers any more; start the server again"
        if not workers
        else "there is no usable model; train one"
        if not model
        else None
    )
    return Readiness(
        status="not ready" if lacking else "ready",
        detail=f"Not ready: {lacking}" if lacking else "Ready",
        threads=threads,
        database=database,
        schema_revision=schema_revision,
        model=model,
        disk=disk,
        workers=workers,
    )
