"""What charts of a version are drawn from: its columns, one by segment, two of them as points."""

import numpy as np
import pandas as pd

from app.errors import BadRequest
from app.schemas.charted import (
    ChartedColumn,
    ColumnBySegment,
    ColumnInSegment,
    CustomerPoints,
)
from app.segmentation.looking.distributions import Bins, ShownAs, bins
from app.segmentation.pictures.projection import MAX_POINTS, drawn_rows
from app.segmentation.preparation.columns import to_numbers
from app.services.segmentations.customer_filters import SqlColumn, named
from app.services.segmentations.looked import Looked

_SHOWN_AS: dict[str, ShownAs] = {"number": "number", "date": "date"}


def columns_of(looked: Looked) -> list[ChartedColumn]:
    """Name the columns that the caller may see, in the table's order, without the identifier."""
    return [
        _described(looked, column)
        for column in looked.columns.values()
        if column != looked.identifier
    ]


def by_segment(looked: Looked, name: str) -> ColumnBySegment:
    """Count a column's values within each segment, in bins that all of them share."""
    column = named(looked.columns, name, "column")
    described = _described(looked, column)
    values = looked.frame([name])[name]
    found = bins(values, kind=described.kind)
    if found is None:
        raise BadRequest(f"{name} has no values", code="empty_column", field="column")
    labels = looked.found.labels
    present = [*range(len(looked.lasting)), *([-1] if (labels < 0).any() else [])]
    return ColumnBySegment(
        **described.model_dump(),
        version=looked.number,
        edges=None if found.edges is None else list(found.edges),
        levels=None if found.levels is None else list(found.levels),
        open_low=found.open_low,
        open_high=found.open_high,
        segments=[_counted(looked, found, values, label) for label in present],
    )


def points_of(looked: Looked, x: str, y: str) -> CustomerPoints:
    """Draw customers by two columns of numbers or dates, from all segments."""
    columns = {each: named(looked.columns, name, each) for each, name in (("x", x), ("y", y))}
    for field, column in columns.items():
        if column.holds not in _SHOWN_AS:
            raise BadRequest(
                f"{column.name} has no numbers or dates to draw along an axis",
                code="not_on_an_axis",
                field=field,
            )
    identifier = looked.identifier
    names = dict.fromkeys([x, y, *([identifier.name] if identifier else [])])
    frame = looked.frame(list(names))
    known = np.flatnonzero(_known(frame[x]) & _known(frame[y]))
    labels = looked.found.labels[known]
    drawn = known[drawn_rows(labels, max_points=MAX_POINTS)]
    rows = frame.iloc[drawn]
    return CustomerPoints(
        version=looked.number,
        x=_described(looked, columns["x"]),
        y=_described(looked, columns["y"]),
        n_customers=len(known),
        n_missing=len(frame) - len(known),
        n_shown=len(drawn),
        identifiers=[str(row + 1) for row in drawn.tolist()]
        if identifier is None
        else ["" if each is None else str(each) for each in _plain(rows[identifier.name])],
        segments=[looked.lasting_of(label) for label in looked.found.labels[drawn].tolist()],
        xs=_plain(rows[x]),
        ys=_plain(rows[y]),
    )


def _described(looked: Looked, column: SqlColumn) -> ChartedColumn:
    return ChartedColumn(
        name=column.name,
        kind=_SHOWN_AS.get(column.holds, "category"),
        unit=looked.unit_of(column.name),
        used=column.name in looked.report.columns,
    )


def _counted(looked: Looked, found: Bins, values: pd.Series, label: int) -> ColumnInSegment:
    inside = looked.found.labels == label
    side = found.counted(inside)
    known = sum(side.counts) + side.other
    return ColumnInSegment(
        segment=looked.lasting_of(label),
        segment_name=looked.name_of(label),
        size=int(inside.sum()),
        mean=_mean(values[inside]) if found.kind == "number" else None,
        counts=list(side.counts),
        other=side.other,
        missing=side.missing,
        shares=[count / known if known else 0.0 for count in side.counts],
    )


def _mean(values: pd.Series) -> float | None:
    numbers = to_numbers(values)
    numbers = numbers[~np.isnan(numbers)]
    # Divided first: the sum of large doubles may be infinite.
    return float((numbers / len(numbers)).sum()) if len(numbers) else None


def _known(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.notna().to_numpy()
    return np.isfinite(to_numbers(values))


def _plain(values: pd.Series) -> list[object]:
    if pd.api.types.is_datetime64_any_dtype(values):
        return [each.isoformat() for each in values]
    if pd.api.types.is_numeric_dtype(values):
        return [None if pd.isna(each) else each for each in values.tolist()]
    return [None if pd.isna(each) else str(each) for each in values.tolist()]
