"""Which version of a segmentation places customers: one statement says it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.session import Database
from app.db.tables import User
from app.errors import ModelNotTrained, NotFound
from app.services.accounts import HONOURED, Caller
from app.services.models import ACTIVE_VERSION
from app.services.segmentations.finding import Reference, visible


@dataclass(frozen=True)
class Serving:
    """Which version places, as of a moment."""

    segmentation_id: int
    is_core: bool
    version: int
    changed_at: datetime


_REFERENCE = sa.bindparam("reference", type_=sa.Integer)


@cache
def _serving_query(is_core: bool) -> sa.Select[int, str, datetime, int]:
    """Put the statement together once: that costs more than running it."""
    row, run = LastingSegmentation, ClusteringRun
    named = row.kind == "core" if is_core else row.id == _REFERENCE
    caller_id = sa.bindparam("caller_id", type_=sa.Integer)
    return (
        sa.select(
            row.id,
            row.kind,
            row.updated_at,
            sa.case((row.kind == "core", ACTIVE_VERSION), else_=run.version).label("version"),
        )
        .outerjoin(run, sa.and_(run.segmentation_id == row.id, run.is_active))
        .where(named, visible(sa.bindparam("role", type_=sa.String), caller_id))
    )


_SERVING = (
    sa.select(
        User.id, User.must_change_password, LastingSegmentation.updated_at, ClusteringRun.version
    )
    .select_from(User)
    .join(LastingSegmentation, LastingSegmentation.id == _REFERENCE)
    .join(
        ClusteringRun,
        sa.and_(ClusteringRun.segmentation_id == LastingSegmentation.id, ClusteringRun.is_active),
    )
    .where(visible(User.role, User.id))
)
CHECK = _SERVING.where(HONOURED)
"""What serves, if the caller's token is honoured."""

CHECK_KEY = _SERVING.where(User.id == sa.bindparam("user_id"), User.is_active)
"""What serves, if the owner of the caller's key is active."""


def serving_of(database: Database, caller: Caller, reference: Reference) -> Serving:
    """Find the version that places, in one statement; it may be read by the caller."""
    query = _serving_query(reference == "core")
    parameters = {"reference": reference, "caller_id": caller.id, "role": caller.role}
    with database.connect(read_only=True) as connection:
        found = connection.execute(query, parameters).one_or_none()
    if found is None:
        raise NotFound("Segmentation not found")
    is_core = found.kind == "core"
    if found.version is None and is_core:
        raise ModelNotTrained
    if found.version is None:
        raise NotFound("This segmentation has no active version", code="no_active_version")
    return Serving(found.id, is_core, found.version, found.updated_at)
