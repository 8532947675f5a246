"""The contract's model: customers by four features, named as before and ready to score."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from app.segmentation.customers import CustomerTable
from app.segmentation.description.naming_customers import means_of
from app.segmentation.errors import DegenerateDataError
from app.segmentation.numbering import Before
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.recipe import CORE, FEATURES
from app.segmentation.scoring import Scorer
from app.segmentation.segment import Phase, segment_with_tree
from app.segmentation.segmentation import Segmentation
from app.segmentation.silhouette import Silhouette
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

    before = None
    if previous is not None:
        before = Before(previous.scorer.score_many(table.features).clusters, previous.names)
    segmented = segment_with_tree(_as_table(table), recipe, progress, before=before)
    found = segmented.segmentation
    sweep, measured = found.chosen.kmeans_sweep, found.silhouette
    if found.encoder is None or found.scorer is None or sweep is None or measured is None:
        raise DegenerateDataError("These customers cannot be distinguished; add rows that differ.")
    scorer = _in_own_units(found.scorer, found.encoder)
    return TrainedSegments(
        scorer=scorer,
        probability_scale=found.membership.scale if found.membership is not None else None,
        labels=found.labels,
        n_clusters=found.n_segments,
        silhouette=measured.score,
        silhouette_sample_size=measured.sample_size,
        inertia=found.clustering.inertia,
        degenerate=found.degenerate,
        sweep=sweep,
        segments=_profiles(table, found, measured),
        imputed=table.imputed,
        outlier_threshold=scorer.outlier_threshold,
        matches=segmented.matches,
    )


def _as_table(customers: CustomerTable) -> Table:
    # With its blanks, which are filled to be clustered and are no part of a segment's averages.
    given = np.where(customers.known, customers.features, np.nan)
    frame = pd.DataFrame(given, columns=list(FEATURES))
    return Table(
        frame=frame,
        columns=tuple(
            Column(
                name=name,
                kind=Kind.NUMERIC,
                missing=customers.imputed[name],
                distinct=len(frame),
                examples=(),
            )
            for name in FEATURES
        ),
        dialect=Dialect(format="records"),
        line_numbers=np.arange(1, len(frame) + 1),
    )


def _in_own_units(scorer: Scorer, encoder: Encoder) -> Scorer:
    """Score customers as they are written, with their features in order, and not as encoded."""
    at = [encoder.columns.index(feature) for feature in FEATURES]
    columns = [encoder.numeric[i] for i in at]
    return Scorer(
        mean=tuple(column.mean for column in columns),
        scale=tuple(column.scale for column in columns),
        centers=tuple(tuple(center[i] for i in at) for center in scorer.centers),
        outlier_threshold=scorer.outlier_threshold,
        reaches=scorer.reaches,
    )


def _profiles(
    table: CustomerTable, found: Segmentation, measured: Silhouette
) -> tuple[SegmentProfile, ...]:
    sexes: list[Counter[str]] = [Counter() for _ in found.names]
    for label, sex in zip(found.labels.tolist(), table.sex, strict=True):
        if sex is not None:
            sexes[label][sex] += 1
    averages = means_of(found.profiles, FEATURES)
    # A segment in which no value of a column is known has the one that filled its blanks.
    filling = [table.medians[feature] for feature in FEATURES]
    averages = np.where(np.isnan(averages), filling, averages)
    return tuple(
        SegmentProfile(
            cluster_id=profile.cluster_id,
            name=name,
            size=profile.size,
            share=profile.share,
            avg_age=means[0],
            avg_annual_income=means[1],
            avg_spending_score=means[2],
            avg_purchase_frequency=means[3],
            sex_shares={sex: n / counts.total() for sex, n in sorted(counts.items())},
            silhouette=silhouette,
        )
        for profile, means, name, counts, silhouette in zip(
            found.profiles,
            averages.tolist(),
            found.names,
            sexes,
            measured.per_cluster,
            strict=True,
        )
    )
