import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score, silhouette_score

from app.segmentation.choice.trees import sweep_tree
from app.segmentation.clustering.hierarchical import build_tree
from app.segmentation.clustering.tree import cut_tree
from app.segmentation.errors import DegenerateDataError


def standardised(frame):
    values = frame.to_numpy(dtype=float)
    return (values - values.mean(axis=0)) / values.std(axis=0)


@pytest.fixture(scope="module")
def mall(shared_data):
    return standardised(pd.read_csv(shared_data / "mall_customers.csv").iloc[:, 3:5])


@pytest.fixture(scope="module")
def wholesale(shared_data):
    return standardised(pd.read_csv(shared_data / "wholesale_customers.csv").iloc[:, 2:])


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(3)
    return rng.normal(scale=6, size=(4, 3))[rng.integers(0, 4, 300)] + rng.normal(size=(300, 3))


class TestPublishedFigures:
    def test_ward_finds_the_five_segments_of_the_mall(self, mall):
        sweep = sweep_tree(build_tree(mall), mall)
        assert sweep.best_k == 5
        best = sweep.clusterings[sweep.k_range.index(5)]
        assert sweep.silhouettes[sweep.k_range.index(5)] == pytest.approx(0.5538, abs=5e-5)
        assert np.bincount(best.labels).tolist() == [85, 39, 32, 23, 21]

    @pytest.mark.parametrize("method", ["single", "complete", "average"])
    def test_one_customer_cut_off_is_named_and_not_chosen(self, wholesale, method):
        sweep = sweep_tree(build_tree(wholesale, linkage=method), wholesale)
        at_two = sweep.k_range.index(2)
        assert sweep.silhouettes[at_two] == pytest.approx(0.8638, abs=5e-5)
        assert np.bincount(sweep.clusterings[at_two].labels).tolist() == [439, 1]
        assert sweep.degenerate[at_two]
        assert sweep.smallest_share[at_two] == pytest.approx(1 / 440)
        if not all(sweep.degenerate):
            assert not sweep.degenerate[sweep.k_range.index(sweep.best_k)]

    def test_a_sound_split_is_chosen_over_a_degenerate_one_of_higher_silhouette(self):
        rng = np.random.default_rng(0)
        near = [rng.normal(0, 1, (150, 2)), rng.normal(8, 1, (150, 2))]
        X = np.vstack([*near, rng.normal(200, 0.1, (2, 2))])
        sweep = sweep_tree(build_tree(X), X, k_range=[2, 3, 4])
        assert sweep.degenerate == (True, True, True)
        assert sweep.best_k == 2
        X = np.vstack([*near, rng.normal(200, 0.1, (4, 2))])
        sweep = sweep_tree(build_tree(X), X, k_range=[2, 3, 4])
        assert sweep.degenerate == (True, False, False)
        assert sweep.silhouettes[0] > max(sweep.silhouettes[1:])
        assert sweep.best_k == 3


class TestSweep:
    @pytest.mark.parametrize("method", ["ward", "complete", "average", "single"])
    def test_each_cut_is_measured_as_scikit_learn_does(self, groups, method):
        sweep = sweep_tree(build_tree(groups, linkage=method), groups, k_range=range(2, 6))
        assert sweep.k_range == (2, 3, 4, 5)
        for k, cut, score in zip(sweep.k_range, sweep.clusterings, sweep.silhouettes, strict=True):
            expected = fcluster(linkage(groups, method), k, "maxclust")
            assert adjusted_rand_score(cut.labels, expected) == 1.0
            assert score == pytest.approx(silhouette_score(groups, expected), abs=1e-5)

    def test_inertia_falls_with_k(self, groups):
        sweep = sweep_tree(build_tree(groups), groups)
        assert (np.diff(sweep.inertias) < 0).all()

    def test_a_k_between_tied_merges_is_a_failure_that_says_so(self):
        corners = np.array([[0.0, 0.0], [0.0, 1.0], [9.0, 0.0], [9.0, 1.0]])
        sweep = sweep_tree(build_tree(corners, linkage="single"), corners, k_range=[2, 3])
        assert sweep.k_range == (2,)
        assert "no cut into 3" in sweep.failures[3]

    def test_a_sample_that_misses_the_small_cluster_fails_that_k_alone(self):
        rng = np.random.default_rng(0)
        X = np.vstack([rng.normal(0, 1, (200, 2)), rng.normal(9, 1, (200, 2)), [[900.0, 900.0]]])
        tree = build_tree(X, linkage="average")
        sweep = sweep_tree(tree, X, k_range=[2, 3], exact_limit=100, sample_size=50)
        assert sweep.k_range == (3,)
        assert sweep.sampled
        assert "lie in one" in sweep.failures[2]

    def test_a_tree_without_a_usable_cut_is_refused(self):
        line = np.arange(6.0).reshape(-1, 1)
        with pytest.raises(DegenerateDataError, match="one distance"):
            sweep_tree(build_tree(line, linkage="single"), line, k_range=[2, 3])


@pytest.mark.parametrize("method", ["ward", "complete", "average", "single"])
@pytest.mark.parametrize("k", [2, 5, 9])
def test_real_tables_are_cut_as_scipy_cuts_them(mall, wholesale, method, k):
    for X in (mall, wholesale):
        labels = cut_tree(build_tree(X, linkage=method), k)
        expected = fcluster(linkage(X, method), k, "maxclust")
        assert adjusted_rand_score(labels, expected) == 1.0


def test_no_more_than_ten_are_chosen_though_more_are_measured():
    rng = np.random.default_rng(0)
    centres = np.array([[x, y] for x in range(4) for y in range(3)]) * 20.0
    X = centres.repeat(10, axis=0) + rng.normal(size=(120, 2))
    sweep = sweep_tree(build_tree(X), X, k_range=range(2, 16))
    assert sweep.k_range[int(np.argmax(sweep.silhouettes))] == 12
    assert sweep.best_k <= 10
