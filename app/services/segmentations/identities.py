"""Segments over versions: which one a new one lives on from, and what its owner called it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from app.db.segmentation_tables import (
    LastingSegment,
    LastingSegmentation,
    RunIdentity,
    SegmentIdentity,
    Version,
)
from app.schemas.base import CautionOut
from app.segmentation.identity import Match
from app.services.segmentations.reports import identity_of

EARLIER_VERSIONS = 5
"""How many are looked through for segments that have an owner's words and were lost since."""


@dataclass(frozen=True)
class Earlier:
    """A version whose segments may live on."""

    version: int
    lasting_ids: tuple[int, ...]


E = TypeVar("E", bound=Earlier)
MatchesWith: TypeAlias = Callable[[E], Sequence[Match]]
"""Matches an earlier version's segments with the new ones; none where its files are lost."""


@dataclass(frozen=True)
class VersionsBefore(Generic[E]):
    """What there is of a segmentation: the version that serves comes first."""

    segmentation_id: int
    versions: tuple[E, ...]
    shown: dict[int, str]
    in_words: frozenset[int]
    """The lasting segments that have a name, a note or advice of their owner's."""

    @property
    def current(self) -> E:
        return self.versions[0]

    def living(self, n_segments: int, matches_with: MatchesWith[E]) -> dict[int, tuple[int, float]]:
        """Give each new segment the lasting one that it lives on from, and the overlap with it.

        That is one of the current version; of those that have words and were lost since, also one
        of the versions before.
        """
        living: dict[int, tuple[int, float]] = {}
        for earlier in self.versions:
            lost = self.in_words - {lasting_id for lasting_id, _ in living.values()}
            is_current = earlier is self.current
            if not is_current and (not lost or len(living) == n_segments):
                break
            for match in matches_with(earlier):
                lasting_id = earlier.lasting_ids[match.old_id]
                if (is_current or lasting_id in lost) and match.new_id not in living:
                    living[match.new_id] = (lasting_id, match.overlap)
        return living

    def dropped(self, living: Collection[tuple[int, float]]) -> Iterator[CautionOut]:
        """Say of which segments the owner's words are not shown any more."""
        alive = {lasting_id for lasting_id, _ in living}
        for lasting_id in self.current.lasting_ids:
            if lasting_id in self.in_words and lasting_id not in alive:
                yield CautionOut(
                    code="segment_gone",
                    message="No segment of this version lives on from "
                    f'"{self.shown[lasting_id]}" of version {self.current.version}; its name, note '
                    "and advice are not shown any more.",
                )


@dataclass(frozen=True)
class Recognised:
    """Of each new segment the lasting one and the overlap with it, where it lives on."""

    segmentation_id: int | None = None
    identified_by: str | None = None
    living: dict[int, tuple[int, float]] = field(default_factory=dict)
    cautions: tuple[CautionOut, ...] = ()


def in_words(segmentation: LastingSegmentation) -> frozenset[int]:
    return frozenset(
        each.lasting_id for each in segmentation.segments if each.name or each.note or each.advice
    )


def n_looked_through(in_words: frozenset[int]) -> int:
    """Return how many versions a new one is matched with at most, the current one first."""
    return 1 + (EARLIER_VERSIONS if in_words else 0)


def lasting_ids(version: Version) -> tuple[int, ...]:
    return tuple(each["lasting_id"] for each in identity_of(version)["segments"])


def assign(
    segmentation: LastingSegmentation,
    recognised: Recognised,
    *,
    version: int,
    n_segments: int,
    first: int = 1,
) -> RunIdentity:
    """Give each segment its lasting id, within the transaction that stores the version.

    No new segment has a lower one than `first`.
    """
    kept = {each.lasting_id: each for each in segmentation.segments}
    living = recognised.living if recognised.segmentation_id == segmentation.id else {}
    next_id = max(first, 1 + max(kept, default=-1))
    segments: list[SegmentIdentity] = []
    for label in range(n_segments):
        lasting_id, overlap = living.get(label) or (next_id, None)
        if lasting_id not in kept:
            lasting_id, next_id = next_id, next_id + 1
            segmentation.segments.append(
                LastingSegment(lasting_id=lasting_id, last_version=version)
            )
        else:
            kept[lasting_id].last_version = version
        segments.append({"lasting_id": lasting_id, "overlap": overlap})
    return {
        "identified_by": recognised.identified_by,
        "segments": segments,
        "cautions": [each.model_dump() for each in recognised.cautions],
    }
