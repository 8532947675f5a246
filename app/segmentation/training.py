"""The contract's model: customers by four features, named as before and ready to score."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.choice.sweep import is_degenerate
from app.segmentation.clustering.result import Clustering
from app.segmentation.customers import FEATURES, CustomerTable
from app.segmentation.description.naming_core import name_segments
from app.segmentation.errors import DegenerateDataError
from app.segmentation.identity import Match, assign_ids, match_segments
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.recipe import CORE
from app.segmentation.scoring import Scorer
from app.segmentation.segment import Phase, segment
from app.segmentation.tables import Column, Dialect, Kind, Table
from app.segmentation.trained import PreviousModel, SegmentProfile, TrainedSegments


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
    recipe = replace(CORE, n_clusters=n_clusters, seed=random_state)
    steps = len(recipe.counts)

    def progress(phase: Phase, done: float) -> None:
        if on_step is not None and phase == "clustering":
            on_step(round(done * steps), steps)

    found = segment(_as_table(table), recipe, progress)
    sweep, measured = found.chosen.kmeans_sweep, found.silhouette
    if found.encoder is None or found.scorer is None or sweep is None or measured is None:
        raise DegenerateDataError("These customers cannot be told apart; add rows that differ.")
    at = [found.encoder.columns.index(feature) for feature in FEATURES]
    clustering = replace(found.clustering, centers=found.clustering.centers[:, at])
    mean, scale = _standardisation(found.encoder)

    means = _segment_means(table.features, clustering)
    matches, ids = _identify(table.features, means, clustering, previous)
    order = np.argsort(ids)
    clustering = replace(
        clustering,
        labels=ids[clustering.labels].astype(np.int32),
        centers=clustering.centers[order],
    )
    old_names = previous.names if previous else ()
    names = name_segments(
        clustering.centers,
        means[order],
        previous_names={match.new_id: old_names[match.old_id] for match in matches},
    )
    threshold = found.scorer.outlier_threshold
    reaches = tuple(found.scorer.reaches[i] for i in order)
    return TrainedSegments(
        scorer=Scorer(
            mean=mean,
            scale=scale,
            centers=tuple(tuple(center) for center in clustering.centers.tolist()),
            outlier_threshold=threshold,
            reaches=reaches,
        ),
        probability_scale=found.membership.scale if found.membership is not None else None,
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
        matches=matches,
    )


def _as_table(customers: CustomerTable) -> Table:
    frame = pd.DataFrame(customers.features, columns=list(FEATURES))
    return Table(
        frame=frame,
        columns=tuple(
            Column(name=name, kind=Kind.NUMERIC, missing=0, distinct=len(frame), examples=())
            for name in FEATURES
        ),
        dialect=Dialect(format="records"),
        line_numbers=np.arange(1, len(frame) + 1),
    )


def _standardisation(encoder: Encoder) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Means and scales in the order of the features."""
    fitted = {column.name: column for column in encoder.numeric}
    columns = [fitted[feature] for feature in FEATURES]
    return tuple(each.mean for each in columns), tuple(each.scale for each in columns)


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


def _profiles(
    table: CustomerTable,
    clustering: Clustering,
    means: NDArray[np.float64],
    names: tuple[str, ...],
    silhouettes: Sequence[float | None],
) -> tuple[SegmentProfile, ...]:
    sizes = np.bincount(clustering.labels, minlength=clustering.n_clusters)
    sexes: list[Counter[str]] = [Counter() for _ in names]
    for label, sex in zip(clustering.labels.tolist(), table.sex, strict=True):
        if sex is not None:
            sexes[label][sex] += 1
    return tuple(
        SegmentProfile(
            cluster_id=label,
            name=name,
            size=int(sizes[label]),
            share=float(sizes[label] / len(clustering.labels)),
            avg_age=float(means[label, 0]),
            avg_annual_income=float(means[label, 1]),
            avg_spending_score=float(means[label, 2]),
            avg_purchase_frequency=float(means[label, 3]),
            sex_shares={
                sex: count / sexes[label].total() for sex, count in sorted(sexes[label].items())
            },
            silhouette=silhouettes[label],
        )
        for label, name in enumerate(names)
    )
