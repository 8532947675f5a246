"""Finding what a segment book is made of, and writing it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import ModelVersion
from app.schemas.segmentations import VersionOut
from app.segmentation.book.content import Book
from app.segmentation.book.page import to_html
from app.segmentation.book.pdf import to_pdf
from app.segmentation.book.sheets import to_sheets
from app.segmentation.book.slides import to_slides
from app.services.accounts import Caller
from app.services.books import Described, book_of
from app.services.core_reports import core_report
from app.services.exports import workbook
from app.services.models import ModelService, trained_version
from app.services.segmentations.describing import describe_model, describe_version
from app.services.segmentations.finding import Reference, find, version_of
from app.services.segmentations.views import OpenRun, RunViews
from app.services.versions import get_version

BookFormat = Literal["pdf", "pptx", "html", "xlsx"]

_WRITERS: dict[BookFormat, Callable[[Book], bytes]] = {
    "pdf": to_pdf,
    "pptx": to_slides,
    "html": to_html,
    "xlsx": to_sheets,
}


@dataclass(frozen=True)
class OpenBook:
    """A version that the caller may read, as a book; no session is held.

    `run` is None for the core's, whose customers are in no table of the caller's.
    """

    described: Described
    run: OpenRun | None


@dataclass(frozen=True)
class BookService:
    """Writes books of the versions of segmentations, the core's among them."""

    views: RunViews
    models: ModelService

    def open(self, caller: Caller, reference: Reference, version: int | None) -> OpenBook:
        """Open a version, the active one where none is named, with the one before it."""
        with self.models.database.session(read_only=True) as session:
            segmentation = find(session, caller, reference)
            if segmentation.kind != "core":
                row = version_of(session, segmentation, version)
                told, before = describe_version(row), _run_before(session, row)
            else:
                model = (
                    trained_version(session) if version is None else get_version(session, version)
                )
                told = describe_model(model, segmentation)
                before = _model_before(session, model, segmentation)
        if segmentation.kind == "core":
            report, source, run = core_report(self.models, model), "the customer file", None
        else:
            run = self.views.open_version(caller, reference, told.version)
            report, source = run.report, run.dataset.filename
        described = Described(
            title=segmentation.name, source=source, report=report, version=told, before=before
        )
        return OpenBook(described, run)

    def write(self, opened: OpenBook, format: BookFormat) -> Iterator[bytes]:
        """Write a book; the workbook has a run's customers too."""
        book = book_of(opened.described)
        if format == "xlsx" and opened.run is not None:
            return workbook(self.views, opened.run, book)
        return iter((_WRITERS[format](book),))


def _run_before(session: Session, run: ClusteringRun) -> VersionOut | None:
    earlier = sa.select(ClusteringRun).where(
        ClusteringRun.segmentation_id == run.segmentation_id, ClusteringRun.version < run.version
    )
    newest = earlier.order_by(ClusteringRun.version.desc()).limit(1)
    found = session.scalars(newest).one_or_none()
    return describe_version(found) if found is not None else None


def _model_before(
    session: Session, model: ModelVersion, core: LastingSegmentation
) -> VersionOut | None:
    earlier = sa.select(ModelVersion).where(ModelVersion.version < model.version)
    newest = earlier.order_by(ModelVersion.version.desc()).limit(1)
    found = session.scalars(newest).one_or_none()
    return describe_model(found, core) if found is not None else None
