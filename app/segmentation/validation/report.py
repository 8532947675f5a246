"""Everything that says whether segments are real, gathered for every door."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.clustering.density import cluster_dbscan
from app.segmentation.clustering.density_tree import cluster_hdbscan
from app.segmentation.clustering.hierarchical import build_tree, clustering_from_tree
from app.segmentation.clustering.kmeans import count_distinct_rows
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import DEFAULT_K_RANGE, Sweep, is_degenerate
from app.segmentation.description.profiles import profile_segments
from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.explanation.rules import SegmentRule, describe_by_rules
from app.segmentation.validation.certainty import Certainty, assess_certainty
from app.segmentation.validation.count_reason import count_reason
from app.segmentation.validation.headline import headline
from app.segmentation.validation.resampling import Refit
from app.segmentation.validation.stability import (
    Stability,
    assess_stability,
    kmeans_refit,
)
from app.segmentation.validation.structure import Structure, assess_structure

STABILITY_ROWS = 2_000
"""Rows the resamples are drawn from at most, which bounds the cost."""

CERTAINTY_ROWS = 20_000
"""Rows on which numbers of segments are compared at most, where that was not done before."""

RULE_COLUMNS = 40
"""Columns that rules may speak of."""

N_RESAMPLES = 50
_LEAST_DENSITY = 5


@dataclass(frozen=True, kw_only=True)
class ValidationReport:
    """Whether the segments of one partition are real.

    Attributes
    ----------
    structure : Structure
    stability : Stability or None
        None where it could not be measured; ``notes`` says why, as for ``certainty`` and
        ``rules``.
    stability_sample_size : int
        Rows the resamples were drawn from.
    certainty : Certainty or None
        Of the number of segments, by K-means whatever the method.
    rules : tuple of SegmentRule
    notes : tuple of str
    degenerate : bool
        Whether a segment holds nearly everybody, or next to nobody.
    """

    structure: Structure
    stability: Stability | None
    stability_sample_size: int
    certainty: Certainty | None
    rules: tuple[SegmentRule, ...]
    notes: tuple[str, ...]
    degenerate: bool

    @property
    def headline(self) -> str:
        """What holds of the table, and then of these segments, in a sentence."""
        segments = self.stability.per_segment if self.stability is not None else ()
        jaccards = [segment.jaccard for segment in segments]
        return headline(self.structure.verdict, jaccards, degenerate=self.degenerate)


def validate_segments(
    X: NDArray[np.floating],
    clustering: Clustering,
    frame: pd.DataFrame,
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
    structure: Structure | None = None,
    sweep: Sweep | None = None,
    refit: Refit | None = None,
    requested: bool = False,
    n_resamples: int = N_RESAMPLES,
    random_state: int = 0,
) -> ValidationReport:
    """Test for structure, stability and the number of segments, and find the rules.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    clustering : Clustering
        Of these rows.
    frame : DataFrame of shape (n_samples, any)
        The columns in their own units, for the rules.
    numeric, categorical : sequence of str
    structure : Structure, optional
        Where it was assessed before.
    sweep : Sweep, optional
        Of K-means on these rows, with its partitions.
    refit : callable, optional
        How resamples are clustered, where `refit_of` does not know.
    requested : bool
        Whether the number of segments was given.
    n_resamples : int
    random_state : int
    """
    notes: list[str] = []
    rows, labels = _drawn(X, clustering.labels, random_state=random_state)
    stability = certainty = None
    rules: tuple[SegmentRule, ...] = ()
    try:
        stability = assess_stability(
            rows,
            labels,
            refit or refit_of(clustering, share=len(rows) / len(X)),
            n_resamples=n_resamples,
            random_state=random_state,
        )
    except SegmentationError as error:
        notes.append(f"Stability was not measured: {error}")
    try:
        certainty = _certainty(X, sweep, random_state=random_state)
        reason = count_reason(certainty, clustering, requested=requested)
        if reason is not None:
            certainty = replace(certainty, sentences=(*certainty.sentences, reason))
    except SegmentationError as error:
        notes.append(f"The number of segments was not questioned: {error}")
    try:
        rules = find_rules(
            frame,
            clustering.labels,
            numeric=numeric,
            categorical=categorical,
            random_state=random_state,
        )
    except SegmentationError as error:
        notes.append(f"There are no rules: {error}")
    return ValidationReport(
        structure=structure or assess_structure(X, random_state=random_state),
        stability=stability,
        stability_sample_size=len(rows),
        certainty=certainty,
        rules=rules,
        notes=tuple(notes),
        degenerate=clustering.n_clusters > 0 and is_degenerate(clustering),
    )


def find_rules(
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    *,
    numeric: Sequence[str],
    categorical: Sequence[str],
    random_state: int,
) -> tuple[SegmentRule, ...]:
    """Find each segment's rule on the most telling columns; see `describe_by_rules`."""
    telling = _telling_columns(frame, labels, numeric, categorical)
    return describe_by_rules(
        frame,
        labels,
        numeric=[name for name in numeric if name in telling],
        categorical=[name for name in categorical if name in telling],
        random_state=random_state,
    )


def _certainty(X: NDArray[np.floating], sweep: Sweep | None, *, random_state: int) -> Certainty:
    """Leave out the k at which every row would be a cluster: no criterion is defined there."""
    most = min(DEFAULT_K_RANGE.stop, count_distinct_rows(X, enough=DEFAULT_K_RANGE.stop))
    if most <= DEFAULT_K_RANGE.start:
        raise DegenerateDataError(f"{len(X)} customers are too few.")
    if sweep is not None and sweep.k_range[-1] < most:
        return assess_certainty(X, sweep=sweep, random_state=random_state)
    k_range = range(DEFAULT_K_RANGE.start, most)
    if len(X) > CERTAINTY_ROWS:
        rng = np.random.default_rng(random_state)
        X = X[np.sort(rng.choice(len(X), CERTAINTY_ROWS, replace=False))]
    return assess_certainty(X, k_range=k_range, random_state=random_state)


def refit_of(clustering: Clustering, *, share: float = 1.0) -> Refit:
    """Build the way to cluster other rows as these were clustered.

    Parameters
    ----------
    clustering : Clustering
    share : float
        How many of the rows a resample has; a density is as much lower.

    Raises
    ------
    SegmentationError
        The method has no such way.
    """
    details, k = clustering.details, clustering.n_clusters

    def by_tree(rows: NDArray[np.float64], seed: int) -> NDArray[np.integer]:
        tree = build_tree(rows, linkage=clustering.method, random_state=seed)  # type: ignore[arg-type]
        return clustering_from_tree(tree, rows, n_clusters=k).labels

    def by_density(rows: NDArray[np.float64], seed: int) -> NDArray[np.integer]:
        needed = _scaled(details["min_samples"], share)
        eps = float(str(details["eps"]))
        return cluster_dbscan(rows, eps=eps, min_samples=needed, random_state=seed).labels

    def by_density_tree(rows: NDArray[np.float64], seed: int) -> NDArray[np.integer]:
        # A row that was drawn twice would be a dense region of its own.
        distinct, place = np.unique(rows, axis=0, return_inverse=True)
        least = _scaled(details["min_cluster_size"], share)
        needed = _scaled(details["min_samples"], share)
        found = cluster_hdbscan(distinct, min_cluster_size=least, min_samples=needed)
        return np.asarray(found.labels[place.ravel()])

    match clustering.method:
        case "kmeans":
            return kmeans_refit(k)
        case "ward" | "complete" | "average" | "single":
            return by_tree
        case "dbscan":
            return by_density
        case "hdbscan":
            return by_density_tree
    raise DegenerateDataError(f"There is no way to repeat a clustering by {clustering.method!r}.")


def _telling_columns(
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    numeric: Sequence[str],
    categorical: Sequence[str],
) -> set[str]:
    """Of very many columns, take those that differ most, since each adds its conditions."""
    columns = {*numeric, *categorical}
    if len(columns) <= RULE_COLUMNS:
        return columns
    strongest = dict.fromkeys(columns, 0.0)
    for profile in profile_segments(frame, labels, numeric=numeric, categorical=categorical):
        for each in profile.differences:
            strongest[each.column] = max(strongest[each.column], abs(each.effect))
    ranked = sorted(columns, key=lambda name: (-strongest[name], name))
    return set(ranked[:RULE_COLUMNS])


def _scaled(given: object, share: float) -> int:
    """Ask a part of the rows for as much less, but for no density that chance makes."""
    asked = int(str(given))
    return max(min(asked, _LEAST_DENSITY), round(asked * share))


def _drawn(
    X: NDArray[np.floating], labels: NDArray[np.integer], *, random_state: int
) -> tuple[NDArray[np.floating], NDArray[np.integer]]:
    if len(X) <= STABILITY_ROWS:
        return X, labels
    rng = np.random.default_rng(random_state)
    rows = np.sort(rng.choice(len(X), STABILITY_ROWS, replace=False))
    return X[rows], labels[rows]
