"""Another number of segments from a kept tree, against growing it: over the API, on SQLite.

    python -m benchmarks.cuts [--rows 1000000]

A table of ten columns is uploaded and its first run grows the tree; then another number is asked
for as a preview, as points of the map and as a run that is stored, each several times.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from benchmarks.inputs import ten_columns_as_csv
from benchmarks.ours import API, Program

NUMBERS = (3, 4, 5, 6, 8, 10)


def timed(name: str, work: Callable[[int], object], against: float) -> None:
    seconds = []
    for k in NUMBERS:
        began = time.perf_counter()
        work(k)
        seconds.append(time.perf_counter() - began)
    first, usual = seconds[0], statistics.median(seconds[1:])
    print(
        f"  {name:28} {1000 * usual:8.0f} ms, the first time {1000 * first:6.0f} ms; "
        f"{against / usual:7.0f} times as fast as the first run"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    for n_rows in parser.parse_args().rows:
        measure(n_rows)


def measure(n_rows: int) -> None:
    program = Program()
    dataset_id = program.upload(ten_columns_as_csv(n_rows))
    began = time.perf_counter()
    run_id = program.train(dataset_id, {"n_clusters": 2})
    first = time.perf_counter() - began
    print(f"{n_rows:,} rows: the first run, which grows the tree, {first:.1f} s")

    def preview(k: int) -> None:
        path = f"{API}/clustering/runs/{run_id}/cut"
        program.client.post(path, json={"n_clusters": k}).raise_for_status()

    def points(k: int) -> None:
        path = f"{API}/clustering/projection/{run_id}"
        program.client.get(path, params={"n_clusters": k}).raise_for_status()

    timed("preview of another cut", preview, first)
    timed("its points on the map", points, first)
    timed("another run, stored", lambda k: program.train(dataset_id, {"n_clusters": k}), first)


if __name__ == "__main__":
    main()
