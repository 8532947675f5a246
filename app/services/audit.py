"""The audit log: who did what, when and from where; written with what it tells of, and chained."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypedDict

import sqlalchemy as sa
from defusedcsv import csv
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.config import SECRET_SETTINGS, Settings
from app.context import current_request
from app.db.audit_tables import AuditEvent
from app.db.session import Database
from app.db.tables import User, utcnow
from app.services.dates import Moment, between
from app.services.paging import Page

_CHAIN_LOCK = 7_220_114
"""Any number that no other program on the same PostgreSQL database locks on."""
_START = "0" * 64
_BATCH = 1_000


@dataclass(frozen=True)
class AuditFilter:
    actor_id: int | None = None
    action: str | None = None
    object_type: str | None = None
    object_id: int | None = None
    date_from: Moment | None = None
    date_to: Moment | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        conditions: list[sa.ColumnElement[bool]] = []
        for name in ("actor_id", "object_type", "object_id"):
            value = getattr(self, name)
            if value is not None:
                conditions.append(getattr(AuditEvent, name) == value)
        if self.action is not None:
            # A part before the dot stands for all that begins with it.
            starts = AuditEvent.action.startswith(f"{self.action}.", autoescape=True)
            conditions.append(sa.or_(AuditEvent.action == self.action, starts))
        return [*conditions, *between(AuditEvent.at, self.date_from, self.date_to)]


@dataclass(frozen=True)
class Check:
    """Whether the chain is whole, and the first event that does not fit the one before it."""

    n_events: int
    first_broken: int | None
    last_digest: str | None


class About(TypedDict):
    """What an event is about."""

    object_type: str
    object_id: int


def about_user(user_id: int) -> About:
    return About(object_type="user", object_id=user_id)


def record(
    executor: Connection | Session,
    action: str,
    *,
    actor_id: int | None = None,
    key_id: int | None = None,
    object_type: str | None = None,
    object_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to the chain, in the caller's transaction: both are kept, or neither.

    `details` must hold no password, token, name of a person, or row of a table.
    """
    if isinstance(executor, Session):
        executor.flush()
        executor = executor.connection()
    _take_turn(executor)
    last = sa.select(AuditEvent.digest).order_by(AuditEvent.id.desc()).limit(1)
    previous = executor.scalar(last) or _START
    request = current_request()
    event = {
        "at": utcnow(),
        "action": action,
        "actor_id": actor_id,
        "key_id": key_id,
        "object_type": object_type,
        "object_id": object_id,
        "address": request.address if request else None,
        "request_id": request.request_id if request else None,
        "details": dict(details or {}),
    }
    executor.execute(sa.insert(AuditEvent).values(**event, digest=_digest(previous, event)))


def _take_turn(connection: Connection) -> None:
    """Add one link after the other; on SQLite there is one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))


def record_settings(database: Database, settings: Settings) -> None:
    """Note which settings differ from those that the log has last; secrets are left out."""
    now = settings.model_dump(mode="json", exclude=set(SECRET_SETTINGS))
    with database.connect() as connection:
        _take_turn(connection)
        last = connection.scalar(
            sa.select(AuditEvent.details)
            .where(AuditEvent.action == "settings.changed")
            .order_by(AuditEvent.id.desc())
            .limit(1)
        )
        before = last["settings"] if last else {}
        changed = {
            name: [before.get(name), now.get(name)]
            for name in sorted(before.keys() | now.keys())
            if before.get(name) != now.get(name)
        }
        if changed:
            details = {"settings": now, "changed": changed if before else {}}
            record(connection, "settings.changed", details=details)


def list_events(
    session: Session, page: Page, wanted: AuditFilter
) -> tuple[list[tuple[AuditEvent, str | None]], int]:
    """Return one page of events, newest first, with the names actors have now."""
    conditions = wanted.conditions()
    total = session.scalar(sa.select(sa.func.count(AuditEvent.id)).where(*conditions)) or 0
    query = (
        sa.select(AuditEvent, User.username)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(*conditions)
        .order_by(AuditEvent.id.desc())
        .offset(page.skip)
        .limit(page.limit)
    )
    return [(event, name) for event, name in session.execute(query)], total


def _after(session: Session, after: int, wanted: AuditFilter) -> Sequence[AuditEvent]:
    query = (
        sa.select(AuditEvent)
        .where(AuditEvent.id > after, *wanted.conditions())
        .order_by(AuditEvent.id)
        .limit(_BATCH)
    )
    return session.scalars(query).all()


def _walk(session: Session) -> Iterator[AuditEvent]:
    """Go through the events, oldest first, a thousand at a time."""
    after = 0
    while events := _after(session, after, AuditFilter()):
        yield from events
        after = events[-1].id
        session.expunge_all()


def check(session: Session) -> Check:
    """Recompute the chain. Only a copy of the last digest tells that its end was cut off."""
    previous, number = _START, 0
    for event in _walk(session):
        number += 1
        if event.digest != _digest(previous, _chained(event)):
            return Check(number, event.id, event.digest)
        previous = event.digest
    return Check(number, None, previous if number else None)


def export(database: Database, wanted: AuditFilter) -> Iterator[str]:
    """Yield the events as CSV; each block is read in a transaction of its own."""
    names = [column.key for column in sa.inspect(AuditEvent).column_attrs]
    yield _csv([names])
    after = 0
    while True:
        with database.session(read_only=True) as session:
            events = _after(session, after, wanted)
        yield _csv(_cells(event) for event in events)
        if len(events) < _BATCH:
            return
        after = events[-1].id


def _cells(event: AuditEvent) -> list[object]:
    told = {**fields_of(event), "at": event.at.isoformat()}
    details = json.dumps(event.details, sort_keys=True)
    return ["" if value is None else value for value in {**told, "details": details}.values()]


def _csv(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def fields_of(event: AuditEvent) -> dict[str, Any]:
    return {
        column.key: getattr(event, column.key) for column in sa.inspect(AuditEvent).column_attrs
    }


def _chained(event: AuditEvent) -> dict[str, Any]:
    told = fields_of(event)
    return {name: value for name, value in told.items() if name not in ("id", "digest")}


def _digest(previous: str, event: Mapping[str, Any]) -> str:
    """Return the digest of an event after another, the same on every database and in any order."""
    told = {**event, "at": event["at"].isoformat(timespec="microseconds"), "previous": previous}
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
