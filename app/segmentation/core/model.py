"""The core's whole journey: a table of customers to named segments that can score others."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from app.segmentation.choice.sweep import Sweep, is_degenerate, sweep_kmeans
from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering
from app.segmentation.core.trained import PreviousModel, SegmentProfile, TrainedSegments
from app.segmentation.customers import FEATURES, CustomerTable
from app.segmentation.description.naming_core import name_segments
from app.segmentation.drift import decile_bins
from app.segmentation.errors import DegenerateDataError
from app.segmentation.identity import Match, assign_ids, match_segments
from app.segmentation.placing import OUTLIER_QUANTILE
from app.segmentation.scoring import Scorer
from app.segmentation.silhouette import Silhouette, silhouette

__all__ = [
    "OUTLIER_QUANTILE",
    "PreviousModel",
    "SegmentProfile",
    "TrainedSegments",
    "train_segments",
]


def train_segments(
    table: CustomerTable,
    *,
    n_clusters: int | None = None,
    previous: PreviousModel | None = None,
    random_state: int = 42,
    on_step: Callable[[int, int], None] | None = None,
) -> TrainedSegments:
    """Standardise, sweep k, choose by silhouette, and name what was found.

    Parameters
    ----------
    table : CustomerTable
    n_clusters : int, optional
        At least 2; by default the sweep's best.
    previous : PreviousModel, optional
        Its segments are matched to the new ones on the customers of ``table``, and a matched
        segment keeps its id where that is below the new number of segments, and its name where
        that is still true. Without one, ids rise with mean income, so that they do not depend
        on the order of the rows.
    random_state : int
    on_step : callable, optional
        As for `sweep_kmeans`, which takes most of the time.

    Raises
    ------
    DegenerateDataError
        The table has fewer distinct customers than clusters.
    """
    if n_clusters is not None and n_clusters < 2:
        raise DegenerateDataError("A segmentation has at least 2 clusters.")
    scaler = StandardScaler().fit(table.features)
    X = scaler.transform(table.features)
    sweep = sweep_kmeans(X, random_state=random_state, on_step=on_step)
    clustering, measured = _fit_or_reuse(
        X, n_clusters or sweep.best_k, sweep, random_state=random_state
    )

    means = _segment_means(table.features, clustering)
    matches, ids = _identify(table.features, means, clustering, previous)
    order = np.argsort(ids)
    clustering = Clustering(
        labels=ids[clustering.labels].astype(np.int32),
        n_clusters=clustering.n_clusters,
        centers=clustering.centers[order],
        inertia=clustering.inertia,
        method=clustering.method,
        details=clustering.details,
    )
    old_names = previous.names if previous else ()
    names = name_segments(
        clustering.centers,
        means[order],
        previous_names={match.new_id: old_names[match.old_id] for match in matches},
    )
    to_own = np.linalg.norm(X - clustering.centers[clustering.labels], axis=1)
    threshold = float(np.quantile(to_own, OUTLIER_QUANTILE))
    return TrainedSegments(
        scaler=scaler,
        kmeans=_as_estimator(clustering, random_state=random_state),
        scorer=Scorer(
            mean=tuple(scaler.mean_.tolist()),
            scale=tuple(scaler.scale_.tolist()),
            centers=tuple(tuple(center) for center in clustering.centers.tolist()),
            outlier_threshold=threshold,
        ),
        labels=clustering.labels,
        n_clusters=clustering.n_clusters,
        silhouette=measured.score,
        silhouette_sample_size=measured.sample_size,
        inertia=clustering.inertia,
        degenerate=is_degenerate(clustering),
        sweep=sweep,
        segments=_profiles(
            table, clustering, means[order], names, [measured.per_cluster[i] for i in order]
        ),
        imputed=table.imputed,
        outlier_threshold=threshold,
        bins={
            feature: decile_bins(column)
            for feature, column in zip(FEATURES, table.features.T, strict=True)
        },
        matches=matches,
    )


def _fit_or_reuse(
    X: NDArray[np.float64], n_clusters: int, sweep: Sweep, *, random_state: int
) -> tuple[Clustering, Silhouette]:
    if n_clusters in sweep.k_range:
        at = sweep.k_range.index(n_clusters)
        return sweep.clusterings[at], sweep.measures[at]
    clustering = cluster_kmeans(X, n_clusters=n_clusters, random_state=random_state)
    return clustering, silhouette(X, clustering.labels, random_state=random_state)


def _segment_means(features: NDArray[np.float64], clustering: Clustering) -> NDArray[np.float64]:
    counts = np.bincount(clustering.labels, minlength=clustering.n_clusters)
    sums = [
        np.bincount(clustering.labels, weights=column, minlength=clustering.n_clusters)
        for column in features.T
    ]
    return np.asarray(np.column_stack(sums) / counts[:, None], dtype=np.float64)


def _identify(
    features: NDArray[np.float64],
    means: NDArray[np.float64],
    clustering: Clustering,
    previous: PreviousModel | None,
) -> tuple[tuple[Match, ...], NDArray[np.int64]]:
    age, income, spending, frequency = means.T
    order = [int(i) for i in np.lexsort((age, frequency, spending, income))]
    if previous is None:
        return (), assign_ids((), n_new=clustering.n_clusters, order=order)
    found = match_segments(
        previous.scorer.score_many(features).clusters,
        clustering.labels,
        n_old=len(previous.names),
        n_new=clustering.n_clusters,
    )
    ids = assign_ids(found, n_new=clustering.n_clusters, order=order)
    matches = tuple(
        Match(old_id=match.old_id, new_id=int(ids[match.new_id]), overlap=match.overlap)
        for match in found
    )
    return matches, ids


def _as_estimator(clustering: Clustering, *, random_state: int) -> KMeans:
    """Put a finished clustering into scikit-learn's own class, ready to predict."""
    model = KMeans(
        n_clusters=clustering.n_clusters, init=clustering.centers, n_init=1, max_iter=1
    ).fit(clustering.centers)
    model.set_params(init="k-means++", n_init=10, max_iter=300, random_state=random_state)
    model.cluster_centers_ = clustering.centers
    model.labels_ = clustering.labels
    model.inertia_ = clustering.inertia
    return model


def _profiles(
    table: CustomerTable,
    clustering: Clustering,
    means: NDArray[np.float64],
    names: tuple[str, ...],
    silhouettes: Sequence[float | None],
) -> tuple[SegmentProfile, ...]:
    sizes = np.bincount(clustering.labels, minlength=clustering.n_clusters)
    sexes: list[Counter[str]] = [Counter() for _ in names]
    for segment, sex in zip(clustering.labels.tolist(), table.sex, strict=True):
        if sex is not None:
            sexes[segment][sex] += 1
    return tuple(
        SegmentProfile(
            cluster_id=segment,
            name=name,
            size=int(sizes[segment]),
            share=float(sizes[segment] / len(clustering.labels)),
            avg_age=float(means[segment, 0]),
            avg_annual_income=float(means[segment, 1]),
            avg_spending_score=float(means[segment, 2]),
            avg_purchase_frequency=float(means[segment, 3]),
            sex_shares={
                sex: count / sexes[segment].total() for sex, count in sorted(sexes[segment].items())
            },
            silhouette=silhouettes[segment],
        )
        for segment, name in enumerate(names)
    )
