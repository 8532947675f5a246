"""Where another center becomes the nearest as one column of a customer changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.preparation.columns import NumericColumn

_HALVINGS = 60


@dataclass(frozen=True, kw_only=True)
class Range:
    """Between which numbers a column lies in the table, and whether all of them are whole."""

    low: float
    high: float
    whole: bool


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Somewhere from ``inside`` to ``outside`` a column's value leaves the segment.

    ``target`` is the encoded value at which it does, where that is known; ``size`` is that of the
    change to the edge.
    """

    column: NumericColumn
    inside: float
    outside: float
    size: float
    target: float | None = None


@dataclass(frozen=True, eq=False)
class CentersAhead:
    """The other centers, as seen from a row.

    Attributes
    ----------
    distances : ndarray of shape (n_clusters - 1,)
        By how much each center's squared distance is above that to the own one.
    apart : ndarray of shape (n_clusters - 1, n_features)
        The own center less each of them.
    """

    distances: NDArray[np.float64]
    apart: NDArray[np.float64]


def centers_ahead(
    x: NDArray[np.float64], centers: NDArray[np.float64], *, own: int
) -> CentersAhead:
    """Measure how far each other center is behind the own one of an encoded row.

    Parameters
    ----------
    x : ndarray of shape (n_features,)
    centers : ndarray of shape (n_clusters, n_features)
    own : int
    """
    squares = np.square(x - centers).sum(axis=1)
    return CentersAhead(
        distances=np.delete(squares - squares[own], own),
        apart=np.delete(centers[own] - centers, own, axis=0),
    )


def crossings(
    column: NumericColumn,
    direction: NDArray[np.float64],
    ahead: CentersAhead,
    *,
    start: float,
    limits: Range,
) -> Iterator[Edge]:
    """Find where another center becomes the nearest, both ways.

    Parameters
    ----------
    column : NumericColumn
    direction : ndarray of shape (n_features,)
        In which the row moves per unit of the encoded column.
    ahead : CentersAhead
    start : float
        The column's value.
    limits : Range
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        # The difference of the squares falls by this much per step.
        steps = -ahead.distances / (2 * (ahead.apart @ direction))
    at = encoded(column, start)
    for sign, end in ((1, limits.high), (-1, limits.low)):
        step = float(np.where(steps * sign > 0, steps * sign, np.inf).min())
        target = at + sign * step
        if np.isfinite(step) and (encoded(column, end) - target) * sign >= 0:
            size = step * float(np.linalg.norm(direction))
            yield Edge(column=column, inside=start, outside=end, size=size, target=target)


def close_in(edge: Edge) -> Edge:
    """Halve an edge of a known target until its two values are neighbours."""
    target = edge.target or 0.0
    inside, outside = edge.inside, edge.outside
    rising = outside > inside
    for _ in range(_HALVINGS):
        middle = inside / 2 + outside / 2
        if middle in (inside, outside):
            break
        # At the target itself both centers are as near; beyond it the other one is.
        beyond = encoded(edge.column, middle)
        if beyond > target if rising else beyond < target:
            outside = middle
        else:
            inside = middle
    return replace(edge, inside=inside, outside=outside)


def encoded(column: NumericColumn, value: float) -> float:
    """Encode one value as the column was clustered."""
    return float(column.transform(pd.Series([value], name=column.name))[0])
