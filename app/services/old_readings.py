"""Readings, trees and runs of a dataset that nothing names any more, removed once unused."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from app.db.order_tables import OrderFile
from app.db.segmentation_tables import ClusteringRun, ClusteringTree
from app.db.session import Database
from app.db.tables import Dataset, Job, utcnow
from app.services.quotas import UNFINISHED
from app.storage.artefacts import ArtefactStore
from app.storage.datasets import DatasetStore


def sweep_readings(database: Database, store: DatasetStore, *, older_than_seconds: float) -> None:
    """Remove the readings, trees and runs that no dataset, run or unfinished job has use for.

    A run or a tree whose worker was killed between its files and its row has files alone.
    """
    with database.connect(read_only=True) as connection:
        directories = connection.scalars(sa.select(Dataset.directory)).all()
    # Looked for before their rows are: one that comes meanwhile is known.
    made = {
        directory: store.made(directory, older_than_seconds=older_than_seconds)
        for directory in directories
    }
    with database.connect(read_only=True) as connection:
        named: dict[str, set[str]] = defaultdict(set)
        datasets = sa.select(Dataset.directory, Dataset.reading)
        runs = sa.select(Dataset.directory, ClusteringRun.reading).join(
            ClusteringRun, ClusteringRun.dataset_id == Dataset.id
        )
        orders = sa.select(OrderFile.directory, OrderFile.reading)
        for query in (datasets, runs, orders):
            for directory, reading in connection.execute(query):
                named[directory].add(reading)
        waiting = connection.scalars(
            sa.select(Job.arguments).where(Job.kind == "train", Job.state.in_(UNFINISHED))
        ).all()
    for arguments in waiting:
        named[arguments["directory"]].add(arguments["reading"])
    for directory, readings in named.items():
        store.remove_old_readings(directory, readings, older_than_seconds=older_than_seconds)
    for arguments in waiting:
        made.pop(arguments["directory"], None)
    _sweep_made(database, store, made)
    busy = {arguments["dataset_id"] for arguments in waiting}
    _sweep_trees(database, store, busy, older_than_seconds=older_than_seconds)


def _sweep_made(database: Database, store: DatasetStore, made: Mapping[str, set[str]]) -> None:
    with database.connect(read_only=True) as connection:
        known = {
            name
            for row in (ClusteringRun.artefact, ClusteringTree.artefact)
            for name in connection.scalars(sa.select(row))
        }
    for directory, names in made.items():
        for name in names - known:
            ArtefactStore(store.root).remove(directory, name)


def _sweep_trees(
    database: Database, store: DatasetStore, busy: set[int], *, older_than_seconds: float
) -> None:
    """Remove trees that are older than their dataset's reading and that no run is a cut of."""
    long_ago = utcnow() - timedelta(seconds=older_than_seconds)
    cut = sa.select(ClusteringRun.id).where(ClusteringRun.tree_id == ClusteringTree.id)
    query = (
        sa.select(ClusteringTree.id, ClusteringTree.artefact, Dataset.directory)
        .join(Dataset, ClusteringTree.dataset_id == Dataset.id)
        .where(
            ClusteringTree.created_at < Dataset.updated_at,
            Dataset.updated_at < long_ago,
            Dataset.id.not_in(busy),
            ~cut.exists(),
        )
    )
    with database.connect(read_only=True) as connection:
        dropped = connection.execute(query).all()
    for tree_id, artefact, directory in dropped:
        with database.connect() as connection:
            removed = connection.execute(
                sa.delete(ClusteringTree).where(ClusteringTree.id == tree_id, ~cut.exists())
            ).rowcount
        if removed:
            ArtefactStore(store.root).remove(directory, artefact)
