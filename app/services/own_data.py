"""All that is held about one account, as one JSON text."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.db.account_tables import Identity, Invitation, KnownAddress
from app.db.audit_tables import AuditEvent
from app.db.key_tables import ApiKey
from app.db.order_tables import OrderFile, Orders, Snapshot
from app.db.segmentation_tables import (
    ClusteringRun,
    LastingSegment,
    LastingSegmentation,
    PlacementRecord,
    SegmentationUse,
)
from app.db.session import Database
from app.db.tables import CustomerProfile, Dataset, Job, PredictionHistory, User

_BLOCK = 1_000
_LEFT_OUT = frozenset({"hashed_password", "digest", "token_version", "kept_token_id", "server"})
"""Secrets and what only the program has a use for."""


def export(database: Database, user_id: int) -> Iterator[str]:
    """Yield a JSON object with a list for each kind of thing; each block in its own transaction.

    Uploaded files are not in it: their lists have the ids to download them by.
    """
    yield "{"
    for number, (name, query) in enumerate(_queries(user_id).items()):
        yield f"{',' if number else ''}{json.dumps(name)}:["
        yield from _rows(database, query)
        yield "]"
    yield "}"


def _queries(user_id: int) -> dict[str, sa.Select[Any]]:
    own_datasets = sa.select(Dataset.id).where(Dataset.user_id == user_id)
    own_segmentations = sa.select(LastingSegmentation.id).where(
        LastingSegmentation.user_id == user_id
    )
    own_orders = sa.select(Orders.id).where(Orders.user_id == user_id)
    about = sa.and_(AuditEvent.object_type == "user", AuditEvent.object_id == user_id)

    def of(table: type[Any], condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
        found = sa.inspect(table)
        return sa.select(*found.columns).where(condition).order_by(*found.primary_key)

    return {
        "account": of(User, User.id == user_id),
        "known_addresses": of(KnownAddress, KnownAddress.user_id == user_id),
        "identities": of(Identity, Identity.user_id == user_id),
        "invitations": of(
            Invitation,
            sa.or_(Invitation.created_by_id == user_id, Invitation.used_by_id == user_id),
        ),
        "api_keys": of(ApiKey, ApiKey.user_id == user_id),
        "saved_profiles": of(CustomerProfile, CustomerProfile.user_id == user_id),
        "history": of(PredictionHistory, PredictionHistory.user_id == user_id),
        "datasets": of(Dataset, Dataset.user_id == user_id),
        "segmentations": of(LastingSegmentation, LastingSegmentation.user_id == user_id),
        "segments": of(LastingSegment, LastingSegment.segmentation_id.in_(own_segmentations)),
        "segmentation_uses": of(SegmentationUse, SegmentationUse.user_id == user_id),
        "placements": of(PlacementRecord, PlacementRecord.user_id == user_id),
        "runs": of(ClusteringRun, ClusteringRun.dataset_id.in_(own_datasets)),
        "orders": of(Orders, Orders.user_id == user_id),
        "order_files": of(OrderFile, OrderFile.orders_id.in_(own_orders)),
        "snapshots": of(Snapshot, Snapshot.orders_id.in_(own_orders)),
        "jobs": of(Job, Job.user_id == user_id),
        "audit_events": of(AuditEvent, sa.or_(AuditEvent.actor_id == user_id, about)),
    }


def _rows(database: Database, query: sa.Select[Any]) -> Iterator[str]:
    first, skip = True, 0
    while True:
        with database.connect(read_only=True) as connection:
            block = connection.execute(query.offset(skip).limit(_BLOCK)).mappings()
            rows = [{n: v for n, v in row.items() if n not in _LEFT_OUT} for row in block]
        for row in rows:
            yield ("" if first else ",") + json.dumps(row, default=_plain)
            first = False
        if len(rows) < _BLOCK:
            return
        skip += _BLOCK


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
