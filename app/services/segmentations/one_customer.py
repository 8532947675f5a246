"""One customer of a version: why they are in their segment, and what would move them."""

from collections.abc import Iterator, Sequence

import duckdb
import numpy as np

from app.errors import NotFound, Unavailable
from app.schemas.customers import (
    ChangeToMove,
    CustomerView,
    SegmentChance,
    SpeakingColumn,
    VersionPlace,
)
from app.segmentation.looking.crossings import Range
from app.segmentation.looking.moving import SmallestChange, smallest_change
from app.segmentation.looking.support import Support, chances, columns_for
from app.segmentation.membership import rivals_of
from app.segmentation.tables import plain_rows
from app.services.segmentations.customer_query import WantedCustomers
from app.services.segmentations.customers import CustomerList
from app.services.segmentations.looked import Looked


def customer_of(looked: Looked, identifier: str, versions: Sequence[Looked]) -> CustomerView:
    """Explain the place of the first customer with an identifier, or with a row's number.

    `versions` are all those of the segmentation, oldest first.
    """
    rows = rows_of(looked, identifier)
    if not rows:
        raise NotFound(f"There is no customer {identifier!r} in version {looked.number}")
    row, found = rows[0], looked.found
    label = int(found.labels[row - 1])
    columns = [] if found.encoder is None else list(found.encoder.columns)
    frame = looked.frame(columns, skip=row - 1, limit=1)
    customers = CustomerList(looked, WantedCustomers())
    with customers.connected() as connection:
        customer = customers.at(connection, [row])[0]
        numeric = [] if found.encoder is None else [each.name for each in found.encoder.numeric]
        ranges = _ranges(looked, connection, numeric)
    distances = np.empty(0)
    rival = -1
    if found.scorer is not None:
        distances = found.scorer.distances(found.encode(frame))
        rival = int(rivals_of(distances, np.array([label]))[0])
        distances = distances[0]
    probabilities = chances(distances, own=label, probability=customer.probability)
    change = smallest_change(found, frame, own=label, ranges=ranges)
    return CustomerView(
        version=looked.number,
        identified_by=looked.report.identifier,
        customer=customer,
        same_identifier=len(rows),
        probabilities=[
            SegmentChance(
                segment=looked.lasting[segment],
                segment_name=looked.name_of(segment),
                probability=probabilities[segment],
                distance=distance,
            )
            for segment, distance in enumerate(distances.tolist())
        ],
        compared_with=looked.lasting_of(rival),
        speaks_for=[
            _speaking(looked, each, plain_rows(frame)[0][each.column], label, rival)
            for each in columns_for(found, frame, own=label, rival=rival)
        ],
        smallest_change=None if change is None else _changed(looked, change),
        history=list(_history(looked, row, identifier, versions)),
    )


def rows_of(looked: Looked, identifier: str) -> list[int]:
    """Find the rows of an identifier, counted from 1; where the table has none, that row."""
    column = looked.identifier
    if column is None:
        n_rows = looked.n_customers
        is_number = identifier.isascii() and identifier.isdigit() and len(identifier) < 19
        return [int(identifier)] if is_number and 1 <= int(identifier) <= n_rows else []
    values = looked.frame([column.name])[column.name]
    texts = values.astype("str")
    return (np.flatnonzero((texts == identifier) & values.notna()) + 1).tolist()


def _ranges(
    looked: Looked, connection: duckdb.DuckDBPyConnection, numeric: Sequence[str]
) -> dict[str, Range]:
    """Find between which numbers columns lie; one without any value has no range."""
    columns = [looked.columns[name] for name in numeric]
    if not columns:
        return {}
    figures = ", ".join(
        f"min({each.sql}), max({each.sql}), bool_and({each.sql} = floor({each.sql}))"
        for each in columns
    )
    found = connection.execute(f"SELECT {figures} FROM customers").fetchone()  # noqa: S608
    parts = [found[i : i + 3] for i in range(0, 3 * len(columns), 3)] if found is not None else []
    return {
        column.name: Range(low=float(low), high=float(high), whole=bool(whole))
        for column, (low, high, whole) in zip(columns, parts, strict=True)
        if low is not None
    }


def _speaking(
    looked: Looked, support: Support, value: object, own: int, rival: int
) -> SpeakingColumn:
    return SpeakingColumn.model_validate(
        {
            "column": support.column,
            "value": value,
            "here": _typical(looked, own, support.column),
            "there": _typical(looked, rival, support.column),
            "share": support.share,
        }
    )


def _typical(looked: Looked, label: int, column: str) -> float | str | None:
    profile = looked.found.profiles[label]
    if column in profile.means:
        return profile.means[column]
    levels = profile.categories.get(column, ())
    return levels[0].level if levels else None


def _changed(looked: Looked, change: SmallestChange) -> ChangeToMove:
    return ChangeToMove(
        column=change.column,
        from_=_whole(change.before),
        to=_whole(change.after),
        segment=looked.lasting_of(change.segment),
        segment_name=looked.name_of(change.segment),
        size=change.size,
        exact=change.exact,
    )


def _whole(value: float | str | None) -> float | int | str | None:
    """Write 35.0 as 35."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _history(
    looked: Looked, row: int, identifier: str, versions: Sequence[Looked]
) -> Iterator[VersionPlace]:
    for version in versions:
        try:
            if version.reading == looked.reading:
                rows = [row]
            elif looked.identifier is not None and version.identifier is not None:
                rows = rows_of(version, identifier)
            else:
                rows = []
            label = int(version.found.labels[rows[0] - 1]) if rows else None
        except Unavailable:
            # The files of an old version may be damaged; the others are worth showing.
            continue
        yield VersionPlace(
            version=version.number,
            segment=None if label is None else version.lasting_of(label),
            segment_name=None if label is None else version.name_of(label),
        )
