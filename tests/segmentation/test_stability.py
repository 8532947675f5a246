"""Segments that are there come back in every resample; others do not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from app.segmentation.clustering.hierarchical import build_tree, clustering_from_tree
from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.errors import DegenerateDataError
from app.segmentation.validation.report import refit_of
from app.segmentation.validation.stability import assess_stability, best_jaccard, kmeans_refit


@pytest.fixture(scope="module")
def mall(shared_data: Path) -> NDArray[np.float64]:
    X = pd.read_csv(shared_data / "mall_customers.csv").iloc[:, 3:5].to_numpy(dtype=float)
    return (X - X.mean(axis=0)) / X.std(axis=0)


def three_groups() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    labels = np.arange(90) % 3
    centres = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])
    return centres[labels] + np.random.default_rng(0).normal(size=(90, 2)), labels


class TestMall:
    def test_each_of_five_segments_is_highly_stable(self, mall: NDArray[np.float64]) -> None:
        labels = cluster_kmeans(mall, n_clusters=5).labels
        stability = assess_stability(mall, labels, kmeans_refit(5))
        assert all(segment.jaccard >= 0.95 for segment in stability.per_segment)
        assert {segment.band for segment in stability.per_segment} == {"highly stable"}

    @pytest.mark.parametrize("k", [4, 6])
    def test_with_one_too_few_or_too_many_a_segment_falls_apart(
        self, mall: NDArray[np.float64], k: int
    ) -> None:
        labels = cluster_kmeans(mall, n_clusters=k).labels
        stability = assess_stability(mall, labels, kmeans_refit(k), n_resamples=200)
        assert stability.weakest <= 0.65

    def test_a_trees_stability_is_that_of_scipys_trees_on_the_same_draws(
        self, mall: NDArray[np.float64]
    ) -> None:
        def by_scipy(rows: NDArray[np.float64], _seed: int) -> NDArray[np.integer]:
            return fcluster(linkage(rows, "ward"), 5, "maxclust") - 1

        tree = clustering_from_tree(build_tree(mall, linkage="ward"), mall, n_clusters=5)
        own = assess_stability(mall, tree.labels, refit_of(tree), n_resamples=50)
        reference = assess_stability(mall, tree.labels, by_scipy, n_resamples=50)
        for ours, scipys in zip(own.per_segment, reference.per_segment, strict=True):
            assert ours.jaccard == pytest.approx(scipys.jaccard, abs=0.01)


class TestStability:
    def test_obvious_groups_have_a_similarity_of_one(self) -> None:
        X, labels = three_groups()
        stability = assess_stability(X, labels, kmeans_refit(3), n_resamples=20)
        assert stability.weakest == 1.0
        assert [segment.segment for segment in stability.per_segment] == [0, 1, 2]
        assert stability.per_segment[0].recovered == 1.0

    def test_labels_without_meaning_dissolve(self) -> None:
        X, _ = three_groups()
        labels = np.random.default_rng(1).integers(0, 3, size=90)
        stability = assess_stability(X, labels, kmeans_refit(3), n_resamples=20)
        assert {segment.band for segment in stability.per_segment} == {"dissolved"}
        assert "does not come back" in stability.per_segment[0].sentence

    def test_a_draw_the_method_refuses_is_counted_not_fatal(self) -> None:
        X, labels = three_groups()
        refused = iter([True, False] * 5)

        def refit(rows: NDArray[np.float64], seed: int) -> NDArray[np.integer]:
            if next(refused):
                raise DegenerateDataError("no")
            return kmeans_refit(3)(rows, seed)

        stability = assess_stability(X, labels, refit, n_resamples=10)
        assert (stability.n_resamples, stability.n_failed) == (5, 5)

    def test_nothing_clustered_is_an_error(self) -> None:
        with pytest.raises(DegenerateDataError, match="No resample"):
            assess_stability(np.zeros((10, 2)), np.arange(10) % 2, kmeans_refit(2), n_resamples=3)

    def test_noise_alone_is_an_error(self) -> None:
        with pytest.raises(DegenerateDataError, match="no segment"):
            assess_stability(np.zeros((10, 2)), np.full(10, -1), kmeans_refit(2))

    def test_the_same_seed_gives_the_same_figures(self) -> None:
        X, labels = three_groups()
        twice = [assess_stability(X, labels, kmeans_refit(2), n_resamples=5) for _ in range(2)]
        assert twice[0] == twice[1]


class TestJaccard:
    def test_each_segment_meets_its_most_similar_cluster(self) -> None:
        original = np.array([0, 0, 0, 1, 1, 1])
        found = np.array([1, 1, 0, 0, 0, 0])
        assert best_jaccard(original, found, n_segments=2).tolist() == [2 / 3, 3 / 4]

    def test_noise_counts_against_a_segment(self) -> None:
        original = np.array([0, 0, -1, -1])
        found = np.array([0, -1, 0, -1])
        assert best_jaccard(original, found, n_segments=1).tolist() == [1 / 3]

    def test_a_segment_without_rows_has_no_similarity(self) -> None:
        similarity = best_jaccard(np.array([0, 0]), np.array([0, 0]), n_segments=2)
        assert similarity[0] == 1.0
        assert np.isnan(similarity[1])
