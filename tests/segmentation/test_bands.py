import numpy as np
import pytest

from app.segmentation.description.bands import (
    above_band,
    count_middle,
    count_upper,
    own_band,
    written,
)


class TestMiddleBands:
    def test_are_the_shares_of_the_middle_half(self) -> None:
        rng = np.random.default_rng(0)
        values, labels = rng.normal(50, 9, 400), rng.integers(0, 3, 400)
        values[::7] = np.nan
        known = ~np.isnan(values)
        for own, band in enumerate(count_middle("x", values, labels, 3).bands()):
            assert band.low == pytest.approx(np.quantile(values[known], 0.25), abs=1)
            assert band.high == pytest.approx(np.quantile(values[known], 0.75), abs=1)
            within = (values >= band.low) & (values <= band.high)
            assert band.share == within[known & (labels == own)].mean()
            assert band.rest == within[known & (labels != own)].mean()
            assert np.sign(band.effect) == np.sign(band.share - band.rest)

    def test_are_none_where_there_is_no_middle_and_nobody_to_compare_with(self) -> None:
        labels = np.array([0, 0, 1, 1])
        for values in ([5.0] * 4, [np.nan] * 4):
            assert count_middle("x", np.array(values), labels, 2) is None
        alone = count_middle("x", np.array([1.0, 5, np.nan, np.nan]), labels, 2).bands()
        assert alone == (None, None)


def test_upper_bands_are_the_shares_above_the_median() -> None:
    values, labels = np.array([1.0, 2, 3, 4, np.nan, 9]), np.array([0, 0, 1, 0, 1, 1])
    below, above = count_upper("x", values, labels, 2).bands()
    assert (below.share, below.rest) == pytest.approx((1 / 3, 1 / 2))
    assert (above.share, above.rest) == pytest.approx((1 / 2, 1 / 3))
    assert count_upper("x", np.full(6, np.nan), labels, 2) is None


class TestOwnBand:
    @pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e6, 1e200])
    def test_holds_at_least_the_share_that_was_asked_for(self, scale: float) -> None:
        values = np.random.default_rng(0).normal(size=300) * scale
        inside = np.arange(300) < 100
        band = own_band("x", values, inside, share=0.9)
        assert band.share >= 0.9
        assert band.high - band.low < 1.3 * np.ptp(np.quantile(values[inside], (0.05, 0.95)))

    def test_has_ends_of_few_digits(self) -> None:
        values = np.array([18.213, 19.9, 21.44, 24.87, 60.0])
        band = own_band("x", values, values < 50, share=1.0)
        assert written((band.low, band.high)) == "18.2 to 24.9"
        assert (band.share, band.rest) == (1, 0)


def test_above_a_limit_leaves_out_the_limit_itself() -> None:
    band = above_band("x", np.array([1.0, 2, 3, 2]), np.array([0, 1, 1, 0]) == 1, limit=2.0)
    assert (band.share, band.rest) == (0.5, 0)
