"""Run every line of the bench: `make bench`, or `make bench-quick` at small sizes.

    python -m benchmarks [--quick] [--only LINE ...] [--record]

The whole bench writes RESULTS.md. It ends with 1 where a ratio has fallen by more than a fifth
below the one in results.json; `--record` replaces that file.
"""

import argparse
import os
import sys
from collections.abc import Iterator

from benchmarks import orders, serving_lines
from benchmarks.lines import LINES
from benchmarks.measuring import Result
from benchmarks.results import (
    lines_of,
    ratios_of,
    record,
    recorded,
    regressions,
    write_page,
)

BY_SERVERS = {"serving": serving_lines.measured, "orders": orders.measured}


def results(names: list[str], *, quick: bool) -> Iterator[Result]:
    for name, measured in BY_SERVERS.items():
        if name in names:
            yield from measured(quick=quick)
    for line in LINES:
        if line.name in names:
            yield from line.measured(quick=quick)


def main() -> int:
    every = [*BY_SERVERS, *(line.name for line in LINES)]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    parser.add_argument("--only", nargs="+", choices=every, default=every, metavar="LINE")
    parser.add_argument("--record", action="store_true", help="keep these ratios to compare with")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    found = []
    for result in results(asked.only, quick=asked.quick):
        found.append(result)
        for row in (*lines_of(result), *result.notes, *result.skipped):
            print(row, flush=True)
    if asked.only == every and not asked.quick:
        write_page(found, load=load)
    ratios = ratios_of(found)
    lost = regressions(ratios, recorded())
    for each in lost:
        print(f"SLOWER THAN RECORDED: {each}")
    if asked.record:
        record(recorded() | ratios)
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
