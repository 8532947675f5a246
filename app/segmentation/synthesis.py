"""Example customers, generated from a seed."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import SegmentationError


class CustomerGroup(NamedTuple):
    """One kind of customer: a weight, the share of women, and (mean, sd) of each feature."""

    name: str
    weight: float
    female: float
    age: tuple[float, float]
    annual_income: tuple[float, float]
    spending_score: tuple[float, float]
    purchase_frequency: tuple[float, float]


GROUPS = (
    #             name            weight female   age        income      spending    frequency
    CustomerGroup("big spenders", 0.21, 0.54, (38.0, 6.5), (99.0, 14.5), (78.0, 9.5), (28.0, 5.0)),
    CustomerGroup("careful", 0.22, 0.50, (52.0, 7.5), (39.0, 10.5), (25.0, 9.5), (10.0, 4.0)),
    CustomerGroup("reserved", 0.18, 0.44, (47.0, 7.5), (100.0, 15.5), (23.0, 9.5), (13.0, 4.5)),
    CustomerGroup("young", 0.20, 0.57, (26.0, 5.0), (38.0, 10.5), (75.0, 10.5), (36.0, 5.5)),
    CustomerGroup("regulars", 0.19, 0.60, (54.0, 7.0), (64.0, 12.0), (51.0, 9.0), (35.0, 5.5)),
)
"""The groups of the example; income in thousands a year, frequency in purchases a year."""

OCCASIONAL_BUYERS = CustomerGroup(
    "occasional", 0.18, 0.48, (31.0, 6.0), (66.0, 11.0), (49.0, 8.5), (7.0, 3.0)
)
"""A sixth group, for trying how a model takes a change of its customers."""

_BOUNDS = {
    "age": (18, 70),
    "annual_income": (15, 150),
    "spending_score": (1, 100),
    "purchase_frequency": (1, 50),
}
"""Values outside are drawn again, so that none pile up at a border."""


def generate_customers(
    n_customers: int = 5000, *, seed: int = 42, groups: Sequence[CustomerGroup] = GROUPS
) -> pd.DataFrame:
    """Draw customers from overlapping groups, in random order.

    Parameters
    ----------
    n_customers : int
        Rows, at least 1.
    seed : int
        The same seed gives the same table.
    groups : sequence of CustomerGroup
        Sizes follow their weights, which need not sum to 1; a weight of 0 leaves one out.

    Returns
    -------
    DataFrame of n_customers rows
        ``customer_id`` (1 to n), ``sex`` (Male, Female), ``age`` (years, 18 to 70),
        ``annual_income`` (thousands, 15 to 150, one decimal), ``spending_score`` (1 to 100),
        ``purchase_frequency`` (purchases a year, 1 to 50).

    Raises
    ------
    SegmentationError
        No customers are asked for, or no group has any weight.
    """
    weights = np.array([group.weight for group in groups], dtype=np.float64)
    if n_customers < 1 or weights.size == 0 or weights.min() < 0 or weights.sum() == 0:
        raise SegmentationError(
            "Ask for at least one customer and give at least one group a weight above 0."
        )
    rng = np.random.default_rng(seed)
    sizes = rng.multinomial(n_customers, weights / weights.sum())
    parts = [_draw_group(group, int(n), rng) for group, n in zip(groups, sizes, strict=True)]
    table = pd.concat(parts, ignore_index=True)
    table = table.iloc[rng.permutation(n_customers)].reset_index(drop=True)
    table.insert(0, "customer_id", np.arange(1, n_customers + 1))
    return table


def _draw_group(group: CustomerGroup, size: int, rng: np.random.Generator) -> pd.DataFrame:
    def column(name: str) -> NDArray[np.float64]:
        mean, sd = getattr(group, name)
        return _truncated_normal(mean, sd, bounds=_BOUNDS[name], size=size, rng=rng)

    return pd.DataFrame(
        {
            "sex": np.where(rng.random(size) < group.female, "Female", "Male"),
            "age": np.rint(column("age")).astype(np.int64),
            "annual_income": np.round(column("annual_income"), 1),
            "spending_score": np.rint(column("spending_score")).astype(np.int64),
            "purchase_frequency": np.rint(column("purchase_frequency")).astype(np.int64),
        }
    )


def _truncated_normal(
    mean: float, sd: float, *, bounds: tuple[float, float], size: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    low, high = bounds
    values = rng.normal(mean, sd, size)
    outside = (values < low) | (values > high)
    while outside.any():
        values[outside] = rng.normal(mean, sd, int(outside.sum()))
        outside = (values < low) | (values > high)
    return values
