"""Whether segments are real."""

from typing import Literal

from app.schemas.base import Outgoing


class Structure(Outgoing):
    """The test against "no structure"; `separation` is how deep the valley between groups is."""

    verdict: Literal["strong", "weak", "none"]
    p_value: float
    separation: float
    sentence: str
    n_samples: int
    sampled: bool


class SegmentStability(Outgoing):
    """Mean Jaccard similarity over bootstrap samples, with its band in words."""

    cluster: int
    jaccard: float
    recovered: float
    dissolved: float
    band: Literal["dissolved", "doubtful", "moderate", "stable", "highly stable"]
    sentence: str


class Stability(Outgoing):
    weakest: float
    n_resamples: int
    sample_size: int
    segments: list[SegmentStability]


class Criterion(Outgoing):
    name: str
    n_clusters: int


class Certainty(Outgoing):
    """How certain the number of segments is: the share of resamples that choose each."""

    best_n_clusters: int
    shares: dict[int, float]
    criteria: list[Criterion]
    agree: bool
    n_resamples: int
    sentences: list[str]


class Rule(Outgoing):
    """A segment as a rule; precision and recall are measured on held-out rows.

    `sql` is a condition for WHERE, in SQLite and in PostgreSQL: for posted records on a table that
    holds them as they were posted, text as text; otherwise on the table as it was read, numbers as
    numbers, all else as text, and missing values as NULL. `true` and `false` may be stored as
    text, as booleans or as 1 and 0.
    """

    cluster: int
    text: str
    sql: str
    precision: float
    recall: float
    size: int


class Validation(Outgoing):
    structure: Structure
    stability: Stability | None
    certainty: Certainty | None
    rules: list[Rule]
    notes: list[str]
