"""Recency, frequency and monetary scores, and the names of their cells."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from app.segmentation.errors import DegenerateDataError

SCORES = 5


@dataclass(frozen=True)
class CutPoints:
    """Where the scores of one figure end.

    Attributes
    ----------
    edges : tuple of 4 floats, ascending
        Largest value of each group but the last, in the figure's own unit: days, orders, money.
    descending : bool
        Whether small values score high, as days since the last order do.

    Raises
    ------
    DegenerateDataError
        The edges are not four ascending finite numbers.
    """

    edges: tuple[float, ...]
    descending: bool = False

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges, dtype=np.float64)
        sound = (
            len(edges) == SCORES - 1 and np.isfinite(edges).all() and (np.diff(edges) >= 0).all()
        )
        if not sound:
            raise DegenerateDataError(
                f"Cut points are {SCORES - 1} ascending numbers, for example 30, 90, 180, 365."
            )

    def score(self, values: NDArray[np.floating]) -> NDArray[np.int8]:
        """Score values from 1 to 5, shape (n_rows,); equal values score alike.

        Raises
        ------
        DegenerateDataError
            A value is not a number; names the first row, counted from 0.
        """
        known = ~np.isnan(values)
        if not known.all():
            raise DegenerateDataError(f"Row {int(np.argmin(known))} has no value to score.")
        group = np.searchsorted(np.asarray(self.edges), values, side="left")
        return np.asarray(SCORES - group if self.descending else group + 1, dtype=np.int8)

    @property
    def empty(self) -> tuple[int, ...]:
        """Scores that no value can get, as two edges are equal."""
        groups = [i + 1 for i in range(1, SCORES - 1) if self.edges[i] == self.edges[i - 1]]
        return tuple(sorted(SCORES + 1 - g for g in groups) if self.descending else groups)


def quintile_cut_points(values: NDArray[np.floating], *, descending: bool = False) -> CutPoints:
    """Divide values into fifths by the percentile of their average rank.

    Equal values share a rank and so a score, whatever the order of the rows; where one value is
    that of more than a fifth of all customers, some scores stay empty.

    Parameters
    ----------
    values : ndarray of shape (n_customers,)
    descending : bool
        As for `CutPoints`.

    Raises
    ------
    DegenerateDataError
        There are no values, or one is not finite.
    """
    if not len(values) or not np.isfinite(values).all():
        raise DegenerateDataError("Scores need at least one customer, and a value for each.")
    percentile = (rankdata(values, method="average") - 0.5) / len(values)
    group = np.minimum((percentile * SCORES).astype(int), SCORES - 1)
    edges: list[float] = []
    for i in range(SCORES - 1):
        within = values[group <= i]
        # Below the smallest value where nothing is in the lowest groups.
        lowest = np.nextafter(float(values.min()), -np.inf)
        edges.append(float(within.max()) if len(within) else float(lowest))
    return CutPoints(tuple(edges), descending)


@dataclass(frozen=True)
class Rules:
    """Name of each cell of recency and frequency.

    Attributes
    ----------
    names : tuple of str
        Segments in their order.
    cells : mapping of (int, int) to str
        (recency score, frequency score) to the segment; all 25 of them.
    """

    names: tuple[str, ...]
    cells: Mapping[tuple[int, int], str]

    def of(self, recency: NDArray[np.int8], frequency: NDArray[np.int8]) -> NDArray[np.int32]:
        """Position in ``names`` of each customer's segment, shape (n_customers,)."""
        grid = np.zeros((SCORES + 1, SCORES + 1), dtype=np.int32)
        for (r, f), name in self.cells.items():
            grid[r, f] = self.names.index(name)
        return np.asarray(grid[recency, frequency], dtype=np.int32)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A segment's name, and the scores it takes in, from and to."""

    name: str
    recency: tuple[int, int]
    frequency: tuple[int, int]


def read_rules(content: str) -> Rules:
    """Read rules as `rfm.toml` writes them.

    Raises
    ------
    DegenerateDataError
        The text is no TOML, or `make_rules` refuses what it says.
    """
    try:
        segments = tomllib.loads(content)["segment"]
        ranges = [(each["name"], *each["recency"], *each["frequency"]) for each in segments]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DegenerateDataError(
            "RFM rules are [[segment]] entries with name, recency = [from, to] and "
            "frequency = [from, to]."
        ) from error
    return _of_ranges(ranges)


def make_rules(segments: Sequence[Rule]) -> Rules:
    """Name the cells.

    Raises
    ------
    DegenerateDataError
        A cell has two names or none, or a range is not within 1 to 5.
    """
    return _of_ranges([(each.name, *each.recency, *each.frequency) for each in segments])


def _of_ranges(ranges: Sequence[Sequence[object]]) -> Rules:
    cells: dict[tuple[int, int], str] = {}
    for entry in ranges:
        _name_cells(entry, cells)
    scores = range(1, SCORES + 1)
    missing = [(r, f) for r in scores for f in scores if (r, f) not in cells]
    if missing:
        r, f = missing[0]
        raise DegenerateDataError(f"No RFM segment has recency {r} and frequency {f}.")
    return Rules(tuple(dict.fromkeys(str(name) for name, *_ in ranges)), cells)


def _name_cells(entry: Sequence[object], cells: dict[tuple[int, int], str]) -> None:
    match entry:
        case (str(name), int(r_from), int(r_to), int(f_from), int(f_to)) if (
            1 <= r_from <= r_to <= SCORES and 1 <= f_from <= f_to <= SCORES
        ):
            for r in range(r_from, r_to + 1):
                for f in range(f_from, f_to + 1):
                    if (r, f) in cells:
                        raise DegenerateDataError(
                            f"Recency {r} and frequency {f} are both {cells[r, f]} and {name}."
                        )
                    cells[r, f] = name
        case _:
            raise DegenerateDataError(
                f"RFM segment {entry[0]!r}: recency and frequency are ranges within 1 to {SCORES}."
            )


@cache
def default_rules() -> Rules:
    """Read the rules of `rfm.toml`, beside this module."""
    return read_rules((files(__package__) / "rfm.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, eq=False)
class RFM:
    """Scores of customers, 1 to 5, and the segment of each.

    Attributes
    ----------
    recency, frequency, monetary : ndarray of int8, shape (n_customers,)
    segment : ndarray of int32, shape (n_customers,)
        Position in ``rules.names``.
    cut_points : mapping of str to CutPoints
        By "recency", "frequency", "monetary".
    rules : Rules
    """

    recency: NDArray[np.int8]
    frequency: NDArray[np.int8]
    monetary: NDArray[np.int8]
    segment: NDArray[np.int32]
    cut_points: Mapping[str, CutPoints]
    rules: Rules


def score_customers(
    *,
    days_since_last: NDArray[np.floating],
    orders: NDArray[np.floating],
    money: NDArray[np.floating],
    cut_points: Mapping[str, CutPoints] | None = None,
    rules: Rules | None = None,
) -> RFM:
    """Score customers by recency, frequency and money, and name their segments.

    Parameters
    ----------
    days_since_last, orders, money : ndarray of shape (n_customers,)
    cut_points : mapping of str to CutPoints, optional
        Those of an earlier snapshot, so that nobody is demoted by what others did; by default
        fifths of these customers.
    rules : Rules, optional

    Raises
    ------
    DegenerateDataError
        As `quintile_cut_points`.
    """
    cuts = cut_points or {
        "recency": quintile_cut_points(days_since_last, descending=True),
        "frequency": quintile_cut_points(orders),
        "monetary": quintile_cut_points(money),
    }
    rules = rules or default_rules()
    recency, frequency = cuts["recency"].score(days_since_last), cuts["frequency"].score(orders)
    return RFM(
        recency=recency,
        frequency=frequency,
        monetary=cuts["monetary"].score(money),
        segment=rules.of(recency, frequency),
        cut_points=cuts,
        rules=rules,
    )
