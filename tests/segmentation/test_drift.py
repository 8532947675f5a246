import numpy as np
import pytest

from app.segmentation.drift import bin_shares, decile_bins, population_stability_index


def psi(bins, values):
    return population_stability_index(
        np.array(bins.shares), bin_shares(values, np.array(bins.edges))
    )


def test_index_follows_its_formula():
    before, now = np.array([0.5, 0.5]), np.array([0.6, 0.4])
    expected = 0.1 * np.log(0.6 / 0.5) - 0.1 * np.log(0.4 / 0.5)
    assert population_stability_index(before, now) == pytest.approx(expected)


def test_the_same_customers_have_not_moved():
    values = np.random.default_rng(0).normal(50, 10, 5000)
    assert psi(decile_bins(values), values) == 0


def test_the_index_tells_no_change_from_a_large_one():
    rng = np.random.default_rng(1)
    bins = decile_bins(rng.normal(50, 10, 5000))
    assert psi(bins, rng.normal(50, 10, 5000)) < 0.02
    assert psi(bins, rng.normal(60, 10, 5000)) > 0.25


def test_an_empty_bin_is_large_but_finite():
    bins = decile_bins(np.arange(1000.0))
    assert 0.25 < psi(bins, np.full(100, 5.0)) < 100


@pytest.mark.parametrize("values", [np.full(50, 3.0), np.repeat([1.0, 2.0], [48, 2])])
def test_tied_values_keep_shares_that_sum_to_one(values):
    bins = decile_bins(values)
    assert sum(bins.shares) == pytest.approx(1)
    assert len(bins.shares) == len(bins.edges) + 1
    assert psi(bins, values) == 0


def test_no_customers_have_no_shares():
    assert bin_shares(np.array([]), np.array([1.0])).tolist() == [0, 0]
