import numpy as np
import pytest
from scipy.cluster.hierarchy import cophenet, fcluster, is_valid_linkage, linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score

from app.segmentation.clustering.ward_weighted import weighted_ward


@pytest.fixture(params=[0, 1, 2])
def weighted(request):
    rng = np.random.default_rng(request.param)
    points = rng.normal(size=(60, 3)) * [3, 1, 1]
    return points, rng.integers(1, 20, size=60)


def test_equal_weights_give_scipys_tree(weighted):
    points, _ = weighted
    merges = weighted_ward(points, weights=np.ones(60))
    np.testing.assert_allclose(merges, linkage(points, "ward"))


def test_weights_act_as_repeated_rows(weighted):
    points, weights = weighted
    merges = weighted_ward(points, weights=weights)
    repeated = linkage(np.repeat(points, weights, axis=0), "ward")
    assert is_valid_linkage(merges)
    np.testing.assert_allclose(merges[:, 2], repeated[-59:, 2])
    first_copy = np.cumsum(weights) - weights
    expected = squareform(cophenet(repeated))[np.ix_(first_copy, first_copy)]
    np.testing.assert_allclose(squareform(cophenet(merges)), expected)


def test_cuts_equal_those_of_the_repeated_rows(weighted):
    points, weights = weighted
    merges = weighted_ward(points, weights=weights)
    repeated = linkage(np.repeat(points, weights, axis=0), "ward")
    for k in range(2, 16):
        ours = np.repeat(fcluster(merges, k, "maxclust"), weights)
        assert adjusted_rand_score(ours, fcluster(repeated, k, "maxclust")) == 1.0


def test_a_common_factor_of_the_weights_scales_heights_alone(weighted):
    points, weights = weighted
    once = weighted_ward(points, weights=weights)
    fourfold = weighted_ward(points, weights=4 * weights)
    np.testing.assert_allclose(fourfold[:, 2], 2 * once[:, 2])
    assert (fourfold[:, :2] == once[:, :2]).all()


def test_equal_points_are_joined_at_height_zero():
    merges = weighted_ward(np.array([[0.0], [5.0], [0.0]]), weights=np.array([2, 1, 3]))
    assert merges[0].tolist() == [0, 2, 0, 2]
    # Masses 5 and 1 at distance 5: sqrt(2 * 5 * 1 / 6) * 5.
    assert merges[1, 2] == pytest.approx(np.sqrt(10 / 6) * 5)


def test_the_given_points_are_left_as_they_were(weighted):
    points, weights = weighted
    before = points.copy()
    weighted_ward(points, weights=weights)
    assert (points == before).all()
