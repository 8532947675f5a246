"""Who was placed in a segmentation: the owner sees all of them, everyone else their own."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import LastingSegmentation, PlacementRecord
from app.db.tables import ModelVersion, PredictionHistory, User
from app.schemas.placements import PlacedCustomerOut
from app.services.accounts import Caller
from app.services.models import report_of
from app.services.paging import Page
from app.services.segmentations.finding import Reference, find
from app.services.segmentations.reports import identity_of, shown_names


def list_placed(
    session: Session, caller: Caller, reference: Reference, page: Page
) -> tuple[list[PlacedCustomerOut], int]:
    """Return one page of placements, newest first."""
    segmentation = find(session, caller, reference)
    if segmentation.kind == "core":
        return _predictions(session, caller, segmentation, page)
    row = PlacementRecord
    seen = row.segmentation_id == segmentation.id
    if segmentation.user_id != caller.id:
        seen = sa.and_(seen, row.user_id == caller.id)
    total = session.scalar(sa.select(sa.func.count(row.id)).where(seen)) or 0
    query = sa.select(row, User.username).join(User, User.id == row.user_id).where(seen)
    query = query.order_by(row.id.desc()).offset(page.skip).limit(page.limit)
    found = [
        PlacedCustomerOut(
            id=each.id,
            at=each.created_at,
            by=name,
            version=each.version,
            segment=each.segment,
            segment_name=each.segment_name,
            confidence=each.confidence,
            customer=each.customer,
        )
        for each, name in session.execute(query)
    ]
    return found, total


def _predictions(
    session: Session, caller: Caller, core: LastingSegmentation, page: Page
) -> tuple[list[PlacedCustomerOut], int]:
    """List the caller's own predictions; those of the core are private.

    They were noted by the names of the contract, and are shown by those of the segmentation.
    """
    row = PredictionHistory
    own = row.user_id == caller.id
    total = session.scalar(sa.select(sa.func.count(row.id)).where(own)) or 0
    query = sa.select(row).where(own).order_by(row.id.desc())
    rows = session.scalars(query.offset(page.skip).limit(page.limit)).all()
    of_them = ModelVersion.version.in_({each.model_version for each in rows})
    names = {
        model.version: shown_names(core, identity_of(model), report_of(model).names)
        for model in session.scalars(sa.select(ModelVersion).where(of_them))
    }
    found = [
        PlacedCustomerOut(
            id=each.id,
            at=each.created_at,
            by=caller.username,
            version=each.model_version,
            segment=each.cluster,
            segment_name=names[each.model_version][each.cluster]
            if each.model_version in names
            else each.cluster_name,
            confidence=each.confidence,
            customer=each.customer_data,
        )
        for each in rows
    ]
    return found, total
