"""Names of the cells of recency, frequency and money: the program's own, or an owner's."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError

SCORES = 5
Range = tuple[int, int]
ALL: Range = (1, SCORES)
_HOW = (
    "RFM rules are [[segment]] entries with name, recency = [from, to], frequency = [from, to] "
    "and, where money matters, monetary = [from, to]."
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A segment's name, and the scores it takes in, from and to; any money where none is said."""

    name: str
    recency: Range
    frequency: Range
    monetary: Range = ALL


@dataclass(frozen=True)
class Rules:
    """Names of the cells of recency, frequency and money.

    Attributes
    ----------
    ranges : tuple of Rule
        As they were given; a segment may have several.
    cells : mapping of (int, int, int) to str
        (recency score, frequency score, monetary score) to the segment; all 125 of them.
    """

    ranges: tuple[Rule, ...]
    cells: Mapping[tuple[int, int, int], str]

    @property
    def names(self) -> tuple[str, ...]:
        """Segments in their order."""
        return tuple(dict.fromkeys(each.name for each in self.ranges))

    def of(
        self,
        recency: NDArray[np.int8],
        frequency: NDArray[np.int8],
        monetary: NDArray[np.int8],
    ) -> NDArray[np.int32]:
        """Position in ``names`` of each customer's segment, shape (n_customers,)."""
        position = {name: i for i, name in enumerate(self.names)}
        cube = np.zeros((SCORES + 1,) * 3, dtype=np.int32)
        for cell, name in self.cells.items():
            cube[cell] = position[name]
        return np.asarray(cube[recency, frequency, monetary], dtype=np.int32)

    def names_at(self, recency: int, frequency: int) -> tuple[str, ...]:
        """Segments of a cell of recency and frequency, that of most monetary scores first."""
        here = Counter(self.cells[recency, frequency, m] for m in range(1, SCORES + 1))
        return tuple(name for name, _ in here.most_common())


def read_rules(content: str) -> Rules:
    """Read rules as `rfm.toml` writes them.

    Raises
    ------
    DegenerateDataError
        The text is no TOML, or `make_rules` refuses what it says.
    """
    try:
        segments = tomllib.loads(content)["segment"]
        rules = [
            Rule(
                name=str(each["name"]),
                recency=_range(each["recency"]),
                frequency=_range(each["frequency"]),
                monetary=_range(each.get("monetary", ALL)),
            )
            for each in segments
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DegenerateDataError(_HOW) from error
    return make_rules(rules)


def make_rules(segments: Sequence[Rule]) -> Rules:
    """Name the cells.

    Raises
    ------
    DegenerateDataError
        A cell has two names or none, or a range is not within 1 to 5.
    """
    cells: dict[tuple[int, int, int], str] = {}
    for rule in segments:
        recency, frequency = _scores(rule, rule.recency), _scores(rule, rule.frequency)
        for cell in product(recency, frequency, _scores(rule, rule.monetary)):
            if cell in cells:
                raise DegenerateDataError(f"{_said(cell)} are both {cells[cell]} and {rule.name}.")
            cells[cell] = rule.name
    scores = range(1, SCORES + 1)
    missing = next((cell for cell in product(scores, scores, scores) if cell not in cells), None)
    if missing is not None:
        raise DegenerateDataError(f"No RFM segment has {_said(missing).lower()}.")
    return Rules(tuple(segments), cells)


@cache
def default_rules() -> Rules:
    """Read the rules of `rfm.toml`, beside this module."""
    return read_rules((files(__package__) / "rfm.toml").read_text(encoding="utf-8"))


def _range(ends: Sequence[int]) -> Range:
    first, last = ends
    return first, last


def _scores(rule: Rule, ends: object) -> range:
    match ends:
        case (int(first), int(last)) if 1 <= first <= last <= SCORES:
            return range(first, last + 1)
    raise DegenerateDataError(
        f"RFM segment {rule.name!r}: recency, frequency and monetary are ranges within 1 to "
        f"{SCORES}."
    )


def _said(cell: Sequence[int]) -> str:
    return "Recency {}, frequency {} and monetary {}".format(*cell)
