"""False alarms and power of the test of structure, written to docs/structure.md.

    python -m benchmarks.structure --seeds 100 --door-seeds 60 --jobs 2

Measured are the test alone, and what is answered of posted records once columns were set aside.
With ``--resume`` cells already in the results file are not measured again.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from app.segmentation.preparation.preparing import prepare
from app.segmentation.questioning import following, structure_of
from app.segmentation.recipe import AUTO
from app.segmentation.tables import table_from_frame
from app.segmentation.threads import single_threaded
from app.segmentation.validation.clear_groups import shows_clear_groups
from app.segmentation.validation.structure import assess_structure
from benchmarks.structure_samples import (
    CLOUDS,
    DOOR_CLOUDS,
    FURTHER_CLOUDS,
    HARD_CLOUDS,
    SMALL_GROUPS,
    Cloud,
    groups,
    groups_beside_noise,
)

ROOT = Path(__file__).parents[1]
SEED_OF_THE_TEST = 1_000_003
FRESH_SEED = 500_000
"""First seed of the samples on which no constant of the test was ever tried."""

LATER_SEED = {"hard|L-shape": 600_000}
"""Where a constant was settled on some of those samples: `SHALLOW` on the L's."""

FRESH = [f"null|{cloud}|{n}|4" for n in (200, 1000) for cloud in CLOUDS] + [
    f"power|{layout}, 3 groups|{n}|4" for n in (200, 1000) for layout in ("scattered", "packed")
]
EARLIER = "before 28 November 2026 (the dip alone)"
"""When cells were measured that do not say so: gaps, copies and spikes came in on that day."""

HARD_ROWS, HARD_COLUMNS = (500,), (2, 4)
DOOR_COLUMNS = (2, 4, 8, 20)
NOISE_COLUMNS = (1, 2, 3)

Sample = Callable[[int], NDArray[np.float64]]


def cells(rows: Iterable[int], columns: Iterable[int]) -> Iterable[tuple[str, Sample]]:
    """Every cell of the tables, by name, as a function of the seed."""
    rows, columns = tuple(rows), tuple(columns)
    yield from _cloud_cells("null", CLOUDS, rows, columns)
    for n, gap in ((200, 6.0), (1000, 4.0)):
        for layout in ("scattered", "packed"):
            for k in range(2, 7):
                for d in columns:
                    yield (
                        f"power|{layout}, {k} groups|{n}|{d}",
                        _of_seeds(groups, n, d, k, gap, layout),
                    )
    yield from _cloud_cells("further", FURTHER_CLOUDS, rows, columns)
    yield from _cloud_cells("door", DOOR_CLOUDS, rows, DOOR_COLUMNS)
    yield from _cloud_cells("hard", HARD_CLOUDS, HARD_ROWS, HARD_COLUMNS)
    yield from _cloud_cells("small", SMALL_GROUPS, HARD_ROWS, [4, 10])
    noisy = {"3 groups beside noise": groups_beside_noise}
    yield from _cloud_cells("door power", noisy, rows, [2 + noise for noise in NOISE_COLUMNS])


def fresh(
    named: Iterable[tuple[str, Sample]],
) -> Iterable[tuple[str, Sample]]:
    """Some of the cells again, to be measured on seeds of their own."""
    for name, make in named:
        if name in FRESH:
            yield f"fresh|{name.partition('|')[2]}", make


def _cloud_cells(
    kind: str,
    clouds: Mapping[str, Cloud],
    rows: Iterable[int],
    columns: Iterable[int],
) -> Iterable[tuple[str, Sample]]:
    for name, cloud in clouds.items():
        for n in rows:
            for d in columns:
                yield f"{kind}|{name}|{n}|{d}", _of_seeds(cloud, n, d)


def _of_seeds(cloud: Callable[..., NDArray[np.float64]], *shape: int | float | str) -> Sample:
    return lambda seed: cloud(np.random.default_rng(seed), *shape)


def measure(make: Sample, seed: int) -> tuple[bool, bool, float, bool]:
    """Whether one sample is called structured, and strongly, and the processor time in seconds."""
    X = make(seed)
    start = time.process_time()
    # Its own stream: spread with the numbers the sample was drawn by, ties would not be random.
    structure = assess_structure(X, random_state=seed + SEED_OF_THE_TEST)
    taken = time.process_time() - start
    return structure.verdict != "none", structure.verdict == "strong", taken, False


def measure_at_the_door(make: Sample, seed: int) -> tuple[bool, bool, float, bool]:
    """The same of what an analysis of posted records answers, and whether it doubts the order."""
    X = make(seed)
    start = time.process_time()
    recipe = replace(AUTO, seed=seed + SEED_OF_THE_TEST)
    names = [f"column {number}" for number in range(X.shape[1])]
    table = table_from_frame(pd.DataFrame(X, columns=names).astype(object))
    with single_threaded():
        prepared = prepare(table, recipe, shows_groups=shows_clear_groups)
        structure = structure_of(prepared, recipe)
        found = structure.verdict != "none"
        doubted = found and bool(following(prepared))
    taken = time.process_time() - start
    return found, structure.verdict == "strong", taken, doubted


def run(name: str, make: Sample, seeds: range, pool: Parallel) -> dict[str, float | int]:
    """Measure one cell over the seeds."""
    how = measure_at_the_door if name.startswith(("door", "hard", "small")) else measure
    answers = list(pool(delayed(how)(make, seed) for seed in seeds))
    found, strong, seconds, doubted = zip(*answers, strict=True)
    return {
        "seeds": len(seeds),
        "found": sum(found),
        "strong": sum(strong),
        "doubted": sum(doubted),
        "seconds": round(float(np.mean(seconds)), 3),
        "slowest": round(float(np.max(seconds)), 3),
        "date": time.strftime("%Y-%m-%d"),
    }


def table(
    results: dict[str, dict[str, Any]], kind: str, n: int | None = None, what: str = "found"
) -> str:
    """Percentages of one kind of cell, one line a cloud, as Markdown."""
    keys = [key.split("|") for key in results if key.startswith(f"{kind}|")]
    keys = [key for key in keys if n is None or int(key[2]) == n]
    columns = sorted({(int(key[2]), int(key[3])) for key in keys})
    head = [f"{rows:,} × {width}" for rows, width in columns]
    lines = ["| | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
    for name in dict.fromkeys(key[1] for key in keys):
        shares = []
        for rows, width in columns:
            cell = results.get(f"{kind}|{name}|{rows}|{width}")
            shares.append("" if cell is None else _share(cell, what))
        lines.append(f"| {name} | " + " | ".join(shares) + " |")
    return "\n".join([*lines, "", _measured(results, kind, columns)])


def _share(cell: dict[str, Any], what: str) -> str:
    share = f"{100 * cell[what] / cell['seeds']:.0f}"
    doubted = cell.get("doubted", 0)
    return f"{share} ({100 * doubted / cell['seeds']:.0f} with a caution)" if doubted else share


def _measured(
    results: dict[str, dict[str, Any]], kind: str, columns: Iterable[tuple[int, int]]
) -> str:
    """Say of how many seeds the cells of a table are, and when they were measured."""
    ways: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    for rows, width in columns:
        for key, cell in results.items():
            if key.startswith(f"{kind}|") and key.endswith(f"|{rows}|{width}"):
                way = cell.get("date", EARLIER), cell["seeds"]
                ways[way][f"{rows:,} × {width}"] = None
    told = [f"{', '.join(cells)}: {seeds} seeds, {day}" for (day, seeds), cells in ways.items()]
    return f"Measured: {'; '.join(told)}."


def real_tables(folder: Path) -> str:
    """What the test says of the published tables, as Markdown; empty without the folder."""
    if not folder.is_dir():
        return ""
    mall = pd.read_csv(folder / "mall_customers.csv").iloc[:, 3:5].to_numpy(dtype=float)
    spend = pd.read_csv(folder / "wholesale_customers.csv").iloc[:, 2:].to_numpy(dtype=float)
    lines = ["| table | verdict | p | separation |", "|---|---|---|---|"]
    for name, X in (
        ("Mall, income × spending", mall),
        ("Wholesale, six spends", spend),
        ("Wholesale, log1p of the six spends", np.log1p(spend)),
    ):
        answer = assess_structure(X)
        shown = "< 0.001" if answer.p_value < 0.001 else f"{answer.p_value:.3f}"
        lines.append(f"| {name} | {answer.verdict} | {shown} | {answer.separation:.2f} |")
    return "\n".join(lines)


def seconds(results: dict[str, dict[str, Any]]) -> str:
    """Mean and longest processor time of the test alone by number of rows, as Markdown."""
    results = {key: cell for key, cell in results.items() if not key.startswith("door")}
    lines = ["| rows | mean | slowest |", "|---|---|---|"]
    for n in sorted({int(key.split("|")[2]) for key in results}):
        of_n = [cell for key, cell in results.items() if int(key.split("|")[2]) == n]
        mean = np.mean([cell["seconds"] for cell in of_n])
        lines.append(f"| {n:,} | {mean:.2f} s | {max(cell['slowest'] for cell in of_n):.2f} s |")
    return "\n".join(lines)


def main() -> None:
    """Measure what is asked for and render the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--door-seeds", type=int, default=60)
    parser.add_argument("--hard-seeds", type=int, default=40)
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 1000, 5000])
    parser.add_argument("--columns", type=int, nargs="+", default=[2, 4, 8])
    parser.add_argument(
        "--only", nargs="+", default=[""], help="measure the cells whose name contains all of these"
    )
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "structure.json")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "structure.md")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()

    results: dict[str, dict[str, Any]] = {}
    if options.resume and options.results.exists():
        results = json.loads(options.results.read_text())
    pool = Parallel(n_jobs=options.jobs)
    named = list(cells(options.rows, options.columns))
    for name, make in (*named, *fresh(named)):
        n_seeds = options.seeds
        if name.startswith("door"):
            n_seeds = options.door_seeds
        elif name.startswith(("hard", "small")):
            n_seeds = options.hard_seeds
        known = results.get(name, {}).get("seeds") == n_seeds
        if known or not all(part in name for part in options.only):
            continue
        first = FRESH_SEED if name.startswith(("fresh|", "hard|", "small|")) else 0
        first = LATER_SEED.get("|".join(name.split("|")[:2]), first)
        results[name] = run(name, make, range(first, first + n_seeds), pool)
        options.results.write_text(json.dumps(results, indent=0) + "\n")
        print(name, results[name], flush=True)

    template = (ROOT / "benchmarks" / "structure.template.md").read_text()
    page = template.format(
        nulls=table(results, "null"),
        further=table(results, "further"),
        fresh=table(results, "fresh"),
        power_6=table(results, "power", 200),
        power_4=table(results, "power", 1000),
        real=real_tables(options.data),
        seconds=seconds(results),
        hard=table(results, "hard"),
        small=table(results, "small"),
        first_seed=FRESH_SEED,
        door=table(results, "door"),
        door_power=table(results, "door power", what="strong"),
        door_seeds=options.door_seeds,
        door_bound=round(100 * (1 - 0.05 ** (1 / options.door_seeds)), 1),
    )
    options.page.write_text(page)


if __name__ == "__main__":
    main()
