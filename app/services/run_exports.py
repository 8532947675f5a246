"""A run's customers with their segments, as a file that is safe to open in a spreadsheet."""

import io
from collections.abc import Iterator
from typing import BinaryIO

import xlsxwriter
from defusedcsv import csv

from app.errors import BadRequest
from app.segmentation.tables import plain_rows
from app.services.run_reports import NOISE, cluster_names
from app.services.run_views import OpenRun, RunViews
from app.storage.datasets import ROWS_PER_GROUP
from app.storage.files import scratch_file

MAX_SHEET_ROWS = 1_048_575
"""What a sheet holds under its header."""

ADDED_COLUMNS = ("cluster", "segment")
_CHUNK = 1 << 18
Value = object


def csv_lines(views: RunViews, opened: OpenRun) -> Iterator[bytes]:
    """Write the customers as CSV, block by block; texts that a spreadsheet would run are quoted."""
    # What is wrong with the run's files is raised here, before an answer has begun.
    views.kept(opened)
    return _csv_lines(views, opened, _other_columns(views, opened))


def _csv_lines(views: RunViews, opened: OpenRun, others: list[str]) -> Iterator[bytes]:
    # A spreadsheet takes UTF-8 for something else without the mark.
    yield "\ufeff".encode() + _encoded([_header(opened, others)])
    for block in _blocks(views, opened, others):
        yield _encoded(block)


def workbook(views: RunViews, opened: OpenRun) -> Iterator[bytes]:
    """Write the customers and the segments' profiles as a workbook, on disk and row by row.

    Raises
    ------
    BadRequest
        There are more rows than a sheet holds.
    """
    run = opened.run
    if run.n_samples > MAX_SHEET_ROWS:
        raise BadRequest(
            f"A sheet holds {MAX_SHEET_ROWS:,} rows and there are {run.n_samples:,}; "
            "take format=csv"
        )
    others = _other_columns(views, opened)
    file = scratch_file()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Customers")
        sheet.freeze_panes(1, 2)
        _write(sheet, 0, _header(opened, others))
        at = 1
        for block in _blocks(views, opened, others):
            for row in block:
                _write(sheet, at, row)
                at += 1
        profiles = book.add_worksheet("Segments")
        profiles.freeze_panes(1, 2)
        for line, values in enumerate(_profile_rows(opened)):
            _write(profiles, line, values)
    return _sent(file)


def _sent(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _header(opened: OpenRun, others: list[str]) -> list[Value]:
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


def _other_columns(views: RunViews, opened: OpenRun) -> list[str]:
    """Name the columns beside the identifier: the dataset's, or those that the run shows."""
    report = opened.run.report
    frame = views.frame_rows(opened, skip=0, limit=0)
    shown = None if opened.whole else set(report["columns"])
    return [
        str(name)
        for name in frame.columns
        if name != report["identifier"] and (shown is None or name in shown)
    ]


def _blocks(views: RunViews, opened: OpenRun, others: list[str]) -> Iterator[list[list[Value]]]:
    names = cluster_names(opened.run)
    identifier = opened.run.report["identifier"]
    labels = views.kept(opened).fitted.clustering.labels
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


def _profile_rows(opened: OpenRun) -> Iterator[list[Value]]:
    profiles = opened.run.report["profiles"]
    means = list(profiles[0]["means"]) if profiles else []
    yield ["cluster", "segment", "size", "share", *(f"mean {name}" for name in means)]
    for each in profiles:
        start = [each["cluster"], each["cluster_name"], each["size"], each["share"]]
        yield [*start, *(each["means"][name] for name in means)]


def _encoded(rows: list[list[Value]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def _write(sheet: "xlsxwriter.worksheet.Worksheet", line: int, values: list[Value]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, int | float):
            sheet.write_number(line, column, value)
        elif value is not None:
            sheet.write_string(line, column, str(value)[:32_767])
