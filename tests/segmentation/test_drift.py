import numpy as np
import pytest
from scipy.stats import chi2

from app.segmentation.drift import assess_drift, population_stability_index


def drawn(n, seed, *, shift=0.0):
    values = np.random.default_rng(seed).normal(50, 10, (n, 4))
    values[:, 0] += shift * 10
    return values


def drift_of(trained_on, recent, **options):
    """Segments by tenths of the second feature, which stands for any rule of membership."""
    edges = np.quantile(trained_on[:, 1], [0.2, 0.4, 0.6, 0.8])
    return assess_drift(
        trained_on,
        recent,
        trained_segments=np.searchsorted(edges, trained_on[:, 1]),
        recent_segments=np.searchsorted(edges, recent[:, 1]),
        **options,
    )


def test_index_follows_its_formula():
    before, now = np.array([0.5, 0.5]), np.array([0.6, 0.4])
    expected = 0.1 * np.log(0.6 / 0.5) - 0.1 * np.log(0.4 / 0.5)
    assert population_stability_index(before, now) == pytest.approx(expected)


def test_the_same_customers_have_not_moved():
    values = drawn(5000, 0)
    found = drift_of(values, values)
    assert found.verdict == "stable"
    assert [change.index for change in found.features] == [0, 0, 0, 0]


@pytest.mark.parametrize("n_recent", [100, 200, 1000])
def test_customers_of_one_population_raise_few_alarms(n_recent):
    alarms = [
        drift_of(drawn(1000, seed), drawn(n_recent, 10_000 + seed)).verdict != "stable"
        for seed in range(100)
    ]
    assert sum(alarms) <= 5


def test_customers_of_whom_half_are_at_one_value_raise_few_alarms():
    def half_zeros(n, seed):
        rng = np.random.default_rng(seed)
        return rng.exponential(size=(n, 4)) * (rng.random((n, 4)) < 0.5)

    alarms = [
        drift_of(half_zeros(200, seed), half_zeros(100, 10_000 + seed)).verdict != "stable"
        for seed in range(100)
    ]
    assert sum(alarms) <= 5


def test_half_a_deviation_in_one_feature_of_300_customers_is_found():
    found = [
        drift_of(drawn(1000, seed), drawn(300, 10_000 + seed, shift=0.5)) for seed in range(50)
    ]
    assert sum(drift.features[0].band != "none" for drift in found) >= 45
    assert sum(drift.features[2].band != "none" for drift in found) <= 1


def test_the_index_by_chance_is_the_mean_index_without_change():
    changes = [
        change
        for seed in range(60)
        for change in drift_of(drawn(1000, seed), drawn(200, 10_000 + seed)).features
    ]
    expected = changes[0].index_by_chance
    assert expected == pytest.approx(chi2(9).mean() * (1 / 1000 + 1 / 200))
    assert np.mean([change.index for change in changes]) == pytest.approx(expected, rel=0.15)


def test_a_significant_change_that_is_too_small_to_matter_is_none():
    change = drift_of(drawn(20_000, 0), drawn(10_000, 1, shift=0.1)).features[0]
    assert change.p_value < 1e-6
    assert change.band == "none"


def test_sizes_of_segments_alone_can_drift():
    values = drawn(1000, 0)
    found = assess_drift(
        values,
        values[:300],
        trained_segments=np.repeat([0, 1], 500),
        recent_segments=np.repeat([0, 1], [280, 20]),
    )
    assert found.segments.band == "large"
    assert found.verdict == "retrain"


def test_blanks_that_were_filled_with_the_median_are_no_drift():
    given, recent = drawn(1000, 0), drawn(1000, 1)
    filled = given.copy()
    filled[600:, 2] = np.median(given[:600, 2])
    assert drift_of(filled, recent).features[2].band == "large"
    assert drift_of(filled, recent, n_filled=[0, 0, 400, 0]).features[2].band == "none"


def test_a_constant_feature_has_not_moved_and_an_empty_bin_is_finite():
    trained_on, recent = drawn(1000, 0), drawn(100, 1)
    trained_on[:, 2] = recent[:, 2] = 3.0
    recent[:, 3] = 5.0
    found = drift_of(trained_on, recent)
    assert found.features[2].band == "none"
    assert np.isfinite(found.features[3].index)
    assert found.features[3].band == "large"
