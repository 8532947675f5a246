import math

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from app.segmentation.errors import SegmentationError
from app.segmentation.recipe import FEATURES
from app.segmentation.scoring import Scorer
from app.segmentation.synthesis import generate_customers


@pytest.fixture(scope="module")
def customers():
    return generate_customers(2000, seed=1)[list(FEATURES)].to_numpy(dtype=float)


@pytest.fixture(scope="module")
def fitted(customers):
    scaler = StandardScaler().fit(customers)
    kmeans = KMeans(5, n_init=3, random_state=0).fit(scaler.transform(customers))
    scorer = Scorer(
        mean=tuple(scaler.mean_.tolist()),
        scale=tuple(scaler.scale_.tolist()),
        centers=tuple(map(tuple, kmeans.cluster_centers_.tolist())),
        outlier_threshold=2.0,
    )
    return scaler, kmeans, scorer


@pytest.fixture(scope="module")
def strangers():
    rng = np.random.default_rng(9)
    low, high = np.array([18, 0, 1, 0]), np.array([100, 300, 100, 80])
    return rng.uniform(low, high, (10_000, 4))


def test_one_by_one_equals_scikit_learn_on_ten_thousand_customers(fitted, strangers):
    scaler, kmeans, scorer = fitted
    scaled = scaler.transform(strangers)
    scores = [scorer.score_one(tuple(row)) for row in strangers.tolist()]
    assert [s.cluster for s in scores] == kmeans.predict(scaled).tolist()
    np.testing.assert_allclose([s.distances for s in scores], kmeans.transform(scaled), rtol=1e-9)


def test_many_agree_with_one_to_the_last_digit(fitted, strangers):
    scorer = fitted[2]
    many = scorer.score_many(strangers, block_rows=777)
    for i, row in enumerate(strangers.tolist()):
        assert scorer.score_one(tuple(row)) == (
            many.clusters[i],
            many.confidences[i],
            tuple(many.distances[i]),
            many.outliers[i],
        )


def test_a_few_agree_with_many_to_the_last_bit(fitted, strangers):
    scorer = fitted[2]
    np.testing.assert_array_equal(
        np.concatenate([scorer.distances(strangers[i : i + 5]) for i in range(0, 200, 5)]),
        scorer.distances(strangers)[:200],
    )


def test_confidence_is_one_minus_own_over_nearest_other(fitted, strangers):
    scaler, kmeans, scorer = fitted
    ordered = np.sort(kmeans.transform(scaler.transform(strangers)), axis=1)
    expected = np.rint((1 - ordered[:, 0] / ordered[:, 1]) * 100)
    assert (scorer.score_many(strangers).confidences == expected).all()


def plain(*centers, threshold=10.0):
    return Scorer(mean=(0.0,), scale=(1.0,), centers=centers, outlier_threshold=threshold)


@pytest.mark.parametrize(
    ("value", "cluster", "confidence"),
    [(0.0, 0, 100), (10.0, 1, 100), (5.0, 0, 0), (1.0, 0, 89), (-1e9, 0, 0)],
)
def test_confidence_at_the_ends_and_between(value, cluster, confidence):
    score = plain((0.0,), (10.0,)).score_one((value,))
    assert (score.cluster, score.confidence) == (cluster, confidence)


def test_centers_that_coincide_give_no_confidence():
    scorer = plain((3.0,), (3.0,))
    assert scorer.score_one((3.0,)).confidence == 0
    assert scorer.score_many(np.array([[3.0], [4.0]])).confidences.tolist() == [0, 0]


def test_an_outlier_is_farther_than_the_threshold_from_every_center():
    scorer = plain((0.0,), (10.0,), threshold=3.0)
    values = np.array([[0.0], [3.0], [3.5], [12.9], [13.1]])
    assert scorer.score_many(values).outliers.tolist() == [False, False, True, False, True]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, -1e200])
def test_what_is_not_finite_is_refused_both_ways(value):
    scorer = plain((0.0,), (10.0,))
    with pytest.raises(SegmentationError, match="too large, or not numbers"):
        scorer.score_one((value,))
    with pytest.raises(SegmentationError, match="row 1 "):
        scorer.score_many(np.array([[1.0], [value]]))


def test_no_customers_give_no_scores(fitted):
    assert fitted[2].score_many(np.empty((0, 4))).distances.shape == (0, 5)


def test_a_wrong_number_of_values_is_refused(fitted):
    with pytest.raises(SegmentationError, match="takes 4 values"):
        fitted[2].score_many(np.zeros((3, 5)))


def test_a_model_of_one_cluster_is_refused():
    with pytest.raises(SegmentationError, match="two clusters"):
        plain((0.0,))
