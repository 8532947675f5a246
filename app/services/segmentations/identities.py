"""Segments over versions: which one a new one lives on from, and what its owner called it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.db.segmentation_tables import (
    ClusteringRun,
    LastingSegment,
    LastingSegmentation,
    RunIdentity,
    SegmentIdentity,
)
from app.db.tables import Dataset
from app.schemas.base import CautionOut
from app.segmentation.recognition import Labelled, Recognition, recognise
from app.segmentation.segmentation import Segmentation
from app.services.job_work import Tools
from app.services.segmentations.reports import read_report
from app.storage.artefacts import DamagedArtefact, StoredArtefact
from app.storage.datasets import DamagedDataset

EARLIER_VERSIONS = 5
"""How many are looked through for segments that have an owner's words and were lost since."""


@dataclass(frozen=True)
class Earlier:
    """A version whose segments may live on."""

    version: int
    directory: str
    reading: str
    artefact: StoredArtefact
    identifier: str | None
    lasting_ids: tuple[int, ...]


@dataclass(frozen=True)
class VersionsBefore:
    """What there is of a segmentation: the version that serves comes first."""

    segmentation_id: int
    versions: tuple[Earlier, ...]
    shown: dict[int, str]
    in_words: frozenset[int]
    """The lasting segments that have a name, a note or advice of their owner's."""


@dataclass(frozen=True)
class Recognised:
    """Of each new segment the lasting one and the overlap with it, where it lives on."""

    segmentation_id: int | None = None
    identified_by: str | None = None
    living: dict[int, tuple[int, float]] = field(default_factory=dict)
    cautions: tuple[CautionOut, ...] = ()


def before(session: Session, segmentation: LastingSegmentation | None) -> VersionsBefore | None:
    """Read what a new version's segments are matched with; None for a first version."""
    if segmentation is None:
        return None
    query = (
        sa.select(ClusteringRun, Dataset.directory)
        .join(Dataset, Dataset.id == ClusteringRun.dataset_id)
        .where(ClusteringRun.segmentation_id == segmentation.id)
        .order_by(ClusteringRun.is_active.desc(), ClusteringRun.version.desc())
    )
    words = frozenset(
        each.lasting_id for each in segmentation.segments if each.name or each.note or each.advice
    )
    rows = session.execute(query.limit(1 + (EARLIER_VERSIONS if words else 0))).all()
    if not rows:
        return None
    shown: dict[int, str] = {}
    for run, _ in rows:
        for told, each in zip(read_report(run).profiles, run.identity["segments"], strict=True):
            shown.setdefault(each["lasting_id"], told.cluster_name)
    return VersionsBefore(
        segmentation_id=segmentation.id,
        versions=tuple(_earlier(run, directory) for run, directory in rows),
        shown=shown,
        in_words=words,
    )


def _earlier(run: ClusteringRun, directory: str) -> Earlier:
    return Earlier(
        version=run.version,
        directory=directory,
        reading=run.reading,
        artefact=StoredArtefact(run.artefact, run.checksum),
        identifier=run.report["identifier"],
        lasting_ids=tuple(each["lasting_id"] for each in run.identity["segments"]),
    )


def recognise_segments(
    tools: Tools,
    before: VersionsBefore | None,
    found: Segmentation,
    *,
    directory: str,
    reading: str,
) -> Recognised:
    """Find the lasting segments of a new version; it reads files, and belongs in no transaction."""
    if before is None:
        return Recognised()
    current, *others = before.versions
    identifier = found.columns.identifier
    here = (directory, reading)
    elsewhere = any((each.directory, each.reading) != here for each in before.versions)
    new = _labelled(tools, found, directory, reading, identifier if elsewhere else None)
    living: dict[int, tuple[int, float]] = {}
    recognition = None
    for earlier in (current, *others):
        taken = {lasting_id for lasting_id, _ in living.values()}
        lost = before.in_words - taken
        if earlier is not current and (not lost or len(living) == found.n_segments):
            break
        seen = _recognise(tools, earlier, new, directory=directory, reading=reading)
        if earlier is current:
            recognition = seen
        for match in seen.matches if seen is not None else ():
            lasting_id = earlier.lasting_ids[match.old_id]
            wanted = earlier is current or lasting_id in lost
            if wanted and match.new_id not in living:
                living[match.new_id] = (lasting_id, match.overlap)
    same_rows = (current.directory, current.reading) == here
    by_identifier = identifier is not None and current.identifier is not None
    return Recognised(
        segmentation_id=before.segmentation_id,
        identified_by=identifier if by_identifier else None,
        living=living,
        cautions=(
            *_how(recognition, current, by_identifier=by_identifier, same_rows=same_rows),
            *_dropped(before, current, {lasting_id for lasting_id, _ in living.values()}),
        ),
    )


def _recognise(
    tools: Tools, earlier: Earlier, new: Labelled, *, directory: str, reading: str
) -> Recognition | None:
    """Match with one version; None where its files are lost."""
    try:
        kept = tools.artefacts.load(earlier.directory, earlier.artefact, Segmentation)
        same_rows = (earlier.directory, earlier.reading) == (directory, reading)
        column = None if same_rows else earlier.identifier
        old = _labelled(tools, kept, earlier.directory, earlier.reading, column)
    except (DamagedArtefact, DamagedDataset):
        return None
    return recognise(old, new, same_rows=same_rows)


def _labelled(
    tools: Tools, found: Segmentation, directory: str, reading: str, column: str | None
) -> Labelled:
    customers = None
    if column is not None:
        customers = identifiers(tools, directory, reading, column)
    return Labelled(found.labels, found.n_segments, customers)


def identifiers(tools: Tools, directory: str, reading: str, column: str) -> NDArray[np.str_]:
    """Read a column of identifiers as texts, empty where blank."""
    values = tools.tables.frame(directory, reading, columns=[column])[column]
    texts: NDArray[np.str_] = values.astype("str").where(values.notna(), "").to_numpy(dtype=np.str_)
    return texts


def _how(
    recognition: Recognition | None, current: Earlier, *, by_identifier: bool, same_rows: bool
) -> Iterator[CautionOut]:
    if recognition is None:
        yield CautionOut(
            code="version_damaged",
            message=f"The files of version {current.version} are damaged, so its segments could "
            "not be matched.",
        )
    elif same_rows and not by_identifier:
        yield CautionOut(
            code="matched_by_row",
            message="No column identifies customers; segments were matched row by row, because "
            "the table is the same.",
        )
    elif not same_rows and not by_identifier:
        yield CautionOut(
            code="customers_not_recognised",
            message="No column identifies customers in both tables, so all segments count as new.",
        )
    elif not recognition.is_enough:
        yield CautionOut(
            code="too_few_customers_shared",
            message=f"Only {recognition.n_shared:,} customers are in both tables, too few to match "
            "segments; all of them count as new.",
        )


def _dropped(before: VersionsBefore, current: Earlier, living: set[int]) -> Iterator[CautionOut]:
    for lasting_id in current.lasting_ids:
        if lasting_id in before.in_words and lasting_id not in living:
            yield CautionOut(
                code="segment_gone",
                message=f'No segment of this version lives on from "{before.shown[lasting_id]}" of '
                f"version {current.version}; its name, note and advice are not shown any more.",
            )


def assign(
    segmentation: LastingSegmentation,
    recognised: Recognised,
    *,
    version: int,
    n_segments: int,
) -> RunIdentity:
    """Give each segment its lasting id, within the transaction that stores the version."""
    kept = {each.lasting_id: each for each in segmentation.segments}
    living = recognised.living if recognised.segmentation_id == segmentation.id else {}
    next_id = max(kept, default=0) + 1
    segments: list[SegmentIdentity] = []
    for label in range(n_segments):
        lasting_id, overlap = living.get(label) or (next_id, None)
        if lasting_id not in kept:
            lasting_id, next_id = next_id, next_id + 1
            segmentation.segments.append(
                LastingSegment(lasting_id=lasting_id, last_version=version)
            )
        else:
            kept[lasting_id].last_version = version
        segments.append({"lasting_id": lasting_id, "overlap": overlap})
    return {
        "identified_by": recognised.identified_by,
        "segments": segments,
        "cautions": [each.model_dump() for each in recognised.cautions],
    }
