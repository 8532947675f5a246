"""The segment book of ten segments in each format, against the same bars drawn by Matplotlib."""

import io
import statistics
import time
from collections.abc import Callable

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from app.segmentation.book.content import BarChart, Book
from app.segmentation.book.page import to_html
from app.segmentation.book.pdf import to_pdf
from app.segmentation.book.sheets import to_sheets
from app.segmentation.book.slides import to_slides
from tests.segmentation.books import book_with

LIMIT_SECONDS = 1.0
REPEATS = 5


def books() -> list[Book]:
    """Make several, as Typst remembers what it has set before."""
    return [
        book_with(*(f"Customers with high bills, group {repeat}-{number}" for number in range(10)))
        for repeat in range(REPEATS)
    ]


def processor_seconds(call: Callable[[Book], object]) -> float:
    times = []
    for book in books():
        began = time.process_time()
        call(book)
        times.append(time.process_time() - began)
    return statistics.median(times)


def bars_by_matplotlib(book: Book) -> None:
    charts = [book.shares, *(page.picture for page in book.segments)]
    with PdfPages(io.BytesIO()) as pages:
        for chart in charts:
            assert chart is not None
            pages.savefig(_figure(chart))


def _figure(chart: BarChart) -> Figure:
    figure = Figure(layout="constrained")
    axes = figure.add_subplot()
    axes.barh([bar.label for bar in chart.bars], [bar.figure.value for bar in chart.bars])
    axes.set_title(chart.title)
    return figure


def main() -> int:
    peer = processor_seconds(bars_by_matplotlib)
    print(f"  Matplotlib, its eleven charts alone {peer:7.3f} s of processor")
    missed = 0
    for name, write in (
        ("pdf", to_pdf),
        ("pptx", to_slides),
        ("html", to_html),
        ("xlsx", to_sheets),
    ):
        spent = processor_seconds(write)
        kept = "kept" if spent < LIMIT_SECONDS else "MISSED"
        missed += spent >= LIMIT_SECONDS
        print(
            f"  {name:34} {spent:7.3f} s of processor, ratio {spent / peer:5.2f}; "
            f"limit {LIMIT_SECONDS:.0f} s {kept}"
        )
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
