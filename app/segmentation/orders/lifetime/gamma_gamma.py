"""Gamma-Gamma: what a customer's orders are worth, drawn towards the mean of all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln
from scipy.stats import spearmanr

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.fitting import Fit

DEPENDENT = 0.1
"""Spearman's correlation between number and mean value of orders from which money depends on
frequency, which the model rules out: a small effect (Cohen 1988, "Statistical Power Analysis for
the Behavioral Sciences")."""


@dataclass(frozen=True, eq=False)
class Amounts:
    """What customers spent, one row each.

    Attributes
    ----------
    orders : ndarray of float64, shape (n_rows,)
        Orders that the mean is of; above 0.
    mean : ndarray of float64, shape (n_rows,)
        Mean value of these orders; above 0.
    """

    orders: NDArray[np.float64]
    mean: NDArray[np.float64]

    def __post_init__(self) -> None:
        sound = np.isfinite(self.orders) & np.isfinite(self.mean)
        sound &= (self.orders > 0) & (self.mean > 0)
        if not sound.all():
            row = int(np.argmin(sound))
            raise DegenerateDataError(
                f"Row {row}: {self.orders[row]:g} orders of {self.mean[row]:g} on average; the "
                "value model takes customers with orders of a value above 0."
            )

    def __len__(self) -> int:
        return len(self.orders)


@dataclass(frozen=True)
class GammaGamma:
    """Orders of a customer vary around the customer's own mean, and these means over customers.

    Money must not depend on frequency; see `dependence`.

    References
    ----------
    P. S. Fader, B. G. S. Hardie and K. L. Lee (2005), "RFM and CLV: using iso-value curves for
    customer base analysis", J. Marketing Research 42.
    """

    name: str = "Gamma-Gamma"

    @property
    def parameters(self) -> tuple[str, ...]:
        return ("p", "q", "gamma")

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        return ((4.0, 3.0, 0.5), (1.5, 4.0, 2.0))

    def log_likelihood(
        self, values: NDArray[np.float64], observed: Amounts
    ) -> tuple[float, NDArray[np.float64]]:
        p, q, gamma = values
        x, m = observed.orders, observed.mean
        px, spent = p * x, x * m
        log_reach, log_spent = np.log(gamma + spent), np.log(spent)
        each = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(gamma) - np.log(m)
        each += px * log_spent - (px + q) * log_reach
        both = digamma(px + q)
        gradient = (
            x @ (both - digamma(px) + log_spent - log_reach),
            (both - digamma(q) + np.log(gamma) - log_reach).sum(),
            (q / gamma - (px + q) / (gamma + spent)).sum(),
        )
        return float(each.sum()), np.array(gradient, dtype=np.float64)


def expected_value(
    fit: Fit, orders: NDArray[np.floating], mean: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Expect a mean value of each customer's further orders.

    Parameters
    ----------
    fit : Fit
        Of `GammaGamma`, in the currency of ``mean``.
    orders, mean : ndarray of shape (n_rows,)
        Orders so far and their mean value; 0 orders gives the mean over all customers.

    Raises
    ------
    DegenerateDataError
        q is 1 or less: the mean over customers is infinite then.
    """
    p, q, gamma = fit.values
    if q <= 1:
        raise DegenerateDataError(
            "Expected money cannot be given: a few customers spend so much more than all others "
            f"that a mean says nothing of the next one (q = {q:.2f}). Expected orders can."
        )
    return np.asarray(p * (gamma + orders * mean) / (p * orders + q - 1), dtype=np.float64)


def dependence(observed: Amounts) -> float:
    """Measure Spearman's rank correlation between number and mean value of orders, or 0.

    It is 0 where one of the two is equal for all customers.
    """
    if np.ptp(observed.orders) == 0 or np.ptp(observed.mean) == 0:
        return 0.0
    return float(spearmanr(observed.orders, observed.mean).statistic)
