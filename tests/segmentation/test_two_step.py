import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist
from sklearn.metrics import adjusted_rand_score

from app.segmentation.clustering.tree import cut_tree
from app.segmentation.clustering.two_step import (
    find_micro_clusters,
    group_identical_rows,
    two_step_tree,
)


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(7)
    centers = rng.normal(scale=8, size=(6, 5))
    return centers[rng.integers(0, 6, 5000)] + rng.normal(size=(5000, 5))


class TestMicroClusters:
    def test_sizes_and_means_are_those_of_the_rows(self, groups):
        micro = find_micro_clusters(groups, n_micro_clusters=100, random_state=0)
        assert micro.sizes.sum() == len(groups)
        assert micro.sizes.min() >= 1
        assert (np.bincount(micro.assignment) == micro.sizes).all()
        for leaf in (0, 50, len(micro.sizes) - 1):
            np.testing.assert_allclose(
                micro.means[leaf], groups[micro.assignment == leaf].mean(axis=0)
            )

    def test_rows_lie_near_their_own_mean(self, groups):
        micro = find_micro_clusters(groups, n_micro_clusters=100, random_state=0)
        own = np.linalg.norm(groups - micro.means[micro.assignment], axis=1)
        assert own.mean() < 0.6 * cdist(groups, [groups.mean(axis=0)]).mean()

    def test_the_seed_decides(self, groups):
        first, again, other = (
            find_micro_clusters(groups, n_micro_clusters=50, random_state=seed).assignment
            for seed in (3, 3, 4)
        )
        assert (first == again).all()
        assert (first != other).any()

    def test_fewer_distinct_rows_than_groups_leave_no_group_empty(self):
        X = np.repeat(np.arange(7.0), 30).reshape(-1, 1)
        micro = find_micro_clusters(X, n_micro_clusters=40, random_state=0)
        assert len(micro.sizes) == 7
        assert (micro.sizes == 30).all()


class TestIdenticalRows:
    def test_equal_rows_share_a_group(self):
        X = np.array([[1.0, 2.0], [0.0, 0.0], [1.0, 2.0]])
        found = group_identical_rows(X, at_most=2)
        assert found.sizes.tolist() == [1, 2]
        assert (found.means[found.assignment] == X).all()

    def test_too_many_distinct_rows_give_none(self):
        assert group_identical_rows(np.arange(9.0).reshape(-1, 1), at_most=2) is None

    def test_distinct_rows_far_down_the_table_are_seen(self):
        X = np.zeros((100, 1))
        X[50:, 0] = np.arange(50)
        assert group_identical_rows(X, at_most=10) is None


class TestTree:
    def test_agrees_with_exact_ward_where_there_are_groups(self, groups):
        exact = fcluster(linkage(groups, "ward"), 6, "maxclust")
        tree = two_step_tree(groups, n_micro_clusters=300)
        assert tree.method == "two_step"
        assert adjusted_rand_score(cut_tree(tree, 6), exact) > 0.98

    def test_tells_what_share_of_the_spread_it_cannot_see(self, groups):
        coarse = two_step_tree(groups, n_micro_clusters=30)
        within = sum(
            ((rows - rows.mean(axis=0)) ** 2).sum()
            for rows in (groups[coarse.leaf_of_row == leaf] for leaf in range(coarse.n_leaves))
        )
        total = ((groups - groups.mean(axis=0)) ** 2).sum()
        assert coarse.quantization_share == pytest.approx(within / total)
        assert two_step_tree(groups, n_micro_clusters=600).quantization_share < within / total

    def test_few_distinct_rows_keep_the_tree_exact(self):
        rng = np.random.default_rng(2)
        X = rng.normal(size=(40, 3))[rng.integers(0, 40, 900)]
        tree = two_step_tree(X, n_micro_clusters=50)
        assert tree.method == "exact"
        assert tree.quantization_share == 0
        merges = linkage(X, "ward")
        for k in (2, 5, 9):
            expected = fcluster(merges, k, "maxclust")
            assert adjusted_rand_score(cut_tree(tree, k), expected) == 1.0

    def test_equal_rows_alone_are_one_leaf(self):
        tree = two_step_tree(np.ones((500, 2)), n_micro_clusters=10)
        assert cut_tree(tree, 1).tolist() == [0] * 500

    def test_clusters_of_one_size_are_numbered_by_their_first_row(self):
        X = np.repeat([[5.0], [1.0]], 8, axis=0)
        assert cut_tree(two_step_tree(X, n_micro_clusters=4), 2).tolist() == [0] * 8 + [1] * 8
