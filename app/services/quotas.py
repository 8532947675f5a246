"""Fair shares: what one account may keep, have waiting, and compute. Of every limit, 0 is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Self

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.config import Settings
from app.context import current_account
from app.db.account_tables import CountedAttempts
from app.db.order_tables import OrderFile, Orders
from app.db.session import Database
from app.db.tables import Dataset, Job, User, utcnow
from app.errors import TooLarge, TooManyRequests, Unauthorized
from app.services.attempts import HOUR, Key, count

UNFINISHED = ("queued", "running")
UPLOADS = ("upload", "orders", "lines")
"""Jobs that read a file, which no table names yet."""
LEAST_SECONDS = 0.05
"""What a request computes in less is not worth a transaction to count it."""


@dataclass(frozen=True)
class Shares:
    """What one account may have of the workers."""

    jobs: int
    compute_seconds: int
    job_seconds: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            jobs=settings.max_jobs_per_user,
            compute_seconds=settings.compute_seconds_per_hour,
            job_seconds=settings.job_timeout_seconds,
        )


def lock_owner(session: Session, user_id: int) -> None:
    """Let what one account asks for at once be counted one after the other."""
    owner = sa.select(User.id).where(User.id == user_id).with_for_update()
    if session.scalar(owner) is None:
        raise Unauthorized


def check_jobs(session: Session, user_id: int, most: int) -> None:
    """Refuse one more job of an account that has as many unfinished ones as it may."""
    if not most:
        return
    lock_owner(session, user_id)
    unfinished = sa.select(sa.func.count()).where(Job.user_id == user_id, Job.state.in_(UNFINISHED))
    if (session.scalar(unfinished) or 0) >= most:
        raise TooManyRequests(
            f"You have {most} unfinished jobs, the most at once (MAX_JOBS_PER_USER); wait for one, "
            "or cancel it",
            retry_after=10,
            code="too_many_jobs",
        )


def check_room(session: Session, user_id: int, *, adding: int, most: int) -> None:
    """Refuse more bytes than an account may still keep."""
    if not most:
        return
    kept = _stored_bytes(session, user_id)
    if kept + adding > most:
        raise TooLarge(
            f"Your files take {kept:,} of {most:,} bytes (MAX_STORED_BYTES_PER_USER), and this one "
            f"{adding:,}; delete what you no longer need",
            code="storage_full",
        )


def _stored_bytes(session: Session, user_id: int) -> int:
    tables = sa.select(sa.func.sum(Dataset.size_bytes)).where(Dataset.user_id == user_id)
    lines = sa.select(sa.func.sum(OrderFile.size_bytes)).join(Orders)
    lines = lines.where(Orders.user_id == user_id)
    # PostgreSQL's sum of long integers is a decimal number.
    return int(session.scalar(tables) or 0) + int(session.scalar(lines) or 0)


def waiting_bytes(session: Session, user_id: int) -> int:
    """Return the bytes of files that have arrived and wait to be read."""
    waiting = sa.select(Job.arguments).where(
        Job.user_id == user_id, Job.kind.in_(UPLOADS), Job.state.in_(UNFINISHED)
    )
    return sum(int(each.get("size_bytes", 0)) for each in session.scalars(waiting))


def check_compute(session: Session, user_id: int, most: int) -> None:
    """Refuse more work of an account that has had its seconds of this hour.

    Jobs that run count with what they have taken so far.
    """
    if not most:
        return
    now = utcnow()
    key = _compute_key(user_id)
    charged = session.execute(
        sa.select(CountedAttempts.number, CountedAttempts.since).where(key.matches())
    ).one_or_none()
    used, since = (charged.number / 1000, charged.since) if charged is not None else (0.0, now)
    if since <= now - HOUR:
        used, since = 0.0, now
    running = sa.select(Job.started_at).where(Job.user_id == user_id, Job.state == "running")
    used += sum(
        min(now - started, HOUR).total_seconds() for started in session.scalars(running) if started
    )
    if used >= most:
        raise TooManyRequests(
            f"You have used {used:,.0f} of {most:,} seconds of computing per hour "
            "(COMPUTE_SECONDS_PER_HOUR); try again later",
            retry_after=_seconds(since + HOUR - now),
            code="too_much_computing",
        )


_WAITED: ContextVar[float] = ContextVar("seconds waited for workers", default=0.0)


def note_wait(seconds: float) -> None:
    """Leave time in which nothing was computed out of what the request is charged."""
    _WAITED.set(_WAITED.get() + seconds)


@contextmanager
def computing(database: Database, shares: Shares) -> Iterator[None]:
    """Count the time of what a request computes to the account that asks.

    Raises
    ------
    TooManyRequests
        The account has had its seconds of this hour.
    """
    account = current_account()
    if account is None:
        yield
        return
    with database.session(read_only=True) as session:
        check_compute(session, account, shares.compute_seconds)
    began, waited = monotonic(), _WAITED.get()
    try:
        yield
    finally:
        seconds = monotonic() - began - (_WAITED.get() - waited)
        if seconds >= LEAST_SECONDS:
            with database.connect() as connection:
                charge(connection, account, seconds)


def charge(executor: Connection | Session, user_id: int, seconds: float) -> None:
    """Count seconds of computing to an account; an hour begins with the first of them."""
    milliseconds = max(1, round(seconds * 1000))
    count(executor, _compute_key(user_id), utcnow(), window=HOUR, by=milliseconds)


def charge_job(connection: Connection, job_id: int) -> None:
    """Count what a job took, however it ended."""
    ran = sa.select(Job.user_id, Job.started_at).where(
        Job.id == job_id, Job.started_at.is_not(None)
    )
    job = connection.execute(ran).one_or_none()
    if job is not None:
        charge(connection, job.user_id, (utcnow() - job.started_at).total_seconds())


def _compute_key(user_id: int) -> Key:
    return Key("computing", f"account:{user_id}")


def _seconds(wait: timedelta) -> int:
    return int(wait.total_seconds()) + 1
