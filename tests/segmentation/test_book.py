"""The segment book: each page says what it should, whatever customers' texts are made of."""

import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html
from matplotlib import get_data_path
from matplotlib.font_manager import get_font
from matplotlib.ft2font import FT2Font
from matplotlib.image import imread
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt
from pypdf import PdfReader

from app.segmentation.book.content import Book
from app.segmentation.book.letters import BREAK, breakable, printed
from app.segmentation.book.page import to_html
from app.segmentation.book.pdf import MISSING_LETTERS, to_pdf, to_pictures
from app.segmentation.book.sheets import sheet_names, to_sheets
from app.segmentation.book.slides import to_slides
from tests.segmentation.books import book_with

PLAIN = ("Long-standing customers with high bills", "New customers", "Customers in Nürnberg")
CODE = (
    "#import",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "=cmd()",
    "$x^2$ *a* _b_ `c` @d \\#",
    "+1",
)
ALPHABETS = ("Верные покупатели", "Πιστοί πελάτες", "عملاء أوفياء", "Łódź – Ążźć", "Əliyev ğüşöç")
UNKNOWN = "忠实客户"


def printed_book(*names: str, **options: str) -> Book:
    """Make a book as a service does: from texts that were made printable."""
    return book_with(*(printed(name, most=90) or "?" for name in names), **options)


HOSTILE = printed_book(
    *CODE, "x" * 10_000, "wide " * 3_000, "a\0b\x1b[31m", "\u202egnorw\u2066 \u200f"
)


def pdf_of(book: Book) -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(book)))


def words_of(text: str) -> str:
    """Undo what setting a text does to its spaces, lines and invisible signs."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return "".join(each for each in plain if unicodedata.category(each) != "Cf")


def sheets_of(book: Book) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_sheets(book)))


def charts_of(slides: bytes) -> list[Chart]:
    shapes = [shape for slide in Presentation(io.BytesIO(slides)).slides for shape in slide.shapes]
    return [shape.chart for shape in shapes if shape.has_chart]


class TestLetters:
    @given(st.text(max_size=300), st.integers(5, 60))
    def test_what_is_printed_is_short_and_has_no_hidden_signs(self, text: str, most: int) -> None:
        found = printed(text, most=most)
        assert len(found) <= most
        assert not {unicodedata.category(each) for each in found} & {"Cc", "Cs", "Cn"}
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", found)
        assert found == found.strip()

    @given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=80))
    def test_a_long_word_can_end_a_line_somewhere(self, word: str) -> None:
        found = breakable(word)
        assert found.replace(BREAK, "") == word
        assert max(map(len, found.split(BREAK))) <= 24

    def test_an_accent_is_not_parted_from_its_letter(self) -> None:
        word = "e\u0301" * 40
        assert f"{BREAK}\u0301" not in breakable(word)

    def test_accents_are_not_piled_up(self) -> None:
        assert printed("Z" + "\u0316" * 500 + "algo", most=90) == "Z" + "\u0316" * 4 + "algo"

    def test_words_in_every_alphabet_stay_as_they_are(self) -> None:
        for text in (*ALPHABETS, UNKNOWN, "می‌خواهم", "👩‍👩‍👧", "हिन्दी"):
            assert printed(text, most=90) == text


class TestPdf:
    def test_has_an_overview_and_a_page_per_segment(self) -> None:
        reader = pdf_of(book_with(*PLAIN))
        overview, *pages = (page.extract_text() for page in reader.pages)
        assert len(pages) == len(PLAIN)
        for number, (name, text) in enumerate(zip(PLAIN, pages, strict=True), start=1):
            assert words_of(name) in words_of(text)
            assert words_of(name) in words_of(overview)
            assert words_of(f"Segment {number} of 3") in words_of(text)
            assert "version 2" in text

    def test_plain_letters_are_set_in_the_font_that_comes_with_it(self) -> None:
        fonts = pdf_of(book_with("New customers")).pages[1]["/Resources"]["/Font"].values()
        assert {"LibertinusSerif" in font.get_object()["/BaseFont"] for font in fonts} == {True}

    def test_can_be_read_by_a_screen_reader(self) -> None:
        reader = pdf_of(book_with(*PLAIN))
        catalog = reader.trailer["/Root"]
        assert catalog["/MarkInfo"]["/Marked"]
        assert catalog["/Lang"] == "en"
        assert reader.metadata is not None
        assert reader.metadata.title == "Telco churn"
        assert b"pdfuaid:part" in catalog["/Metadata"].get_data()
        names = [each.title for each in _flat(reader.outline)]
        assert names[0] == "Telco churn"
        assert {*PLAIN} <= {*names}

    def test_customers_texts_are_set_as_they_are(self) -> None:
        reader = pdf_of(HOSTILE)
        assert len(reader.pages) == 1 + len(HOSTILE.segments)
        for page, told in zip(reader.pages[1:], HOSTILE.segments, strict=True):
            assert words_of(told.name) in words_of(page.extract_text())

    def test_letters_of_many_alphabets_are_printed(self) -> None:
        pdf = to_pdf(printed_book(*ALPHABETS), system_fonts=False)
        pages = PdfReader(io.BytesIO(pdf)).pages
        text = words_of(" ".join(page.extract_text() for page in pages))
        assert words_of(MISSING_LETTERS) not in text
        for name in (*ALPHABETS[:2], *ALPHABETS[3:]):
            assert words_of(name) in text

    def test_says_so_where_a_font_is_missing(self) -> None:
        pdf = to_pdf(printed_book(UNKNOWN, "New customers"), system_fonts=False)
        reader = PdfReader(io.BytesIO(pdf))
        assert len(reader.pages) == 3
        assert words_of(MISSING_LETTERS) in words_of(reader.pages[0].extract_text())

    @pytest.mark.parametrize(
        "book",
        [
            pytest.param(printed_book(*PLAIN), id="plain"),
            pytest.param(HOSTILE, id="hostile"),
            pytest.param(printed_book(*(f"Segment no. {i}" for i in range(15))), id="fifteen"),
            pytest.param(printed_book("W" * 200, caution="no groups were found."), id="care"),
        ],
    )
    def test_nothing_runs_over_the_margins_and_no_page_is_blank(self, book: Book) -> None:
        pictures = to_pictures(book)
        assert len(pictures) == 1 + len(book.segments)
        for picture in pictures:
            ink = imread(io.BytesIO(picture))[..., :3].min(axis=2) < 0.9
            height, width = ink.shape
            side, top, bottom = (round(cm / 2.54 * 72) - 3 for cm in (2.0, 2.0, 0.6))
            assert ink.mean() > 0.005
            assert not ink[:, :side].any()
            assert not ink[:, width - side :].any()
            assert not ink[:top].any()
            assert not ink[height - bottom :].any()


def _flat(outline: list) -> list:
    return [
        each for entry in outline for each in (_flat(entry) if isinstance(entry, list) else [entry])
    ]


class TestSlides:
    def test_charts_hold_the_numbers_themselves(self) -> None:
        book = book_with(*PLAIN)
        shares, *pictures = charts_of(to_slides(book))
        assert list(shares.plots[0].series[0].values) == [
            each.share.value for each in book.segments
        ]
        for drawn, page in zip(pictures, book.segments, strict=True):
            plot = drawn.plots[0]
            assert list(plot.series[0].values) == [each.effect for each in page.contrasts]
            for category, each in zip(plot.categories, page.contrasts, strict=True):
                assert category == f"{each.label}: {each.shown}"

    def test_no_name_is_a_formula_in_the_editor_of_a_chart(self) -> None:
        for chart in charts_of(to_slides(HOSTILE)):
            sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
            cells = [cell for row in sheet.active.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}

    def test_each_slide_has_a_title_and_nothing_lies_outside(self) -> None:
        slides = Presentation(io.BytesIO(to_slides(HOSTILE)))
        titles = [slide.shapes.title.text_frame.text for slide in slides.slides]
        assert titles[2:] == [each.name for each in HOSTILE.segments]
        for slide in slides.slides:
            for shape in slide.shapes:
                assert shape.left >= 0
                assert shape.top >= 0
                assert shape.left + shape.width <= slides.slide_width
                assert shape.top + shape.height <= slides.slide_height
        assert slides.slide_width == Inches(13.333)

    @pytest.mark.parametrize(
        "book",
        [
            pytest.param(printed_book(*PLAIN), id="plain"),
            pytest.param(HOSTILE, id="hostile"),
            pytest.param(printed_book("W" * 200, "M" * 80), id="wide"),
        ],
    )
    def test_texts_fit_their_boxes(self, book: Book) -> None:
        font = get_font(str(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")))
        for slide in Presentation(io.BytesIO(to_slides(book))).slides:
            for shape in slide.shapes:
                if shape.has_text_frame and shape.text_frame.text:
                    assert _height(shape.text_frame, shape.width, font) <= shape.height

    def test_each_chart_is_described_in_words(self) -> None:
        slides = Presentation(io.BytesIO(to_slides(book_with(*PLAIN))))
        for slide in slides.slides:
            for shape in slide.shapes:
                if shape.has_chart:
                    described = shape._element.nvGraphicFramePr.cNvPr.get("descr")
                    assert "vs" in described or "%" in described


def _height(frame: TextFrame, width: int, font: FT2Font) -> float:
    """Set a text in DejaVu, narrowed to about the width of PowerPoint's Calibri."""
    room = Emu(width).pt - 2 * 7.2
    height = 0.0
    for paragraph in frame.paragraphs:
        size = paragraph.font.size.pt
        font.set_size(size, 72)
        lines, used = 1, 0.0
        for word in paragraph.text.split():
            font.set_text(f"{word} ")
            length = font.get_width_height()[0] / 64 * 0.83
            if used and used + length > room:
                lines, used = lines + 1, 0.0
            lines += int(length // room)
            used += length % room
        height += lines * size * 1.2 + (paragraph.space_before or Pt(0)).pt
    return Pt(height)


class TestHtml:
    def test_holds_no_script_and_loads_nothing(self) -> None:
        page = to_html(HOSTILE).decode()
        tree = html.fromstring(page)
        assert not tree.xpath("//script | //link | //img | //iframe | //object | //@src | //@href")
        assert not [name for name in tree.xpath("//@*") if str(name).startswith("javascript:")]
        assert "default-src 'none'" in page
        assert [each.text_content() for each in tree.xpath("//section/h2")] == [
            each.name for each in HOSTILE.segments
        ]

    def test_holds_each_figure_exactly(self) -> None:
        book = book_with(*PLAIN)
        tree = html.fromstring(to_html(book).decode())
        for section, page in zip(tree.xpath("//section"), book.segments, strict=True):
            told = [(float(each.get("value")), each.text) for each in section.xpath(".//data")]
            assert told == [
                (page.size.value, page.size.shown),
                (page.share.value, page.share.shown),
                (page.share_before.value, page.share_before.shown),
                (page.stability.value, page.stability.shown),
                *((each.effect, each.shown) for each in page.contrasts),
            ]


class TestSheets:
    def test_hold_each_figure_exactly(self) -> None:
        book = book_with(*PLAIN)
        workbook = sheets_of(book)
        assert workbook.sheetnames == ["Overview", *sheet_names(book)]
        rows = {row[0]: row for row in workbook["Overview"].iter_rows(values_only=True)}
        for name, page in zip(sheet_names(book), book.segments, strict=True):
            # A cell holds sixteen digits, of which Excel shows fifteen.
            told = (page.size, page.share, page.share_before, page.stability)
            figures = [each.value for each in told if each is not None]
            assert rows[page.name][2:6] == pytest.approx(figures, rel=1e-14)
            cells = [row[:5] for row in workbook[name].iter_rows(values_only=True)]
            for each in page.contrasts:
                assert (each.label, each.shown, each.value, each.rest, each.effect) in cells

    def test_no_name_is_a_formula(self) -> None:
        workbook = sheets_of(HOSTILE)
        assert len(workbook.sheetnames) == 1 + len(HOSTILE.segments)
        cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}

    @settings(max_examples=50)
    @given(st.lists(st.text(max_size=60), min_size=1, max_size=15))
    @example(["\U0001f600" * 40, "\U0001f600" * 41])
    def test_every_segment_has_a_sheet_of_its_own(self, names: list[str]) -> None:
        found = sheet_names(printed_book(*names))
        assert len({name.casefold() for name in found}) == len(names)
        for name in found:
            assert 0 < len(name.encode("utf-16-le")) <= 62
            assert not re.search(r"[\[\]:*?/\\']", name)

    def test_each_sheet_draws_its_segment(self) -> None:
        file = zipfile.ZipFile(io.BytesIO(to_sheets(book_with(*PLAIN))))
        charts = [name for name in file.namelist() if "/charts/chart" in name]
        assert len(charts) == 1 + len(PLAIN)


def test_a_book_without_the_optional_parts_is_printed_too() -> None:
    book = book_with("Everyone")
    bare = replace(
        book.segments[0],
        picture=None,
        contrasts=(),
        statements=(),
        share_before=None,
        change="",
        stability=None,
    )
    book = replace(book, headline="", advice=(), notes=(), segments=(bare,))
    assert "not measured" in pdf_of(book).pages[1].extract_text()
    assert b"not measured" in to_html(book)
    assert len(charts_of(to_slides(book))) == 1
    assert sheets_of(book).sheetnames == ["Overview", "1 Everyone"]


def test_a_book_in_which_no_segment_was_found_is_its_overview() -> None:
    book = replace(book_with("Everyone"), segments=(), shares=None)
    assert len(pdf_of(book).pages) == 1
    assert not html.fromstring(to_html(book).decode()).xpath("//section")
    assert charts_of(to_slides(book)) == []
    assert sheets_of(book).sheetnames == ["Overview"]
