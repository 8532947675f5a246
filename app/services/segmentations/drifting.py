"""Whether customers who were placed lately still look like those of the active version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, PlacementRecord
from app.errors import BadRequest
from app.schemas.models import DriftOut
from app.segmentation.errors import SegmentationError
from app.segmentation.new_rows import columns_needed, stored_as_fitted
from app.segmentation.preparation.filling import filled_numbers
from app.segmentation.segmentation import Segmentation
from app.services.drifting import FEWEST_PREDICTIONS, Customers, Watched, measured, too_few
from app.services.segmentations.comparing import spread
from app.services.segmentations.reports import NOISE
from app.services.segmentations.views import OpenRun, RunViews

RECENT_PLACEMENTS = 10_000


def recent_placements(
    session: Session, segmentation_id: int, *conditions: sa.ColumnElement[bool]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the customers who were placed last, without who they are, and their segments."""
    row = PlacementRecord
    query = (
        sa.select(row.customer, row.segment)
        .where(row.segmentation_id == segmentation_id, *conditions)
        .order_by(row.id.desc())
        .limit(RECENT_PLACEMENTS)
    )
    found: Sequence[Any] = session.execute(query).all()
    segments = np.array([each.segment for each in found], dtype=np.int64)
    return pd.DataFrame([each.customer for each in found]), segments


def drift(views: RunViews, opened: OpenRun) -> DriftOut:
    """Compare what was placed since the version was activated with its table."""
    run = opened.run
    since = _since(run)
    with views.tools.database.session(read_only=True) as session:
        recent, segments = recent_placements(
            session,
            run.segmentation_id,
            PlacementRecord.version == run.version,
            PlacementRecord.created_at >= since,
        )
    if len(recent) < FEWEST_PREDICTIONS:
        return too_few(run.version, len(recent), since)
    kept = views.kept(opened)
    rows = spread(run.n_samples)
    columns = list(columns_needed(opened.report.columns, opened.report.formats))
    whole = views.frame_rows(opened, skip=0, limit=run.n_samples, columns=columns)
    try:
        table = stored_as_fitted(
            kept.encoder, whole.iloc[rows].reset_index(drop=True), opened.report.formats
        )
    except SegmentationError as error:
        raise BadRequest(f"Drift cannot be measured: {error}", code=error.code) from error
    names = [*opened.report.names.values()]
    encoder = kept.encoder
    watched = Watched(
        run.version,
        [each.name for each in encoder.numeric] if encoder is not None else [],
        [*names, NOISE] if opened.report.n_noise or np.any(segments < 0) else names,
        [each.name for each in encoder.categorical] if encoder is not None else [],
    )
    return measured(
        watched,
        since,
        before=_customers(kept, table, kept.labels[rows]),
        now=_customers(kept, recent, segments),
    )


def _since(run: ClusteringRun) -> datetime:
    return run.activated_at or run.created_at


def _customers(kept: Segmentation, frame: pd.DataFrame, segments: NDArray[np.integer]) -> Customers:
    """Take columns as they were fitted; unknown categories are one more."""
    encoder = kept.encoder
    segments = np.where(segments < 0, kept.n_segments, segments)
    if encoder is None:
        return Customers(np.empty((len(frame), 0)), segments)
    categories = []
    for category in encoder.categorical:
        codes = category.codes(frame[category.name])
        categories.append(np.where(codes < 0, len(category.levels), codes))
    return Customers(filled_numbers(encoder, frame), segments, categories)
