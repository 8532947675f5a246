import pickle

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist
from sklearn.metrics import adjusted_rand_score

from app.segmentation.clustering import hierarchical
from app.segmentation.clustering.hierarchical import (
    build_tree,
    check_linkage,
    clustering_from_tree,
    matrix_bytes,
)
from app.segmentation.clustering.tree import cut_tree
from app.segmentation.errors import (
    DegenerateDataError,
    MemoryLimitError,
    RowLimitError,
    SegmentationError,
)

LINKAGES = ["ward", "complete", "average", "single"]


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(4)
    centers = rng.normal(scale=3, size=(5, 4))
    return centers[rng.integers(0, 5, 400)] + rng.normal(size=(400, 4))


@pytest.fixture(scope="module")
def integers():
    """A grid of whole numbers, where many distances are equal."""
    return np.random.default_rng(1).integers(0, 6, size=(120, 3)).astype(float)


def maxclust(X, method, k):
    return fcluster(linkage(X, method), k, criterion="maxclust")


class TestAgreementWithScipy:
    @pytest.mark.parametrize("method", LINKAGES)
    @pytest.mark.parametrize("k", [2, 5, 15])
    def test_cuts_equal_maxclust(self, groups, method, k):
        labels = cut_tree(build_tree(groups, linkage=method), k)
        assert adjusted_rand_score(labels, maxclust(groups, method, k)) == 1.0

    @pytest.mark.parametrize("method", LINKAGES)
    @pytest.mark.parametrize("k", range(2, 16))
    def test_ties_fall_as_in_scipy(self, integers, method, k):
        labels = cut_tree(build_tree(integers, linkage=method), k)
        assert adjusted_rand_score(labels, maxclust(integers, method, k)) == 1.0

    @pytest.mark.parametrize("method", LINKAGES)
    def test_larger_tables_without_scipy_give_the_same_tree(self, groups, method, monkeypatch):
        monkeypatch.setattr(hierarchical, "SCIPY_LIMIT", 10)
        tree = build_tree(groups, linkage=method)
        np.testing.assert_allclose(tree.merges[:, 2], linkage(groups, method)[:, 2])
        for k in (2, 4, 9):
            assert adjusted_rand_score(cut_tree(tree, k), maxclust(groups, method, k)) == 1.0

    @pytest.mark.parametrize("method", ["ward", "single"])
    def test_a_tight_memory_limit_does_not_change_the_tree(self, groups, method):
        tight = build_tree(groups, linkage=method, memory_limit_bytes=1000)
        np.testing.assert_allclose(tight.merges[:, 2], linkage(groups, method)[:, 2])


class TestTree:
    def test_survives_pickling(self, groups):
        tree = build_tree(groups)
        again = pickle.loads(pickle.dumps(tree))
        assert again.linkage == "ward"
        assert again.method == "exact"
        assert (cut_tree(again, 4) == cut_tree(tree, 4)).all()

    def test_an_exact_tree_has_a_leaf_for_each_row(self, groups):
        tree = build_tree(groups)
        assert tree.n_rows == tree.n_leaves == len(groups)
        assert (tree.leaf_sizes == 1).all()

    def test_clusters_are_numbered_by_falling_size(self, groups):
        sizes = np.bincount(cut_tree(build_tree(groups), 7))
        assert len(sizes) == 7
        assert (np.diff(sizes) <= 0).all()

    def test_clusters_of_one_size_are_numbered_by_their_first_row(self):
        X = np.array([[9.0], [0.0], [9.1], [0.1]])
        assert cut_tree(build_tree(X), 2).tolist() == [0, 1, 0, 1]

    def test_finer_cuts_split_coarser_ones(self, groups):
        tree = build_tree(groups)
        coarse, fine = cut_tree(tree, 3), cut_tree(tree, 8)
        assert all(len(set(coarse[fine == k])) == 1 for k in range(8))

    def test_one_cluster_is_everybody(self, groups):
        assert (cut_tree(build_tree(groups), 1) == 0).all()

    @pytest.mark.parametrize("k", [0, 401])
    def test_a_cut_the_tree_does_not_have_is_refused(self, groups, k):
        with pytest.raises(DegenerateDataError, match="400 leaves"):
            cut_tree(build_tree(groups), k)

    def test_a_single_row_is_a_tree_of_one_leaf(self):
        assert cut_tree(build_tree(np.ones((1, 3))), 1).tolist() == [0]


def clustered(X, *, n_clusters, linkage):
    return clustering_from_tree(build_tree(X, linkage=linkage), X, n_clusters=n_clusters)


class TestClustering:
    def test_centers_and_inertia_are_those_of_the_labels(self, groups):
        result = clustered(groups, n_clusters=5, linkage="average")
        means = [groups[result.labels == k].mean(axis=0) for k in range(5)]
        np.testing.assert_allclose(result.centers, means)
        within = sum((cdist(groups[result.labels == k], [means[k]]) ** 2).sum() for k in range(5))
        assert result.inertia == pytest.approx(within)
        assert result.method == "average"
        assert result.details["method"] == "exact"

    def test_ties_give_fewer_clusters_and_say_how_many_were_asked_for(self):
        corners = np.array([[0.0, 0.0], [0.0, 1.0], [9.0, 0.0], [9.0, 1.0]])
        result = clustered(corners, n_clusters=3, linkage="single")
        assert result.n_clusters == 2
        assert result.details["n_clusters_requested"] == 3

    def test_a_tree_tied_at_the_top_is_refused(self):
        line = np.arange(6.0).reshape(-1, 1)
        with pytest.raises(DegenerateDataError, match="one distance"):
            clustered(line, n_clusters=3, linkage="single")


class TestLimits:
    @pytest.mark.parametrize("method", ["average", "complete"])
    def test_a_matrix_too_large_is_refused_with_the_rows_that_fit(self, groups, method):
        with pytest.raises(MemoryLimitError, match=r"can take 200 rows.*Choose Ward"):
            build_tree(groups, linkage=method, memory_limit_bytes=matrix_bytes(200))
        assert (
            build_tree(groups[:200], linkage=method, memory_limit_bytes=matrix_bytes(200)).n_rows
            == 200
        )
        with pytest.raises(MemoryLimitError):
            build_tree(groups[:201], linkage=method, memory_limit_bytes=matrix_bytes(200))

    @pytest.mark.parametrize(
        ("limit", "told"),
        [
            (80_000, r"needs 3\d\d MiB .* use 0\.1 MiB"),
            (64 << 20, r"needs 3\d\d MiB .* use 64 MiB"),
        ],
    )
    def test_memory_is_told_in_units_a_person_can_read(self, limit, told):
        with pytest.raises(MemoryLimitError, match=told):
            check_linkage(10_000, linkage="complete", memory_limit_bytes=limit)
        with pytest.raises(MemoryLimitError, match=r"needs 2\.3 GiB .* use 2\.0 GiB"):
            check_linkage(25_000, linkage="average", memory_limit_bytes=2 << 30)

    def test_single_linkage_past_its_limit_is_refused(self, groups):
        with pytest.raises(RowLimitError, match="at most 300 rows"):
            build_tree(groups, linkage="single", exact_limit=300)

    def test_ward_past_its_limit_takes_two_steps(self):
        X = np.random.default_rng(0).normal(size=(3000, 2))
        tree = build_tree(X, exact_limit=2999)
        assert tree.method == "two_step"
        assert tree.n_leaves <= 2000 < tree.n_rows == 3000
        assert clustering_from_tree(tree, X, n_clusters=4).details["method"] == "two_step"
        assert build_tree(X, exact_limit=3000).method == "exact"

    def test_an_unknown_linkage_is_refused_with_those_there_are(self, groups):
        with pytest.raises(SegmentationError, match="ward, complete, average, single"):
            build_tree(groups, linkage="centroid")

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_values_that_are_not_finite_are_refused(self, groups, value):
        spoiled = groups.copy()
        spoiled[3, 1] = value
        with pytest.raises(DegenerateDataError):
            build_tree(spoiled)

    @pytest.mark.parametrize("method", LINKAGES)
    def test_values_whose_distances_overflow_are_refused(self, groups, method):
        with pytest.raises(DegenerateDataError, match="too large"):
            build_tree(groups * 1e200, linkage=method)
