"""The segment book's overview and segments, as sheets of a workbook."""

import io
import re
from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.segmentation.book.content import BarChart, Book, Figure, SegmentPage
from app.segmentation.book.words import WORDS

_NAME_WIDTH, _TEXT_WIDTH, _FIGURE_WIDTH = 34, 60, 18
_NAME_BYTES = 62
"""Of a sheet's name, in UTF-16 as Excel counts it."""
_REFUSED = re.compile(r"[\[\]:*?/\\']")
_ROW_PIXELS = 24
Cell = str | float | int | None


class _Formats:
    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.heading = book.add_format({"bold": True, "font_color": "#586073"})
        self.bold = book.add_format({"bold": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.count = book.add_format({"num_format": "#,##0", "align": "left"})
        self.share = book.add_format({"num_format": "0.0%", "align": "left"})
        self.score = book.add_format({"num_format": "0.00", "align": "left"})
        self.care = book.add_format(
            {"text_wrap": True, "valign": "top", "bold": True, "font_color": "#b3261e"}
        )


class _Page:
    """A sheet that is written downward: with little memory no row can be written twice."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.row = 0

    def line(self, *cells: tuple[Cell, Format | None]) -> int:
        for column, (value, form) in enumerate(cells):
            if isinstance(value, str):
                self.sheet.write_string(self.row, column, value, form)
            elif value is not None:
                self.sheet.write_number(self.row, column, value, form)
        self.row += 1
        return self.row - 1

    def points(self, heading: str, items: Sequence[str], formats: _Formats) -> None:
        if items:
            self.row += 1
            self.line((heading, formats.heading))
            for item in items:
                self.line((None, None), (item, formats.text))


def sheet_names(book: Book) -> list[str]:
    """Name a sheet for each segment, as a spreadsheet takes it: short, unique, without signs."""
    names: list[str] = []
    for page in book.segments:
        plain = " ".join(_REFUSED.sub(" ", f"{page.number} {page.name}").split())
        names.append(plain.encode("utf-16-le")[:_NAME_BYTES].decode("utf-16-le", "ignore").strip())
    return names


def to_sheets(book: Book) -> bytes:
    """Print a book as a workbook of its own."""
    file = io.BytesIO()
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        write_sheets(workbook, book)
    return file.getvalue()


def write_sheets(workbook: Workbook, book: Book) -> None:
    """Add the overview and a sheet for each segment, with charts of the cells."""
    formats = _Formats(workbook)
    _overview(workbook, book, formats)
    for name, page in zip(sheet_names(book), book.segments, strict=True):
        _segment(workbook, name, book, page, formats)


def _overview(workbook: Workbook, book: Book, formats: _Formats) -> None:
    page = _Page(workbook.add_worksheet("Overview"))
    _widths(page.sheet)
    page.line((book.title, formats.title))
    page.line((book.summary, None))
    page.line((book.made_on, None))
    if book.caution:
        page.line((WORDS["care"], formats.care), (book.caution, formats.care))
    if book.headline:
        page.line((None, None), (book.headline, formats.text))
    page.row += 1
    titles = ("segment", "what_to_do", "customers", "share", "share_before", "stability")
    named = {**WORDS, "what_to_do": WORDS["to_do"]}
    page.line(*((named[title], formats.bold) for title in titles))
    first = page.row
    for each in book.segments:
        page.line(
            (each.name, formats.text),
            (each.advice[0] if each.advice else None, formats.text),
            (each.size.value, formats.count),
            (each.share.value, formats.share),
            (_value(each.share_before), formats.share),
            (_value(each.stability), formats.score),
        )
    last = page.row - 1
    page.points(WORDS["for_all"], book.advice, formats)
    page.points(WORDS["before_use"], book.notes, formats)
    page.row += 1
    page.line((book.foot, None))
    if book.shares is not None:
        _draw(workbook, page.sheet, book.shares, "Overview", (first, last), columns=(0, 3))


def _segment(
    workbook: Workbook, name: str, book: Book, segment: SegmentPage, formats: _Formats
) -> None:
    page = _Page(workbook.add_worksheet(name))
    _widths(page.sheet)
    page.sheet.set_tab_color(segment.colour)
    page.line((segment.name, formats.title))
    if segment.note:
        page.line((None, None), (segment.note, formats.text))
    if book.caution:
        page.line((WORDS["care"], formats.care), (WORDS["no_groups"], formats.care))
    page.line((WORDS["customers"], formats.bold), (segment.size.value, formats.count))
    page.line((WORDS["share"], formats.bold), (segment.share.value, formats.share))
    if segment.share_before is not None:
        before = segment.share_before.value
        page.line((WORDS["share_before"], formats.bold), (before, formats.share))
    if segment.change:
        page.line((None, None), (segment.change, formats.text))
    if segment.stability is not None:
        page.line((WORDS["stability"], formats.bold), (segment.stability.value, formats.score))
    page.points(WORDS["apart"], segment.statements, formats)
    page.points(WORDS["to_do"], segment.advice, formats)
    page.points(WORDS["sure"], (segment.certainty,), formats)
    if segment.picture is None:
        return
    page.row += 1
    titles = (segment.picture.labels, segment.picture.figures, "here", "rest", "effect")
    page.line(*((title, formats.bold) for title in titles))
    first = page.row
    for each in segment.contrasts:
        form = formats.share if each.is_share else None
        page.line(
            (each.label, formats.text),
            (each.shown, formats.text),
            (each.value, form),
            (each.rest, form),
            (each.effect, formats.score),
        )
    span = (first, page.row - 1)
    _draw(workbook, page.sheet, segment.picture, name, span, columns=(0, 4))


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value


def _widths(sheet: Worksheet) -> None:
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    sheet.set_column(2, 5, _FIGURE_WIDTH)


def _draw(
    workbook: Workbook,
    sheet: Worksheet,
    chart: BarChart,
    name: str,
    rows: tuple[int, int],
    *,
    columns: tuple[int, int],
) -> None:
    """Draw bars of the cells in these rows: names in one column, lengths in the other."""
    drawn = workbook.add_chart({"type": "bar"})
    labels, lengths = columns
    drawn.add_series(
        {
            "name": chart.lengths,
            "categories": [name, rows[0], labels, rows[1], labels],
            "values": [name, rows[0], lengths, rows[1], lengths],
            "points": [{"fill": {"color": bar.colour}} for bar in chart.bars],
            "gap": 40,
        }
    )
    drawn.set_title({"name": chart.title, "overlay": False})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True, "label_position": "low"})
    drawn.set_x_axis({"name": chart.lengths, "num_format": chart.number_format})
    told = "; ".join(f"{bar.label}: {bar.figure.shown}" for bar in chart.bars)
    height = 120 + _ROW_PIXELS * len(chart.bars)
    drawn.set_size({"width": 720, "height": height})
    sheet.insert_chart(rows[1] + 12, 0, drawn, {"description": f"{chart.title}. {told}"})
