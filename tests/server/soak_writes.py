"""Measure every writing door with eight clients, then with three for each thread.

Not collected by itself: `make soak-writes`.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.serving.load import Load, run_for
from tests.server.doors import Door
from tests.server.signs import watched
from tests.server.test_writing import assert_served, seconds_to_ready, serving

SOAK_THREADS = 40
FEW_CLIENTS = 8
LEAST_SHARE = 0.4
"""Of the rate of eight clients, that many more clients keep."""

MOST_MS_TO_LIVE = 50
"""At the 99th percentile, while all those clients ask."""


@dataclass(frozen=True)
class Measured:
    """A door under few clients and under many."""

    name: str
    few: Load
    many: Load
    signs: Sequence[float]
    """Milliseconds that each answer of `/live` took, while the many asked."""

    @property
    def share(self) -> float:
        """Return the many clients' rate, in parts of the few's; refusals are answers too."""
        return _rate(self.many) / _rate(self.few)

    def __str__(self) -> str:
        return (
            f"{self.name:<52} {_rate(self.few):>7.0f} {_rate(self.many):>7.0f} {self.share:>6.2f} "
            f"{self.many.percentile_ms(99):>7.0f} {self.many.slowest_ms:>8.0f} "
            f"{_p99(self.signs):>6.0f}   "
            + ", ".join(f"{status}: {number}" for status, number in self.many.statuses.items())
        )


def _rate(load: Load) -> float:
    return load.statuses.total() / load.seconds


def _p99(signs: Sequence[float]) -> float:
    return sorted(signs)[(len(signs) - 1) * 99 // 100]


@pytest.mark.timeout(3600)
def test_soak(tmp_path: Path, empty_url: str, soak_seconds: float) -> None:
    """Measure each door, with eight clients and with three for each thread."""
    clients = 3 * SOAK_THREADS
    rows = int(1_000 * soak_seconds)
    with serving(tmp_path, empty_url, threads=SOAK_THREADS, rows=rows) as (server, made):
        measured = []
        seconds_after = []
        for name, door in made().items():
            few = run_for(server.port, door, clients=FEW_CLIENTS, seconds=soak_seconds)
            rest = offset(door, few.statuses.total())
            with watched(server.port) as seen:
                many = run_for(server.port, rest, clients=clients, seconds=soak_seconds)
            time.sleep(1)
            seconds_after.append(seconds_to_ready(server))
            measured.append(Measured(name, few, many, seen))
        alive = _p99([sign for each in measured for sign in each.signs])
        show(
            measured,
            f"{empty_url.partition(':')[0]}: /live at p99 {alive:.0f} ms; /ready a second after "
            f"they have left in {max(seconds_after):.2f} s at most",
        )
    for each in measured:
        assert_served(each.name, each.few)
        assert_served(each.name, each.many)
    assert max(seconds_after) < 1
    slow = [str(each) for each in measured if each.share < LEAST_SHARE]
    assert not slow, slow
    assert alive < MOST_MS_TO_LIVE


def offset(door: Door, number: int) -> Door:
    return lambda later: door(number + later)


def show(measured: Sequence[Measured], title: str) -> None:
    header = (
        f"{'door':<52} {'8':>7} {'120':>7} {'share':>6} {'p99 ms':>7} {'slowest':>8} {'/live':>6}"
        "   statuses"
    )
    sys.stdout.write("\n".join(("", title, header, *map(str, measured), "")))
    sys.stdout.flush()
