"""Opening versions of a segmentation to look into them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun
from app.db.tables import Dataset
from app.services.accounts import Caller
from app.services.segmentations.finding import Reference, resolve, version_of
from app.services.segmentations.looked import Looked, Words
from app.services.segmentations.runs import owns
from app.services.segmentations.views import OpenRun, RunViews


def look_into(views: RunViews, caller: Caller, reference: Reference, version: int | None) -> Looked:
    """Open a version that the caller may see, the active one where none is named."""
    with views.tools.database.session(read_only=True) as session:
        _, run = resolve(session, caller, reference, version)
        return _looked(session, views, caller, [run])[0]


def another(views: RunViews, caller: Caller, looked: Looked, version: int) -> Looked:
    """Open another version of the same segmentation."""
    with views.tools.database.session(read_only=True) as session:
        run = version_of(session, looked.opened.run.segmentation, version)
        return _looked(session, views, caller, [run])[0]


def all_versions(views: RunViews, caller: Caller, looked: Looked) -> list[Looked]:
    """Open every version of the same segmentation, oldest first."""
    query = sa.select(ClusteringRun).where(
        ClusteringRun.segmentation_id == looked.opened.run.segmentation_id
    )
    with views.tools.database.session(read_only=True) as session:
        runs = session.scalars(query.order_by(ClusteringRun.version)).all()
        return _looked(session, views, caller, runs)


def words_for(looked: Looked, lasting_id: int) -> Words:
    """Return what the segment's owner says of it."""
    kept = looked.opened.run.segmentation.segments
    found = next((each for each in kept if each.lasting_id == lasting_id), None)
    return Words() if found is None else Words(note=found.note, advice=found.advice)


def _looked(
    session: Session, views: RunViews, caller: Caller, runs: Sequence[ClusteringRun]
) -> list[Looked]:
    ids = {run.dataset_id for run in runs}
    found = session.scalars(sa.select(Dataset).where(Dataset.id.in_(ids)))
    datasets = {dataset.id: dataset for dataset in found}
    return [
        Looked(views, OpenRun(run, dataset, None, whole=owns(caller, dataset)))
        for run in runs
        for dataset in (datasets[run.dataset_id],)
    ]
