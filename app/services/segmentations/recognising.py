"""Which segments of a table's versions a new one lives on from, by the customers they share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import Dataset
from app.schemas.base import CautionOut
from app.segmentation.identity import Match
from app.segmentation.recognition import Labelled, Recognition, recognise
from app.segmentation.segmentation import Segmentation
from app.services.job_work import Tools
from app.services.segmentations.identities import (
    Earlier,
    Recognised,
    VersionsBefore,
    in_words,
    lasting_ids,
    n_looked_through,
)
from app.services.segmentations.reports import read_report
from app.storage.artefacts import DamagedArtefact, StoredArtefact
from app.storage.datasets import DamagedDataset


@dataclass(frozen=True)
class EarlierRun(Earlier):
    """One of a table, with where its customers are."""

    directory: str
    reading: str
    artefact: StoredArtefact
    identifier: str | None


def before(
    session: Session, segmentation: LastingSegmentation | None
) -> VersionsBefore[EarlierRun] | None:
    """Read what a new version's segments are matched with; None for a first version."""
    if segmentation is None:
        return None
    words = in_words(segmentation)
    run = ClusteringRun
    query = (
        sa.select(run, Dataset.directory)
        .join(Dataset, Dataset.id == run.dataset_id)
        .where(run.segmentation_id == segmentation.id)
        .order_by(run.is_active.desc(), run.version.desc())
        .limit(n_looked_through(words))
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    shown: dict[int, str] = {}
    for found, _ in rows:
        for lasting_id, profile in zip(
            lasting_ids(found), read_report(found).profiles, strict=True
        ):
            shown.setdefault(lasting_id, profile.cluster_name)
    return VersionsBefore(
        segmentation_id=segmentation.id,
        versions=tuple(_earlier(found, directory) for found, directory in rows),
        shown=shown,
        in_words=words,
    )


def _earlier(run: ClusteringRun, directory: str) -> EarlierRun:
    return EarlierRun(
        version=run.version,
        lasting_ids=lasting_ids(run),
        directory=directory,
        reading=run.reading,
        artefact=StoredArtefact(run.artefact, run.checksum),
        identifier=run.report["identifier"],
    )


def recognise_segments(
    tools: Tools,
    before: VersionsBefore[EarlierRun] | None,
    found: Segmentation,
    *,
    directory: str,
    reading: str,
) -> Recognised:
    """Find the lasting segments of a new version; it reads files, and belongs in no transaction."""
    if before is None:
        return Recognised()
    current = before.current
    identifier = found.columns.identifier
    here = (directory, reading)
    elsewhere = any((each.directory, each.reading) != here for each in before.versions)
    new = _labelled(tools, found, directory, reading, identifier if elsewhere else None)
    with_current = _recognise(tools, current, new, directory=directory, reading=reading)

    def matches_with(earlier: EarlierRun) -> Sequence[Match]:
        seen = (
            with_current
            if earlier is current
            else _recognise(tools, earlier, new, directory=directory, reading=reading)
        )
        return seen.matches if seen is not None else ()

    living = before.living(found.n_segments, matches_with)
    same_rows = (current.directory, current.reading) == here
    by_identifier = identifier is not None and current.identifier is not None
    return Recognised(
        segmentation_id=before.segmentation_id,
        identified_by=identifier if by_identifier else None,
        living=living,
        cautions=(
            *_how(with_current, current, by_identifier=by_identifier, same_rows=same_rows),
            *before.dropped(living.values()),
        ),
    )


def _recognise(
    tools: Tools, earlier: EarlierRun, new: Labelled, *, directory: str, reading: str
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
    return as_identifiers(tools.tables.frame(directory, reading, columns=[column])[column])


def as_identifiers(values: pd.Series) -> NDArray[np.str_]:
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
