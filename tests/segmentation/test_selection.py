import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.errors import DegenerateDataError
from app.segmentation.preparation.fitting import fit_features
from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import generate_customers


def test_mall_gives_the_published_figures(shared_data):
    mall = pd.read_csv(shared_data / "mall_customers.csv")
    space = fit_features(mall, numeric=["Annual Income (k$)", "Spending Score (1-100)"])
    sweep = sweep_kmeans(space.matrix)
    at = sweep.k_range.index(5)
    assert sweep.best_k == 5
    assert sweep.silhouettes[at] == pytest.approx(0.5547, abs=0.001)
    assert sweep.inertias[at] == pytest.approx(65.57, abs=0.01)
    assert sorted(np.bincount(sweep.clusterings[at].labels)) == [22, 23, 35, 39, 81]


def test_wholesale_gives_the_published_figures(shared_data):
    wholesale = pd.read_csv(shared_data / "wholesale_customers.csv")
    spends = [name for name in wholesale if name not in ("Channel", "Region")]
    sweep = sweep_kmeans(fit_features(wholesale, numeric=spends, transform="log").matrix)
    assert sweep.best_k == 2
    assert sweep.silhouettes[0] == pytest.approx(0.290, abs=0.001)


def test_agrees_with_scikit_learn_on_generated_customers():
    table = generate_customers(1200, seed=3)
    X = fit_features(table, numeric=FEATURES).matrix
    sweep = sweep_kmeans(X)
    expected = []
    for k, inertia in zip(sweep.k_range, sweep.inertias, strict=True):
        model = KMeans(k, n_init=10, random_state=0).fit(X)
        assert inertia <= model.inertia_ * 1.001
        expected.append(silhouette_score(X, model.labels_))
    assert sweep.best_k == 2 + int(np.argmax(expected))
    np.testing.assert_allclose(sweep.silhouettes, expected, atol=1e-4)


def two_crowds_and(*strangers):
    rng = np.random.default_rng(0)
    crowds = [rng.normal(0, 1, (150, 2)), rng.normal(4, 1, (150, 2))]
    return np.vstack([*crowds, np.array(strangers, dtype=float).reshape(-1, 2)])


def test_a_split_that_cuts_off_one_customer_is_not_chosen_over_a_sound_one():
    sweep = sweep_kmeans(two_crowds_and([18.0, -14.0]), k_range=[2, 3])
    assert sweep.silhouettes[1] > sweep.silhouettes[0]
    assert sweep.smallest_share[1] == pytest.approx(1 / 301)
    assert sweep.degenerate == (False, True)
    assert sweep.best_k == 2


def test_where_no_split_is_sound_the_highest_silhouette_stands_and_is_flagged():
    sweep = sweep_kmeans(two_crowds_and([300.0, 300.0]), k_range=[2, 3, 4])
    assert sweep.degenerate == (True, True, True)
    assert sweep.largest_share[0] == pytest.approx(300 / 301)
    assert sweep.best_k == sweep.k_range[int(np.argmax(sweep.silhouettes))]


def test_a_k_beyond_the_distinct_rows_does_not_end_the_sweep():
    X = np.repeat(np.array([[0.0], [1.0], [5.0], [6.0]]), 10, axis=0)
    sweep = sweep_kmeans(X)
    assert sweep.k_range == (2, 3, 4)
    assert set(sweep.failures) == set(range(5, 11))
    assert "4 distinct" in sweep.failures[5]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.ones((20, 2)), "alike"),
        (np.array([[1.0], [np.nan], [3.0]]), "missing or too large"),
        (np.array([[1.0], [np.inf], [3.0]]), "missing or too large"),
        (np.empty((0, 2)), "nothing to cluster"),
    ],
)
def test_what_cannot_be_clustered_is_refused(X, message):
    with pytest.raises(DegenerateDataError, match=message):
        sweep_kmeans(X)


def test_the_same_rows_give_the_same_digits_whatever_the_threads():
    X = fit_features(generate_customers(2000, seed=5), numeric=FEATURES).matrix
    with threadpool_limits(1):
        alone = sweep_kmeans(X, k_range=[4, 5])
    with threadpool_limits(2):
        together = sweep_kmeans(X, k_range=[4, 5])
    assert alone.inertias == together.inertias
    assert alone.silhouettes == together.silhouettes


def test_past_the_limit_the_sweep_says_that_it_sampled():
    X = fit_features(generate_customers(900, seed=6), numeric=FEATURES).matrix
    sweep = sweep_kmeans(X, exact_limit=500, sample_size=400)
    assert (sweep.sampled, sweep.sample_size) == (True, 400)
