"""A run's customers with their segments, as rows and as CSV that is safe in a spreadsheet."""

import io
from collections.abc import Iterator

from defusedcsv import csv

from app.segmentation.tables import plain_rows
from app.services.run_reports import NOISE, cluster_names
from app.services.run_views import OpenRun, RunViews
from app.storage.datasets import ROWS_PER_GROUP

ADDED_COLUMNS = ("cluster", "segment")
Value = object


def csv_lines(views: RunViews, opened: OpenRun) -> Iterator[bytes]:
    """Write the customers as CSV, block by block; texts that a spreadsheet would run are quoted."""
    # What is wrong with the run's files is raised here, before an answer has begun.
    views.kept(opened)
    return _csv_lines(views, opened, other_columns(views, opened))


def _csv_lines(views: RunViews, opened: OpenRun, others: list[str]) -> Iterator[bytes]:
    # A spreadsheet takes UTF-8 for something else without the mark.
    yield "\ufeff".encode() + _encoded([customers_header(opened, others)])
    for block in customers_in_blocks(views, opened, others):
        yield _encoded(block)


def customers_header(opened: OpenRun, others: list[str]) -> list[Value]:
    """Name each column once: the table's by their own names, and ours by free ones."""
    identifier = opened.run.report["identifier"]
    taken = {*others, identifier}
    added = list(ADDED_COLUMNS)
    while taken.intersection(added):
        added = [f"predicted_{name}" for name in added]
    first = identifier
    if first is None:
        first = "row"
        while first in taken:
            first = f"table_{first}"
    return [first, *added, *others]


def other_columns(views: RunViews, opened: OpenRun) -> list[str]:
    """Name the columns beside the identifier: the dataset's, or those that the run shows."""
    report = opened.run.report
    frame = views.frame_rows(opened, skip=0, limit=0)
    shown = None if opened.whole else set(report["columns"])
    return [
        str(name)
        for name in frame.columns
        if name != report["identifier"] and (shown is None or name in shown)
    ]


def customers_in_blocks(
    views: RunViews, opened: OpenRun, others: list[str]
) -> Iterator[list[list[Value]]]:
    names = cluster_names(opened.run)
    identifier = opened.run.report["identifier"]
    labels = views.kept(opened).labels
    columns = others if identifier is None else [identifier, *others]
    for start in range(0, opened.run.n_samples, ROWS_PER_GROUP):
        frame = views.frame_rows(opened, skip=start, limit=ROWS_PER_GROUP, columns=columns)
        found = labels[start : start + len(frame)].tolist()
        yield [
            [
                row[identifier] if identifier is not None else at,
                label,
                names.get(label, NOISE),
                *(row[name] for name in others),
            ]
            for at, (row, label) in enumerate(
                zip(plain_rows(frame), found, strict=True), start=start + 1
            )
        ]


def _encoded(rows: list[list[Value]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()
