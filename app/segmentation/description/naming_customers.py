"""Names for customers with age, income, spending and frequency, each word true of the center."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.segmentation.description.profiles import ClusterProfile
from app.segmentation.recipe import FEATURES

RANKED_BY = ("annual_income", "spending_score", "purchase_frequency", "age")
"""By whose means segments are numbered, the first before all others."""

HIGH = 0.5
"""A center this many standard deviations above all customers' mean is high, below it low.

Half a standard deviation is the field's medium effect: plain to see (Cohen 1988, "Statistical
power analysis for the behavioral sciences").
"""

TELLING = 0.2
"""Below a small effect (Cohen's 0.2) a difference earns no word."""

UNREMARKABLE = "Typical Customers"
"""Where no feature differs enough to be told."""


class Center(NamedTuple):
    """A segment's mean in standard deviations from the mean of all customers."""

    age: float
    annual_income: float
    spending_score: float
    purchase_frequency: float


class NamingRule(NamedTuple):
    """A name, when it holds, and the features it speaks of."""

    name: str
    holds: Callable[[Center], bool]
    features: tuple[str, ...]


def _high(z: float) -> bool:
    return z >= HIGH


def _low(z: float) -> bool:
    return z <= -HIGH


def _middling(z: float) -> bool:
    return -HIGH < z < HIGH


RULES = (
    NamingRule(
        "High Value Customers",
        lambda c: _high(c.annual_income) and _high(c.spending_score),
        ("annual_income", "spending_score"),
    ),
    NamingRule(
        "Budget Conscious",
        lambda c: _low(c.annual_income) and _low(c.spending_score),
        ("annual_income", "spending_score"),
    ),
    NamingRule(
        "Potential Growth",
        lambda c: _high(c.annual_income) and _low(c.spending_score),
        ("annual_income", "spending_score"),
    ),
    NamingRule(
        "Young Enthusiasts",
        lambda c: _low(c.age) and _high(c.purchase_frequency),
        ("age", "purchase_frequency"),
    ),
    NamingRule(
        "Loyal Customers",
        lambda c: _high(c.purchase_frequency) and _middling(c.spending_score),
        ("purchase_frequency", "spending_score"),
    ),
    NamingRule(
        "Occasional Buyers",
        lambda c: _low(c.purchase_frequency) and _middling(c.spending_score),
        ("purchase_frequency", "spending_score"),
    ),
)
"""In order of precedence: the first that holds gives the name."""

WORDS: Mapping[str, tuple[str, str]] = {
    "age": ("Younger", "Older"),
    "annual_income": ("Low Income", "High Income"),
    "spending_score": ("Low Spending", "High Spending"),
    "purchase_frequency": ("Infrequent", "Frequent"),
}
"""Feature to its word below and above the mean of all customers."""

COMPARISONS: Mapping[str, tuple[str, str]] = {
    "age": ("Younger", "Older"),
    "annual_income": ("Lower Income", "Higher Income"),
    "spending_score": ("Lower Spending", "Higher Spending"),
    "purchase_frequency": ("Less Frequent", "More Frequent"),
}
"""Feature to its word below and above the segment that bears the plain name."""

_LABELS = {
    "age": "Age",
    "annual_income": "Income",
    "spending_score": "Spending",
    "purchase_frequency": "Frequency",
}


def name_customers(
    centers: NDArray[np.floating],
    means: NDArray[np.floating],
    *,
    previous_names: Mapping[int, str] | None = None,
) -> tuple[str, ...]:
    """Name the segments of one model, no two alike.

    Of segments that fit the same name, the one it fits best bears it plain, and each other
    adds in what it differs most from that one: ``"Budget Conscious, Younger"``.

    Parameters
    ----------
    centers : ndarray of shape (n_clusters, 4)
        In standard deviations from the mean of all customers, in the order of ``FEATURES``.
    means : ndarray of shape (n_clusters, 4)
        The same in original units, for the rare names that need a figure.
    previous_names : mapping of int to str, optional
        Segment to the name it had, kept where it is still true.

    Returns
    -------
    tuple of str, length n_clusters
    """
    points = [Center(*(float(z) for z in row)) for row in centers]
    previous = previous_names or {}
    namesakes: dict[str, list[int]] = {}
    for segment, point in enumerate(points):
        kept = _base_of(previous.get(segment, ""), point)
        namesakes.setdefault(kept or _base(point), []).append(segment)

    bearers = {
        base: min(segments, key=lambda i: (previous.get(i) != base, -_fit(points[i]), i))
        for base, segments in namesakes.items()
    }
    names = {bearer: base for base, bearer in bearers.items()}
    for base, bearer in bearers.items():
        others = [segment for segment in namesakes[base] if segment != bearer]
        for segment in sorted(others, key=lambda i: (i not in previous, i)):
            taken = set(names.values())
            possible = list(_told_apart(base, points[segment], points[bearer], means[segment]))
            old = previous.get(segment)
            names[segment] = next(
                name for name in ([old] if old in possible else []) + possible if name not in taken
            )
    return tuple(names[segment] for segment in range(len(points)))


def means_of(profiles: Sequence[ClusterProfile], columns: Sequence[str]) -> NDArray[np.float64]:
    """Return the segments' means, shape (n_clusters, n_columns); NaN where all are blank."""
    means = [[profile.means[column] for column in columns] for profile in profiles]
    return np.array(means, dtype=np.float64)


def _base(center: Center) -> str:
    rule = _rule_for(center)
    return rule.name if rule else ", ".join(_true_words(center)[:2])


def _base_of(name: str, center: Center) -> str | None:
    """Find the plain part of an earlier name; None where it is no longer true."""
    parts = name.split(", ")
    rule = next((rule for rule in RULES if rule.name == parts[0]), None)
    if rule:
        return rule.name if rule.holds(center) else None
    words = {word for pair in WORDS.values() for word in pair} | {UNREMARKABLE}
    plain = [part for part in parts[:2] if part in words]
    return ", ".join(plain) if plain and set(plain) <= set(_true_words(center)) else None


def _true_words(center: Center) -> list[str]:
    """Words that hold, the most telling first; the plain phrase where none does."""
    telling = sorted(FEATURES, key=lambda feature: -abs(getattr(center, feature)))
    words = [
        WORDS[feature][getattr(center, feature) > 0]
        for feature in telling
        if abs(getattr(center, feature)) >= TELLING
    ]
    return words or [UNREMARKABLE]


def _rule_for(center: Center) -> NamingRule | None:
    return next((rule for rule in RULES if rule.holds(center)), None)


def _fit(center: Center) -> float:
    rule = _rule_for(center)
    features = rule.features if rule else FEATURES
    return math.hypot(*(getattr(center, feature) for feature in features))


def _told_apart(
    base: str, center: Center, bearer: Center, means: NDArray[np.floating]
) -> Iterator[str]:
    """Names that tell a segment from the bearer of the plain name, shortest first."""
    differences = {
        feature: getattr(center, feature) - getattr(bearer, feature) for feature in FEATURES
    }
    telling = [
        COMPARISONS[feature][difference > 0]
        for feature, difference in sorted(differences.items(), key=lambda item: -abs(item[1]))
        if abs(difference) >= TELLING
    ]
    for count in range(1, len(telling) + 1):
        for words in combinations(telling, count):
            yield ", ".join((base, *words))
    for digits in range(2, 18):
        for feature, mean in zip(FEATURES, means, strict=True):
            yield f"{base}, {_LABELS[feature]} {mean:.{digits}g}"
