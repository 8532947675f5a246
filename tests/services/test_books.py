"""What the segment book says of a version, from its stored report."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from app.schemas.analysis import AnalysisOptions
from app.schemas.reports import Report
from app.schemas.segmentations import SegmentOut, VersionOut
from app.segmentation.book.content import Book
from app.segmentation.segment import segment
from app.segmentation.tables import table_from_frame
from app.services.books import Described, book_of
from app.services.segmentations.reports import report_of


@pytest.fixture(scope="module")
def report() -> Report:
    """Two groups along a number, each with a category of its own; not validated."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], 60)
    levels = np.array(["\u202e=cmd()\0 " + "x" * 5_000, "<b>#import"])
    frame = pd.DataFrame(
        {"Income (k$)": rng.normal(20 + 40 * group, 2).round(2), "plan": levels[group]}
    )
    recipe = AnalysisOptions(n_clusters=2).recipe()
    found = segment(table_from_frame(frame.astype(object)), recipe)
    return Report.model_validate_json(report_of(found).model_dump_json())


def version(report: Report, number: int = 2, **shares: float) -> VersionOut:
    """Answer a version with these segments; `shares` are by lasting id, as `s1`."""
    return VersionOut(
        version=number,
        run_id=1,
        is_active=True,
        n_segments=2,
        n_customers=1_234,
        algorithm="kmeans",
        linkage=None,
        silhouette_score=None,
        headline=None,
        trained_by=None,
        created_at=datetime(2026, 11, 28, tzinfo=UTC),
        activated_at=None,
        identified_by=None,
        warnings=[],
        segments=[
            SegmentOut(
                id=profile.cluster,
                lasting_id=profile.cluster + 1,
                name=profile.cluster_name,
                automatic_name=profile.cluster_name,
                note=None,
                advice=None,
                position=None,
                size=profile.size,
                share=shares.get(f"s{profile.cluster + 1}", profile.share),
                lived_on_from=None,
            )
            for profile in report.profiles
        ],
    )


def book(report: Report, before: VersionOut | None = None) -> Book:
    told = Described(
        title="Shop",
        source="shop.csv",
        report=report,
        version=version(report, s1=0.6, s2=0.4),
        before=before,
    )
    return book_of(told)


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for each in value for text in texts(each)]
    return texts(tuple(vars(value).values())) if hasattr(value, "__dict__") else []


def test_texts_of_customers_are_made_printable(report):
    found = book(report)
    assert any("cmd()" in text for text in texts(found))
    for text in texts(found):
        assert len(text) <= 600
        assert "\0" not in text
        assert "\u202e" not in text


def test_a_first_version_tells_no_change(report):
    pages = book(report).segments
    assert [(page.change, page.share_before) for page in pages] == [("", None)] * 2


def test_a_change_is_that_of_the_shares_shown(report):
    pages = book(report, version(report, 1, s1=0.5204, s2=0.3996)).segments
    assert pages[0].change == (
        "Its share has grown by 8.0 percentage points since version 1, from 52.0% to 60.0%."
    )
    assert pages[1].change == "Its share is the same as in version 1."
    assert [page.share_before.value for page in pages] == [0.5204, 0.3996]


def test_a_new_segment_is_called_new(report):
    before = version(report, 1)
    before.segments.pop()
    page = book(report, before).segments[1]
    assert page.change == "New: no segment of version 1 lives on in it."
    assert page.share_before is None


def test_customers_in_no_segment_are_counted(report):
    found = book(report.model_copy(update={"n_noise": 34}))
    assert found.summary == "2 segments of 1,234 customers; 34 are in no segment."


def test_what_is_no_segmentation_comes_with_a_caution(report):
    assert book(report).caution == ""
    assert "nearly all customers" in book(report.model_copy(update={"degenerate": True})).caution


def test_segments_that_are_no_groups_come_with_a_caution_and_no_campaign(report):
    structure = report.structure.model_copy(
        update={"verdict": "none", "sentence": "There are no groups.", "p_value": 0.6}
    )
    found = book(report.model_copy(update={"structure": structure}))
    assert found.caution == "There are no groups."
    assert all("careful" in page.advice[0].casefold() for page in found.segments)


def test_reports_of_earlier_releases_have_pages_too(report):
    old = report.model_dump() | {"structure": None, "accuracy": None, "feature_importance": None}
    for profile in old["profiles"]:
        for name in ("characteristics", "evidence", "middle"):
            del profile[name]
    pages = book(Report.model_validate(old)).segments
    for page in pages:
        assert page.statements[0] == f"{page.contrasts[0].label}: {page.contrasts[0].shown}"
        assert page.stability is None
        assert "was not measured" in page.certainty


def test_money_is_written_as_money(report):
    (shown,) = {each.shown for each in book(report).segments[1].contrasts if each.label == "Income"}
    assert shown.startswith("$")
    assert "k vs $" in shown
