"""A filtered, sorted page of a million customers, beside plain DuckDB on the same files.

    python -m benchmarks.customers [--rows 1000000] [--folder /tmp]

Each figure is the median of several runs, one after the other in turn, so that a busy machine slows
both alike. Plain DuckDB counts the rows, sorts them, and reads the page's from files that hold the
table and what is known of each row in one, without what a request needs: opening, checking names,
names of segments, plain values. Aim: a filtered page of 1,000,000 customers under 200 ms on two
cores, cursor or not.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import cast

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import Dataset
from app.segmentation.recipe import CONTRACT
from app.segmentation.segment import segment
from app.segmentation.tables import Column, Dialect, Kind, Table
from app.services.artefact_cache import ArtefactCache
from app.services.job_work import Tools
from app.services.segmentations.customer_query import WantedCustomers
from app.services.segmentations.customers import CustomerList
from app.services.segmentations.looked import Looked, LookedRun
from app.services.segmentations.reports import report_of
from app.services.segmentations.views import OpenRun, RunViews
from app.storage.customers import VersionFiles
from app.storage.datasets import DatasetStore

RUNS = 9
PAGE = 50
USED = ("amount 0", "amount 1", "count 0", "count 1")
FILTER = ("amount 2:gt:150", "kind 2:eq:level 3")


def customers(n: int) -> pd.DataFrame:
    """Make a table of twenty columns of every kind."""
    rng = np.random.default_rng(0)
    frame: dict[str, object] = {
        "customer_id": pd.Series([f"C{i:07}" for i in rng.permutation(n)], dtype="str")
    }
    for i in range(6):
        frame[f"amount {i}"] = np.round(rng.gamma(2, 50 * (i + 1), n), 2)
    for i in range(4):
        frame[f"count {i}"] = rng.poisson(5 * (i + 1), n)
    for i in range(5):
        levels = [f"level {j}" for j in range(3 + i * 4)]
        frame[f"kind {i}"] = pd.Series(rng.choice(levels, n), dtype="str")
    days = pd.to_timedelta(rng.integers(0, 1500, n), unit="D")
    frame["signup"] = pd.Timestamp("2020-01-01") + days
    words = np.array(["good", "slow", "nice", "late", "fast", "broken", "again", "price"])
    notes = [" ".join(each) for each in words[rng.integers(0, len(words), (n, 4))]]
    frame["note"] = pd.Series(notes, dtype="str")
    for i in range(2):
        gaps = rng.normal(size=n)
        gaps[rng.random(n) < 0.1] = np.nan
        frame[f"gap {i}"] = gaps
    return pd.DataFrame(frame)


def kept(folder: Path, frame: pd.DataFrame) -> Looked:
    """Keep the table and a version of it, as an upload and a training do."""
    parts = SimpleNamespace(tables=DatasetStore(folder), artefacts=ArtefactCache(folder))
    tools = cast(Tools, parts)
    incoming = tools.tables.incoming()
    incoming.write(b"-")
    directory = tools.tables.keep(incoming).directory
    reading = tools.tables.save_reading(directory, frame)
    columns = tuple(
        Column(
            name=name,
            kind=Kind.IDENTIFIER if name == "customer_id" else Kind.NUMERIC,
            missing=0,
            distinct=2,
            examples=(),
        )
        for name in ("customer_id", *USED)
    )
    lines = np.arange(1, len(frame) + 1)
    table = Table(
        frame=frame, columns=columns, dialect=Dialect(format="parquet"), line_numbers=lines
    )
    recipe = replace(CONTRACT, algorithm="kmeans", n_clusters=5, columns=USED)
    found = segment(table, recipe)
    artefact = tools.artefacts.save(directory, "run", found.kept())
    run = ClusteringRun(
        id=1,
        reading=reading,
        artefact=artefact.name,
        checksum=artefact.checksum,
        n_samples=len(frame),
        n_clusters=found.n_segments,
        options=recipe.to_dict(),
        version=1,
        identity={"segments": [{"lasting_id": each + 1} for each in range(found.n_segments)]},
        segmentation=LastingSegmentation(name="Customers", segments=[]),
        report=report_of(found, {}).model_dump(mode="json"),
    )
    return LookedRun(RunViews(tools), OpenRun(run, Dataset(directory=directory), None, whole=True))


def plain(files: VersionFiles, where: str, order: str) -> int:
    """Ask DuckDB alone for the same page of the same files."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.read_parquet(str(files.table)).create_view("t")
        connection.read_parquet(str(files.rows)).create_view("r")
        both = "FROM t POSITIONAL JOIN r"
        connection.execute(f"SELECT count(*) {both} WHERE {where}").fetchall()
        page = f"SELECT * {both} WHERE {where} ORDER BY {order}, row LIMIT {PAGE + 1}"
        return len(connection.execute(page).fetchall())


def medians(**timed: Callable[[], object]) -> dict[str, float]:
    """Run each in turn, several times, and return the median milliseconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(RUNS):
        for name, call in timed.items():
            start = time.perf_counter()
            call()
            taken[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(each) for name, each in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    asked = parser.parse_args()
    with TemporaryDirectory(dir=asked.folder) as folder:
        looked = kept(Path(folder), customers(asked.rows))
        start = time.perf_counter()
        files = looked.files()
        print(f"what is known of each row, once per version: {time.perf_counter() - start:.1f} s")
        groups = pq.ParquetFile(files.table).metadata
        print(f"{groups.num_rows:,} customers, {groups.num_columns} columns")
        filtered = WantedCustomers(segments=(3,), where=FILTER, sort="-amount 3")
        every, by_row = WantedCustomers(sort="-amount 3"), WantedCustomers(where=FILTER)
        cursor = CustomerList(looked, filtered).page(None, PAGE).next_cursor
        where = '"amount 2" > 150 AND "kind 2" = \'level 3\''
        found = medians(
            filtered=lambda: CustomerList(looked, filtered).page(None, PAGE),
            next_page=lambda: CustomerList(looked, filtered).page(cursor, PAGE),
            unsorted=lambda: CustomerList(looked, by_row).page(None, PAGE),
            unfiltered=lambda: CustomerList(looked, every).page(None, PAGE),
            plain_duckdb=lambda: plain(
                files, f"segment = 2 AND {where}", '"amount 3" DESC NULLS LAST'
            ),
        )
    for name, milliseconds in found.items():
        ratio = milliseconds / found["plain_duckdb"]
        print(f"{name:>14}: {milliseconds:6.0f} ms, {ratio:.2f} of plain DuckDB")


if __name__ == "__main__":
    main()
