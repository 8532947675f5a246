"""Membership: agreement of placing with the run, and the reliability of probabilities.

    python -m benchmarks.calibration

Writes docs/membership.md and its picture; with ``--draw`` the picture alone, from the page. The
scale was designed on seeds from 0; the page has others. Real tables
are read from the folder of shared data, which it needs.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from app.segmentation.recipe import AUTO, CONTRACT, Recipe
from app.segmentation.segment import segment
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import read_table, table_from_frame
from benchmarks.structure_samples import groups

ROOT = Path(__file__).parents[1]
FRESH_SEED = 810_000
EDGES = np.array([0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])

BAND = re.compile(r"\| [\d.]+ to [\d.]+ \| [\d,]+ \| ([\d.]+) \| ([\d.]+) \|")
"""A line of a table: the mean given, and the share that is right."""

DRAWN = ("generated groups, K-means", "generated groups, Ward", "real tables")

Labels = NDArray[np.integer]
Outcome = tuple[NDArray[np.float64], NDArray[np.bool_]]

FILES = {
    "Mall": "mall_customers.csv",
    "Wholesale": "wholesale_customers.csv",
    "Telco": "telco_churn.csv",
    "Bank": "bank_additional_semicolon.csv",
    "Marketing": "marketing_campaign_semicolon_bom.csv",
}
RECIPES: dict[str, Recipe] = {
    "automatic": replace(AUTO, validation="none"),
    "K-means, 4": replace(CONTRACT, algorithm="kmeans", n_clusters=4),
    "Ward, 4": replace(CONTRACT, n_clusters=4),
    "complete, 4": replace(CONTRACT, linkage="complete", n_clusters=4),
    "DBSCAN": replace(CONTRACT, algorithm="dbscan"),
    "HDBSCAN": replace(CONTRACT, algorithm="hdbscan"),
}


def matched(labels: Labels, truth: Labels) -> NDArray[np.bool_]:
    """Whether each row's segment is the one that matches its true group, pair by pair."""
    counts = np.zeros((int(labels.max()) + 1, int(truth.max()) + 1))
    inside = (labels >= 0) & (truth >= 0)
    np.add.at(counts, (labels[inside], truth[inside]), 1)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    group_of = np.full(len(counts) + 1, -2)
    group_of[-1] = -1
    group_of[rows] = columns
    return np.asarray(group_of[labels] == truth)


def generated(seed: int, gap: float, n: int, k: int, d: int) -> tuple[pd.DataFrame, Labels]:
    """A table of groups, and the group of each row."""
    rng = np.random.default_rng(seed)
    X = groups(rng, n, d, k, gap, "packed")
    return pd.DataFrame(X, columns=[f"column {i}" for i in range(d)]), np.arange(n) % k


def on_generated(seeds: range, recipe: Recipe) -> Iterator[Outcome]:
    """Probabilities of new customers of the generated tables, and whether their group is right."""
    for seed in seeds:
        for gap in (2.5, 3.0, 4.0):
            for n, k, d in ((400, 3, 3), (1_000, 4, 4), (3_000, 5, 2)):
                frame, truth = generated(seed, gap, 2 * n, k, d)
                chosen = replace(recipe, n_clusters=k)
                found = segment(table_from_frame(frame[:n].astype(object)), chosen)
                placed = found.place(frame)
                if placed.probabilities is not None:
                    yield placed.probabilities, matched(placed.labels, truth)


def on_real(data: Path, recipe: Recipe, n_refits: int, names: tuple[str, ...]) -> Iterator[Outcome]:
    """Probabilities of customers, and whether they keep their segment in a bootstrap refit."""
    for name in names:
        with (data / FILES[name]).open("rb") as file:
            table = read_table(file)
        found = segment(table, recipe)
        placed = found.place(table.frame)
        if placed.probabilities is None:
            continue
        fixed = replace(recipe, n_clusters=found.n_segments, algorithm=_algorithm(found))
        rng = np.random.default_rng(FRESH_SEED)
        for _ in range(n_refits):
            drawn = np.sort(rng.integers(len(table.frame), size=len(table.frame)))
            again = replace(table, frame=table.frame.iloc[drawn].reset_index(drop=True))
            refit = segment(replace(again, line_numbers=table.line_numbers[drawn]), fixed)
            rows, first = np.unique(drawn, return_index=True)
            stayed = matched(refit.labels[first], found.labels[rows])
            yield placed.probabilities[rows], stayed


def _algorithm(found: Segmentation) -> str:
    name = found.chosen.algorithm or "kmeans"
    return name if name in ("hierarchical", "kmeans") else "auto"


def reliability(outcomes: Iterator[Outcome]) -> str:
    """Rows per band of probability, the mean given and the share that is right, as Markdown."""
    given, right = (np.concatenate(each) for each in zip(*outcomes, strict=True))
    lines = ["| probability | customers | mean given | right |", "|---|---|---|---|"]
    for low, high in pairwise(EDGES):
        last = high == EDGES[-1]
        within = (given >= low) & ((given <= high) if last else (given < high))
        if within.sum() < 30:
            continue
        lines.append(
            f"| {low:.2f} to {high:.2f} | {within.sum():,} | {given[within].mean():.3f} "
            f"| {right[within].mean():.3f} |"
        )
    return "\n".join(lines)


def draw(page: Path) -> None:
    """Draw the bands of a page's tables: the mean given across, the share that is right upwards."""
    tables: list[list[tuple[float, float]]] = []
    for line in page.read_text().splitlines():
        if line.startswith("| probability |"):
            tables.append([])
        elif band := BAND.match(line):
            tables[-1].append((float(band[1]), float(band[2])))
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0.35, 1], [0.35, 1], color="0.6", linestyle="--", label="perfectly calibrated")
    for table, told, mark in zip(tables, DRAWN, "osd", strict=True):
        axes.plot(*zip(*table, strict=True), marker=mark, label=told)
    axes.set(xlabel="probability given", ylabel="share that is right", aspect="equal")
    axes.legend(loc="upper left")
    with plt.rc_context({"svg.hashsalt": "membership"}):
        figure.savefig(page.with_suffix(".svg"), metadata={"Date": None})


def agreements(data: Path, names: tuple[str, ...]) -> str:
    """The rule that each run takes, its agreement, and the rows of the table that it moves."""
    lines = ["| table | recipe | rule | agreement | own rows moved |", "|---|---|---|---|---|"]
    for name in names:
        with (data / FILES[name]).open("rb") as opened:
            table = read_table(opened)
        for told, recipe in RECIPES.items():
            found = segment(table, recipe)
            if found.membership is None:
                continue
            moved = int((found.place(table.frame).labels != found.labels).sum())
            lines.append(
                f"| {name} | {told} | {found.membership.rule} | {found.membership.agreement:.3f} "
                f"| {moved} |"
            )
            print(lines[-1], flush=True)
    return "\n".join(lines)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--refits", type=int, default=5)
    parser.add_argument("--tables", nargs="+", default=[*FILES])
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "membership.md")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--draw", action="store_true", help="draw the figures of the page again")
    options = parser.parse_args()
    if options.draw:
        draw(options.page)
        return
    names = tuple(options.tables)
    seeds = range(FRESH_SEED, FRESH_SEED + options.seeds)
    template = (ROOT / "benchmarks" / "calibration.template.md").read_text()
    kmeans, ward = RECIPES["K-means, 4"], RECIPES["Ward, 4"]
    page = template.format(
        generated=reliability(on_generated(seeds, kmeans)),
        generated_ward=reliability(on_generated(seeds, ward)),
        real=reliability(on_real(options.data, kmeans, options.refits, names)),
        agreements=agreements(options.data, names),
        seeds=options.seeds,
        first=seeds[0],
        refits=options.refits,
        tables=", ".join(names),
    )
    options.page.write_text(page)
    draw(options.page)


if __name__ == "__main__":
    main()
