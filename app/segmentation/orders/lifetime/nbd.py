"""NBD: customers buy at random, each at a rate of their own, and none ever stops."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from app.segmentation.orders.lifetime.fitting import Fit
from app.segmentation.orders.lifetime.histories import Histories


@dataclass(frozen=True)
class NBD:
    """The model that is left where orders show nobody stopping.

    References
    ----------
    A. S. C. Ehrenberg (1959), "The pattern of consumer purchases", Applied Statistics 8.
    """

    name: str = "NBD"

    @property
    def parameters(self) -> tuple[str, ...]:
        return ("r", "alpha")

    @property
    def time_parameters(self) -> tuple[str, ...]:
        return ("alpha",)

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        return ((0.5, 0.3), (3.0, 2.0))

    def log_likelihood(
        self, values: NDArray[np.float64], observed: Histories
    ) -> tuple[float, NDArray[np.float64]]:
        r, alpha = values
        x, w = observed.frequency, observed.weight
        log_now = np.log(alpha + observed.age)
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * log_now
        gradient = (
            w @ (digamma(r + x) - digamma(r) + np.log(alpha) - log_now),
            w @ (r / alpha - (r + x) * np.exp(-log_now)),
        )
        return float(w @ each), np.array(gradient, dtype=np.float64)

    def probability_alive(self, fit: Fit, observed: Histories) -> NDArray[np.float64]:
        return np.ones(len(observed))

    def expected_orders(self, fit: Fit, observed: Histories, horizon: float) -> NDArray[np.float64]:
        rate = (fit["r"] + observed.frequency) / (fit["alpha"] + observed.age)
        return np.asarray(rate * horizon, dtype=np.float64)

    def simulate_orders(
        self, fit: Fit, observed: Histories, horizon: float, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        rate = rng.gamma(fit["r"] + observed.frequency) / (fit["alpha"] + observed.age)
        return rng.poisson(rate * horizon)
