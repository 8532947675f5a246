import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN
from sklearn.datasets import make_moons
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import NearestNeighbors

from app.segmentation.clustering.density import (
    BYTES_PER_NEIGHBOUR,
    cluster_dbscan,
    fit_dbscan,
)
from app.segmentation.clustering.neighbourhood import default_min_samples, find_eps
from app.segmentation.errors import (
    DegenerateDataError,
    MemoryLimitError,
    RowLimitError,
    SegmentationError,
)


@pytest.fixture(scope="module")
def moons():
    X, half = make_moons(600, noise=0.05, random_state=0)
    noise = np.array([[3.0, 3.0], [-3.0, -2.0]])
    return np.vstack([X, noise]), np.append(half, [-1, -1])


class TestFit:
    def test_finds_the_moons_and_the_noise_with_an_eps_of_its_own(self, moons):
        X, half = moons
        result = cluster_dbscan(X)
        assert result.n_clusters == 2
        assert (result.labels[-2:] == -1).all()
        inside = result.labels >= 0
        assert inside.mean() > 0.97
        assert adjusted_rand_score(result.labels[inside], half[inside]) == 1.0
        assert result.details["eps_source"] == "k_distance_knee"

    @pytest.mark.parametrize("columns", [slice(2, 5), slice(3, 5)])
    def test_labels_are_scikit_learns_at_the_eps_it_tells(self, shared_data, columns):
        X = pd.read_csv(shared_data / "mall_customers.csv").iloc[:, columns].to_numpy(float)
        X = (X - X.mean(axis=0)) / X.std(axis=0)
        result = cluster_dbscan(X)
        expected = DBSCAN(eps=result.details["eps"], min_samples=result.details["min_samples"]).fit(
            X
        )
        assert (result.labels == expected.labels_).all()
        assert result.details["n_noise"] == (expected.labels_ == -1).sum()
        assert result.details["n_core"] == len(expected.core_sample_indices_)

    def test_wide_tables_give_the_same_labels_as_scikit_learn(self):
        rng = np.random.default_rng(0)
        X = np.vstack([rng.normal(0, 1, (200, 8)), rng.normal(5, 1, (200, 8))])
        result = cluster_dbscan(X)
        expected = DBSCAN(eps=result.details["eps"], min_samples=8).fit_predict(X)
        assert result.n_clusters == 2
        assert (result.labels == expected).all()

    def test_centers_leave_noise_out(self, moons):
        X, _ = moons
        result = cluster_dbscan(X, eps=0.2, min_samples=5)
        for k in range(result.n_clusters):
            np.testing.assert_allclose(result.centers[k], X[result.labels == k].mean(axis=0))
        spread = X - result.centers[result.labels]
        inside = result.labels >= 0
        assert result.inertia == pytest.approx((spread[inside] ** 2).sum())

    def test_all_noise_is_an_answer_of_no_clusters(self):
        X = np.arange(20.0).reshape(-1, 1)
        result = cluster_dbscan(X, eps=0.5, min_samples=3)
        assert result.n_clusters == 0
        assert result.centers.shape == (0, 1)
        assert (result.labels == -1).all()


class TestEps:
    def test_is_at_the_bend_of_the_k_distances(self):
        # 95 rows a step of 1 apart and 5 far ones: the bend is at a distance of 1.
        X = np.append(np.arange(95.0), [1e3, 2e3, 3e3, 4e3, 5e3]).reshape(-1, 1)
        assert find_eps(X, min_samples=2) == pytest.approx(1.0, rel=0.01)

    @pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
    def test_follows_the_scale_of_the_data(self, moons, scale):
        X, _ = moons
        found = find_eps(X * scale, min_samples=4)
        distances = NearestNeighbors(n_neighbors=4).fit(X).kneighbors(X)[0][:, -1]
        assert np.quantile(distances, 0.8) < found / scale < distances.max()

    def test_equal_rows_have_no_bend(self):
        with pytest.raises(DegenerateDataError, match="set eps"):
            find_eps(np.repeat([[1.0, 2.0], [3.0, 4.0]], 20, axis=0), min_samples=4)

    @pytest.mark.parametrize(
        ("shape", "expected"),
        [((1000, 2), 4), ((1000, 6), 12), ((9000, 50), 20), ((200, 9), 4), ((3, 2), 3)],
    )
    def test_min_samples_follows_columns_and_rows(self, shape, expected):
        assert default_min_samples(np.zeros(shape)) == expected


class TestPredict:
    def test_fitted_rows_get_their_roles_again(self, moons):
        X, _ = moons
        model = fit_dbscan(X, eps=0.12, min_samples=12)
        again = model.predict(X)
        assert ((again.roles == "core") == model.is_core).all()
        assert ((again.roles == "noise") == (model.clustering.labels < 0)).all()
        assert (again.labels == model.clustering.labels).all()
        assert set(again.roles) == {"core", "border", "noise"}

    def test_new_rows_are_core_border_or_noise(self):
        X = np.array([[0.0], [1.0], [2.0], [3.0], [50.0], [51.0], [52.0], [53.0]])
        model = fit_dbscan(X, eps=1.5, min_samples=3)
        placed = model.predict(np.array([[1.5], [3.4], [20.0], [51.4]]))
        assert placed.roles.tolist() == ["core", "border", "noise", "core"]
        assert placed.labels.tolist() == [0, 0, -1, 1]

    def test_without_a_core_everything_is_noise(self):
        model = fit_dbscan(np.arange(5.0).reshape(-1, 1), eps=0.1, min_samples=2)
        assert model.predict(np.array([[0.0]])).roles.tolist() == ["noise"]

    def test_no_rows_give_no_labels(self, moons):
        assert len(fit_dbscan(moons[0]).predict(np.empty((0, 2))).labels) == 0


class TestLimits:
    @pytest.mark.parametrize("eps", [None, 1.0])
    def test_one_row_is_refused(self, eps):
        with pytest.raises(DegenerateDataError, match="only 1; add rows"):
            fit_dbscan(np.ones((1, 2)), eps=eps)

    def test_more_rows_than_the_limit_are_refused_with_what_to_choose(self, moons):
        with pytest.raises(RowLimitError, match=r"at most 500 rows.*HDBSCAN"):
            fit_dbscan(moons[0], row_limit=500)

    def test_neighbourhoods_that_do_not_fit_are_refused_before_they_are_built(self):
        with pytest.raises(MemoryLimitError, match=r"about 50,000 neighbours.*smaller eps"):
            fit_dbscan(np.zeros((50_000, 2)), eps=1.0)

    @pytest.mark.parametrize("eps", [0.0, -1.0, np.nan, np.inf])
    def test_an_eps_that_is_no_distance_is_refused(self, moons, eps):
        with pytest.raises(SegmentationError, match="positive distance"):
            fit_dbscan(moons[0], eps=eps)

    @pytest.mark.parametrize("min_samples", [0, 603])
    def test_min_samples_out_of_range_is_refused(self, moons, min_samples):
        with pytest.raises(SegmentationError, match="1 to 602"):
            fit_dbscan(moons[0], min_samples=min_samples)


def test_a_reach_that_was_found_is_narrowed_to_what_memory_holds():
    rng = np.random.default_rng(0)
    X = np.vstack([rng.normal(size=(1_000, 2)), rng.normal(scale=200, size=(60, 2))])
    free = fit_dbscan(X).clustering.details
    limit = 4 * 1_000 * 100 * BYTES_PER_NEIGHBOUR
    bound = fit_dbscan(X, memory_limit_bytes=limit).clustering.details
    assert (free["eps_source"], bound["eps_source"]) == ("k_distance_knee", "memory")
    assert bound["eps"] < free["eps"]
    alike = np.vstack([np.zeros((1_000, 2)), rng.normal(size=(60, 2))])
    with pytest.raises(MemoryLimitError):
        fit_dbscan(alike, eps=1.0, memory_limit_bytes=limit)
