"""BG/NBD and MBG/NBD: customers buy at random and may stop for good after any order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, digamma, gammaln, hyp2f1

from app.segmentation.orders.lifetime.fitting import Fit
from app.segmentation.orders.lifetime.histories import Histories

_AT_ONE = 1e-4
"""The closed form is 0 / 0 at a = 1; nearer to it than this, the values at both sides are
averaged, which errs by the square of the distance."""


@dataclass(frozen=True)
class BetaGeometric:
    """Orders come at a customer's own rate, gamma distributed over customers, until one stops.

    Each customer stops after any order with a probability of their own, beta distributed.

    Attributes
    ----------
    modified : bool
        Whether customers may stop after the very first order too (MBG/NBD). Under BG/NBD they
        cannot, and every customer with one order counts as alive for certain.

    References
    ----------
    P. S. Fader, B. G. S. Hardie and K. L. Lee (2005), ""Counting your customers" the easy way: an
    alternative to the Pareto/NBD model", Marketing Science 24; E. P. Batislam, M. Denizel and
    A. Filiztekin (2007), "Empirical validation and comparison of models for customer base
    analysis", Int. J. Research in Marketing 24. The expectation is theirs after Euler's
    transformation of the hypergeometric function, which keeps its arguments small.
    """

    modified: bool

    @property
    def name(self) -> str:
        return "MBG/NBD" if self.modified else "BG/NBD"

    @property
    def parameters(self) -> tuple[str, ...]:
        return ("r", "alpha", "a", "b")

    @property
    def time_parameters(self) -> tuple[str, ...]:
        return ("alpha",)

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        return ((0.5, 0.2, 0.7, 2.0), (1.5, 1.5, 0.3, 3.0))

    @property
    def _extra(self) -> int:
        return int(self.modified)

    def log_likelihood(
        self, values: NDArray[np.float64], observed: Histories
    ) -> tuple[float, NDArray[np.float64]]:
        r, alpha, a, b = values
        x, w = observed.frequency, observed.weight
        log_now, log_then = np.log(alpha + observed.age), np.log(alpha + observed.recency)
        alive, stopped = -(r + x) * log_now, self._stopped(values, observed, log_then)
        either = np.logaddexp(alive, stopped)
        chances = b + x + self._extra
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        each += betaln(a, chances) - betaln(a, b) + either
        u = np.exp(stopped - either)
        held, gone = w * (1 - u), w * u
        both = digamma(a + b) - digamma(a + chances)
        before = np.where(u > 0, b + x + self._extra - 1, 1.0)
        gradient = (
            w @ (digamma(r + x) - digamma(r) + np.log(alpha)) - held @ log_now - gone @ log_then,
            w.sum() * r / alpha
            - (held * (r + x)) @ np.exp(-log_now)
            - (gone * (r + x)) @ np.exp(-log_then),
            w @ both + gone.sum() / a,
            w @ (both + digamma(chances) - digamma(b)) - gone @ (1 / before),
        )
        return float(w @ each), np.array(gradient, dtype=np.float64)

    def _stopped(
        self, values: NDArray[np.float64], observed: Histories, log_then: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Logarithm of the part of the likelihood in which the last order was the last one."""
        r, _, a, b = values
        x = observed.frequency
        may = (x > 0) | self.modified
        before = np.where(may, b + x + self._extra - 1, 1.0)
        return np.where(may, np.log(a) - np.log(before) - (r + x) * log_then, -np.inf)

    def probability_alive(self, fit: Fit, observed: Histories) -> NDArray[np.float64]:
        """Probability that a customer will order again, shape (n_rows,)."""
        values = np.array(fit.values)
        alpha = fit["alpha"]
        alive = -(fit["r"] + observed.frequency) * np.log(alpha + observed.age)
        stopped = self._stopped(values, observed, np.log(alpha + observed.recency))
        return np.exp(alive - np.logaddexp(alive, stopped))

    def expected_orders(self, fit: Fit, observed: Histories, horizon: float) -> NDArray[np.float64]:
        """Orders expected within ``horizon``, in the time unit of the fit, shape (n_rows,)."""
        if abs(fit["a"] - 1) < _AT_ONE:
            sides = (1 - _AT_ONE, 1 + _AT_ONE)
            if_alive = sum(self._if_alive(fit, a, observed, horizon) for a in sides) / 2
        else:
            if_alive = self._if_alive(fit, fit["a"], observed, horizon)
        return np.asarray(self.probability_alive(fit, observed) * if_alive, dtype=np.float64)

    def _if_alive(
        self, fit: Fit, a: float, observed: Histories, horizon: float
    ) -> NDArray[np.float64]:
        r, alpha, b = fit["r"], fit["alpha"], fit["b"] + self._extra
        total = a + b + observed.frequency - 1
        reach = alpha + observed.age + horizon
        z = horizon / reach
        power = np.exp((a - 1) * np.log1p(-z))
        return np.asarray(
            total / (a - 1) * (1 - power * hyp2f1(a - 1, a + b - r - 1, total, z)),
            dtype=np.float64,
        )

    def simulate_orders(
        self, fit: Fit, observed: Histories, horizon: float, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw each customer's number of orders within ``horizon`` once, shape (n_rows,)."""
        x = observed.frequency
        rate = rng.gamma(fit["r"] + x) / (fit["alpha"] + observed.age)
        stop = rng.beta(fit["a"], fit["b"] + x + self._extra)
        alive = rng.random(len(x)) < self.probability_alive(fit, observed)
        bought = rng.poisson(rate * horizon)
        last = rng.geometric(np.maximum(stop, 1e-12))
        return np.where(alive, np.minimum(bought, last), 0)
