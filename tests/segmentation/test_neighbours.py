"""Missing numbers take the values of customers who are alike."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import make_circles
from sklearn.metrics import adjusted_rand_score

from app.segmentation.choice.columns_apart import columns_apart
from app.segmentation.choice.grouping import find_groups_despite
from app.segmentation.preparation.neighbours import Donors, donors_of, draw_donors

Matrix = NDArray[np.float64]


def filled(X: Matrix, missing: NDArray[np.bool_]) -> Matrix:
    X = np.where(missing, 0.0, X)
    drawn = draw_donors(missing, seed=0)
    donors_of(X[drawn], missing[drawn], n_rows=len(X)).fill(X, missing)
    return X


def test_a_customer_between_two_groups_is_put_in_one_of_them() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat([0.0, 10.0], 60)
    X = np.column_stack([rng.normal(0, 1, 120), group + rng.normal(0, 0.5, 120)])
    missing = np.zeros(X.shape, dtype=bool)
    missing[::5, 1] = True
    values = filled(X, missing)[::5, 1]
    assert np.minimum(np.abs(values), np.abs(values - 10)).max() < 2
    mean = Donors(X[~missing[:, 1]], 11)
    between = np.where(missing, 0.0, X)
    mean.fill(between, missing)
    assert np.minimum(np.abs(between[::5, 1]), np.abs(between[::5, 1] - 10)).max() > 2


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 1_000),
    n_rows=st.integers(2, 80),
    n_columns=st.integers(1, 5),
    share=st.sampled_from([0.05, 0.3, 0.8]),
)
def test_each_value_is_some_customers_own_and_does_not_depend_on_the_other_rows(
    seed: int, n_rows: int, n_columns: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, n_columns)).round(1)
    missing = rng.random(X.shape) < share
    everyone = filled(X, missing)
    np.testing.assert_array_equal(everyone[~missing], X[~missing])
    for j in range(n_columns):
        assert set(everyone[:, j]) <= {0.0, *X[~missing[:, j], j]}
    plain, drawn = np.where(missing, 0.0, X), draw_donors(missing, seed=0)
    donors = donors_of(plain[drawn], missing[drawn], n_rows=n_rows)
    alone = plain[-1:].copy()
    donors.fill(alone, missing[-1:])
    np.testing.assert_array_equal(alone[0], everyone[-1])


def test_rows_with_gaps_are_learned_from_where_complete_ones_are_few() -> None:
    rng = np.random.default_rng(0)
    X = np.repeat([0.0, 8.0], 100)[:, None] + rng.normal(0, 0.5, (200, 20))
    missing = rng.random(X.shape) < 0.25
    assert (~missing.any(axis=1)).sum() < 5
    assert np.abs(filled(X, missing) - X)[missing].max() < 4


def test_rings_are_found_in_spite_of_gaps() -> None:
    X, truth = make_circles(900, noise=0.03, factor=0.4, random_state=0)
    missing = np.random.default_rng(0).random(X.shape) < 0.15
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    rows = columns_apart(filled(X, missing), n_numeric=2, column_starts=range(2))
    found = find_groups_despite(missing, rows)
    assert found is not None
    complete = ~missing.any(axis=1)
    assert adjusted_rand_score(truth[complete], found.labels[complete]) == 1
