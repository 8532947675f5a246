"""Pareto/NBD: customers buy at random and may stop for good at any time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from app.segmentation.orders.lifetime.fitting import Fit
from app.segmentation.orders.lifetime.histories import Histories

_BLOCK_ROWS = 20_000
_NODES = 64


@dataclass(frozen=True)
class ParetoNBD:
    """Orders come at a customer's own rate until the end of a lifetime of their own.

    Rates and the rates of stopping are gamma distributed over customers.

    References
    ----------
    D. C. Schmittlein, D. G. Morrison and R. Colombo (1987), "Counting your customers: who are they
    and what will they do next?", Management Science 33.

    Notes
    -----
    The likelihood is that of being alive, plus the integral over the time y at which the customer
    stopped, of (alpha + y) ^ -(r + x) (beta + y) ^ -(s + 1). With u = log(1 + (y - t_x) / d), where
    d is the time in which the integrand falls by a factor of e at first, it is smooth on every
    scale of time, and Gauss and Legendre's rule is exact to ten digits; nothing overflows for
    however many orders. The closed form needs hypergeometric functions whose derivatives have none.
    """

    name: str = "Pareto/NBD"

    @property
    def parameters(self) -> tuple[str, ...]:
        return ("r", "alpha", "s", "beta")

    @property
    def time_parameters(self) -> tuple[str, ...]:
        return ("alpha", "beta")

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        return ((0.6, 0.3, 0.6, 0.4), (1.5, 1.5, 0.4, 1.0))

    def log_likelihood(
        self, values: NDArray[np.float64], observed: Histories
    ) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.0, np.zeros(4)
        for start in range(0, len(observed), _BLOCK_ROWS):
            part = self._of_block(values, observed.rows(start, start + _BLOCK_ROWS))
            total += part[0]
            gradient += part[1]
        return total, gradient

    def _of_block(
        self, values: NDArray[np.float64], observed: Histories
    ) -> tuple[float, NDArray[np.float64]]:
        r, alpha, s, beta = values
        x, w, T = observed.frequency, observed.weight, observed.age
        alive = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
        log_integral, shares, a_y, b_y = _stopping(values, observed)
        stopped = np.log(s) + log_integral
        either = np.logaddexp(alive, stopped)
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + either
        u = np.exp(stopped - either)
        held, gone = w * (1 - u), w * u

        def mean(of: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(np.einsum("ij,ij->i", shares, of), dtype=np.float64)

        n = w.sum()
        gradient = (
            w @ (digamma(r + x) - digamma(r))
            + n * np.log(alpha)
            - held @ np.log(alpha + T)
            - gone @ mean(np.log(a_y)),
            n * r / alpha - (held * (r + x)) @ (1 / (alpha + T)) - (gone * (r + x)) @ mean(1 / a_y),
            n * np.log(beta) - held @ np.log(beta + T) + gone.sum() / s - gone @ mean(np.log(b_y)),
            n * s / beta - s * (held @ (1 / (beta + T))) - (s + 1) * (gone @ mean(1 / b_y)),
        )
        return float(w @ each), np.array(gradient, dtype=np.float64)

    def probability_alive(self, fit: Fit, observed: Histories) -> NDArray[np.float64]:
        """Probability that a customer has not stopped, shape (n_rows,)."""
        values = np.array(fit.values)
        r, alpha, s, beta = values
        alive = -(r + observed.frequency) * np.log(alpha + observed.age)
        alive -= s * np.log(beta + observed.age)
        stopped = np.log(s) + np.concatenate(
            [
                _stopping(values, observed.rows(start, start + _BLOCK_ROWS))[0]
                for start in range(0, len(observed), _BLOCK_ROWS)
            ]
        )
        return np.asarray(np.exp(alive - np.logaddexp(alive, stopped)), dtype=np.float64)

    def expected_orders(self, fit: Fit, observed: Histories, horizon: float) -> NDArray[np.float64]:
        """Orders expected within ``horizon``, in the time unit of the fit, shape (n_rows,)."""
        r, alpha, s, beta = fit.values
        rate = (r + observed.frequency) / (alpha + observed.age)
        reach = np.log1p(horizon / (beta + observed.age))
        # (1 - e^(-(s - 1) reach)) / (s - 1), which is the reach itself at s = 1.
        span = reach if s == 1 else -np.expm1(-(s - 1) * reach) / (s - 1)
        alive = self.probability_alive(fit, observed)
        return np.asarray(alive * rate * (beta + observed.age) * span, dtype=np.float64)

    def simulate_orders(
        self, fit: Fit, observed: Histories, horizon: float, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw each customer's number of orders within ``horizon`` once, shape (n_rows,)."""
        r, alpha, s, beta = fit.values
        rate = rng.gamma(r + observed.frequency) / (alpha + observed.age)
        stopping = rng.gamma(s, size=len(observed)) / (beta + observed.age)
        alive = rng.random(len(observed)) < self.probability_alive(fit, observed)
        left = rng.exponential(size=len(observed)) / np.maximum(stopping, 1e-300)
        return np.where(alive, rng.poisson(rate * np.minimum(left, horizon)), 0)


def _stopping(
    values: NDArray[np.float64], observed: Histories
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Integrate over the time at which a customer stopped.

    Returns
    -------
    log_integral : ndarray of shape (n_rows,)
    shares : ndarray of shape (n_rows, n_nodes)
        Each node's part of the integral; they sum to 1.
    alpha_y, beta_y : ndarray of shape (n_rows, n_nodes)
        alpha and beta plus the node's time.
    """
    r, alpha, s, beta = values
    of_buying, of_stopping = r + observed.frequency, s + 1
    a_then, b_then = alpha + observed.recency, beta + observed.recency
    scale = 1 / (of_buying / a_then + of_stopping / b_then)
    reach = np.log1p((observed.age - observed.recency) / scale)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    u = reach[:, None] * (nodes + 1) / 2
    after = scale[:, None] * np.expm1(u)
    alpha_y, beta_y = a_then[:, None] + after, b_then[:, None] + after
    parts = np.log(weights / 2) + u
    parts -= of_buying[:, None] * np.log1p(after / a_then[:, None])
    parts -= of_stopping * np.log1p(after / b_then[:, None])
    highest = parts.max(axis=1, keepdims=True)
    shares = np.exp(parts - highest)
    sums = shares.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        # Nothing where the last order is at the snapshot itself: there was no time to stop.
        log_integral = np.log(reach)
    log_integral += np.log(scale) - of_buying * np.log(a_then) - of_stopping * np.log(b_then)
    return log_integral + (highest + np.log(sums))[:, 0], shares / sums, alpha_y, beta_y
