"""Trying one algorithm on a table, and scoring what it found."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.segmentation.analysis_columns import AnalysisOptions
from app.segmentation.clustering.density import fit_dbscan
from app.segmentation.clustering.hierarchical import MEMORY_LIMIT_BYTES
from app.segmentation.errors import SegmentationError
from app.segmentation.features import FeatureSpace
from app.segmentation.fitting import MeasuredTree, measure_tree
from app.segmentation.selection import DEFAULT_K_RANGE, Sweep, is_degenerate, sweep_kmeans
from app.segmentation.silhouette import silhouette

TIE = 0.02
"""Scores this close are as good as each other."""

SILHOUETTE_SPREAD = 0.2
"""Standard deviation of customers' silhouettes, roughly: a mean of n is known to this / √n, and
the fewest segments within it of the highest mean are taken (the one-standard-error rule of
Breiman et al. 1984, "Classification and Regression Trees")."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One algorithm's result.

    Attributes
    ----------
    algorithm : str
    n_clusters : int or None
    silhouette : float or None
        Noise left out.
    noise_share : float
    score : float or None
        Silhouette with noise counted as 0, by which algorithms are compared.
    sound : bool
        Whether it is a segmentation at all: two segments or more, none of nearly everybody or
        of next to nobody.
    remark : str or None
        Why there is no result, or none that counts.
    """

    algorithm: str
    n_clusters: int | None
    silhouette: float | None
    noise_share: float
    score: float | None
    sound: bool
    remark: str | None


class Trial:
    """One table's attempts; what they fitted on the way is kept for the choice."""

    def __init__(self, space: FeatureSpace, options: AnalysisOptions) -> None:
        self._space = space
        self._options = options
        self.sweep: Sweep | None = None
        self.tree: MeasuredTree | None = None

    def attempt(self, name: str, *, strict: bool) -> Attempt:
        ways: dict[str, Callable[[], Attempt]] = {
            "kmeans": self._kmeans,
            "hierarchical": self._hierarchical,
            "dbscan": self._dbscan,
        }
        try:
            return ways[name]()
        except SegmentationError as error:
            if strict and self._options.n_clusters is not None:
                raise
            return refused(name, str(error))

    def _kmeans(self) -> Attempt:
        k = self._options.n_clusters
        sweep = sweep_kmeans(
            self._space.matrix,
            k_range=DEFAULT_K_RANGE if k is None else (k,),
            random_state=self._options.random_state,
        )
        self.sweep = sweep if k is None else None
        return _of_sweep("kmeans", sweep, k, len(self._space.matrix))

    def _hierarchical(self) -> Attempt:
        self.tree = measure_tree(
            self._space,
            linkage="ward",
            memory_limit_bytes=MEMORY_LIMIT_BYTES,
            random_state=self._options.random_state,
        )
        if self.tree.sweep is None:
            raise SegmentationError("the tree has no cut into segments of a usable size")
        k = self._options.n_clusters
        if k is not None and k not in self.tree.sweep.k_range:
            raise SegmentationError(
                self.tree.sweep.failures.get(k, f"The tree has no cut into {k} segments.")
            )
        return _of_sweep("hierarchical", self.tree.sweep, k, len(self._space.matrix))

    def _dbscan(self) -> Attempt:
        found = fit_dbscan(self._space.matrix, random_state=self._options.random_state).clustering
        noise = float((found.labels < 0).mean())
        if found.n_clusters < 2:
            many = "no dense region" if found.n_clusters == 0 else "a single dense region"
            return Attempt(
                algorithm="dbscan", n_clusters=found.n_clusters, silhouette=None,
                noise_share=noise, score=None, sound=False, remark=f"it found {many}",
            )  # fmt: skip
        measured = silhouette(
            self._space.matrix, found.labels, random_state=self._options.random_state
        )
        return _attempt("dbscan", found.n_clusters, measured.score, noise, is_degenerate(found))


def _of_sweep(name: str, sweep: Sweep, k: int | None, n_rows: int) -> Attempt:
    """Take k, or the fewest segments whose silhouette is as good as the best."""
    if k is None:
        highest = sweep.silhouettes[sweep.k_range.index(sweep.best_k)]
        margin = min(TIE, SILHOUETTE_SPREAD / math.sqrt(n_rows))
        all_bad = all(sweep.degenerate)
        k = next(
            each
            for each, score, bad in zip(
                sweep.k_range, sweep.silhouettes, sweep.degenerate, strict=True
            )
            if score >= highest - margin and (all_bad or not bad)
        )
    i = sweep.k_range.index(k)
    return _attempt(name, k, sweep.silhouettes[i], 0.0, sweep.degenerate[i])


def _attempt(name: str, k: int, score: float, noise: float, degenerate: bool) -> Attempt:
    return Attempt(
        algorithm=name,
        n_clusters=k,
        silhouette=score,
        noise_share=noise,
        score=score * (1 - noise),
        sound=not degenerate,
        remark="one segment holds next to nobody, or nearly everybody" if degenerate else None,
    )


def refused(name: str, why: str) -> Attempt:
    return Attempt(
        algorithm=name, n_clusters=None, silhouette=None, noise_share=0.0, score=None,
        sound=False, remark=why,
    )  # fmt: skip
