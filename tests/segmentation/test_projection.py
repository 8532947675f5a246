import numpy as np
import pytest
from sklearn.decomposition import PCA

from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.pictures.projection import project


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 6)) @ rng.normal(size=(6, 6))
    labels = np.repeat([0, 1, 2, -1], [2000, 900, 99, 1])
    return X, rng.permutation(labels)


def test_points_are_the_principal_components_of_all_rows(table):
    X, labels = table
    result = project(X, labels)
    pca = PCA(2).fit(X)
    assert (result.indices == np.arange(3000)).all()
    assert (result.labels == labels).all()
    # A component's sign is arbitrary.
    np.testing.assert_allclose(np.abs(result.points), np.abs(pca.transform(X)), atol=1e-9)
    np.testing.assert_allclose(result.explained_variance, pca.explained_variance_ratio_)


def test_a_sample_keeps_proportions_and_every_cluster(table):
    X, labels = table
    result = project(X, labels, max_points=300)
    assert 290 <= len(result.indices) <= 300
    assert (np.diff(result.indices) > 0).all()
    assert (result.labels == labels[result.indices]).all()
    shares = {k: np.mean(result.labels == k) for k in (0, 1, 2)}
    assert shares[0] == pytest.approx(2 / 3, abs=0.02)
    assert shares[1] == pytest.approx(0.3, abs=0.02)
    assert (result.labels == -1).sum() == 1
    whole = project(X, labels)
    np.testing.assert_allclose(result.points, whole.points[result.indices], atol=1e-9)


def test_the_seed_decides_the_sample(table):
    first, again, other = (project(*table, max_points=50, random_state=s) for s in (1, 1, 2))
    assert (first.indices == again.indices).all()
    assert (first.indices != other.indices).any()


def test_one_column_lies_on_the_first_axis():
    result = project(np.arange(5.0).reshape(-1, 1), np.zeros(5, dtype=int))
    assert (result.points[:, 1] == 0).all()
    assert result.explained_variance.tolist() == [1, 0]


def test_equal_rows_are_refused():
    with pytest.raises(DegenerateDataError, match="equal"):
        project(np.ones((5, 3)), np.zeros(5, dtype=int))


def test_fewer_points_than_clusters_are_refused(table):
    with pytest.raises(SegmentationError, match="4 clusters"):
        project(*table, max_points=3)
