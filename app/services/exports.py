"""A run as a file: its customers as CSV that is safe in a spreadsheet, or all as a workbook."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import xlsxwriter
from defusedcsv import csv
from xlsxwriter.format import Format

from app.errors import BadRequest
from app.schemas.run_views import CategoryShareOut, DifferenceOut
from app.segmentation.book.content import Book
from app.segmentation.book.sheets import write_sheets
from app.segmentation.figures import compared
from app.segmentation.tables import plain_rows
from app.services.segmentations.reports import NOISE, recipe_of
from app.services.segmentations.views import OpenRun, RunViews
from app.storage.datasets import ROWS_PER_GROUP
from app.storage.files import scratch_file

ADDED_COLUMNS = ("cluster", "segment")
Value = object


def csv_lines(views: RunViews, opened: OpenRun) -> Iterator[bytes]:
    """Write the customers as CSV, block by block; texts that a spreadsheet would run are quoted."""
    # What is wrong with the run's files is raised here, before an answer has begun.
    views.kept(opened)
    return _csv_lines(views, opened, other_columns(views, opened))


def _csv_lines(views: RunViews, opened: OpenRun, others: list[str]) -> Iterator[bytes]:
    # A spreadsheet takes UTF-8 for something else without the mark.
    yield "\ufeff".encode() + csv_block([[*customers_header(opened.report.identifier, others)]])
    for block in customers_in_blocks(views, opened, others):
        yield csv_block(block)


def customers_header(
    identifier: str | None, others: Sequence[str], added: Sequence[str] = ADDED_COLUMNS
) -> list[str]:
    """Name each column once: the table's by their own names, and ours by free ones."""
    taken = {*others, identifier}
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
    report = opened.report
    frame = views.frame_rows(opened, skip=0, limit=0)
    shown = None if opened.whole else set(report.columns)
    return [
        str(name)
        for name in frame.columns
        if name != report.identifier and (shown is None or name in shown)
    ]


def customers_in_blocks(
    views: RunViews, opened: OpenRun, others: list[str]
) -> Iterator[list[list[Value]]]:
    names = opened.report.names
    identifier = opened.report.identifier
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


def csv_block(rows: list[list[Value]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


MAX_SHEET_ROWS = 1_048_575
"""What a sheet holds under its header."""

BOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Written row by row; no customer's text is taken for a formula, a link or a number."""

_CHUNK = 1 << 18
_LONGEST_CELL = 32_767
DIFFERENCES_TOLD = 3
# Characters; what is wider is cut by the column's edge, and there to be read in its cell.
_NARROWEST, _WIDEST, _TEXT_WIDTH = 8, 40, 90
_FILTER_ARROW = 3
# A column is as wide as these rows need: a sheet is written once, row by row.
_ROWS_MEASURED = 200


class Sheet:
    """A sheet that is written downward and is as wide as its first rows."""

    def __init__(self, book: "xlsxwriter.Workbook", name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self._bold = book.add_format({"bold": True})
        self._rows = 0
        self._widths: list[int] = []

    def header(self, names: Sequence[Value]) -> None:
        self.sheet.freeze_panes(1, 2)
        self.row(names, [self._bold] * len(names))
        self._widths = [width + _FILTER_ARROW for width in self._widths]

    def row(self, values: Sequence[Value], formats: Sequence[Format | None] | None = None) -> None:
        line = self._rows
        for column, value in enumerate(values):
            form = formats[column] if formats is not None else None
            if isinstance(value, int | float):
                self.sheet.write_number(line, column, value, form)
            elif value is not None:
                self.sheet.write_string(line, column, str(value)[:_LONGEST_CELL], form)
        if line < _ROWS_MEASURED:
            lengths = [_length(value) for value in values]
            widths = self._widths or [_NARROWEST] * len(values)
            self._widths = [max(pair) for pair in zip(widths, lengths, strict=True)]
        self._rows += 1

    def finish(self) -> None:
        for column, width in enumerate(self._widths):
            self.sheet.set_column(column, column, min(width, _WIDEST))
        self.sheet.autofilter(0, 0, self._rows - 1, len(self._widths) - 1)


def _length(value: Value) -> int:
    if value is None:
        return 0
    return 1 + len(f"{value:,.2f}" if isinstance(value, float) else str(value))


def check_sheet(n_rows: int) -> None:
    """Refuse more rows than a sheet holds."""
    if n_rows > MAX_SHEET_ROWS:
        raise BadRequest(
            f"A sheet holds {MAX_SHEET_ROWS:,} rows and there are {n_rows:,}; choose format=csv",
            code="too_many_rows",
            field="format",
        )


def workbook(views: RunViews, opened: OpenRun, book: Book | None = None) -> Iterator[bytes]:
    """Write the customers, the segments' profiles and the run's settings, on disk, row by row.

    The segment book's overview and segments go before them, where there is one.

    Raises
    ------
    BadRequest
        There are more rows than a sheet holds.
    """
    run = opened.run
    check_sheet(run.n_samples)
    file = scratch_file()
    with xlsxwriter.Workbook(file, BOOK_OPTIONS) as written:
        if book is not None:
            write_sheets(written, book)
        _write_customers(written, views, opened)
        _write_segments(written, opened)
        _write_how(written, opened)
    return sent(file)


def sent(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _write_customers(book: "xlsxwriter.Workbook", views: RunViews, opened: OpenRun) -> None:
    sheet = Sheet(book, "Customers")
    others = other_columns(views, opened)
    sheet.header(customers_header(opened.report.identifier, others))
    for block in customers_in_blocks(views, opened, others):
        for row in block:
            sheet.row(row)
    sheet.finish()


def _write_segments(book: "xlsxwriter.Workbook", opened: OpenRun) -> None:
    profiles = opened.report.profiles
    means = list(profiles[0].means) if profiles else []
    categories = list(profiles[0].categories) if profiles else []
    sheet = Sheet(book, "Segments")
    titles = [*(f"mean {name}" for name in means), *(f"main {name}" for name in categories)]
    sheet.header(["cluster", "segment", "size", "share", *titles, "what sets it apart"])
    formats = [
        None,
        None,
        book.add_format({"num_format": "#,##0"}),
        book.add_format({"num_format": "0.0%"}),
        *(
            book.add_format({"num_format": _precision([each.means[name] for each in profiles])})
            for name in means
        ),
        *(None for _ in (*categories, "apart")),
    ]
    for each in profiles:
        start = [each.cluster, each.cluster_name, each.size, each.share]
        found = [each.means[name] for name in means]
        main = [_main(each.categories[name]) for name in categories]
        sheet.row([*start, *found, *main, _apart(each.differences)], formats)
    sheet.finish()


def _precision(means: Sequence[float | None]) -> str:
    """Choose a format with about three figures, the same for a whole column."""
    largest = max((abs(mean) for mean in means if mean is not None), default=0.0)
    for bound, form in ((1000, "#,##0"), (100, "0.0"), (1, "0.00"), (0.01, "0.0000")):
        if largest >= bound:
            return form
    return "0.00" if largest == 0 else "0.00E+00"


def _main(shares: Sequence[CategoryShareOut]) -> str | None:
    if not shares:
        return None
    main = max(shares, key=lambda each: each.share)
    return f"{main.level} {main.share:.0%}"


def _apart(differences: Sequence[DifferenceOut]) -> str:
    """Tell a segment's strongest differences, each against everybody else."""
    told = []
    for each in differences[:DIFFERENCES_TOLD]:
        name = each.column if each.level is None else f"{each.column}: {each.level}"
        told.append(f"{name} {compared(each.value, each.rest, each.level)}")
    return "; ".join(told)


def _write_how(book: "xlsxwriter.Workbook", opened: OpenRun) -> None:
    bold = book.add_format({"bold": True, "valign": "top"})
    plain = book.add_format({"align": "left", "valign": "top", "text_wrap": True})
    score = book.add_format({"align": "left", "num_format": "0.00"})
    sheet = Sheet(book, "How")
    for name, value in _how(opened):
        sheet.row([name, value], [bold, score if isinstance(value, float) else plain])
    sheet.sheet.set_column(0, 0, 26)
    sheet.sheet.set_column(1, 1, _TEXT_WIDTH)


def _how(opened: OpenRun) -> Iterator[tuple[str, Value]]:
    run, report = opened.run, opened.report
    recipe = recipe_of(run.options)
    yield "Table", opened.dataset.filename
    yield "Customers", run.n_samples
    linked = f", {run.linkage} linkage" if run.linkage is not None else ""
    yield "Algorithm", f"{run.algorithm}{linked}"
    yield "Number of segments", run.n_clusters
    if report.n_noise:
        yield "Customers in no segment", report.n_noise
    yield "Columns used", ", ".join(report.columns)
    if report.left_out:
        told = (f"{name} ({reason})" for name, reason in report.left_out.items())
        yield "Columns left out", ", ".join(told)
    yield "Transform", recipe.transform
    if report.explained_variance:
        yield "Principal components", len(report.explained_variance)
    yield "Silhouette", "not defined" if run.silhouette_score is None else run.silhouette_score
    validation = report.validation
    if validation is not None:
        structure = validation.structure
        yield "Structure", f"{structure.verdict}: {structure.sentence}"
    yield "Made", f"{run.created_at:%Y-%m-%d %H:%M} UTC, by {run.created_by}"
