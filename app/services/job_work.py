"""What a worker process does with a job: its row says what, and hears how far it has come."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import tracing
from app.db.session import Database
from app.db.statements import trace_statements
from app.db.tables import Job, utcnow
from app.segmentation.threads import single_threaded
from app.services.artefact_cache import ArtefactCache
from app.storage.datasets import DatasetStore
from app.tracing import Collector


class JobEnded(Exception):
    """The job was cancelled, or given up, while it ran."""


class Progress(Protocol):
    """Called by work as it goes on; it may raise to end it."""

    def __call__(self, phase: str, percent: int) -> None: ...


def silent(phase: str, percent: int) -> None:
    """Report to nobody: the caller waits for the answer itself."""


@dataclass(frozen=True)
class Workshop:
    """What work needs, in a form that travels to another process."""

    database_url: str
    sqlite_synchronous: str
    datasets_dir: Path
    models_dir: Path
    max_columns: int
    linkage_memory_bytes: int
    rfm_rules_file: Path
    collector: Collector | None = None

    def open(self) -> "Tools":
        """Connect in the process this is called in."""
        database = Database(
            self.database_url, pool_size=1, sqlite_synchronous=self.sqlite_synchronous
        )
        return self.tools(database)

    def tools(self, database: Database) -> "Tools":
        return Tools(
            database=database,
            tables=DatasetStore(self.datasets_dir),
            artefacts=ArtefactCache(self.datasets_dir),
            models_dir=self.models_dir,
            max_columns=self.max_columns,
            linkage_memory_bytes=self.linkage_memory_bytes,
            rfm_rules_file=self.rfm_rules_file,
        )


@dataclass(frozen=True)
class Tools:
    """What work is done with, in a worker or in a request's thread."""

    database: Database
    tables: DatasetStore
    artefacts: ArtefactCache
    models_dir: Path
    max_columns: int
    linkage_memory_bytes: int
    rfm_rules_file: Path


@dataclass(frozen=True)
class Outcome:
    """Finished work: `store` writes its rows and returns the job's result.

    `held` is a turn that the work took and that ends once the rows are written, or are not.
    """

    store: Callable[[Session], dict[str, object]]
    discard: Callable[[], None]
    held: AbstractContextManager[object] = field(default_factory=nullcontext)


Work = Callable[[Tools, Mapping[str, object], Progress], Outcome]


def run_job(
    workshop: Workshop, work: Work, job_id: int, asked: Mapping[str, str] | None = None
) -> None:
    """Do a job's work and store its outcome together with its success, or neither.

    `asked` is where in a trace it was asked for.
    """
    collector = workshop.collector
    traced = nullcontext() if collector is None else collector.job("job", asked or {})
    tools = workshop.open()
    with traced as tracer:
        if tracer is not None:
            trace_statements(tools.database.engine, tracer)
        _run(tools, work, job_id)


def _run(tools: Tools, work: Work, job_id: int) -> None:
    database = tools.database
    try:
        arguments = _start(database, job_id)
        report = _Report(database, job_id)
        with single_threaded():
            outcome = work(tools, arguments, report)
        try:
            with outcome.held, database.session() as session:
                result = outcome.store(session)
                _change(
                    session, job_id, state="succeeded", phase="done", percent=100, result=result,
                    finished_at=utcnow(), arguments={},
                )  # fmt: skip
        except BaseException:
            outcome.discard()
            raise
    finally:
        database.dispose()


def run_and_store(
    workshop: Workshop, work: Work, arguments: Mapping[str, object]
) -> dict[str, object]:
    """Do work that a request waits for, in a worker, and store its outcome; return the new ids."""
    tools = workshop.open()
    try:
        with single_threaded():
            outcome = work(tools, arguments, silent)
        return stored(tools.database, outcome)
    finally:
        tools.database.dispose()


def stored(database: Database, outcome: Outcome) -> dict[str, object]:
    """Write an outcome's rows; its files go where they cannot be written."""
    try:
        with outcome.held, database.session() as session:
            return outcome.store(session)
    except BaseException:
        outcome.discard()
        raise


def _start(database: Database, job_id: int) -> dict[str, object]:
    with database.session() as session:
        job = session.get(Job, job_id, with_for_update=True)
        # A cluster hands a call whose worker was lost to another one.
        if job is None or job.state not in ("queued", "running"):
            raise JobEnded
        job.state = "running"
        job.phase = "starting"
        job.started_at = utcnow()
        tracing.name_job(job.kind, job.id)
        return job.arguments


@dataclass(frozen=True)
class _Report:
    database: Database
    job_id: int

    def __call__(self, phase: str, percent: int) -> None:
        tracing.note(phase, percent=percent)
        with self.database.session() as session:
            _change(session, self.job_id, phase=phase, percent=percent, progressed_at=utcnow())


def _change(session: Session, job_id: int, **values: object) -> None:
    statement = sa.update(Job).where(Job.id == job_id, Job.state == "running").values(**values)
    changed = session.connection().execute(statement).rowcount
    if not changed:
        raise JobEnded
