"""New customers into the segments of a run."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pandas as pd

from app.errors import BadRequest, InvalidField, UnsupportedMediaType
from app.schemas.base import CautionOut
from app.schemas.run_views import PlacementOut, PlacementsOut
from app.segmentation.errors import FormatError, SegmentationError
from app.segmentation.new_rows import columns_needed, rows_as_fitted
from app.segmentation.tables import Cells, cells_from_frame, read_cells
from app.services.segmentations.reports import NOISE
from app.services.segmentations.views import OpenRun, RunViews

MAX_FILE_ROWS = 100_000
"""Rows of a file that are placed in one request: their answer is JSON of some ten megabytes."""


def place_records(
    views: RunViews, opened: OpenRun, records: Sequence[Mapping[str, object]]
) -> PlacementsOut:
    """Place customers that came as JSON."""
    columns = columns_needed(opened.report.columns, opened.report.formats)
    frame = pd.DataFrame(list(records), dtype="object")
    frame.columns = frame.columns.map(str)
    try:
        cells = cells_from_frame(frame.loc[:, [name for name in columns if name in frame]])
        return _placed(views, opened, cells)
    except SegmentationError as error:
        missing = [name for name in columns if name not in frame]
        told = f"; the rows lack {', '.join(missing)}" if missing else ""
        raise InvalidField("rows", f"{error}{told}", code=error.code) from error


def place_file(
    views: RunViews, opened: OpenRun, source: BinaryIO, max_columns: int
) -> PlacementsOut:
    """Place the customers of a file of any dialect."""
    try:
        cells = read_cells(source, max_columns=max_columns)
        if len(cells.frame) > MAX_FILE_ROWS:
            raise BadRequest(
                f"The file has {len(cells.frame):,} rows; at most {MAX_FILE_ROWS:,} are placed "
                "at a time: send it in parts",
                code="too_many_rows",
            )
        return _placed(views, opened, cells)
    except FormatError as error:
        raise UnsupportedMediaType(str(error), code=error.code) from error
    except SegmentationError as error:
        raise BadRequest(str(error), code=error.code) from error


def _placed(views: RunViews, opened: OpenRun, cells: Cells) -> PlacementsOut:
    segmentation = views.kept(opened)
    rows = rows_as_fitted(segmentation.encoder, cells, opened.report.formats)
    found = segmentation.place(rows.frame)
    names = opened.report.names
    n_rows = len(found.labels)
    confidences = [None] * n_rows if found.confidences is None else found.confidences.tolist()
    probabilities = [None] * n_rows if found.probabilities is None else found.probabilities.tolist()
    roles = [None] * n_rows if found.roles is None else found.roles.tolist()
    return PlacementsOut(
        run_id=opened.run.id,
        rule=found.rule,
        n_rows=n_rows,
        warnings=list(rows.remarks),
        cautions=[CautionOut.of(each) for each in rows.remarks],
        placements=[
            PlacementOut(
                row=row,
                cluster=label,
                cluster_name=names.get(label, NOISE),
                confidence=confidence,
                probability=None if label < 0 else probability,
                outlier=outlier,
                role=role,
            )
            for row, (label, confidence, probability, outlier, role) in enumerate(
                zip(
                    found.labels.tolist(),
                    confidences,
                    probabilities,
                    found.outliers.tolist(),
                    roles,
                    strict=True,
                ),
                start=1,
            )
        ],
    )
