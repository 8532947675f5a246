import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from app.segmentation.clustering import cluster_kmeans
from app.segmentation.errors import DegenerateDataError


@pytest.fixture(scope="module")
def blobs():
    return make_blobs(300, 3, centers=4, random_state=0)


def test_kmeans_finds_what_scikit_learn_finds(blobs):
    X = blobs[0]
    found = cluster_kmeans(X, n_clusters=4)
    expected = KMeans(4, n_init=10, random_state=0).fit(X)
    assert found.inertia == pytest.approx(expected.inertia_)
    assert adjusted_rand_score(found.labels, expected.labels_) == 1
    assert (found.method, found.n_clusters, found.labels.dtype) == ("kmeans", 4, np.int32)
    for i, center in enumerate(found.centers):
        np.testing.assert_allclose(center, X[found.labels == i].mean(axis=0))


def test_weights_stand_for_repeated_rows(blobs):
    X = blobs[0]
    weights = np.repeat([1.0, 3.0], 150)
    weighted = cluster_kmeans(X, n_clusters=3, sample_weight=weights)
    repeated = cluster_kmeans(np.repeat(X, weights.astype(int), axis=0), n_clusters=3)
    assert weighted.inertia == pytest.approx(repeated.inertia, rel=1e-6)


def test_no_clusters_are_refused(blobs):
    with pytest.raises(DegenerateDataError, match="At least one cluster"):
        cluster_kmeans(blobs[0], n_clusters=0)


def test_distinct_rows_are_counted_over_the_whole_table():
    X = np.zeros((5000, 1))
    X[-2:] = [[1.0], [2.0]]
    assert len(np.unique(cluster_kmeans(X, n_clusters=3).labels)) == 3
    with pytest.raises(DegenerateDataError, match="3 distinct"):
        cluster_kmeans(X, n_clusters=4)


def test_a_long_table_is_clustered_whole_from_the_best_start_of_a_sample():
    X, _ = make_blobs(60_000, 2, centers=5, cluster_std=0.5, random_state=7)
    found = cluster_kmeans(X, n_clusters=5, n_init=3)
    assert found.details["start_rows"] == 50_000
    assert found.inertia == pytest.approx(((X - found.centers[found.labels]) ** 2).sum())
    expected = KMeans(5, n_init=3, random_state=0).fit(X)
    assert found.inertia <= expected.inertia_ * 1.001
    assert adjusted_rand_score(found.labels, expected.labels_) > 0.999


def test_rows_that_a_sample_would_miss_still_make_their_clusters():
    X = np.zeros((200_000, 1))
    X[7], X[8] = 100.0, 200.0
    weights = np.ones(200_000)
    found = cluster_kmeans(X, n_clusters=3, n_init=1, sample_weight=weights)
    assert sorted(np.bincount(found.labels)) == [1, 1, 199_998]


@pytest.mark.parametrize(
    "rows", [[[1e-200], [2e-200], [3e-200]], [[1.0], [1.0], [1.0 + 1e-13], [2.0]]]
)
def test_rows_that_differ_by_less_than_rounding_are_refused(rows):
    with pytest.raises(DegenerateDataError, match="too similar"):
        cluster_kmeans(np.array(rows), n_clusters=3)


def test_values_whose_squares_overflow_are_refused():
    with pytest.raises(DegenerateDataError, match="too large to compute"):
        cluster_kmeans(np.array([[1e150], [-1e150], [3.0]]), n_clusters=2)
