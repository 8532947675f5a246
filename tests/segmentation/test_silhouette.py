import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.datasets import make_blobs
from sklearn.metrics import silhouette_samples, silhouette_score

from app.segmentation.errors import DegenerateDataError
from app.segmentation.silhouette import silhouette, silhouettes


@pytest.mark.parametrize("n_features", [1, 4, 30])
def test_agrees_with_scikit_learn_row_by_row(n_features):
    X, labels = make_blobs(700, n_features, centers=6, cluster_std=3.0, random_state=1)
    result = silhouette(X, labels)
    assert result.score == pytest.approx(silhouette_score(X, labels), abs=1e-5)
    np.testing.assert_allclose(result.per_sample, silhouette_samples(X, labels), atol=1e-4)


def test_keeps_its_digits_where_tight_clusters_lie_far_from_each_other():
    rng = np.random.default_rng(0)
    corners = np.array([[1e4, 0.0], [1e4, 0.5], [-1e4, 0.0]])
    X = np.repeat(corners, 50, axis=0) + rng.normal(0, 0.1, (150, 2))
    labels = np.repeat([0, 1, 2], 50)
    expected = silhouette_score(cdist(X, X), labels, metric="precomputed")
    assert silhouette(X, labels).score == pytest.approx(expected, abs=1e-5)


def test_several_partitions_at_once_equal_each_alone():
    X, labels = make_blobs(400, 3, centers=5, random_state=2)
    other = np.arange(400) % 3
    together = [result.score for result in silhouettes(X, [labels, other])]
    alone = [silhouette(X, labels).score, silhouette(X, other).score]
    assert together == pytest.approx(alone, abs=1e-6)


def test_a_cluster_of_one_scores_zero_and_each_cluster_has_its_mean():
    X = np.array([[0.0], [0.1], [5.0], [5.1], [100.0]])
    labels = np.array([0, 0, 1, 1, 2])
    result = silhouette(X, labels)
    expected = silhouette_samples(X, labels)
    assert result.per_cluster == pytest.approx((expected[:2].mean(), expected[2:4].mean(), 0.0))


def test_noise_takes_no_part():
    X, labels = make_blobs(300, 2, centers=3, random_state=3)
    labels[::10] = -1
    result = silhouette(X, labels)
    kept = labels >= 0
    assert result.score == pytest.approx(silhouette_score(X[kept], labels[kept]), abs=1e-5)
    assert result.sample_size == kept.sum()
    assert np.isnan(result.per_sample[~kept]).all()


def test_past_the_limit_a_sample_is_measured_and_said_so():
    X, labels = make_blobs(3000, 2, centers=3, cluster_std=2.0, random_state=4)
    exact = silhouette(X, labels)
    sample = silhouette(X, labels, exact_limit=1000, sample_size=800)
    assert (exact.sampled, exact.sample_size) == (False, 3000)
    assert (sample.sampled, sample.sample_size, sample.per_sample) == (True, 800, None)
    assert sample.score == pytest.approx(exact.score, abs=0.03)


def test_a_cluster_that_the_sample_misses_has_no_figure():
    X, labels = make_blobs(2000, 2, centers=2, random_state=5)
    labels[0] = 2
    result = silhouette(X, labels, exact_limit=100, sample_size=50, random_state=1)
    assert result.per_cluster[2] is None


def test_identical_rows_score_zero_as_in_scikit_learn():
    X, labels = np.zeros((6, 2)), np.array([0, 0, 0, 1, 1, 1])
    assert silhouette(X, labels).score == silhouette_score(X, labels) == 0


@pytest.mark.parametrize("labels", [[0, 0, 0, 0], [0, -1, -1, 0], [-1, -1, -1, -1]])
def test_fewer_than_two_clusters_are_refused(labels):
    with pytest.raises(DegenerateDataError, match="two clusters"):
        silhouette(np.arange(8.0).reshape(4, 2), np.array(labels))


@pytest.mark.parametrize("unit", [1e-80, 1e-12, 1e12, 1e80])
def test_the_unit_does_not_matter(unit):
    X, labels = make_blobs(200, 2, centers=3, random_state=6)
    assert silhouette(X * unit, labels).score == pytest.approx(silhouette(X, labels).score)
