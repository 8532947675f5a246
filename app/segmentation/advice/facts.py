"""What is known of an analysis that advice can rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.segmentation.description.profiles import Difference
from app.segmentation.validation.structure import MIN_ROWS, UNTESTED


@dataclass(frozen=True)
class SegmentFacts:
    """What is known of one segment.

    ``jaccard`` is its stability, None where not measured; ``middle`` says in what it lies between
    the others, where that is what tells it apart.
    """

    name: str
    size: int
    differences: tuple[Difference, ...]
    jaccard: float | None = None
    middle: str | None = None


@dataclass(frozen=True)
class AnalysisFacts:
    """What recommendations rest on.

    ``accuracy`` is that of a small tree. ``verdict`` and ``p_value`` are those of the test of
    structure. Each is None where not known.
    """

    segments: tuple[SegmentFacts, ...]
    importance: Mapping[str, float]
    accuracy: float | None
    verdict: Literal["strong", "weak", "none"] | None
    n_unassigned: int = 0
    p_value: float | None = None

    @property
    def n_customers(self) -> int:
        return sum(segment.size for segment in self.segments) + self.n_unassigned

    @property
    def too_few(self) -> bool:
        """Whether there is no structure because it takes more customers to find any."""
        return self.verdict == "none" and self.n_customers < MIN_ROWS

    @property
    def untested(self) -> bool:
        """Whether there is no structure because no column could show any."""
        return self.verdict == "none" and not self.too_few and self.p_value == UNTESTED
