"""What a run's segments tell about a column that they were not made from."""

from dataclasses import asdict

import pandas as pd

from app.errors import BadRequest
from app.schemas.usefulness import SegmentOutcomeOut, UsefulnessOut
from app.segmentation.errors import SegmentationError
from app.segmentation.new_rows import columns_needed
from app.segmentation.preparation.column_choice import UNUSABLE
from app.segmentation.tables import Kind
from app.segmentation.threads import single_threaded
from app.segmentation.validation.usefulness import SegmentOutcome, Usefulness, assess_usefulness
from app.segmentation.validation.usefulness_words import usefulness_sentence
from app.services.segmentations.looked import Looked
from app.services.segmentations.reports import NOISE, recipe_of
from app.services.segmentations.views import OpenRun, RunViews

_CLUSTERED_ON = (
    "The segments were made from {column}, so they differ in it by construction; exclude the "
    "column from a new run to see what its segments tell about it"
)


def usefulness(views: RunViews, opened: OpenRun, column: str, value: str | None) -> UsefulnessOut:
    """Compare a column between the segments of a run."""
    report, run = opened.report, opened.run
    _check_column(views, opened, column)
    labels = views.kept(opened).labels
    sources = columns_needed(report.columns, report.formats)
    if column in sources:
        raise _refused(_CLUSTERED_ON.format(column=column), code="clustered_on")
    frame = Looked(views, opened).frame([column, *report.columns])
    try:
        with single_threaded():
            found = assess_usefulness(
                frame[column],
                labels,
                frame,
                numeric=report.numeric,
                categorical=report.categorical,
                level=value,
                random_state=recipe_of(run.options).seed,
            )
    except SegmentationError as error:
        raise _refused(str(error), code="unusable_column", field=error.field or "column") from error
    return _told(opened, column, found)


def _check_column(views: RunViews, opened: OpenRun, column: str) -> None:
    """Refuse a column that is absent, that the caller may not see, or that describes no one."""
    if column in opened.report.columns:
        raise _refused(_CLUSTERED_ON.format(column=column), code="clustered_on")
    if not opened.whole or column not in views.frame_rows(opened, skip=0, limit=0):
        told = "" if opened.whole else " that you may see; its other columns are its owner's"
        raise _refused(f"The run's table has no column {column!r}{told}", code="unknown_column")
    dataset = opened.dataset
    if opened.run.reading == dataset.reading:
        kinds = {each["name"]: Kind(each["kind"]) for each in dataset.columns}
        reason = UNUSABLE.get(kinds[column])
    else:
        known = opened.report.left_out.get(column)
        reason = known if known in UNUSABLE.values() else None
    if reason is not None:
        raise _refused(
            f"{column} is {reason}; choose a column of numbers or of categories",
            code="unusable_column",
        )


def _refused(message: str, *, code: str, field: str = "column") -> BadRequest:
    return BadRequest(message, code=code, field=field)


def _told(opened: OpenRun, column: str, found: Usefulness) -> UsefulnessOut:
    return UsefulnessOut(
        run_id=opened.run.id,
        column=column,
        kind=found.kind,
        value=found.level,
        n_customers=found.n_samples,
        n_missing=found.n_missing,
        overall=found.overall,
        segments=[_segment(opened, each) for each in found.segments],
        measure=found.measure,
        association=found.association,
        association_held_out=found.held_out,
        explained_by_segments=found.by_segments,
        explained_by_model=found.by_model,
        p_value=found.p_value,
        sample_size=found.sample_size,
        sentence=usefulness_sentence(found, column=column, names=opened.report.names),
    )


def _segment(opened: OpenRun, each: SegmentOutcome) -> SegmentOutcomeOut:
    known = {
        name: None if pd.isna(figure) else figure
        for name, figure in asdict(each).items()
        if name != "segment"
    }
    identities = opened.run.identity["segments"]
    return SegmentOutcomeOut(
        cluster=each.segment,
        lasting_id=identities[each.segment]["lasting_id"] if each.segment >= 0 else None,
        cluster_name=opened.report.names.get(each.segment, NOISE),
        **known,
    )
