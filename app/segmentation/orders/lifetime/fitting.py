"""Maximum likelihood for a purchase model, and what the shape of the likelihood says of the fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.segmentation.errors import DegenerateDataError

Observed = TypeVar("Observed", contravariant=True)

BORDER = 9.0
"""Logarithm of a parameter, time measured in customers' mean age, beyond which the likelihood
has no maximum within reach: e^9 is 8,000 customer lives."""

FLAT = 2.0
"""Standard error of a parameter's logarithm from which the data do not say its size: two of them
span a factor of 3,000."""

_LIMIT = 12.0
_STEP = 1e-4
_TOLERANCE = 1e-5

Status = Literal["sound", "border", "flat", "not_converged"]

_AT_BORDER: Mapping[tuple[str, str], str] = {
    ("a", "shrinks"): "customers hardly ever stop ordering",
    ("a", "grows"): "all customers stop ordering at nearly the same rate",
    ("b", "grows"): "customers hardly ever stop ordering",
    ("s", "shrinks"): "customers hardly ever stop ordering",
    ("beta", "grows"): "customers hardly ever stop ordering",
    ("r", "grows"): "all customers order at nearly the same rate",
    ("s", "grows"): "all customers stop ordering at nearly the same rate",
    ("r", "shrinks"): "nearly all orders come from very few customers",
    ("p", "grows"): "the orders of a customer hardly differ in value",
    ("q", "grows"): "customers hardly differ in the value of their orders",
}
"""What it means that a parameter has no size; a name means the same in all models."""

_ABOUT: Mapping[str, str] = {
    "r": "how much customers differ in how often they order",
    "alpha": "how much customers differ in how often they order",
    "a": "how many customers stop ordering",
    "b": "how many customers stop ordering",
    "s": "how many customers stop ordering",
    "beta": "how many customers stop ordering",
    "p": "how much the value of orders differs",
    "q": "how much the value of orders differs",
    "gamma": "how much the value of orders differs",
}


class Likelihood(Protocol[Observed]):
    """A model's log-likelihood with its gradient.

    Attributes
    ----------
    parameters : tuple of str
        Names; all are positive.
    """

    @property
    def parameters(self) -> tuple[str, ...]: ...

    @property
    def starts(self) -> Sequence[tuple[float, ...]]:
        """Where to begin, one value per parameter, time in customers' mean age."""
        ...

    def log_likelihood(
        self, values: NDArray[np.float64], observed: Observed
    ) -> tuple[float, NDArray[np.float64]]:
        """Weighted sum over customers, and its derivative by each parameter."""
        ...


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Fitted parameters.

    Attributes
    ----------
    values : tuple of float
        In the order of ``names``.
    names : tuple of str
    log_likelihood : float
    status : {"sound", "border", "flat", "not_converged"}
        "border": a parameter grows or shrinks without end; "flat": the likelihood hardly changes
        in some direction, so that the data do not determine it.
    reason : str or None
        Why the fit is not sound, in words of orders.
    detail : str or None
        The same in words of the model.
    """

    values: tuple[float, ...]
    names: tuple[str, ...]
    log_likelihood: float
    status: Status
    reason: str | None
    detail: str | None = None

    def __getitem__(self, name: str) -> float:
        return self.values[self.names.index(name)]


@dataclass(frozen=True)
class _Scaled(Generic[Observed]):
    model: Likelihood[Observed]
    observed: Observed
    n_customers: float

    def loss(self, logs: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Mean negative log-likelihood, and its derivative by the parameters' logarithms."""
        values = np.exp(logs)
        total, gradient = self.model.log_likelihood(values, self.observed)
        return -total / self.n_customers, -gradient * values / self.n_customers


def maximise(model: Likelihood[Observed], observed: Observed, *, n_customers: float) -> Fit:
    """Fit the parameters from several starts, and judge the best fit by its curvature.

    Parameters
    ----------
    model : Likelihood
    observed : histories or amounts
        As the model takes them, time in customers' mean age.
    n_customers : float
        Sum of the weights.

    Raises
    ------
    DegenerateDataError
        The likelihood is not finite at any start.
    """
    scaled = _Scaled(model, observed, n_customers)
    bounds = [(-_LIMIT, _LIMIT)] * len(model.parameters)
    found = [
        minimize(
            scaled.loss,
            np.log(start),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8},
        )
        for start in model.starts
    ]
    finite = [each for each in found if np.isfinite(each.fun)]
    if not finite:
        raise DegenerateDataError("The likelihood of these orders is not finite.")
    best = min(finite, key=lambda each: float(each.fun))
    logs = np.asarray(best.x, dtype=np.float64)
    status, reason, detail = _judge(scaled, logs)
    return Fit(
        values=tuple(np.exp(logs).tolist()),
        names=model.parameters,
        log_likelihood=-float(best.fun) * n_customers,
        status=status,
        reason=reason,
        detail=detail,
    )


def _judge(
    scaled: _Scaled[Observed], logs: NDArray[np.float64]
) -> tuple[Status, str | None, str | None]:
    names = scaled.model.parameters
    ends = {
        name: "grows" if log > 0 else "shrinks"
        for name, log in zip(names, logs.tolist(), strict=True)
        if abs(log) >= BORDER
    }
    if ends:
        return "border", *_border_reason(ends)
    information = _hessian(scaled, logs) * scaled.n_customers
    eigenvalues, directions = np.linalg.eigh(information)
    if eigenvalues[0] <= FLAT**-2:
        spoken = np.abs(directions[:, 0]) >= 0.3
        open_ones = [name for name, told in zip(names, spoken, strict=True) if told]
        about = dict.fromkeys(_ABOUT[name] for name in open_ones if name in _ABOUT)
        reason = f"the orders do not show {' and '.join(about) or 'enough'}"
        return "flat", reason, f"they do not determine {' and '.join(open_ones)}"
    _, gradient = scaled.loss(logs)
    # How far the maximum may still be, in standard errors: Newton's decrement.
    step = np.linalg.solve(information, gradient * scaled.n_customers)
    if float(gradient @ step) * scaled.n_customers > _TOLERANCE:
        return "not_converged", "no best description of them was found", "the search did not end"
    return "sound", None, None


def _border_reason(ends: Mapping[str, str]) -> tuple[str, str]:
    detail = " and ".join(f"{name} {end}" for name, end in ends.items()) + " without end"
    meant = [_AT_BORDER[each] for each in ends.items() if each in _AT_BORDER]
    return meant[0] if meant else "customers are too much alike", detail


def _hessian(scaled: _Scaled[Observed], logs: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = []
    for i in range(len(logs)):
        step = np.zeros(len(logs))
        step[i] = _STEP
        above, below = scaled.loss(logs + step)[1], scaled.loss(logs - step)[1]
        columns.append((above - below) / (2 * _STEP))
    hessian = np.array(columns)
    return np.asarray((hessian + hessian.T) / 2, dtype=np.float64)
