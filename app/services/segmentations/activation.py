"""Which version of a segmentation serves: one, and the newest where that one went."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import utcnow


def make_active(session: Session, run: ClusteringRun) -> None:
    """Make a version the one that serves; its dataset becomes the segmentation's."""
    others = sa.update(ClusteringRun).where(
        ClusteringRun.segmentation_id == run.segmentation_id, ClusteringRun.is_active
    )
    session.execute(others.values(is_active=False))
    run.is_active, run.activated_at = True, utcnow()
    run.segmentation.dataset_id = run.dataset_id
    session.flush()


@contextmanager
def losing_versions(session: Session, dataset_id: int) -> Iterator[None]:
    """Settle the segmentations that have versions of a dataset, which goes meanwhile."""
    of_it = sa.select(ClusteringRun.segmentation_id).where(ClusteringRun.dataset_id == dataset_id)
    ids = session.scalars(of_it.distinct()).all()
    yield
    session.flush()
    session.expire_all()
    for segmentation_id in ids:
        settle(session, session.get_one(LastingSegmentation, segmentation_id))


def settle(session: Session, segmentation: LastingSegmentation) -> None:
    """Let the newest version serve where none does; without any, the segmentation goes too."""
    query = sa.select(ClusteringRun).where(ClusteringRun.segmentation_id == segmentation.id)
    newest = session.scalars(
        query.order_by(ClusteringRun.is_active.desc(), ClusteringRun.version.desc()).limit(1)
    ).one_or_none()
    if newest is None:
        session.delete(segmentation)
    elif not newest.is_active:
        make_active(session, newest)
    session.flush()
