"""Mixtures of Gaussian numbers and multinomial categories, fitted by expectation-maximisation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Covariance = Literal["spherical", "diagonal", "tied", "full"]
COVARIANCES: tuple[Covariance, ...] = get_args(Covariance)

MOST_ROUNDS = 40
SETTLED = 0.01
"""Gain in log likelihood, per square root of the rows, under which a round is the last."""

SHRINKAGE = 0.5
"""Share of the variance that a component would have in an even division, expected of it before
any row is seen."""

LEAST_VARIANCE = 1e-3
"""Share of a column's variance that a component has at least: equal values are no infinitely
dense group."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Mixture:
    """A fitted mixture; within a component, categories depend on nothing else.

    Attributes
    ----------
    covariance : {"spherical", "diagonal", "tied", "full"}
    weights : ndarray of shape (n_components,)
    means : ndarray of shape (n_components, n_numeric)
    whitening : ndarray of shape (n_components, n_numeric, n_numeric)
        Of each component: a row's offset from the mean times it has unit covariance.
    levels : tuple of int
        Levels of each categorical column.
    log_shares : ndarray of shape (n_components, sum of levels)
        Of the levels, column beside column.
    bic : float
        Bayesian information criterion on the rows it was fitted on; lower is better.
    """

    covariance: Covariance
    weights: Matrix
    means: Matrix
    whitening: Matrix
    levels: tuple[int, ...]
    log_shares: Matrix
    bic: float

    @property
    def n_components(self) -> int:
        return len(self.weights)

    def log_joint(self, X: Matrix, codes: Sequence[NDArray[np.int64]]) -> Matrix:
        """Log density of each row with each component.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_numeric)
        codes : sequence of ndarray of int64, each of shape (n_samples,)
            A level that the fit did not see says nothing.

        Returns
        -------
        ndarray of shape (n_samples, n_components)
        """
        return self._joint(X, _one_hot(codes, self.levels, len(X))).T

    def _joint(self, X: Matrix, hot: Matrix) -> Matrix:
        """Return the same as rows of components, along which sums are fast."""
        joint = np.repeat(np.log(self.weights)[:, None], len(X), axis=1)
        if X.shape[1]:
            joint += self._log_density(X)
        if hot.shape[1]:
            joint += self.log_shares @ hot.T
        return joint

    def _log_density(self, X: Matrix) -> Matrix:
        scales = np.diagonal(self.whitening, axis1=1, axis2=2)
        if self.covariance == "full":
            white = np.matmul(X[None] - self.means[:, None], self.whitening)
            squares = np.einsum("kij,kij->ki", white, white)
        elif self.covariance == "tied":
            rows, means = X @ self.whitening[0], self.means @ self.whitening[0]
            squares = _squares(rows, means, np.ones_like(means))
        else:
            squares = _squares(X, self.means, scales**2)
        constant = np.log(scales).sum(axis=1) - 0.5 * X.shape[1] * np.log(2 * np.pi)
        return np.asarray(constant[:, None] - 0.5 * squares, dtype=np.float64)


def fit_mixture(
    X: Matrix,
    codes: Sequence[NDArray[np.int64]],
    start: NDArray[np.integer],
    *,
    covariance: Covariance,
) -> Mixture:
    """Fit a mixture, beginning with a partition.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_numeric)
        Standardised numbers; none where all columns are categorical.
    codes : sequence of ndarray of int64, each of shape (n_samples,)
        Levels of the categorical columns, numbered from 0.
    start : ndarray of shape (n_samples,)
        Component of each row, 0 to n_components - 1, none of them empty.
    covariance : {"spherical", "diagonal", "tied", "full"}

    Notes
    -----
    Covariances are the posterior mode under a weak inverse Wishart prior (Fraley and Raftery
    2007), and shares of levels under a Dirichlet prior of one row.

    References
    ----------
    C. Fraley and A. Raftery (2007), "Bayesian regularization for normal mixture estimation and
    model-based clustering", J. Classif. 24; L. Hunt and M. Jorgensen (2011), "Clustering mixed
    data", WIREs Data Min. Knowl. Discov. 1.
    """
    n_rows, n_components = len(X), int(start.max()) + 1
    levels = tuple(int(column.max()) + 1 for column in codes)
    hot = _one_hot(codes, levels, n_rows)
    duties = (start == np.arange(n_components)[:, None]).astype(np.float64)
    before = -np.inf
    for _ in range(MOST_ROUNDS):
        mixture = _maximised(X, hot, levels, duties, covariance)
        duties = mixture._joint(X, hot)
        highest = duties.max(axis=0)
        np.exp(np.subtract(duties, highest, out=duties), out=duties)
        total = duties.sum(axis=0)
        duties /= total
        now = float(highest.sum() + np.log(total).sum())
        if now - before < SETTLED * np.sqrt(n_rows):
            break
        before = now
    free = _n_parameters(n_components, X.shape[1], levels, covariance)
    return replace(mixture, bic=float(-2 * now + free * np.log(n_rows)))


def _one_hot(codes: Sequence[NDArray[np.int64]], levels: Sequence[int], n_rows: int) -> Matrix:
    blocks = [
        (column[:, None] == np.arange(size)).astype(np.float64)
        for column, size in zip(codes, levels, strict=True)
    ]
    return np.hstack(blocks) if blocks else np.empty((n_rows, 0))


def _maximised(
    X: Matrix, hot: Matrix, levels: tuple[int, ...], duties: Matrix, covariance: Covariance
) -> Mixture:
    counts = duties.sum(axis=1) + 1e-9
    # A level that none of these rows has is rare, and not impossible.
    margins = np.maximum(hot.mean(axis=0), 1 / len(X))
    means = duties @ X / counts[:, None]
    return Mixture(
        covariance=covariance,
        weights=counts / counts.sum(),
        means=means,
        whitening=_whitening(X, duties, means, counts, covariance),
        levels=levels,
        log_shares=np.log((duties @ hot + margins) / (counts + 1)[:, None]),
        bic=np.inf,
    )


def _whitening(
    X: Matrix, duties: Matrix, means: Matrix, counts: Matrix, covariance: Covariance
) -> Matrix:
    (n_rows, d), k = X.shape, len(means)
    if d == 0:
        return np.empty((k, 0, 0))
    spread = X.var(axis=0)
    strength = d + 2
    prior = strength * SHRINKAGE * spread / k ** (2 / d)
    least = LEAST_VARIANCE * spread
    if covariance in ("spherical", "diagonal"):
        squares = np.maximum(duties @ X**2 - counts[:, None] * means**2, 0)
        variances = (squares + prior) / (counts + strength)[:, None] + least
        if covariance == "spherical":
            variances = np.repeat(variances.mean(axis=1, keepdims=True), d, axis=1)
        return np.asarray(np.eye(d) / np.sqrt(variances)[:, None, :], dtype=np.float64)
    if covariance == "tied":
        scatter = (X.T @ X - (means * counts[:, None]).T @ means)[None]
        sizes = np.array([n_rows + strength])
    else:
        centred = X[None] - means[:, None]
        scatter = np.matmul((centred * duties[:, :, None]).transpose(0, 2, 1), centred)
        sizes = counts + strength
    found = (scatter + np.diag(prior)) / sizes[:, None, None] + np.diag(least)
    inverse = np.linalg.inv(np.linalg.cholesky(found)).transpose(0, 2, 1)
    return np.broadcast_to(inverse, (k, d, d))


def _squares(X: Matrix, means: Matrix, weights: Matrix) -> Matrix:
    """Weighted squared distances, shape (n_components, n_samples)."""
    crossed = weights @ (X**2).T - 2 * (means * weights) @ X.T
    return np.asarray(np.maximum(crossed + (means**2 * weights).sum(axis=1)[:, None], 0))


def _n_parameters(k: int, d: int, levels: Sequence[int], covariance: Covariance) -> float:
    free = k - 1 + k * d + k * sum(size - 1 for size in levels)
    of_covariance = {
        "spherical": k if d else 0,
        "diagonal": k * d,
        "tied": d * (d + 1) // 2,
        "full": k * d * (d + 1) // 2,
    }
    return free + of_covariance[covariance]
