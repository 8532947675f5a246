"""Mixtures of numbers and categories, compared with SciPy's densities."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from app.segmentation.clustering.mixture import COVARIANCES, Covariance, Mixture, fit_mixture


def fitted(covariance: Covariance) -> tuple[Mixture, np.ndarray, list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 100)
    X = rng.normal(size=(300, 3)) + 5 * np.eye(3)[truth]
    codes = [np.where(rng.random(300) < 0.8, truth, rng.integers(0, 3, 300))]
    return fit_mixture(X, codes, truth, covariance=covariance), X, codes, truth


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_density_is_that_of_scipy(covariance: Covariance) -> None:
    mixture, X, codes, _ = fitted(covariance)
    joint = mixture.log_joint(X, codes)

    for i in range(3):
        factor = np.linalg.inv(mixture.whitening[i])
        expected = (
            np.log(mixture.weights[i])
            + multivariate_normal(mixture.means[i], factor.T @ factor).logpdf(X)
            + mixture.log_shares[i][codes[0]]
        )
        np.testing.assert_allclose(joint[:, i], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("covariance", "of_covariance"),
    [("spherical", 3), ("diagonal", 9), ("tied", 6), ("full", 18)],
)
def test_criterion_charges_every_free_parameter(covariance: Covariance, of_covariance: int) -> None:
    mixture, X, codes, _ = fitted(covariance)
    likelihood = logsumexp(mixture.log_joint(X, codes), axis=1).sum()
    free = 2 + 3 * 3 + 3 * 2 + of_covariance

    assert mixture.bic == pytest.approx(-2 * likelihood + free * np.log(300))


def test_groups_that_are_apart_keep_their_rows() -> None:
    mixture, X, codes, truth = fitted("full")

    assert (mixture.log_joint(X, codes).argmax(axis=1) == truth).mean() > 0.97


def test_an_unknown_level_says_nothing() -> None:
    mixture, X, codes, _ = fitted("tied")
    unknown = [np.full(300, 7)]
    known_numbers = mixture.log_joint(X, codes) - mixture.log_shares[:, codes[0]].T

    np.testing.assert_allclose(mixture.log_joint(X, unknown), known_numbers, atol=1e-9)


def test_equal_rows_are_no_infinitely_dense_group() -> None:
    X = np.vstack([np.zeros((50, 2)), np.random.default_rng(0).normal(3, 1, (50, 2))])

    mixture = fit_mixture(X, [], np.repeat([0, 1], 50), covariance="full")

    assert np.isfinite(mixture.bic)
    assert np.isfinite(mixture.log_joint(X, [])).all()


def test_a_level_that_no_row_has_is_rare_and_not_impossible() -> None:
    X = np.random.default_rng(0).normal(size=(60, 2))
    codes = [np.repeat([0, 2], 30)]

    mixture = fit_mixture(X, codes, np.repeat([0, 1], 30), covariance="full")

    assert np.isfinite(mixture.bic)
    assert np.isfinite(mixture.log_joint(X, [np.ones(60, dtype=np.int64)])).all()
