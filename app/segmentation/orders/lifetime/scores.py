"""One way of forecasting, compared with what customers then did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DECILES = 10
TOP_SHARE = 0.1

Measure = Literal["total_error", "decile_error", "top_found"]


@dataclass(frozen=True, kw_only=True)
class ForecastTrial:
    """A forecast of orders or of money, against what came.

    Attributes
    ----------
    name : str
    naive : bool
        Whether customers are taken to go on as so far, without a model.
    expected, actual : float
        Sum over all customers in the holdout part.
    total_error : float
        expected / actual - 1; NaN where nothing came.
    mean_absolute_error : float
        Per customer.
    decile_error : float
        Mean difference between expected and actual of a tenth, as a share of the mean actual;
        NaN where nothing came.
    by_decile : tuple of (float, float)
        Mean expected and mean actual values, customers by what was expected, lowest first.
    top_found : float
        Share of the real top tenth of customers that the expected top tenth holds; NaN where
        nothing came.
    """

    name: str
    naive: bool
    expected: float
    actual: float
    total_error: float
    mean_absolute_error: float
    decile_error: float
    by_decile: tuple[tuple[float, float], ...]
    top_found: float


def score(
    name: str,
    expected: NDArray[np.floating],
    actual: NDArray[np.floating],
    *,
    naive: bool = False,
) -> ForecastTrial:
    """Compare what was expected of each customer with what came.

    Where customers are expected to do the same, each tenth and the top get the mean of them, so
    that the order of the rows does not matter.

    Parameters
    ----------
    name : str
    expected, actual : ndarray of shape (n_customers,)
    naive : bool
    """
    total, came = float(expected.sum()), float(actual.sum())
    ranked = np.argsort(expected, kind="stable")
    typical = _mean_of_ties(expected, actual)
    deciles = tuple(
        (float(expected[part].mean()), float(typical[part].mean()))
        for part in np.array_split(ranked, DECILES)
        if len(part)
    )
    mean = came / len(actual)
    return ForecastTrial(
        name=name,
        naive=naive,
        expected=total,
        actual=came,
        total_error=total / came - 1 if came else float("nan"),
        mean_absolute_error=float(np.abs(expected - actual).mean()),
        decile_error=float(np.mean([abs(e - a) for e, a in deciles])) / mean
        if came
        else float("nan"),
        by_decile=deciles,
        top_found=_top_found(expected, actual),
    )


def winners(scores: Sequence[ForecastTrial]) -> dict[Measure, ForecastTrial]:
    """Find the best way by each measure, the earlier one where two are equal."""
    worst: Mapping[Measure, Callable[[ForecastTrial], float]] = {
        "total_error": lambda each: abs(each.total_error),
        "decile_error": lambda each: each.decile_error,
        "top_found": lambda each: -each.top_found,
    }
    return {
        measure: min(scores, key=lambda each: _or_infinite(error(each)))
        for measure, error in worst.items()
    }


def _or_infinite(error: float) -> float:
    return error if np.isfinite(error) else float("inf")


def _mean_of_ties(
    expected: NDArray[np.floating], actual: NDArray[np.floating]
) -> NDArray[np.float64]:
    _, group = np.unique(expected, return_inverse=True)
    means = np.bincount(group, weights=actual) / np.bincount(group)
    return np.asarray(means[group], dtype=np.float64)


def _top_found(expected: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    k = max(1, round(TOP_SHARE * len(actual)))
    # Those who did nothing are no top tenth, however few others there are.
    real = _in_top(actual, min(k, int((actual > 0).sum())))
    if not real.any():
        return float("nan")
    return float(real @ _in_top(expected, k) / real.sum())


def _in_top(values: NDArray[np.floating], k: int) -> NDArray[np.float64]:
    """Give each customer's chance to be among the ``k`` largest, ties being drawn."""
    if k == 0:
        return np.zeros(len(values))
    edge = np.partition(values, -k)[-k]
    above, at = values > edge, values == edge
    return np.asarray(above + at * ((k - above.sum()) / at.sum()), dtype=np.float64)
