"""How sure the number of segments is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from app.segmentation.clustering.sweep import DEFAULT_K_RANGE, Sweep, sweep_kmeans
from app.segmentation.errors import DegenerateDataError
from app.segmentation.threads import single_threaded

RESAMPLE_ROWS = 1_000
"""Rows drawn at most for a resample and for the gap statistic, which bounds the cost."""


@dataclass(frozen=True)
class Criterion:
    """One criterion's opinion.

    Attributes
    ----------
    name : str
    k : int
        The number of segments it prefers; the gap statistic may say 1.
    values : mapping of int to float
        Its value at each k tried.
    larger_is_better : bool
    """

    name: str
    k: int
    values: Mapping[int, float]
    larger_is_better: bool


@dataclass(frozen=True)
class Certainty:
    """How far data and criteria agree on the number of segments.

    Attributes
    ----------
    best_k : int
        The choice on all rows, by silhouette among sound splits.
    shares : mapping of int to float
        Share of the resamples that choose each k, every k tried in order; sums to 1.
    criteria : tuple of Criterion
        Silhouette, Calinski-Harabasz, Davies-Bouldin and gap.
    agree : bool
        Whether the four prefer the same k.
    n_resamples : int
        Resamples that could be judged.
    sample_size : int
        Rows drawn for each resample.
    sentences : tuple of str
        The figures in plain words.
    """

    best_k: int
    shares: Mapping[int, float]
    criteria: tuple[Criterion, ...]
    agree: bool
    n_resamples: int
    sample_size: int
    sentences: tuple[str, ...]


def assess_certainty(
    X: NDArray[np.floating],
    *,
    sweep: Sweep | None = None,
    k_range: Iterable[int] = DEFAULT_K_RANGE,
    n_resamples: int = 25,
    n_references: int = 10,
    n_init: int = 3,
    random_state: int = 0,
) -> Certainty:
    """Choose k again on resamples, and by other criteria.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    sweep : Sweep, optional
        K-means over k on these rows, where it is at hand; its k are used then.
    k_range : iterable of int
        Otherwise, the k to try, each at least 2.
    n_resamples : int
        Bootstrap draws of min(n_samples, 1000) rows, each distinct row used once.
    n_references : int
        Uniform reference samples of the gap statistic.
    n_init : int
        Restarts of each fit on a draw.
    random_state : int

    Returns
    -------
    Certainty

    Raises
    ------
    DegenerateDataError
        No k can be fitted, on the rows or on any draw.

    Notes
    -----
    Calinski and Harabasz (1974) and Davies and Bouldin (1979) take their best value over k. The
    gap statistic takes the least k with Gap(k) >= Gap(k + 1) - s(k + 1), from k = 1, against
    uniform samples in the box along the principal axes, and the k of the highest gap where no k
    meets this (Tibshirani, Walther and Hastie 2001). It is measured on at most 1,000 rows.
    """
    if sweep is None:
        sweep = sweep_kmeans(X, k_range=k_range, random_state=random_state)
    rng = np.random.default_rng(random_state)
    rows = np.asarray(X, dtype=np.float64)
    sample_size = min(len(rows), RESAMPLE_ROWS)
    chosen = _choices(rows, sweep.k_range, n_resamples, sample_size, n_init, rng)
    criteria = (
        *_internal_criteria(rows, sweep),
        _gap_criterion(rows, sweep.k_range, n_references, n_init, rng),
    )
    counts = Counter(chosen)
    shares = {k: counts[k] / len(chosen) for k in sweep.k_range}
    agree = len({criterion.k for criterion in criteria}) == 1
    return Certainty(
        best_k=sweep.best_k,
        shares=shares,
        criteria=criteria,
        agree=agree,
        n_resamples=len(chosen),
        sample_size=sample_size,
        sentences=_sentences(sweep.best_k, counts, len(chosen), criteria, agree=agree),
    )


def _choices(
    X: NDArray[np.float64],
    k_range: tuple[int, ...],
    n_resamples: int,
    sample_size: int,
    n_init: int,
    rng: np.random.Generator,
) -> list[int]:
    chosen = []
    for _ in range(n_resamples):
        drawn = np.unique(rng.integers(len(X), size=sample_size))
        seed = int(rng.integers(np.iinfo(np.int32).max))
        try:
            redone = sweep_kmeans(X[drawn], k_range=k_range, random_state=seed, n_init=n_init)
        except DegenerateDataError:
            continue
        chosen.append(redone.best_k)
    if not chosen:
        raise DegenerateDataError("No resample of these customers could be clustered.")
    return chosen


def _internal_criteria(X: NDArray[np.float64], sweep: Sweep) -> tuple[Criterion, ...]:
    labels = {part.n_clusters: part.labels for part in sweep.clusterings}
    silhouette = dict(zip(sweep.k_range, sweep.silhouettes, strict=True))
    variance_ratio = {k: float(calinski_harabasz_score(X, labels[k])) for k in sweep.k_range}
    similarity = {k: float(davies_bouldin_score(X, labels[k])) for k in sweep.k_range}
    return (
        Criterion("silhouette", sweep.best_k, silhouette, larger_is_better=True),
        Criterion(
            "Calinski-Harabasz",
            max(variance_ratio, key=variance_ratio.__getitem__),
            variance_ratio,
            larger_is_better=True,
        ),
        Criterion(
            "Davies-Bouldin",
            min(similarity, key=similarity.__getitem__),
            similarity,
            larger_is_better=False,
        ),
    )


def _gap_criterion(
    X: NDArray[np.float64],
    k_range: tuple[int, ...],
    n_references: int,
    n_init: int,
    rng: np.random.Generator,
) -> Criterion:
    if len(X) > RESAMPLE_ROWS:
        X = X[rng.choice(len(X), size=RESAMPLE_ROWS, replace=False)]
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    turned = centred @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    ks = [1, *k_range]
    seed = int(rng.integers(np.iinfo(np.int32).max))
    observed = _log_dispersion(centred, ks, n_init, seed)
    reference = np.vstack(
        [
            _log_dispersion(rng.uniform(low, high, size=turned.shape), ks, n_init, seed)
            for _ in range(n_references)
        ]
    )
    gap = reference.mean(axis=0) - observed
    error = reference.std(axis=0) * np.sqrt(1 + 1 / n_references)
    enough = np.flatnonzero(gap[:-1] >= gap[1:] - error[1:])
    best = int(enough[0]) if len(enough) else int(np.argmax(gap))
    values = {k: float(value) for k, value in zip(ks, gap, strict=True)}
    return Criterion("gap", ks[best], values, larger_is_better=True)


def _log_dispersion(
    X: NDArray[np.float64], ks: list[int], n_init: int, seed: int
) -> NDArray[np.float64]:
    with single_threaded():
        inertias = [
            KMeans(n_clusters=k, n_init=n_init, random_state=seed).fit(X).inertia_ for k in ks
        ]
    # Identical rows leave no scatter; the floor keeps their logarithm finite.
    return np.log(np.maximum(inertias, 1e-300))


def _sentences(
    best_k: int,
    counts: Counter[int],
    n_resamples: int,
    criteria: tuple[Criterion, ...],
    *,
    agree: bool,
) -> tuple[str, ...]:
    share = f"{counts[best_k]} of {n_resamples} resamples choose {best_k} segments"
    rivals = [k for k, _ in counts.most_common() if k != best_k]
    if rivals:
        share += f", {counts[rivals[0]]} choose {rivals[0]}"
    end: tuple[str, ...] = ()
    if best_k == DEFAULT_K_RANGE[-1]:
        end = (
            f"The silhouette still rises at {best_k}, the most segments that are tried "
            "automatically.",
        )
    if agree:
        return f"{share}.", f"All four criteria prefer {best_k} segments.", *end
    opinions = ", ".join(f"{criterion.name} {criterion.k}" for criterion in criteria)
    sentence = f"The criteria disagree on the number of segments: {opinions}."
    if criteria[-1].k == 1:
        sentence += " By the gap statistic one group describes these customers as well as several."
    return f"{share}.", sentence, *end
