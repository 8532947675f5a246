"""Clustering by scikit-learn, SciPy and hdbscan."""

import importlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.metrics import silhouette_score

Matrix = NDArray[np.float64]

K_RANGE = range(2, 11)
SILHOUETTE_SAMPLE = 10_000
N_CLUSTERS = 6


def sweep_with_full_silhouette(X: Matrix) -> tuple[list[float], list[float]]:
    """Fit each k with ten starts and measure it on every pair of rows."""
    return _sweep(X, sample=None)


def sweep_with_sampled_silhouette(X: Matrix) -> tuple[list[float], list[float]]:
    """The same, measured on a sample."""
    return _sweep(X, sample=min(len(X), SILHOUETTE_SAMPLE))


def _sweep(X: Matrix, sample: int | None) -> tuple[list[float], list[float]]:
    inertias, silhouettes = [], []
    for k in K_RANGE:
        model = KMeans(n_clusters=k, n_init=10, random_state=0).fit(X)
        inertias.append(float(model.inertia_))
        silhouettes.append(
            float(silhouette_score(X, model.labels_, sample_size=sample, random_state=0))
        )
    return inertias, silhouettes


def one_fit(X: Matrix) -> float:
    """One number of clusters from one start."""
    return float(KMeans(n_clusters=N_CLUSTERS, n_init=1, random_state=0).fit(X).inertia_)


def best_of_ten(tables: Sequence[Matrix]) -> list[float]:
    """Give the best inertia of ten starts for each table."""
    return [
        float(KMeans(n_clusters=N_CLUSTERS, n_init=10, random_state=0).fit(X).inertia_)
        for X in tables
    ]


def ward_by_scipy(X: Matrix) -> list[int]:
    return _sizes(fcluster(linkage(X, "ward"), N_CLUSTERS, "maxclust") - 1)


def ward_by_scikit_learn(X: Matrix) -> list[int]:
    return _sizes(AgglomerativeClustering(n_clusters=N_CLUSTERS, linkage="ward").fit_predict(X))


def hdbscan_by_scikit_learn(X: Matrix) -> list[int]:
    model = HDBSCAN(min_cluster_size=max(5, len(X) // 100), copy=True)
    return _sizes(model.fit_predict(X))


def hdbscan_by_hdbscan(X: Matrix) -> list[int]:
    hdbscan = importlib.import_module("hdbscan")
    return _sizes(hdbscan.HDBSCAN(min_cluster_size=max(5, len(X) // 100)).fit_predict(X))


def stability_by_loops(X: Matrix) -> list[float]:
    """Cluster fifty bootstrap samples and compare each segment with its likest, pair by pair."""
    labels = KMeans(n_clusters=N_CLUSTERS, n_init=10, random_state=0).fit_predict(X)
    rng = np.random.default_rng(0)
    totals = np.zeros(N_CLUSTERS)
    for seed in range(50):
        drawn = rng.integers(0, len(X), len(X))
        found = KMeans(n_clusters=N_CLUSTERS, n_init=5, random_state=seed).fit_predict(X[drawn])
        for segment in range(N_CLUSTERS):
            own = set(drawn[labels[drawn] == segment].tolist())
            best = 0.0
            for other in range(N_CLUSTERS):
                rows = set(drawn[found == other].tolist())
                best = max(best, len(own & rows) / len(own | rows))
            totals[segment] += best
    return [float(total) for total in totals / 50]


def gap_statistic(X: Matrix) -> int:
    """Ask whether there are groups by Tibshirani's gap, with fifty uniform references."""
    rng = np.random.default_rng(0)
    low, high = X.min(axis=0), X.max(axis=0)

    def logs(rows: Matrix) -> NDArray[np.float64]:
        return np.array(
            [
                np.log(KMeans(n_clusters=k, n_init=1, random_state=0).fit(rows).inertia_)
                for k in range(1, 7)
            ]
        )

    references = np.array([logs(rng.uniform(low, high, X.shape)) for _ in range(50)])
    gaps = references.mean(axis=0) - logs(X)
    spread = references.std(axis=0) * np.sqrt(1 + 1 / 50)
    for k in range(len(gaps) - 1):
        if gaps[k] >= gaps[k + 1] - spread[k + 1]:
            return k + 1
    return len(gaps)


def _sizes(labels: NDArray[np.integer]) -> list[int]:
    return sorted(np.bincount(labels[labels >= 0]).tolist(), reverse=True)
