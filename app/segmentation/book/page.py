"""The segment book as one HTML file: no script, nothing loaded from anywhere."""

from importlib import resources

from jinja2 import Environment, StrictUndefined

from app.segmentation.book.content import Book
from app.segmentation.book.words import WORDS

_TEMPLATE = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=False, lstrip_blocks=False
).from_string(resources.files("app.segmentation.book").joinpath("book.html.j2").read_text("utf-8"))


def to_html(book: Book) -> bytes:
    """Print a book as a page that reads on a phone, and prints a sheet for each segment."""
    return _TEMPLATE.render(book=book, words=WORDS).encode()
