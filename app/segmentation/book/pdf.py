"""The segment book as PDF, set by Typst: tagged, and readable by screen readers (PDF/UA-1)."""

import json
from dataclasses import asdict, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

import matplotlib
import typst

from app.segmentation.book.content import BarChart, Book
from app.segmentation.book.letters import breakable
from app.segmentation.book.words import WORDS

_SHIPPED = Path(matplotlib.get_data_path(), "fonts", "ttf")
"""Matplotlib's, of which DejaVu has other alphabets, where the machine has no fonts."""

_FIRST = ("Libertinus Serif", "DejaVu Sans", "Noto Sans CJK SC")
_NO_LETTERS = ("Last Resort", "New Computer Modern", "cm", "STIX")
"""What families begin with that are for formulas, or have signs for letters they do not have."""

MISSING_LETTERS = (
    "Some letters are printed as empty boxes, as the server has no font for them; its "
    "administrator can install one, such as Noto."
)
_TEMPLATE = resources.files("app.segmentation.book").joinpath("book.typ").read_bytes()
_ACCESSIBLE: Final = "ua-1"


def to_pdf(book: Book, *, system_fonts: bool = True) -> bytes:
    """Print a book, A4, one page for each segment after the overview.

    Letters for which no font is found are boxes; the book then says so, and is tagged as ever but
    cannot call itself PDF/UA.

    Parameters
    ----------
    book : Book
    system_fonts : bool
        Whether the machine's own fonts serve letters that those shipped do not have.
    """
    try:
        return _set(book, format="pdf", accessible=True, system_fonts=system_fonts)[0]
    except typst.TypstError:
        lacking = replace(book, notes=(MISSING_LETTERS, *book.notes))
        return _set(lacking, format="pdf", system_fonts=system_fonts)[0]


def to_pictures(book: Book, *, ppi: int = 72) -> list[bytes]:
    """Print each page as PNG, as the PDF has it."""
    return _set(book, format="png", ppi=ppi)


@cache
def _fonts(*, system_fonts: bool) -> typst.Fonts:
    """Look for fonts once; it takes longer than a book."""
    return typst.Fonts(include_system_fonts=system_fonts, font_paths=[_SHIPPED])


def _set(
    book: Book,
    *,
    format: Literal["pdf", "png"],
    accessible: bool = False,
    system_fonts: bool = True,
    ppi: int = 72,
) -> list[bytes]:
    document: dict[str, object] = {
        **asdict(book),
        "words": dict(WORDS),
        "made_on": book.made_on,
        "made_at": None,
        "shares": book.shares and _chart(book.shares),
        "segments": [
            {**asdict(page), "picture": page.picture and _chart(page.picture)}
            for page in book.segments
        ],
    }
    fonts = _fonts(system_fonts=system_fonts)
    found = fonts.families()
    others = [each for each in found if each not in _FIRST and not each.startswith(_NO_LETTERS)]
    document["fonts"] = [*(each for each in _FIRST if each in found), *others]
    written = json.dumps(_breakable(document), ensure_ascii=False, allow_nan=False)
    pages: bytes | list[bytes] = typst.compile(
        _TEMPLATE,
        format=format,
        font_paths=fonts,
        sys_inputs={"book": written},
        pdf_standards=[_ACCESSIBLE] if accessible else [],
        ppi=ppi,
        timestamp=book.made_at.replace(microsecond=0),
    )
    return pages if isinstance(pages, list) else [pages]


def _chart(chart: BarChart) -> dict[str, object]:
    return {**asdict(chart), "ends": chart.ends}


def _breakable(value: object) -> object:
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, dict):
        return {name: _breakable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(each) for each in value]
    return value
