"""Time and peak memory of reading a large CSV, beside pandas.read_csv in the same run.

    python -m benchmarks.reading [--rows 1000000] [--rounds 3] [--quoted | --six | --german]

Each reader runs in a process of its own and reads a small file first, so that imports and what is
compiled once are no part of it. Its peak is that of its own memory (VmHWM): what ``getrusage``
gives a new process begins with the peak of the one that started it. The processor's time is
what a busy machine can compare; the clock needs an idle one. Of the rounds, in which the readers
take turns, the one of least processor time is shown. ``--quoted`` puts every text in
quotes, which takes the row-by-row way. ``--six`` writes the six usual columns only, and
``--german`` the same with semicolons, ``1.234,56 EUR`` and ``31.12.2020``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from app.segmentation.tables import read_cells, read_table
from benchmarks.inputs import six_columns

MEBIBYTE = 2**20


def write_customers(path: Path, n_rows: int, *, quoted: bool) -> None:
    """Ten columns of the kinds that customer tables have, about 200 bytes a row."""
    rng = np.random.default_rng(0)
    block = 50_000
    regions = np.array(["North-West quarter of the country", "South", "East", "West of the river"])
    quoting = 2 if quoted else 3
    for start in range(0, n_rows, block):
        n = min(block, n_rows - start)
        days = np.datetime64("2015-01-01") + rng.integers(0, 4000, n)
        frame = pd.DataFrame(
            {
                "customer_id": [f"C{start + i:010d}-{start * 7 + i:012d}" for i in range(n)],
                "age": rng.integers(18, 90, n),
                "income": rng.lognormal(10, 1, n),
                "balance": rng.normal(0, 1e4, n),
                "region": rng.choice(regions, n),
                "since": days.astype(str),
                "score": rng.random(n),
                "visits": rng.poisson(4, n),
                "member": rng.integers(0, 2, n),
                "remark": [f"customer number {v} says that {v % 97} is enough of it all, thank "
                           f"you, and that the rest of it {v % 13} can wait".replace(",", "")
                           for v in rng.integers(0, 10**9, n)],
            }
        )  # fmt: skip
        frame.to_csv(path, mode="a", header=start == 0, index=False, quoting=quoting)


def write_six(path: Path, n_rows: int, *, german: bool) -> None:
    six_columns(n_rows, german=german).to_csv(path, index=False, sep=";" if german else ",")


def _pandas(path: Path) -> tuple[int, int]:
    with path.open() as source:
        delimiter = ";" if ";" in source.readline() else ","
    return pd.read_csv(path, sep=delimiter).shape


def _cells(path: Path) -> tuple[int, int]:
    with path.open("rb") as source:
        return read_cells(source).frame.shape


def _table(path: Path) -> tuple[int, int]:
    with path.open("rb") as source:
        return read_table(source).frame.shape


READERS: dict[str, Callable[[Path], tuple[int, int]]] = {
    "pandas.read_csv": _pandas,
    "read_cells": _cells,
    "read_table": _table,
}


def _measure(name: str, path: Path) -> tuple[tuple[int, int], float, float, float, float]:
    READERS[name](path.with_name("small.csv"))
    before = _peak()
    start, start_cpu = time.perf_counter(), time.process_time()
    shape = READERS[name](path)
    seconds = time.perf_counter() - start
    cpu = time.process_time() - start_cpu
    return shape, seconds, cpu, before, _peak()


def _peak() -> float:
    """Give the most memory that this process has held, in MiB."""
    status = Path("/proc/self/status").read_text()
    return next(
        int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quoted", action="store_true")
    parser.add_argument("--six", action="store_true")
    parser.add_argument("--german", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        for file, n_rows in ((path.with_name("small.csv"), 100), (path, options.rows)):
            if options.six or options.german:
                write_six(file, n_rows, german=options.german)
            else:
                write_customers(file, n_rows, quoted=options.quoted)
        size = path.stat().st_size / MEBIBYTE
        print(f"{options.rows:,} rows, {size:.0f} MiB")
        measured: dict[str, list[tuple[tuple[int, int], float, float, float, float]]] = {}
        for name in [*READERS] * options.rounds:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                measured.setdefault(name, []).append(pool.apply(_measure, (name, path)))
        for name, rounds in measured.items():
            shape, seconds, cpu, before, peak = min(rounds, key=lambda each: each[2])
            print(
                f"{name:16} {seconds:6.2f} s   {cpu:6.2f} s of CPU   peak {peak:5.0f} MiB "
                f"({peak - before:5.0f} above the start)   {shape}"
            )


if __name__ == "__main__":
    main()
