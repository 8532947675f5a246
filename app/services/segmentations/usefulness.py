"""What a run's segments tell about a column that they were not made from."""

from dataclasses import asdict

import pandas as pd

from app.errors import BadRequest
from app.schemas.usefulness import SegmentOutcomeOut, UsefulnessOut
from app.segmentation.errors import SegmentationError
from app.segmentation.new_rows import columns_needed
from app.segmentation.threads import single_threaded
from app.segmentation.validation.usefulness import SegmentOutcome, Usefulness, assess_usefulness
from app.segmentation.validation.usefulness_words import usefulness_sentence
from app.services.segmentations.looked import Looked

_CLUSTERED_ON = (
    "The segments were made from {column}, so they differ in it by construction; exclude the "
    "column from a new run to see what its segments tell about it"
)


def usefulness(looked: Looked, column: str, value: str | None) -> UsefulnessOut:
    """Compare a column between the segments of a version."""
    report = looked.report
    _check_column(looked, column)
    labels = looked.found.labels
    sources = columns_needed(report.columns, report.formats)
    if column in sources:
        raise _refused(_CLUSTERED_ON.format(column=column), code="clustered_on")
    frame = looked.frame([column, *report.columns])
    try:
        with single_threaded():
            found = assess_usefulness(
                frame[column],
                labels,
                frame,
                numeric=report.numeric,
                categorical=report.categorical,
                level=value,
                random_state=looked.found.recipe.seed,
            )
    except SegmentationError as error:
        raise _refused(str(error), code="unusable_column", field=error.field or "column") from error
    return _told(looked, column, found)


def _check_column(looked: Looked, column: str) -> None:
    """Refuse a column that is absent, that the caller may not see, or that describes no one."""
    if column in looked.report.columns:
        raise _refused(_CLUSTERED_ON.format(column=column), code="clustered_on")
    if not looked.whole or column not in looked.columns:
        told = "" if looked.whole else " that you may see; its other columns are its owner's"
        raise _refused(f"The run's table has no column {column!r}{told}", code="unknown_column")
    reason = looked.unusable.get(column)
    if reason is not None:
        raise _refused(
            f"{column} is {reason}; choose a column of numbers or of categories",
            code="unusable_column",
        )


def _refused(message: str, *, code: str, field: str = "column") -> BadRequest:
    return BadRequest(message, code=code, field=field)


def _told(looked: Looked, column: str, found: Usefulness) -> UsefulnessOut:
    return UsefulnessOut(
        run_id=looked.run_id,
        column=column,
        kind=found.kind,
        value=found.level,
        n_customers=found.n_samples,
        n_missing=found.n_missing,
        overall=found.overall,
        segments=[_segment(looked, each) for each in found.segments],
        measure=found.measure,
        association=found.association,
        association_held_out=found.held_out,
        explained_by_segments=found.by_segments,
        explained_by_model=found.by_model,
        p_value=found.p_value,
        sample_size=found.sample_size,
        sentence=usefulness_sentence(found, column=column, names=looked.report.names),
    )


def _segment(looked: Looked, each: SegmentOutcome) -> SegmentOutcomeOut:
    known = {
        name: None if pd.isna(figure) else figure
        for name, figure in asdict(each).items()
        if name != "segment"
    }
    return SegmentOutcomeOut(
        cluster=each.segment,
        lasting_id=looked.lasting_of(each.segment),
        cluster_name=looked.name_of(each.segment),
        **known,
    )
