"""How long things are kept: a round, some times an hour, that removes what is older."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from app.config import Settings
from app.db.account_tables import Invitation, KnownAddress
from app.db.segmentation_tables import PlacementRecord
from app.db.session import Database
from app.db.tables import Job, PredictionHistory, RevokedToken
from app.services import audit
from app.services.analysis import KIND as ANALYSIS
from app.services.attempts import drop_old
from app.services.free_pages import fold_log
from app.services.sign_in import ADDRESS_REMEMBERED

FINISHED = ("succeeded", "failed", "cancelled")


def sweep(database: Database, settings: Settings, now: datetime) -> dict[str, int]:
    """Remove what is older than the settings say; return how much of what, and log it."""
    with database.connect() as connection:
        removed = {
            name: number
            for name, number in (
                ("jobs", _jobs(connection, settings.jobs_kept_days, now)),
                ("records", _records(connection, settings.records_kept_days, now)),
                ("history", _history(connection, settings.history_kept_days, now)),
                ("placements", _placements(connection, settings.history_kept_days, now)),
                ("addresses", _addresses(connection, now)),
                ("invitations", _invitations(connection, now)),
            )
            if number
        }
        connection.execute(sa.delete(RevokedToken).where(RevokedToken.expires_at < now - _HOUR))
        drop_old(connection, now)
        if removed:
            audit.record(connection, "retention.swept", details=removed)
    if removed:
        fold_log(database)
    return removed


_HOUR = timedelta(hours=1)


def _before(days: int, now: datetime) -> datetime:
    return now - timedelta(days=days)


def _jobs(connection: Connection, days: int, now: datetime) -> int:
    if not days:
        return 0
    old = sa.and_(Job.state.in_(FINISHED), Job.finished_at < _before(days, now))
    return connection.execute(sa.delete(Job).where(old)).rowcount


def _records(connection: Connection, days: int, now: datetime) -> int:
    """Remove analyses of posted records, which repeat each of them; the job stays."""
    if not days:
        return 0
    old = sa.and_(
        Job.kind == ANALYSIS, Job.result.is_not(None), Job.finished_at < _before(days, now)
    )
    return connection.execute(sa.update(Job).where(old).values(result=None)).rowcount


def _history(connection: Connection, days: int, now: datetime) -> int:
    if not days:
        return 0
    old = PredictionHistory.created_at < _before(days, now)
    return connection.execute(sa.delete(PredictionHistory).where(old)).rowcount


def _placements(connection: Connection, days: int, now: datetime) -> int:
    if not days:
        return 0
    old = PlacementRecord.created_at < _before(days, now)
    return connection.execute(sa.delete(PlacementRecord).where(old)).rowcount


def _addresses(connection: Connection, now: datetime) -> int:
    old = KnownAddress.last_used_at < now - ADDRESS_REMEMBERED
    return connection.execute(sa.delete(KnownAddress).where(old)).rowcount


def _invitations(connection: Connection, now: datetime) -> int:
    """Remove those that nobody used in time; some name an address."""
    over = sa.and_(Invitation.used_at.is_(None), Invitation.expires_at < now)
    return connection.execute(sa.delete(Invitation).where(over)).rowcount
