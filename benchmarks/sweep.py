"""The sweep over k = 2 to 10 against scikit-learn's plain way, on the same rows in one run.

Plain: one KMeans(n_init=10) and one full silhouette_score for each k, threads as they come.
Both are timed in turn, several times, and the medians compared; the plain way is also timed
with one thread, which is how the engine runs.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import generate_customers

K_RANGE = range(2, 11)


def plain_sweep(X: np.ndarray) -> tuple[list[float], list[float]]:
    inertias, silhouettes = [], []
    for k in K_RANGE:
        model = KMeans(n_clusters=k, n_init=10, random_state=0).fit(X)
        inertias.append(model.inertia_)
        silhouettes.append(silhouette_score(X, model.labels_))
    return inertias, silhouettes


def plain_sweep_single_threaded(X: np.ndarray) -> tuple[list[float], list[float]]:
    with threadpool_limits(1):
        return plain_sweep(X)


def engine_sweep(X: np.ndarray) -> tuple[list[float], list[float]]:
    sweep = sweep_kmeans(X, k_range=K_RANGE)
    return list(sweep.inertias), list(sweep.silhouettes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()

    table = generate_customers(arguments.rows)
    X = StandardScaler().fit_transform(table[list(FEATURES)].to_numpy(dtype=float))
    ways: dict[str, Callable[[np.ndarray], tuple[list[float], list[float]]]] = {
        "scikit-learn": plain_sweep,
        "scikit-learn, 1 thread": plain_sweep_single_threaded,
        "engine": engine_sweep,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    work: dict[str, list[float]] = {name: [] for name in ways}
    answers = {}
    for way in ways.values():
        way(X[:500])
    for _ in range(arguments.repeats):
        for name, way in ways.items():
            start, start_work = time.perf_counter(), time.process_time()
            answers[name] = way(X)
            seconds[name].append(time.perf_counter() - start)
            work[name].append(time.process_time() - start_work)

    median = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"sweep k = 2..10 on {arguments.rows} rows, median of {arguments.repeats}")
    for name, value in median.items():
        busy = statistics.median(work[name])
        print(f"  {name:24} {value:7.3f} s, {busy:7.3f} s of processor time")
    for name in ("scikit-learn", "scikit-learn, 1 thread"):
        print(f"  ratio to {name:24} {median[name] / median['engine']:5.1f}")

    plain, ours = (np.array(answers[name]) for name in ("scikit-learn", "engine"))
    best = [K_RANGE[int(np.argmax(answer[1]))] for answer in (plain, ours)]
    same = "same" if best[0] == best[1] else "DIFFERENT"
    print(f"  best k                            {best[0]} and {best[1]}: {same}")
    print(f"  max silhouette difference         {np.abs(plain[1] - ours[1]).max():.1e}")
    print(f"  max relative inertia difference   {np.abs(ours[0] / plain[0] - 1).max():.1e}")


if __name__ == "__main__":
    main()
