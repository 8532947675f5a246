"""Trying one algorithm on a table, and scoring what it found."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.density import fit_dbscan
from app.segmentation.clustering.hierarchical import MEMORY_LIMIT_BYTES, build_tree
from app.segmentation.errors import SegmentationError
from app.segmentation.features import FeatureSpace
from app.segmentation.posted.analysis_columns import AnalysisOptions
from app.segmentation.posted.chance import is_tied, silhouettes_by_chance
from app.segmentation.selection import DEFAULT_K_RANGE, Sweep, is_degenerate, sweep_kmeans
from app.segmentation.silhouette import silhouette
from app.segmentation.tree_selection import MeasuredTree, measure_tree, sweep_tree

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
        sweep = self._sweep_kmeans(self._space.matrix)
        self.sweep = sweep if k is None else None
        return self._of_sweep("kmeans", sweep)

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
        return self._of_sweep("hierarchical", self.tree.sweep)

    def _sweep_kmeans(self, X: NDArray[np.float64]) -> Sweep:
        k = self._options.n_clusters
        return sweep_kmeans(
            X,
            k_range=DEFAULT_K_RANGE if k is None else (k,),
            random_state=self._options.random_state,
        )

    def _sweep_tree(self, X: NDArray[np.float64]) -> Sweep:
        seed = self._options.random_state
        tree = build_tree(
            X, linkage="ward", memory_limit_bytes=MEMORY_LIMIT_BYTES, random_state=seed
        )
        return sweep_tree(tree, X, k_range=DEFAULT_K_RANGE, random_state=seed)

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
        if found.n_clusters > DEFAULT_K_RANGE[-1]:
            return replace(
                _attempt("dbscan", found.n_clusters, measured.score, noise, degenerate=True),
                remark=f"more than {DEFAULT_K_RANGE[-1]} segments are more than anyone can use",
            )
        return _attempt("dbscan", found.n_clusters, measured.score, noise, is_degenerate(found))

    def _of_sweep(self, name: str, sweep: Sweep) -> Attempt:
        """Take the k asked for, or the fewest segments that are as good as the best."""
        k = self._options.n_clusters or self._fewest(name, sweep)
        i = sweep.k_range.index(k)
        return _attempt(name, k, sweep.silhouettes[i], 0.0, sweep.degenerate[i])

    def _fewest(self, name: str, sweep: Sweep) -> int:
        tried = [i for i, k in enumerate(sweep.k_range) if k in DEFAULT_K_RANGE] or [0]
        tried = [i for i in tried if not sweep.degenerate[i]] or tried
        scores = {sweep.k_range[i]: sweep.silhouettes[i] for i in tried}
        margin = min(TIE, SILHOUETTE_SPREAD / math.sqrt(len(self._space.matrix)))
        if is_tied(self._space):
            by_chance = silhouettes_by_chance(
                self._space,
                self._sweep_kmeans if name == "kmeans" else self._sweep_tree,
                k_range=DEFAULT_K_RANGE,
                random_state=self._options.random_state,
            )
            scores = {k: score - by_chance[k].silhouette for k, score in scores.items()}
            margin = TIE + 2 * max(each.deviation for each in by_chance.values())
        highest = max(scores.values())
        return next(k for k, score in scores.items() if score >= highest - margin)


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
