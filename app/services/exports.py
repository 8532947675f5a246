"""A run as a file: its customers as CSV that is safe in a spreadsheet, or all as a workbook."""

from collections.abc import Iterator, Sequence

import xlsxwriter

from app.schemas.insights import Insights
from app.schemas.run_views import CategoryShareOut, DifferenceOut
from app.segmentation.book.content import Book
from app.segmentation.book.sheets import write_sheets
from app.segmentation.figures import compared
from app.segmentation.tables import plain_rows
from app.services.segmentations.insights import insights_of
from app.services.segmentations.looked import LookedRun
from app.services.segmentations.reports import NOISE, recipe_of
from app.services.segmentations.views import OpenRun, RunViews
from app.services.sheets import (
    BOOK_OPTIONS,
    Sheet,
    Value,
    check_sheet,
    csv_block,
    customers_header,
    sent,
)
from app.storage.datasets import ROWS_PER_GROUP
from app.storage.files import scratch_file

ADDED_COLUMNS = ("cluster", "segment")
DIFFERENCES_TOLD = 3
_TEXT_WIDTH = 90
"""Characters."""


def csv_lines(views: RunViews, opened: OpenRun) -> Iterator[bytes]:
    """Write the customers as CSV, block by block; texts that a spreadsheet would run are quoted."""
    # What is wrong with the run's files is raised here, before an answer has begun.
    views.kept(opened)
    return _csv_lines(views, opened, other_columns(views, opened))


def _csv_lines(views: RunViews, opened: OpenRun, others: list[str]) -> Iterator[bytes]:
    # A spreadsheet takes UTF-8 for something else without the mark.
    yield "\ufeff".encode() + csv_block(
        [[*customers_header(opened.report.identifier, others, ADDED_COLUMNS)]]
    )
    for block in customers_in_blocks(views, opened, others):
        yield csv_block(block)


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


def workbook(views: RunViews, opened: OpenRun, book: Book | None = None) -> Iterator[bytes]:
    """Write the customers, the segments' profiles and the run's settings, on disk, row by row.

    The segment book's overview and segments go before them, where there is one.

    Raises
    ------
    BadRequest
        There are more rows than a sheet holds.
    """
    check_sheet(opened.run.n_samples)
    file = scratch_file()
    with xlsxwriter.Workbook(file, BOOK_OPTIONS) as written:
        if book is not None:
            write_sheets(written, book)
        _write_customers(written, views, opened)
        _write_segments(written, opened)
        _write_insights(written, insights_of(LookedRun(views, opened)))
        _write_how(written, opened)
    return sent(file)


def _write_customers(book: "xlsxwriter.Workbook", views: RunViews, opened: OpenRun) -> None:
    sheet = Sheet(book, "Customers")
    others = other_columns(views, opened)
    sheet.header(customers_header(opened.report.identifier, others, ADDED_COLUMNS))
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


def _write_insights(book: "xlsxwriter.Workbook", found: Insights) -> None:
    share = book.add_format({"num_format": "0.0%"})
    sheet = Sheet(book, "What to do")
    sheet.header(["segment", "action", "reason"])
    for advice in found.recommendations:
        sheet.row([advice.segment_name or "All customers", advice.action, advice.reason])
    sheet.finish()
    sheet = Sheet(book, "What matters")
    sheet.header(["column", "importance"])
    for name, part in found.feature_importance.items():
        sheet.row([name, part], [None, share])
    sheet.finish()
    sheet = Sheet(book, "Rules")
    sheet.header(["segment", "rule", "precision", "recall", "customers", "SQL"])
    for rule in found.rules:
        figures = [rule.precision, rule.recall, rule.size]
        sheet.row(
            [rule.segment_name, rule.text, *figures, rule.sql],
            [None, None, share, share, None, None],
        )
    sheet.finish()


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
    structure = report.tested_structure
    if structure is not None:
        yield "Structure", f"{structure.verdict}: {structure.sentence}"
    yield "Made", f"{run.created_at:%Y-%m-%d %H:%M} UTC, by {run.created_by}"
