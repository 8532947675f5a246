"""The smallest change of one column that would move a customer into another segment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.explanation.conditions import readable_between
from app.segmentation.looking.crossings import (
    Edge,
    Range,
    centers_ahead,
    close_in,
    crossings,
)
from app.segmentation.preparation.columns import NumericColumn, to_numbers, to_texts
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.segmentation import Segmentation

_ROUNDING = 0.01
"""Part of a change by which it may grow to end at a number that reads well."""

_POINTS = 40
_ROUNDS = 6
_TRIED = 5


@dataclass(frozen=True, kw_only=True)
class SmallestChange:
    """One column's change, after which the customer is placed elsewhere.

    Attributes
    ----------
    column : str
    before : float, str or None
        None where the value is missing.
    after : float or str
    segment : int
        Where the changed customer is placed; -1 in none.
    size : float
        How far the customer moves in the space that was clustered: for a number that was only
        standardised, in standard deviations.
    exact : bool
        Whether no smaller change within the columns' ranges moves it, but for the rounding of
        ``after``; otherwise smaller ones were looked for at some values only.
    """

    column: str
    before: float | str | None
    after: float | str
    segment: int
    size: float
    exact: bool


def smallest_change(
    found: Segmentation, row: pd.DataFrame, *, own: int, ranges: Mapping[str, Range]
) -> SmallestChange | None:
    """Find the smallest change of a single column that moves a customer; None where none does.

    Parameters
    ----------
    found : Segmentation
    row : DataFrame of shape (1, any)
        Holds the columns that were clustered.
    own : int
        The segment that the customer has, -1 for none.
    ranges : mapping of str to Range
        Of the numeric columns; no change leads beyond them, and a column without one stays.

    Notes
    -----
    Along one feature the squared distances to two centers differ by a linear function, so that
    where the nearest center decides, the crossing follows from it, through components too. By
    other rules values between the ends of the range are placed, and the first that moves the
    customer is closed in on. Every change is placed before it is given.
    """
    if found.encoder is None or found.n_segments < 2:
        return None
    search = _Search(found, found.encoder, row, own, ranges)
    edges = search.crossed() if search.exact else search.steps()
    best = search.of_categories()
    for edge in sorted(edges, key=lambda each: each.size)[:_TRIED]:
        if best is not None and best.size <= edge.size:
            break
        change = search.rounded(edge)
        if change is not None and (best is None or change.size < best.size):
            best = change
    return best


class _Search:
    """One customer's row, and what becomes of it when it changes."""

    def __init__(
        self,
        found: Segmentation,
        encoder: Encoder,
        row: pd.DataFrame,
        own: int,
        ranges: Mapping[str, Range],
    ) -> None:
        self.found, self.encoder, self.row = found, encoder, row
        self.own, self.ranges = own, ranges
        self.x = found.encode(row)[0]
        self.columns = [each for each in self.encoder.numeric if each.name in ranges]
        self.before = {each.name: float(to_numbers(row[each.name])[0]) for each in self.columns}
        self.start = {
            each.name: each.median if np.isnan(self.before[each.name]) else self.before[each.name]
            for each in self.columns
        }
        self.exact = self._nearest_center_decides()

    def _nearest_center_decides(self) -> bool:
        """Whether it does, is the own one, and no blank is filled from neighbours."""
        found, membership = self.found, self.found.membership
        if found.scorer is None or found.density is not None:
            return False
        if membership is None:
            by_center = found.nearest is None
        else:
            by_center = membership.rule == "nearest_center"
        filled = self.encoder.donors is not None and bool(self.encoder.missing(self.row).any())
        nearest = int(found.scorer.score_many(self.x[None]).clusters[0])
        return by_center and not filled and nearest == self.own

    def crossed(self) -> Iterator[Edge]:
        """Find where another center becomes the nearest, for each column both ways."""
        ahead = centers_ahead(self.x, self.found.clustering.centers, own=self.own)
        for column in self.columns:
            line = self.encoder.direction_of(column.name)
            start, limits = self.start[column.name], self.ranges[column.name]
            yield from crossings(column, line, ahead, start=start, limits=limits)

    def steps(self) -> Iterator[Edge]:
        """Place values from the own one to either end, and give those around the first move."""
        lines: list[tuple[NumericColumn, list[float]]] = []
        for column in self.columns:
            limits, start = self.ranges[column.name], self.start[column.name]
            for end in (limits.low, limits.high):
                values = np.linspace(start, end, _POINTS + 1)[1:]
                if limits.whole:
                    values = np.round(values)
                kept = list(dict.fromkeys(values[values != start].tolist()))
                if kept:
                    lines.append((column, kept))
        changes = [(column.name, value) for column, kept in lines for value in kept]
        labels, sizes = self.placed(changes)
        first = 0
        for column, kept in lines:
            moved = np.flatnonzero(labels[first : first + len(kept)] != self.own)
            if len(moved):
                at = int(moved[0])
                yield Edge(
                    column=column,
                    inside=kept[at - 1] if at else self.start[column.name],
                    outside=kept[at],
                    size=float(sizes[first + at]),
                )
            first += len(kept)

    def of_categories(self) -> SmallestChange | None:
        """Give the smallest change among all categories that were fitted."""
        changes = []
        for column in self.encoder.categorical:
            n_kept = len(column.levels) - column.has_missing - column.has_other
            present = to_texts(self.row[column.name])[0].iloc[0]
            changes += [
                (column.name, level) for level in column.levels[:n_kept] if level != present
            ]
        labels, sizes = self.placed(changes)
        moved = np.flatnonzero(labels != self.own)
        if len(moved) == 0:
            return None
        at = int(moved[np.argmin(sizes[moved])])
        name, level = changes[at]
        text, blank = to_texts(self.row[name])
        return SmallestChange(
            column=name,
            before=None if blank[0] else str(text.iloc[0]),
            after=level,
            segment=int(labels[at]),
            size=float(sizes[at]),
            exact=self.exact,
        )

    def rounded(self, edge: Edge) -> SmallestChange | None:
        """Close in on an edge and step over it, to a number that reads well."""
        limits, name = self.ranges[edge.column.name], edge.column.name
        closed = close_in(edge) if edge.target is not None else self._by_placing(edge)
        sign = 1 if closed.outside > closed.inside else -1
        # Counted in the direction of the change, so that further is always more.
        least = sign * closed.outside
        room = _ROUNDING * abs(closed.outside - self.start[name])
        if limits.whole:
            wanted = float(np.ceil(least))
        else:
            wanted = readable_between(least, least + room) if least + room > least else least
        furthest = sign * (limits.high if sign > 0 else limits.low)
        tried = [sign * each for each in dict.fromkeys((wanted, least)) if each <= furthest]
        if limits.whole:
            tried = [each for each in tried if each == int(each)]
        labels, sizes = self.placed([(name, value) for value in tried])
        before = self.before[name]
        for value, label, size in zip(tried, labels.tolist(), sizes.tolist(), strict=True):
            if label != self.own:
                return SmallestChange(
                    column=name,
                    before=None if np.isnan(before) else before,
                    after=value,
                    segment=label,
                    size=size,
                    exact=self.exact,
                )
        return None

    def _by_placing(self, edge: Edge) -> Edge:
        """Close in from both sides, by many values at a time, as each placing has its price."""
        name, inside, outside = edge.column.name, edge.inside, edge.outside
        for _ in range(_ROUNDS):
            values = np.linspace(inside, outside, _POINTS + 2)
            if self.ranges[name].whole:
                values = np.round(values)
            between = [each for each in dict.fromkeys(values.tolist()) if inside != each != outside]
            if not between:
                break
            labels, _ = self.placed([(name, value) for value in between])
            moved = np.flatnonzero(labels != self.own)
            first = int(moved[0]) if len(moved) else len(between)
            line = [inside, *between, outside]
            inside, outside = line[first], line[first + 1]
        return replace(edge, inside=inside, outside=outside)

    def placed(
        self, changes: Sequence[tuple[str, float | str]]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Place the row with each change made to it, and measure how far each moves it."""
        rows = self.row.iloc[np.zeros(len(changes), dtype=np.intp)].reset_index(drop=True)
        for name in dict.fromkeys(name for name, _ in changes):
            values = rows[name].astype("object").tolist()
            for i, (changed, value) in enumerate(changes):
                if changed == name:
                    values[i] = value
            numeric = name in self.before
            rows[name] = pd.Series(values, dtype="float64" if numeric else "str")
        X = self.found.encode(rows)
        if len(X) == 0:
            return np.empty(0, dtype=np.int32), np.empty(0)
        return self.found.place_encoded(X).labels, np.linalg.norm(X - self.x, axis=1)
