"""Scoring customers with confidence: the engine's blocks against scikit-learn's way."""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from app.segmentation.customers import CustomerTable
from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import generate_customers
from app.segmentation.training import train_segments
from app.storage.models import estimators
from app.storage.segmentations import KeptVersion


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()

    features = generate_customers(5000)[list(FEATURES)].to_numpy(dtype=float)
    table = CustomerTable(
        features=features,
        known=np.ones(features.shape, dtype=bool),
        customer_ids=tuple(map(str, range(5000))),
        sex=(None,) * 5000,
        imputed=dict.fromkeys(FEATURES, 0),
        medians=dict.fromkeys(FEATURES, 0.0),
    )
    trained = train_segments(table)
    scorer = trained.scorer
    kmeans, scaler = estimators(
        KeptVersion(
            mean=np.array(scorer.mean),
            scale=np.array(scorer.scale),
            centers=np.array(scorer.centers),
            labels=trained.labels,
            inertia=trained.inertia,
            customer_ids=np.array([], dtype=np.str_),
            features=features,
        )
    )
    rng = np.random.default_rng(0)
    X = features[rng.integers(0, 5000, arguments.rows)] + rng.normal(0, 3, (arguments.rows, 4))

    def plain_batch() -> tuple[np.ndarray, np.ndarray]:
        scaled = scaler.transform(X)
        ordered = np.sort(kmeans.transform(scaled), axis=1)
        return kmeans.predict(scaled), np.rint((1 - ordered[:, 0] / ordered[:, 1]) * 100)

    with threadpool_limits(1):
        plain = median_seconds(plain_batch, arguments.repeats)
        ours = median_seconds(lambda: scorer.score_many(X), arguments.repeats)
        clusters, confidences = plain_batch()
    scores = scorer.score_many(X)
    rows = [tuple(row) for row in X[:20_000].tolist()]
    one = median_seconds(lambda: [scorer.score_one(row) for row in rows], arguments.repeats)
    singles = [scorer.score_one(row) for row in rows]
    agree = all(
        (score.cluster, score.confidence, score.distances)
        == (scores.clusters[i], scores.confidences[i], tuple(scores.distances[i]))
        for i, score in enumerate(singles)
    )

    def plain_one() -> None:
        for row in X[:500]:
            scaled = scaler.transform(row[None])
            kmeans.predict(scaled)
            kmeans.transform(scaled)

    plain_single = median_seconds(plain_one, arguments.repeats) / 500
    million = arguments.rows / 1e6
    print(f"batch of {arguments.rows} customers, k = {trained.n_clusters}, one core")
    print(f"  scikit-learn   {million / plain:6.1f} million rows a second")
    print(f"  engine         {million / ours:6.1f} million rows a second: ratio {plain / ours:.1f}")
    print(f"  segments that differ     {(clusters != scores.clusters).sum()}")
    print(f"  confidences that differ  {(confidences != scores.confidences).sum()}")
    print("one customer")
    print(f"  scikit-learn   {plain_single * 1e6:7.1f} µs")
    single = one / len(rows)
    print(f"  engine         {single * 1e6:7.1f} µs: ratio {plain_single / single:.0f}")
    print(f"  equal to the batch to the last digit: {agree}")


if __name__ == "__main__":
    main()
