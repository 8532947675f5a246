"""Versions to look into, made without a server."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import Dataset
from app.schemas.datasets import ColumnFacts
from app.segmentation.recipe import AUTO, Recipe
from app.segmentation.segment import segment
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import read_table
from app.services.artefact_cache import ArtefactCache
from app.services.column_formats import formats_of
from app.services.job_work import Tools
from app.services.reading import read_upload
from app.services.segmentations.looked import LookedRun
from app.services.segmentations.reports import report_of
from app.services.segmentations.views import OpenRun, RunViews
from app.storage.datasets import DatasetStore


def tools_at(folder: Path) -> Tools:
    """Make those of the tools that looking into a version takes."""
    parts = SimpleNamespace(tables=DatasetStore(folder), artefacts=ArtefactCache(folder))
    return cast(Tools, parts)


def csv_of(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def kept_version(
    folder: Path,
    content: bytes,
    recipe: Recipe = AUTO,
    *,
    number: int = 1,
    whole: bool = True,
    lasting: tuple[int, ...] | None = None,
) -> tuple[LookedRun, Segmentation]:
    """Upload a table, segment it and keep the version; return also what was found."""
    tools = tools_at(folder)
    incoming = tools.tables.incoming()
    incoming.write(content)
    stored = tools.tables.keep(incoming)
    reading = read_upload(tools.tables, stored.directory, {}, 2_000)
    dataset = Dataset(id=number, directory=stored.directory, filename="table.csv")
    reading.describe(dataset)
    return again(tools, dataset, content, recipe, number=number, whole=whole, lasting=lasting)


def again(
    tools: Tools,
    dataset: Dataset,
    content: bytes,
    recipe: Recipe,
    *,
    number: int,
    whole: bool = True,
    lasting: tuple[int, ...] | None = None,
) -> tuple[LookedRun, Segmentation]:
    """Segment a kept table, as another version."""
    found = segment(read_table(io.BytesIO(content)), recipe)
    facts = tuple(ColumnFacts.model_validate(each) for each in dataset.columns)
    formats = {k: v for k, v in formats_of(facts).items() if k in found.columns.used}
    ids = tuple(range(1, found.n_segments + 1)) if lasting is None else lasting
    artefact = tools.artefacts.save(dataset.directory, "run", found.kept())
    run = ClusteringRun(
        id=number,
        dataset_id=dataset.id,
        reading=dataset.reading,
        artefact=artefact.name,
        checksum=artefact.checksum,
        n_samples=len(found.labels),
        n_clusters=found.n_segments,
        options=recipe.to_dict(),
        version=number,
        identity={"segments": [{"lasting_id": each, "overlap": None} for each in ids]},
        segmentation=LastingSegmentation(name="Customers", segments=[]),
        report=report_of(found, formats).model_dump(mode="json"),
    )
    return LookedRun(RunViews(tools), OpenRun(run, dataset, None, whole=whole)), found
