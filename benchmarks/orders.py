"""Ten million order lines to one row per customer, beside pandas and plain DuckDB.

    python -m benchmarks.orders [--lines 10000000] [--folder /tmp]

Each way has a process of its own, one after the other, on one generated file; what they say of the
customers is compared. Seconds are of the wall clock, memory is the largest resident size. Aims for
10,000,000 lines on two cores: 60 s and 1 GB from CSV to snapshot, 25 s from kept Parquet.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from app.db.order_tables import Orders
from app.services.order_lines import DEFAULT_SETTINGS
from app.services.order_reading import LineReader, ReadLines
from app.services.snapshot_making import Asked, summarise
from app.storage.datasets import DatasetStore, StoredUpload
from benchmarks.measuring import OURS, Figures, Result, within
from benchmarks.order_lines import write_lines

Summary = dict[str, float]
AIMS = {"ours, CSV to snapshot": (60, 1_000), "ours, snapshot from Parquet": (25, 1_000)}
COLUMNS = ["customer_id", "order_id", "order_date", "quantity", "unit_price"]


def ours_from_csv(folder: Path) -> Summary:
    """Read the file as an upload is, account for its lines, and summarise the customers."""
    store = DatasetStore(folder / "store")
    incoming = store.incoming()
    incoming.close()
    incoming.path.unlink()
    os.link(folder / "lines.csv", incoming.path)
    size = (folder / "lines.csv").stat().st_size
    stored = StoredUpload(store.keep(incoming).directory, size, "")
    read = LineReader(store, 2_000).first(stored, "lines.csv", {})
    (folder / "kept.json").write_text(
        json.dumps(
            {
                "directory": stored.directory,
                "reading": read.lines.reading,
                "n_lines": read.lines.n_lines,
                "facts": read.lines.facts,
                "roles": read.roles,
            }
        )
    )
    return _summarised(folder)


def ours_from_parquet(folder: Path) -> Summary:
    return _summarised(folder)


def _summarised(folder: Path) -> Summary:
    kept = json.loads((folder / "kept.json").read_text())
    store = DatasetStore(folder / "store")
    lines = ReadLines(
        StoredUpload(kept["directory"], 0, ""),
        "lines.csv",
        kept["reading"],
        kept["n_lines"],
        kept["facts"],
    )
    orders = Orders(
        roles=kept["roles"],
        corrections={},
        settings=dict(DEFAULT_SETTINGS),
        files=[lines.row()],
        problems=[],
    )
    _, ledger, frame = summarise(store, orders, Asked(as_of=date(2026, 1, 1)))
    return _figures(
        len(frame), int(frame["orders"].sum()), float(frame["gross_money"].sum()), ledger.lines
    )


def by_pandas(folder: Path) -> Summary:
    """Group in memory, with the figures that take no more than a line."""
    lines = pd.read_csv(
        folder / "lines.csv",
        usecols=COLUMNS,
        dtype={"order_id": "str", "customer_id": "str"},
        parse_dates=["order_date"],
    )
    n_lines = len(lines)
    kept = lines[lines["customer_id"].notna() & (lines["quantity"] > 0)]
    kept = kept.assign(
        money=kept["quantity"] * kept["unit_price"], day=kept["order_date"].dt.normalize()
    )
    orders = kept.groupby(["customer_id", "order_id"], as_index=False).agg(
        money=("money", "sum"), day=("day", "max")
    )
    visits = orders.drop_duplicates(["customer_id", "day"]).sort_values(["customer_id", "day"])
    gaps = visits.groupby("customer_id")["day"].diff().dt.days
    frame = orders.groupby("customer_id").agg(
        orders=("order_id", "size"), gross=("money", "sum"), last=("day", "max")
    )
    frame["gap"] = gaps.groupby(visits["customer_id"]).median()
    return _figures(len(frame), int(frame["orders"].sum()), float(frame["gross"].sum()), n_lines)


def by_duckdb(folder: Path) -> Summary:
    """One statement over the file, with the same figures as pandas."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(
            f"""
            CREATE VIEW lines AS SELECT * FROM read_csv('{folder / "lines.csv"}',
                types = {{'customer_id': 'VARCHAR', 'order_id': 'VARCHAR'}})
            """
        )
        row = connection.execute(
            """
            WITH placed AS (
                SELECT customer_id, order_id, sum(quantity * unit_price) AS money,
                       max(CAST(order_date AS DATE)) AS day
                FROM lines WHERE customer_id IS NOT NULL AND quantity > 0 GROUP BY ALL),
            gaps AS (
                SELECT customer_id, median(gap) AS gap FROM (
                    SELECT customer_id, day - lag(day) OVER (PARTITION BY customer_id ORDER BY day)
                        AS gap FROM (SELECT DISTINCT customer_id, day FROM placed))
                GROUP BY customer_id),
            customers AS (
                SELECT customer_id, count(*) AS orders, sum(money) AS gross, max(day) AS last
                FROM placed GROUP BY customer_id)
            SELECT count(*), sum(orders), sum(gross), avg(gap) FROM customers
            JOIN gaps USING (customer_id)
            """
        ).fetchone()
        n_lines = connection.execute("SELECT count(*) FROM lines").fetchone()
    assert row is not None
    assert n_lines is not None
    return _figures(int(row[0]), int(row[1]), float(row[2]), int(n_lines[0]))


def _figures(customers: int, orders: int, gross: float, lines: int) -> Summary:
    return {"customers": customers, "orders": orders, "gross": round(gross, 2), "lines": lines}


WAYS: dict[str, Callable[[Path], Summary]] = {
    "ours, CSV to snapshot": ours_from_csv,
    "ours, snapshot from Parquet": ours_from_parquet,
    "pandas, from CSV": by_pandas,
    "plain DuckDB, from CSV": by_duckdb,
}


def run_alone(way: str, folder: Path) -> dict[str, float]:
    """Run one way in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.orders", "--way", way, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(*, quick: bool) -> Iterator[Result]:
    """Measure every way once for the bench: they are long, and memory is what they differ in."""
    lines = 500_000 if quick else 10_000_000
    with TemporaryDirectory(prefix="orders-") as name:
        folder = Path(name)
        write_lines(folder / "lines.csv", lines=lines)
        found = {way: run_alone(way, folder) for way in WAYS}
    figures = {
        way: Figures((each["seconds"],), (each["cpu"],), each["mb"]) for way, each in found.items()
    }
    peers = {way: figures[way] for way in WAYS if not way.startswith("ours")}
    for work, way in (
        ("order lines to customers, from CSV", "ours, CSV to snapshot"),
        ("order lines to customers, from kept Parquet", "ours, snapshot from Parquet"),
    ):
        seconds, megabytes = AIMS[way]
        yield Result(
            "orders", work, f"{lines:,} lines", lines, {OURS: figures[way], **peers},
            None if quick else within(seconds, megabytes=megabytes),
        )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way is not None:
        start, cpu = time.perf_counter(), time.process_time()
        figures = WAYS[asked.way](asked.folder)
        took = {
            "seconds": time.perf_counter() - start,
            "cpu": time.process_time() - cpu,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        print(json.dumps(took | figures))
        return 0
    with TemporaryDirectory(dir=asked.folder, prefix="orders-") as name:
        folder = Path(name)
        write_lines(folder / "lines.csv", lines=asked.lines)
        size = (folder / "lines.csv").stat().st_size / 1e6
        print(f"{asked.lines:,} lines, {size:,.0f} MB of CSV")
        results = {way: run_alone(way, folder) for way in WAYS}
    print(f"{'':30}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for way, found in results.items():
        print(f"{way:30}{found['seconds']:9.1f}{found['cpu']:9.1f}{found['mb']:9.0f}")
    told = {(r["customers"], r["orders"], round(r["gross"]), r["lines"]) for r in results.values()}
    print("all ways agree" if len(told) == 1 else f"THE WAYS DIFFER: {told}")
    met = len(told) == 1
    if asked.lines >= 10_000_000:
        for way, (seconds, mb) in AIMS.items():
            met &= results[way]["seconds"] <= seconds and results[way]["mb"] <= mb
        print("aims met" if met else "AIMS MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
