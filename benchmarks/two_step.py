"""Two-step Ward at 100,000 and 1,000,000 rows: time, memory, and agreement with exact Ward.

Run with ``python -m benchmarks.two_step``. Every figure is taken in a process of its own, so
that peaks of memory do not mix. Times depend on the machine; the ratios to exact Ward at 20,000
rows, taken in the same run, do not.
"""

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import fastcluster
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster
from sklearn.metrics import adjusted_rand_score, pairwise_distances_argmin

from app.segmentation.clustering.hierarchical import build_tree
from app.segmentation.clustering.tree import cut_tree
from benchmarks.inputs import N_COLUMNS, groups
from benchmarks.measuring import peak_megabytes

N_CLUSTERS = 6
PART_ROWS = 20_000


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_megabytes: float
    agreement: float | None
    method: str


def overlapping(n_rows: int) -> NDArray[np.float64]:
    """The same with centers so near that groups run into one another."""
    rng = np.random.default_rng(0)
    shares = np.array([8, 6, 4, 3, 2, 1]) / 24
    centers = rng.normal(scale=1.2, size=(len(shares), N_COLUMNS))
    group = rng.choice(len(shares), size=n_rows, p=shares)
    return centers[group] + rng.normal(size=(n_rows, N_COLUMNS))


def cloud(n_rows: int) -> NDArray[np.float64]:
    """One correlated Gaussian cloud: no groups to find."""
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(N_COLUMNS, N_COLUMNS))
    return rng.normal(size=(n_rows, N_COLUMNS)) @ mixing


SHAPES = {"separated": groups, "overlapping": overlapping, "cloud": cloud}


def exact_ward(part: NDArray[np.float64]) -> NDArray[np.integer]:
    merges = fastcluster.linkage_vector(part, "ward")
    labels: NDArray[np.integer] = fcluster(merges, N_CLUSTERS, "maxclust") - 1
    return labels


def run_exact(shape: str) -> Run:
    """Exact Ward of one part; how far another part's exact Ward agrees is the yardstick."""
    X = SHAPES[shape](2 * PART_ROWS)
    part, other = X[:PART_ROWS], X[PART_ROWS:]
    start = time.perf_counter()
    labels = exact_ward(part)
    seconds = time.perf_counter() - start
    elsewhere = exact_ward(other)
    means = np.array([other[elsewhere == k].mean(axis=0) for k in range(N_CLUSTERS)])
    agreement = adjusted_rand_score(labels, pairwise_distances_argmin(part, means))
    return Run(seconds, peak_megabytes(), float(agreement), "exact")


def run_two_step(shape: str, n_rows: int) -> Run:
    X = SHAPES[shape](n_rows)
    start = time.perf_counter()
    tree = build_tree(X, linkage="ward", exact_limit=PART_ROWS)
    labels = cut_tree(tree, N_CLUSTERS)
    seconds = time.perf_counter() - start
    peak = peak_megabytes()
    agreement = adjusted_rand_score(exact_ward(X[:PART_ROWS]), labels[:PART_ROWS])
    return Run(seconds, peak, float(agreement), tree.method)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    rows = parser.parse_args().rows
    print(f"Ward, {N_COLUMNS} columns, cut into {N_CLUSTERS}")
    print(f"{'shape':<12}{'rows':>10}{'method':>10}{'seconds':>9}{'x exact':>9}{'MB':>7}{'ARI':>7}")
    for shape in SHAPES:
        exact = alone(run_exact, shape)
        show(shape, PART_ROWS, exact, exact)
        for n_rows in rows:
            show(shape, n_rows, alone(run_two_step, shape, n_rows), exact)
    print(
        "ARI: with exact Ward on the first 20,000 rows; in the exact line, of exact Ward on"
        " another 20,000 rows of the same kind, by nearest mean."
    )


def alone(task, *arguments) -> Run:
    context = get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as executor:
        return executor.submit(task, *arguments).result()


def show(shape: str, n_rows: int, run: Run, exact: Run) -> None:
    ratio = run.seconds / exact.seconds
    print(
        f"{shape:<12}{n_rows:>10,}{run.method:>10}{run.seconds:>9.2f}{ratio:>9.2f}"
        f"{run.peak_megabytes:>7.0f}{run.agreement:>7.3f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
