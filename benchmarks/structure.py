"""False alarms and power of the test of structure, written to docs/structure.md.

    python benchmarks/structure.py --seeds 100 --jobs 2

With ``--resume`` cells already in the results file are not measured again.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from app.segmentation.validation.structure import assess_structure

ROOT = Path(__file__).parents[1]
SEED_OF_THE_TEST = 1_000_003
FRESH_SEED = 500_000
"""First seed of the samples on which no constant of the test was ever tried."""

FRESH = [
    f"null|{cloud}|{n}|4"
    for n in (200, 1000)
    for cloud in (
        "isotropic Gaussian",
        "correlated Gaussian",
        "uniform",
        "exponential",
        "lognormal",
        "t(3)",
    )
] + [f"power|{layout}, 3 groups|{n}|4" for n in (200, 1000) for layout in ("scattered", "packed")]

Cloud = Callable[[np.random.Generator, int, int], NDArray[np.float64]]


def correlated(rng: np.random.Generator, n: int, d: int) -> NDArray[np.float64]:
    """Gaussian with every correlation 0.6."""
    factor = np.linalg.cholesky(0.6 * np.ones((d, d)) + 0.4 * np.eye(d))
    return rng.normal(size=(n, d)) @ factor.T


CLOUDS: dict[str, Cloud] = {
    "isotropic Gaussian": lambda rng, n, d: rng.normal(size=(n, d)),
    "correlated Gaussian": correlated,
    "uniform": lambda rng, n, d: rng.uniform(size=(n, d)),
    "exponential": lambda rng, n, d: rng.exponential(size=(n, d)),
    "lognormal": lambda rng, n, d: rng.lognormal(size=(n, d)),
    "t(3)": lambda rng, n, d: rng.standard_t(3, size=(n, d)),
}
FURTHER_CLOUDS: dict[str, Cloud] = {
    "multivariate t(3)": lambda rng, n, d: (
        rng.normal(size=(n, d)) / np.sqrt(rng.chisquare(3, size=(n, 1)) / 3)
    ),
    "correlated lognormal": lambda rng, n, d: np.exp(correlated(rng, n, d)),
    "whole numbers 0 to 9": lambda rng, n, d: rng.integers(0, 10, size=(n, d)).astype(float),
    "Poisson(3) counts": lambda rng, n, d: rng.poisson(3, size=(n, d)).astype(float),
}


def groups(
    rng: np.random.Generator, n: int, d: int, k: int, gap: float, layout: str
) -> NDArray[np.float64]:
    """Unit Gaussian groups whose nearest centres are ``gap`` apart."""
    if layout == "scattered":
        centres = rng.normal(size=(k, d))
        distances = np.linalg.norm(centres[:, None] - centres[None], axis=2)
        centres *= gap / distances[np.triu_indices(k, 1)].min()
        labels = rng.choice(k, size=n, p=rng.dirichlet(np.full(k, 10.0)))
    else:
        centres = np.zeros((k, d))
        if d >= k:
            centres[:, :k] = np.eye(k) * gap / np.sqrt(2)
        else:
            centres[:, :2] = gap * np.array([(i % 3, i // 3) for i in range(k)])
        labels = np.arange(n) % k
    return centres[labels] + rng.normal(size=(n, d))


def cells(
    rows: Iterable[int], columns: Iterable[int]
) -> Iterable[tuple[str, Callable[[int], NDArray[np.float64]]]]:
    """Every cell of the tables, by name, as a function of the seed."""
    rows, columns = tuple(rows), tuple(columns)
    yield from _cloud_cells("null", CLOUDS, rows, columns)
    for n, gap in ((200, 6.0), (1000, 4.0)):
        for layout in ("scattered", "packed"):
            for k in range(2, 7):
                for d in columns:
                    yield (
                        f"power|{layout}, {k} groups|{n}|{d}",
                        lambda seed, n=n, d=d, k=k, g=gap, lay=layout: groups(
                            np.random.default_rng(seed), n, d, k, g, lay
                        ),
                    )
    yield from _cloud_cells("further", FURTHER_CLOUDS, rows, columns)


def fresh(
    named: Iterable[tuple[str, Callable[[int], NDArray[np.float64]]]],
) -> Iterable[tuple[str, Callable[[int], NDArray[np.float64]]]]:
    """Some of the cells again, to be measured on seeds of their own."""
    for name, make in named:
        if name in FRESH:
            yield f"fresh|{name.partition('|')[2]}", make


def _cloud_cells(
    kind: str,
    clouds: Mapping[str, Callable[..., NDArray[np.float64]]],
    rows: Iterable[int],
    columns: Iterable[int],
) -> Iterable[tuple[str, Callable[[int], NDArray[np.float64]]]]:
    for name, cloud in clouds.items():
        for n in rows:
            for d in columns:
                yield (
                    f"{kind}|{name}|{n}|{d}",
                    lambda seed, c=cloud, n=n, d=d: c(np.random.default_rng(seed), n, d),
                )


def measure(make: Callable[[int], NDArray[np.float64]], seed: int) -> tuple[bool, bool, float]:
    """Whether one sample is called structured, and strongly, and the processor time in seconds."""
    X = make(seed)
    start = time.process_time()
    # Its own stream: spread with the numbers the sample was drawn by, ties would not be random.
    structure = assess_structure(X, random_state=seed + SEED_OF_THE_TEST)
    taken = time.process_time() - start
    return structure.verdict != "none", structure.verdict == "strong", taken


def run(
    make: Callable[[int], NDArray[np.float64]], seeds: range, pool: Parallel
) -> dict[str, float | int]:
    """Measure one cell over the seeds."""
    answers = list(pool(delayed(measure)(make, seed) for seed in seeds))
    found, strong, seconds = zip(*answers, strict=True)
    return {
        "seeds": len(seeds),
        "found": sum(found),
        "strong": sum(strong),
        "seconds": round(float(np.mean(seconds)), 3),
        "slowest": round(float(np.max(seconds)), 3),
    }


def table(results: dict[str, dict[str, Any]], kind: str, n: int | None = None) -> str:
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
            shares.append("" if cell is None else f"{100 * cell['found'] / cell['seeds']:.0f}")
        lines.append(f"| {name} | " + " | ".join(shares) + " |")
    return "\n".join(lines)


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
    """Mean and longest processor time by number of rows, as Markdown."""
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
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 1000, 5000])
    parser.add_argument("--columns", type=int, nargs="+", default=[2, 4, 8])
    parser.add_argument("--only", default="", help="measure the cells whose name contains this")
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
        if options.only not in name or results.get(name, {}).get("seeds") == options.seeds:
            continue
        first = FRESH_SEED if name.startswith("fresh|") else 0
        results[name] = run(make, range(first, first + options.seeds), pool)
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
        seeds=options.seeds,
    )
    options.page.write_text(page)


if __name__ == "__main__":
    main()
