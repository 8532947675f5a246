"""The segment book as PowerPoint, with charts whose numbers can be edited there."""

import io
import math
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, cast

from pptx import Presentation
from pptx.chart.data import ChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.presentation import Presentation as Slides
from pptx.shapes.autoshape import Shape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.util import Inches, Pt
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app.segmentation.book.content import BarChart, Book, SegmentPage
from app.segmentation.book.words import WORDS

Box = tuple[float, float, float, float]
"""Left, top, width and height in inches, on a slide of 13.33 by 7.5."""

_WIDTH, _HEIGHT = 13.333, 7.5
_TITLE: Box = (0.6, 0.45, 12.1, 0.8)
_UNDER_TITLE: Box = (0.6, 1.25, 12.1, 0.6)
_LEFT: Box = (0.6, 1.95, 6.0, 4.8)
_RIGHT: Box = (6.8, 1.95, 5.9, 4.8)
_WHOLE: Box = (0.6, 1.95, 12.1, 4.8)
_FOOT: Box = (0.6, 6.9, 12.1, 0.35)
_TITLE_ONLY = 5
_SIZES = (16, 14, 12, 11, 10, 9, 8)
_INK, _QUIET, _WARNING = "1D2330", "586073", "B3261E"
_LINE_HEIGHT, _GAP, _RAGGED = 1.2, 0.4, 1.08
"""In the size of the letters, gaps between paragraphs in lines; lines end before the edge."""

_MARGIN = 0.1
_LETTER, _CAPITAL, _WIDE = 0.52, 0.72, 1.0
"""Widths in the size of the letters; those of Chinese, Japanese and Korean are square."""
_POINTS = 72


class _PlainWriter(CategoryWorkbookWriter):
    """Writes a chart's numbers for its editor; a name that begins with = is no formula there."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: IO[bytes]) -> Iterator[tuple[Workbook, Worksheet]]:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with Workbook(xlsx_file, options) as workbook:
            yield workbook, workbook.add_worksheet()


class _PlainData(ChartData):
    @property
    def _workbook_writer(self) -> _PlainWriter:
        return _PlainWriter(self)


def to_slides(book: Book) -> bytes:
    """Print a book as slides: the overview, what holds for all customers, and each segment."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    slides.core_properties.title = book.title
    slides.core_properties.author = ""
    slides.core_properties.created = slides.core_properties.modified = book.made_at
    _overview(slides, book)
    if book.advice or book.notes:
        slide = _slide(slides, book, book.title)
        _text(slide, _WHOLE, [(WORDS["for_all"], book.advice), (WORDS["before_use"], book.notes)])
    for page in book.segments:
        _segment(slides, book, page)
    file = io.BytesIO()
    slides.save(file)
    return file.getvalue()


def _overview(slides: Slides, book: Book) -> None:
    slide = _slide(slides, book, book.title)
    _line(slide, _UNDER_TITLE, f"{book.summary} {WORDS['book']}, {book.made_on}.", size=14)
    if book.shares is not None:
        _chart(slide, _RIGHT, book.shares)
    parts: list[tuple[str, Sequence[str]]] = []
    if book.caution:
        parts.append((WORDS["care"], (book.caution,)))
    _text(slide, _LEFT, [*parts, ("", (book.headline,) if book.headline else ())])


def _segment(slides: Slides, book: Book, page: SegmentPage) -> None:
    slide = _slide(slides, book, page.name, colour=page.colour)
    stability = page.stability.shown if page.stability is not None else WORDS["not_measured"]
    figures = [(WORDS["customers"], page.size.shown), (WORDS["share"], page.share.shown)]
    if page.share_before is not None:
        figures.append((WORDS["share_before"], page.share_before.shown))
    figures.append((WORDS["stability"], stability))
    told = "   ·   ".join(f"{name}: {value}" for name, value in figures)
    _line(slide, _UNDER_TITLE, told, size=14)
    parts: list[tuple[str, Sequence[str]]] = []
    if book.caution:
        parts.append((WORDS["care"], (WORDS["no_groups"],)))
    opening = tuple(each for each in (page.note, page.change) if each)
    parts += [
        ("", opening),
        (WORDS["apart"], page.statements),
        (WORDS["to_do"], page.advice),
        (WORDS["sure"], (page.certainty,)),
    ]
    _text(slide, _LEFT if page.picture is not None else _WHOLE, parts)
    if page.picture is not None:
        _chart(slide, _RIGHT, page.picture)


def _slide(slides: Slides, book: Book, title: str, *, colour: str = "") -> Slide:
    slide: Slide = slides.slides.add_slide(slides.slide_layouts[_TITLE_ONLY])
    shape = cast(Shape, slide.shapes.title)
    shape.left, shape.top, shape.width, shape.height = map(Inches, _TITLE)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.text = title
    paragraph = frame.paragraphs[0]
    size = fitting([title], _TITLE, sizes=(30, 26, 22, 18, 14))
    paragraph.font.size, paragraph.font.bold = Pt(size), True
    paragraph.font.color.rgb = RGBColor.from_string(_INK)
    paragraph.alignment = None
    if colour:
        band = slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, Inches(0), Inches(0), Inches(_WIDTH), Inches(0.18)
        )
        band.fill.solid()
        band.fill.fore_color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        band.line.fill.background()
    _line(slide, _FOOT, f"{book.foot}", size=10, colour=_QUIET)
    return slide


def _line(slide: Slide, box: Box, text: str, *, size: int, colour: str = _INK) -> None:
    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    frame.text = text
    font = frame.paragraphs[0].font
    font.size = Pt(fitting([text], box, sizes=tuple(s for s in _SIZES if s <= size)))
    font.color.rgb = RGBColor.from_string(colour)


def _text(slide: Slide, box: Box, parts: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Write headings with their points, in the largest letters that fit."""
    parts = [(heading, items) for heading, items in parts if items]
    if not parts:
        return
    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    told = [text for heading, items in parts for text in (heading, *items) if text]
    size = fitting(told, box)
    first = True
    for heading, items in parts:
        for number, text in enumerate((heading, *items)):
            if not text:
                continue
            paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
            is_heading = number == 0
            paragraph.text = text if is_heading or not heading else f"• {text}"
            paragraph.font.size, paragraph.font.bold = Pt(size), is_heading
            colour = _INK
            if is_heading:
                colour = _WARNING if heading == WORDS["care"] else _QUIET
            paragraph.font.color.rgb = RGBColor.from_string(colour)
            paragraph.space_before = Pt(0 if first else size / 2 if is_heading else size / 5)
            first = False


def fitting(texts: Sequence[str], box: Box, *, sizes: Sequence[int] = _SIZES) -> int:
    """Choose the largest size of letters at which texts fit a box; PowerPoint itself sets them."""
    for size in sizes:
        room = (box[2] - 2 * _MARGIN) * _POINTS / size
        lines = sum(math.ceil(_RAGGED * _ems(text) / room) for text in texts)
        gaps = _GAP * (len(texts) - 1)
        if (lines + gaps) * size * _LINE_HEIGHT <= box[3] * _POINTS:
            return size
    return sizes[-1]


def _ems(text: str) -> float:
    """Estimate a text's width in the size of its letters."""
    return sum(map(_width, text))


def _width(letter: str) -> float:
    if letter in "MW" or unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    return _CAPITAL if letter.isupper() else _LETTER


def _chart(slide: Slide, box: Box, chart: BarChart) -> None:
    data = _PlainData(number_format=chart.number_format)
    data.categories = [f"{bar.label}: {bar.figure.shown}" for bar in chart.bars]
    data.add_series(chart.lengths, [bar.figure.value for bar in chart.bars])
    left, top, width, height = (Inches(each) for each in box)
    frame = cast(
        GraphicFrame,
        slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, left, top, width, height, data),
    )
    told = "; ".join(f"{bar.label}: {bar.figure.shown}" for bar in chart.bars)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{chart.title}. {told}")
    drawn = frame.chart
    drawn.has_legend, drawn.has_title = False, True
    drawn.font.size = Pt(11)
    drawn.chart_title.text_frame.text = f"{chart.title} ({chart.lengths})"
    title = drawn.chart_title.text_frame.paragraphs[0].font
    title.size, title.bold = Pt(12), True
    # The first bar on top, as in a list.
    drawn.category_axis.reverse_order = True
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    drawn.category_axis.has_major_gridlines = False
    drawn.value_axis.visible = drawn.value_axis.has_major_gridlines = False
    low, high = chart.ends
    drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale = low, high or 1.0
    plot = drawn.plots[0]
    plot.gap_width, plot.vary_by_categories = 40, False
    series = plot.series[0]
    series.invert_if_negative = False
    for number, bar in enumerate(chart.bars):
        fill = series.points[number].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(bar.colour.removeprefix("#"))
