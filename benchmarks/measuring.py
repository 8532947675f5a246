"""How a line of the bench is measured: each way in a process of its own, asked in turn.

All ways of a line get the same input. They run one after the other in each round, so that a
machine that slows down slows all of them; a figure is the median of the rounds, a ratio the median
of the rounds' own ratios.
"""

import importlib.util
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

OURS = "this program"
PATIENCE = 60.0
"""Seconds of one round past which a line is measured once."""


@dataclass(frozen=True)
class Way:
    """One way of doing the work of a line.

    Attributes
    ----------
    name : str
        `OURS`, or the peer's.
    work : callable
        Gets what the line's `prepare` made; at module level, as it goes to another process. What
        it returns is compared by the line's `compare`, and has to be small.
    ready : callable, optional
        Makes of the input what this way starts from, in its process; not timed.
    needs : str
        The package without which it cannot run.
    most : int
        The largest size that it is asked for: past it, it takes minutes or the memory.
    """

    name: str
    work: Callable[..., object]
    ready: Callable[..., object] | None = None
    needs: str = ""
    most: int = sys.maxsize


@dataclass(frozen=True)
class Aim:
    """What a line is to reach, in words and as a check."""

    words: str
    holds: "Callable[[Result], bool]"


class Compare(Protocol):
    """Says in a few words how the answers compare, from those of each way."""

    def __call__(self, answers: Mapping[str, object], /) -> str: ...


@dataclass(frozen=True)
class Line:
    """A piece of work, who does it, and at which sizes.

    Attributes
    ----------
    name : str
        By which it is chosen and recorded.
    work : str
        In words.
    prepare : callable
        Makes the input of a size; the seed is fixed. Not timed.
    sizes, quick : sequence of int
        Of the whole bench, and of the quick one.
    aims : mapping of int to Aim
        For the sizes that have one.
    """

    name: str
    work: str
    prepare: Callable[[int], object]
    ways: Sequence[Way]
    sizes: Sequence[int]
    quick: Sequence[int]
    aims: Mapping[int, Aim] = field(default_factory=dict)
    compare: Compare | None = None
    unit: str = "rows"
    rounds: int = 3

    def measured(self, *, quick: bool) -> Iterator["Result"]:
        """Measure at each size."""
        for size in self.quick if quick else self.sizes:
            yield measure(self, size)


@dataclass(frozen=True)
class Figures:
    """Of one way: seconds of the clock and of the processors for each round, and the peak.

    Attributes
    ----------
    seconds, cpu : tuple of float
    megabytes : float
        The most memory of its process, the input included; 0 where it was not measured.
    """

    seconds: tuple[float, ...]
    cpu: tuple[float, ...] = ()
    megabytes: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Result:
    """A line at a size, measured."""

    line: str
    work: str
    size: str
    n: int
    figures: Mapping[str, Figures]
    aim: Aim | None = None
    notes: Sequence[str] = ()
    skipped: Sequence[str] = ()

    @property
    def peers(self) -> list[str]:
        return [name for name in self.figures if name != OURS]

    def ratios(self, peer: str) -> list[float]:
        """How many times as long the peer took, round by round."""
        ours, theirs = self.figures[OURS].seconds, self.figures[peer].seconds
        return [b / a for a, b in zip(ours, theirs, strict=True)]

    def ratio(self, peer: str) -> float:
        return statistics.median(self.ratios(peer))

    @property
    def met(self) -> bool | None:
        return None if self.aim is None else self.aim.holds(self)


def faster(times: float, than: str) -> Aim:
    """Aim at being so many times as fast as a peer."""
    return Aim(
        f"{times:g}x {than}",
        lambda result: than not in result.figures or result.ratio(than) >= times,
    )


def within(seconds: float, *, megabytes: float | None = None) -> Aim:
    """Aim at seconds of the clock, and at a peak of memory."""
    words = f"{seconds:g} s" + ("" if megabytes is None else f", {megabytes:g} MB")

    def holds(result: Result) -> bool:
        ours = result.figures[OURS]
        return ours.median <= seconds and (megabytes is None or ours.megabytes <= megabytes)

    return Aim(words, holds)


def measure(line: Line, size: int) -> Result:
    """Measure a line's ways at a size, and compare their answers."""
    skipped = [
        f"{way.name}: not installed (pip install {way.needs})"
        for way in line.ways
        if way.needs and importlib.util.find_spec(way.needs) is None
    ] + [
        f"{way.name}: not asked past {way.most:,} {line.unit}"
        for way in line.ways
        if size > way.most
    ]
    ways = [
        way
        for way in line.ways
        if size <= way.most and not (way.needs and importlib.util.find_spec(way.needs) is None)
    ]
    seconds: dict[str, list[float]] = {way.name: [] for way in ways}
    cpu: dict[str, list[float]] = {way.name: [] for way in ways}
    peaks: dict[str, float] = {}
    answers: dict[str, object] = {}
    with ExitStack() as stack:
        context = multiprocessing.get_context("spawn")
        processes = {
            way.name: stack.enter_context(ProcessPoolExecutor(1, mp_context=context))
            for way in ways
        }
        for way in ways:
            processes[way.name].submit(_prepare, line.prepare, way.ready, size).result()
        for _ in range(line.rounds):
            for way in ways:
                took, worked, peak, answer = processes[way.name].submit(_timed, way.work).result()
                seconds[way.name].append(took)
                cpu[way.name].append(worked)
                peaks[way.name], answers[way.name] = peak, answer
            if sum(each[-1] for each in seconds.values()) > PATIENCE:
                break
    notes = [line.compare(answers)] if line.compare is not None and len(answers) > 1 else []
    figures = {
        name: Figures(tuple(seconds[name]), tuple(cpu[name]), peaks[name]) for name in seconds
    }
    return Result(
        line.name, line.work, f"{size:,} {line.unit}", size, figures, line.aims.get(size), notes,
        skipped,
    )  # fmt: skip


_input: dict[str, object] = {}


def _prepare(
    prepare: Callable[[int], object], ready: Callable[..., object] | None, size: int
) -> None:
    made = prepare(size)
    _input["whole"] = made if ready is None else ready(made)


def _timed(work: Callable[..., object]) -> tuple[float, float, float, object]:
    began, worked = time.perf_counter(), time.process_time()
    answer = work(_input["whole"])
    took = time.perf_counter() - began
    return took, time.process_time() - worked, peak_megabytes(), answer


def peak_megabytes() -> float:
    """Give the most memory that this process has held, in MB."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) * 1024 / 1e6
