"""A finished run as a version of its segmentation: recognised, numbered, and noted."""

from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import Dataset, utcnow
from app.errors import NotFound
from app.segmentation.segmentation import Segmentation
from app.services.column_formats import formats_of
from app.services.job_work import Tools
from app.services.segmentations.activation import make_active
from app.services.segmentations.asking import RunOrder, Target
from app.services.segmentations.identities import (
    Recognised,
    assign,
)
from app.services.segmentations.recognising import before, recognise_segments
from app.services.segmentations.record import record_change
from app.services.segmentations.reports import report_of
from app.storage.artefacts import StoredArtefact


def recognised_by(tools: Tools, order: RunOrder, found: Segmentation) -> Recognised:
    with tools.database.session(read_only=True) as session:
        known = before(session, _segmentation_of(session, order, lock=False))
    return recognise_segments(tools, known, found, directory=order.directory, reading=order.reading)


def _segmentation_of(
    session: Session, order: RunOrder, *, lock: bool
) -> LastingSegmentation | None:
    """Find the segmentation that a run becomes a version of; None where it is a new one."""
    row, target = LastingSegmentation, order.target
    if target.segmentation_id is not None:
        return session.get(row, target.segmentation_id, with_for_update=lock or None)
    if target.name is not None:
        return None
    # One that was shared since is left alone: its team would see what nobody shared.
    query = sa.select(row).where(
        row.dataset_id == order.dataset_id, row.unnamed, row.visibility == "private"
    )
    return session.scalars(query.order_by(row.id.desc()).limit(1)).one_or_none()


def _new_segmentation(dataset: Dataset, target: Target) -> LastingSegmentation:
    stem = PurePath(dataset.filename).stem or dataset.filename
    return LastingSegmentation(
        user_id=dataset.user_id,
        name=target.name or stem[:200],
        unnamed=target.name is None,
        description=target.description,
        visibility=target.visibility,
        dataset_id=dataset.id,
        segments=[],
    )


def store_version(
    session: Session,
    order: RunOrder,
    found: Segmentation,
    stored: StoredArtefact,
    tree_id: int | None,
    recognised: Recognised,
) -> dict[str, object]:
    # The locked rows number versions one after the other.
    dataset = session.get(Dataset, order.dataset_id, with_for_update=True)
    if dataset is None:
        raise NotFound("The dataset was deleted while the run was being made")
    segmentation = _segmentation_of(session, order, lock=True)
    if segmentation is None and order.target.segmentation_id is not None:
        raise NotFound("The segmentation was deleted while the run was being made")
    if segmentation is None:
        segmentation = _new_segmentation(dataset, order.target)
        session.add(segmentation)
        session.flush()
    run = ClusteringRun
    last = sa.select(sa.func.max(run.version)).where(run.segmentation_id == segmentation.id)
    version = (session.scalar(last) or 0) + 1
    encoder, measure = found.encoder, found.silhouette
    used = found.columns.used
    formats = {name: each for name, each in formats_of(order.facts).items() if name in used}
    row = ClusteringRun(
        segmentation=segmentation,
        version=version,
        identity=assign(segmentation, recognised, version=version, n_segments=found.n_segments),
        visibility=segmentation.visibility,
        dataset_id=order.dataset_id,
        created_by_id=order.actor_id,
        reading=order.reading,
        artefact=stored.name,
        checksum=stored.checksum,
        tree_id=tree_id,
        algorithm=found.chosen.algorithm or order.recipe.algorithm,
        linkage=order.recipe.linkage if tree_id is not None else None,
        n_clusters=found.n_segments,
        n_samples=len(found.labels),
        n_encoded_features=encoder.n_encoded_features if encoder is not None else 0,
        silhouette_score=measure.score if measure is not None else None,
        options=order.recipe.to_dict(),
        report=report_of(found, formats).model_dump(mode="json"),
    )
    session.add(row)
    session.flush()
    segmentation.updated_at = utcnow()
    record_change(session, segmentation, "trained", order, version=version)
    if order.target.activate or version == 1:
        make_active(session, row)
    if not order.target.is_named:
        return {"run_id": row.id}
    return {"run_id": row.id, "segmentation_id": segmentation.id, "version": version}
