"""Finding what a segment book is made of, and writing it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.db.segmentation_tables import LastingSegmentation, Version
from app.schemas.segmentations import VersionOut
from app.segmentation.book.content import Book
from app.services.accounts import Caller
from app.services.books import Described, book_of
from app.services.exports import workbook
from app.services.segmentations.describing import describe_version
from app.services.segmentations.finding import Reference, find, version_of, versions_of
from app.services.segmentations.looked import LookedRun
from app.services.segmentations.opening import Opening

BookFormat = Literal["pdf", "pptx", "html", "xlsx"]


def _writer(format: BookFormat) -> Callable[[Book], bytes]:
    """Import what writes a format when it is first asked for: together they take 40 MB."""
    match format:
        case "pdf":
            from app.segmentation.book.pdf import to_pdf

            return to_pdf
        case "pptx":
            from app.segmentation.book.slides import to_slides

            return to_slides
        case "html":
            from app.segmentation.book.page import to_html

            return to_html
        case "xlsx":
            from app.segmentation.book.sheets import to_sheets

            return to_sheets


@dataclass(frozen=True)
class OpenBook:
    """A version that the caller may read, as a book; no session is held.

    `run` is None for the core's, whose customers are no part of it.
    """

    described: Described
    run: LookedRun | None


@dataclass(frozen=True)
class BookService:
    """Writes books of the versions of segmentations, the core's among them."""

    opening: Opening

    def open(self, caller: Caller, reference: Reference, version: int | None) -> OpenBook:
        """Open a version, the active one where none is named, with the one before it."""
        looked = self.opening.look_into(caller, reference, version)
        with self.opening.database.session(read_only=True) as session:
            segmentation = find(session, caller, reference)
            row = version_of(session, segmentation, looked.number)
            told = describe_version(row, segmentation)
            before = _before(session, segmentation, row)
        run = looked if isinstance(looked, LookedRun) else None
        source = run.opened.dataset.filename if run is not None else "the customer file"
        described = Described(
            title=segmentation.name,
            source=source,
            report=looked.report,
            version=told,
            before=before,
        )
        return OpenBook(described, run)

    def write(self, opened: OpenBook, format: BookFormat) -> Iterator[bytes]:
        """Write a book; the workbook has a run's customers too."""
        book = book_of(opened.described)
        if format == "xlsx" and opened.run is not None:
            return workbook(opened.run.views, opened.run.opened, book)
        return iter((_writer(format)(book),))


def _before(
    session: Session, segmentation: LastingSegmentation, version: Version
) -> VersionOut | None:
    earlier = versions_of(segmentation).where(type(version).version < version.version)
    found = session.scalars(earlier.limit(1)).one_or_none()
    return describe_version(found, segmentation) if found is not None else None
