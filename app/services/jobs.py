"""Jobs: asking for one, watching it, ending it, and never leaving one running for ever."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import timedelta
from time import monotonic

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.context import current_account
from app.db.session import Database
from app.db.tables import Job, utcnow
from app.errors import BadRequest, Unavailable
from app.jobs.executor import Params, ProcessExecutor, Result
from app.jobs.fairness import work_of
from app.services import job_queries, quotas
from app.services.accounts import Caller
from app.services.job_failures import INTERRUPTED, NO_WORKERS, OVERDUE, STOPPING, reason_of
from app.services.job_work import Work, Workshop, run_job
from app.services.memory import MemoryKeeper
from app.services.quotas import UNFINISHED, Shares
from app.storage.servers import ServerRegister
from app.tracing import position

log = structlog.get_logger(__name__)

PRELOAD = (
    "app.services.analysis_work",
    "app.services.datasets",
    "app.services.orders",
    "app.services.segmentations.work",
    "app.services.snapshots",
    "app.services.validating",
)
"""What is imported before work is forked; of all executors of a program, the first one's holds."""

TURN_SECONDS = 0.05
"""Between two looks whether work that a request waits for has begun."""

HEARTBEAT_SECONDS = 5.0
SILENCE_SECONDS = 30.0
"""A job whose server has not been heard of for so long is given up."""

CHORE_BEATS = 120
"""Heartbeats between two rounds of cleaning up: ten minutes."""


class JobService:
    """Hands work to a standard executor and keeps each job's row true."""

    def __init__(
        self,
        database: Database,
        executor: Executor,
        workshop: Workshop,
        register: ServerRegister,
        chore: Callable[[], None] | None = None,
        *,
        shares: Shares,
        memory: MemoryKeeper,
    ) -> None:
        self.shares = shares
        self.memory = memory
        self.database = database
        self.executor = executor
        self._here = ThreadPoolExecutor(1, thread_name_prefix="short job")
        self.workshop = workshop
        self._register = register
        self.chore = chore
        self._futures: dict[int, Future[None]] = {}
        self._unsettled: dict[int, str] = {}
        self._stopping = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name="job heartbeat", daemon=True)

    def start(self) -> None:
        """Give up the jobs of servers that are gone, and begin to be heard of."""
        self.give_up_lost()
        self._pulse.start()

    def is_watched(self) -> bool:
        """Whether the thread that watches over workers, and frees what they left, is at work."""
        return self._pulse.is_alive()

    def stop(self) -> None:
        """End what runs here; its rows say that the server stopped."""
        self._stopping.set()
        self._pulse.join()
        mine = sa.and_(Job.server == self._register.name, Job.state.in_(UNFINISHED))
        try:
            self._fail(mine, INTERRUPTED)
        except SQLAlchemyError as error:
            # The next server to start finds this one's lock free, and says it instead.
            log.warning("jobs not marked", reason=str(error))
        self.executor.shutdown(wait=True, cancel_futures=True)
        self._here.shutdown(wait=True, cancel_futures=True)
        self._register.leave()

    def submit(
        self,
        caller: Caller,
        kind: str,
        work: Work,
        arguments: Mapping[str, object],
        *,
        discard: Callable[[], None] | None = None,
        here: bool = False,
    ) -> Job:
        """Start a job; `discard` is called where it ended without success, its worker gone.

        `here` is in a thread of this process, one at a time, for what takes less than a worker
        takes to start; it ends when it next reports after it was cancelled.
        """
        with self.database.session() as session:
            quotas.check_jobs(session, caller.id, self.shares.jobs)
            quotas.check_compute(session, caller.id, self.shares.compute_seconds)
            job = Job(
                user_id=caller.id, kind=kind, arguments=dict(arguments), server=self._register.name
            )
            session.add(job)
        executor = self._here if here else self.executor
        try:
            with work_of(caller.id):
                future = _handed(executor, run_job, self.workshop, work, job.id, position())
        except Unavailable:
            self._fail(Job.id == job.id, INTERRUPTED)
            raise
        self._futures[job.id] = future
        future.add_done_callback(lambda done: self._settle(job.id, done, discard))
        return job

    def relieves(self) -> bool:
        """Whether small work belongs in a worker: memory is short, and one is free.

        Where none is, it is done in the server: in line it would stand behind long jobs.
        """
        is_free = not isinstance(self.executor, ProcessExecutor) or self.executor.is_free
        return is_free and self.memory.is_short()

    def wait_for(
        self, work: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Do work in a worker, whose memory is bounded and returns, while a request waits."""
        with work_of(current_account()):
            future = _handed(self.executor, work, *args, **kwargs)
        seconds = self.shares.job_seconds
        asked = monotonic()
        while not (future.running() or future.done()):
            wait([future], timeout=TURN_SECONDS)
        # A deadline and an account's seconds are of work, and not of standing in line for it.
        quotas.note_wait(monotonic() - asked)
        try:
            return future.result(timeout=seconds or None)
        except CancelledError as error:
            raise Unavailable(STOPPING, code="server_stopping") from error
        except FutureTimeoutError as error:
            future.cancel()
            raise BadRequest(OVERDUE.format(seconds=seconds), code="too_long") from error

    def cancel(self, caller: Caller, job_id: int) -> Job:
        """End a job that is not finished; what it made so far is dropped."""
        with self.database.session() as session:
            job = job_queries.get(session, caller, job_id, lock=True)
            if job.state not in UNFINISHED:
                raise BadRequest(f"The job has already {job.state}", code="job_finished")
            job.state = "cancelled"
            job.phase = "cancelled"
            # What was posted is of no more use.
            job.arguments = {}
            job.finished_at = utcnow()
        self._end(job_id)
        return job

    def give_up_lost(self) -> None:
        """Mark the jobs of servers that died as failed, with the reason."""
        unfinished = Job.state.in_(UNFINISHED)
        with self.database.session(read_only=True) as session:
            servers = set(session.scalars(sa.select(Job.server).where(unfinished).distinct()))
            oldest = utcnow() - timedelta(seconds=SILENCE_SECONDS)
            silent = set(
                session.scalars(
                    sa.select(Job.server).where(unfinished, Job.heartbeat_at < oldest).distinct()
                )
            )
        lost = {name for name in servers if self._register.is_dead(name)} | silent
        lost.discard(self._register.name)
        if lost:
            self._fail(sa.and_(unfinished, Job.server.in_(lost)), INTERRUPTED)

    def _fail(self, which: sa.ColumnElement[bool], reason: str) -> None:
        values = {
            "state": "failed",
            "phase": "failed",
            "error": reason,
            "finished_at": utcnow(),
            "arguments": {},
        }
        with self.database.connect() as connection:
            connection.execute(sa.update(Job).where(which).values(**values))

    def _settle(
        self, job_id: int, future: Future[None], discard: Callable[[], None] | None
    ) -> None:
        """Write down why a job failed; success and cancelling are in its row already."""
        self._futures.pop(job_id, None)
        reason = reason_of(future)
        if reason is not None:
            self._unsettled[job_id] = reason
        try:
            with self.database.connect() as connection:
                quotas.charge_job(connection, job_id)
            self._mark_unsettled()
            if discard is not None and (future.cancelled() or future.exception() is not None):
                discard()
        except (SQLAlchemyError, OSError) as error:
            # The next heartbeats try again; files without a row are swept up.
            log.error("job not settled", job=job_id, why=reason, reason=str(error))

    def end_overdue(self) -> None:
        """Fail what has run here for longer than a job may, and end its process."""
        seconds = self.shares.job_seconds
        if not seconds or not self._futures:
            return
        overdue = sa.select(Job.id).where(
            Job.id.in_(tuple(self._futures)),
            Job.state == "running",
            Job.started_at < utcnow() - timedelta(seconds=seconds),
        )
        with self.database.connect(read_only=True) as connection:
            found = connection.scalars(overdue).all()
        for job_id in found:
            reason = OVERDUE.format(seconds=seconds)
            self._fail(sa.and_(Job.id == job_id, Job.state.in_(UNFINISHED)), reason)
            self._end(job_id)

    def _mark_unsettled(self) -> None:
        """Write the failures that the database has not taken yet."""
        for job_id, reason in tuple(self._unsettled.items()):
            self._fail(sa.and_(Job.id == job_id, Job.state.in_(UNFINISHED)), reason)
            self._unsettled.pop(job_id, None)

    def _beat(self) -> None:
        heard = True
        beats = 0
        while not self._stopping.wait(HEARTBEAT_SECONDS):
            beats += 1
            try:
                self._mark_unsettled()
                if self.chore is not None and beats % CHORE_BEATS == 0:
                    self.chore()
                if self._futures:
                    mine = sa.and_(Job.server == self._register.name, Job.state.in_(UNFINISHED))
                    with self.database.connect() as connection:
                        now = sa.update(Job).where(mine).values(heartbeat_at=utcnow())
                        connection.execute(now)
                    self._end_cancelled_elsewhere()
                    self.end_overdue()
                # After a time without the database every server is silent: let them speak first.
                if heard:
                    self.give_up_lost()
                heard = True
            except (SQLAlchemyError, OSError) as error:
                heard = False
                log.warning("no heartbeat", reason=str(error))

    def _end_cancelled_elsewhere(self) -> None:
        running = tuple(self._futures)
        query = sa.select(Job.id).where(Job.id.in_(running), Job.state == "cancelled")
        with self.database.connect(read_only=True) as connection:
            cancelled = connection.scalars(query).all()
        for job_id in cancelled:
            self._end(job_id)

    def _end(self, job_id: int) -> None:
        future = self._futures.get(job_id)
        if future is not None:
            future.cancel()


def _handed(
    executor: Executor, work: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
) -> Future[Result]:
    try:
        return executor.submit(work, *args, **kwargs)
    except BrokenExecutor as error:
        raise Unavailable(NO_WORKERS, code="no_workers") from error
    except RuntimeError as error:
        # An executor that is shut down takes nothing more.
        raise Unavailable(STOPPING, code="server_stopping") from error
