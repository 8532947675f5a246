"""New customers into the segments of a run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, NamedTuple, Self

import pandas as pd
from numpy.typing import NDArray

from app.errors import BadRequest, InvalidField, UnsupportedMediaType
from app.schemas.base import CautionOut
from app.schemas.run_views import PlacementOut, PlacementsOut
from app.segmentation.errors import FormatError, SegmentationError
from app.segmentation.new_rows import columns_needed, plain_rows, rows_as_fitted
from app.segmentation.placing import Placements
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Cells, ColumnFormat, cells_from_frame, read_cells
from app.services.segmentations.looked import Looked
from app.services.segmentations.reports import NOISE

Role = Literal["core", "border", "noise"]
MAX_FILE_ROWS = 100_000
"""Rows of a file that are placed in one request: their answer is JSON of some ten megabytes."""


@dataclass(frozen=True, eq=False)
class PlacementRules:
    """What places customers in a version, from files that are read and names that are shown."""

    kept: Segmentation
    formats: Mapping[str, ColumnFormat]
    columns: tuple[str, ...]
    names: Mapping[int, str]

    @classmethod
    def of(cls, looked: Looked) -> Self:
        report = looked.report
        columns = columns_needed(report.columns, report.formats)
        return cls(looked.found, report.formats, columns, report.names)


class OneRow(NamedTuple):
    """Where one customer belongs, by the row's number in what was sent, from 1."""

    row: int
    segment: int
    confidence: int | None
    probability: float | None
    outlier: bool
    role: Role | None


@dataclass(frozen=True, eq=False)
class PlacedRows:
    """Customers as they were understood, and where they belong."""

    values: Mapping[str, Sequence[Any]]
    found: Placements
    remarks: tuple[str, ...]

    @property
    def confidences(self) -> list[int | None]:
        return _listed(self.found.confidences, len(self.found.labels))

    @property
    def probabilities(self) -> list[float | None]:
        return _listed(self.found.probabilities, len(self.found.labels))

    @property
    def roles(self) -> list[Role | None]:
        return _listed(self.found.roles, len(self.found.labels))

    def each(self) -> Iterator[OneRow]:
        """Go through the customers; one in no segment has no probability of any."""
        columns = zip(
            self.found.labels.tolist(),
            self.confidences,
            self.probabilities,
            self.found.outliers.tolist(),
            self.roles,
            strict=True,
        )
        for row, (label, confidence, probability, outlier, role) in enumerate(columns, start=1):
            shown = None if label < 0 else probability
            yield OneRow(row, label, confidence, shown, outlier, role)


def _listed(values: NDArray[Any] | None, n_rows: int) -> list[Any]:
    return [None] * n_rows if values is None else values.tolist()


def place_plain(
    rules: PlacementRules, records: Sequence[Mapping[str, object]]
) -> PlacedRows | None:
    """Place customers whose values need no reading; None where one does, or is too large."""
    encoder = rules.kept.encoder
    plain = plain_rows(encoder, records, rules.formats)
    if plain is None or encoder is None:
        return None
    try:
        X = encoder.transform_values(plain.numbers, plain.codes)
        return PlacedRows(plain.values, rules.kept.place_encoded(X), ())
    except SegmentationError:
        return None


def place_records(rules: PlacementRules, records: Sequence[Mapping[str, object]]) -> PlacedRows:
    """Place customers that came as JSON."""
    placed = place_plain(rules, records)
    if placed is not None:
        return placed
    frame = pd.DataFrame(list(records), dtype="object")
    frame.columns = frame.columns.map(str)
    try:
        cells = cells_from_frame(frame.loc[:, [name for name in rules.columns if name in frame]])
        return place_cells(rules, cells)
    except SegmentationError as error:
        missing = [name for name in rules.columns if name not in frame]
        told = f"; the rows lack {', '.join(missing)}" if missing else ""
        raise InvalidField("rows", f"{error}{told}", code=error.code) from error


def place_file(
    rules: PlacementRules, source: BinaryIO, max_columns: int
) -> tuple[Cells, PlacedRows]:
    """Place the customers of a file of any dialect."""
    try:
        cells = read_cells(source, max_columns=max_columns)
        if len(cells.frame) > MAX_FILE_ROWS:
            raise BadRequest(
                f"The file has {len(cells.frame):,} rows; at most {MAX_FILE_ROWS:,} are placed "
                "at a time: send it in parts",
                code="too_many_rows",
            )
        return cells, place_cells(rules, cells)
    except FormatError as error:
        raise UnsupportedMediaType(str(error), code=error.code) from error
    except SegmentationError as error:
        raise BadRequest(str(error), code=error.code) from error


def place_cells(rules: PlacementRules, cells: Cells) -> PlacedRows:
    rows = rows_as_fitted(rules.kept.encoder, cells, rules.formats)
    columns = rules.kept.encoder.columns if rules.kept.encoder is not None else ()
    values = {name: rows.frame[name].tolist() for name in columns if name in rows.frame}
    return PlacedRows(values, rules.kept.place(rows.frame), rows.remarks)


def answered(run_id: int, rules: PlacementRules, placed: PlacedRows) -> PlacementsOut:
    return PlacementsOut(
        run_id=run_id,
        rule=placed.found.rule,
        n_rows=len(placed.found.labels),
        warnings=list(placed.remarks),
        cautions=[CautionOut.of(each) for each in placed.remarks],
        placements=[
            PlacementOut(
                row=each.row,
                cluster=each.segment,
                cluster_name=rules.names.get(each.segment, NOISE),
                confidence=each.confidence,
                probability=each.probability,
                outlier=each.outlier,
                role=each.role,
            )
            for each in placed.each()
        ],
    )
