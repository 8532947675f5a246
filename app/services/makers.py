"""The names by which versions and runs say who made them."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun
from app.db.tables import ModelVersion, User

NO_ONE = "a deleted account"
"""Who made a run of somebody else's table, once their own account is gone."""


def names_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the names of accounts as they are now; those of deleted ones are missing."""
    query = sa.select(User.id, User.username).where(User.id.in_(ids))
    return {row.id: row.username for row in session.execute(query)}


def rename_maker(session: Session, before: str, after: str | None) -> None:
    """Give what an account made its new name, or none."""
    session.execute(
        sa.update(ModelVersion).where(ModelVersion.trained_by == before).values(trained_by=after)
    )
    session.execute(
        sa.update(ClusteringRun)
        .where(ClusteringRun.created_by == before)
        .values(created_by=after or NO_ONE)
    )
