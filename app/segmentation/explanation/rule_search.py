"""Search for the conjunction of conditions that selects one segment best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.explanation.conditions import (
    TRUTH,
    AnyOf,
    Condition,
    Missing,
    Threshold,
    readable_between,
)

MAX_CONDITIONS = 4
MAX_LIMITS = 32
"""Limits tried on one numeric column."""

MAX_CATEGORIES = 50
"""Most frequent values of a categorical column that a rule may name."""

_MAX_LISTED = 6
_BEAM = 3
_LEAST_GAIN = 0.005


@dataclass(frozen=True)
class Candidates:
    """Conditions and the rows that meet each.

    Attributes
    ----------
    conditions : tuple of Condition
    met : ndarray of bool, shape (n_samples, n_conditions)
    counts : ndarray of float32, shape (n_samples, n_conditions)
        ``met`` as numbers, for matrix products.
    """

    conditions: tuple[Condition, ...]
    met: NDArray[np.bool_]
    counts: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        labels: NDArray[np.integer],
        *,
        numeric: Sequence[str],
        categorical: Sequence[str],
    ) -> "Candidates":
        """Build every condition worth trying on these rows."""
        conditions = [
            *(one for name in numeric for one in _on_number(frame[name], name)),
            *(one for name in categorical for one in _on_category(frame[name], name, labels)),
        ]
        met = (
            np.column_stack([condition.matches(frame) for condition in conditions])
            if conditions
            else np.empty((len(frame), 0), dtype=np.bool_)
        )
        return cls(tuple(conditions), met, met.astype(np.float32))

    def matches(self, chosen: Sequence[int]) -> NDArray[np.bool_]:
        """Rows that meet all the conditions chosen, shape (n_samples,)."""
        return np.asarray(self.met[:, list(chosen)].all(axis=1), dtype=np.bool_)

    def search(
        self, inside: NDArray[np.bool_], rows: NDArray[np.bool_], max_conditions: int
    ) -> tuple[int, ...]:
        """Add conditions while they raise F1 on some of the rows.

        Parameters
        ----------
        inside : ndarray of bool, shape (n_samples,)
            Rows of the segment.
        rows : ndarray of bool, shape (n_samples,)
            Rows to learn from.
        max_conditions : int

        Returns
        -------
        tuple of int
            Positions in ``conditions``, in their order.
        """
        n_inside = float((inside & rows).sum())
        n_rows = float(rows.sum())
        best: tuple[int, ...] = ()
        best_score = 2 * n_inside / (n_rows + n_inside) if n_inside else 0.0
        beam: list[tuple[int, ...]] = [()]
        for _ in range(min(max_conditions, len(self.conditions))):
            scored: dict[tuple[int, ...], float] = {}
            for rule in beam:
                score = self._extended(rule, inside, rows, n_inside)
                # Stable, so that of equal conditions the first is taken on every machine.
                for i in np.argsort(-score, kind="stable")[:_BEAM]:
                    scored[tuple(sorted({*rule, int(i)}))] = float(score[i])
            beam = sorted(scored, key=lambda rule: (-scored[rule], rule))[:_BEAM]
            if scored[beam[0]] < best_score + _LEAST_GAIN:
                break
            best, best_score = beam[0], scored[beam[0]]
        return best

    def _extended(
        self,
        rule: tuple[int, ...],
        inside: NDArray[np.bool_],
        rows: NDArray[np.bool_],
        n_inside: float,
    ) -> NDArray[np.float64]:
        kept = self.matches(rule) & rows
        weights = np.vstack([kept, kept & inside]).astype(np.float32)
        selected, right = (weights @ self.counts).astype(np.float64)
        return np.asarray(2 * right / np.maximum(selected + n_inside, 1), dtype=np.float64)


def _on_number(column: pd.Series, name: str) -> Iterator[Condition]:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    distinct = np.unique(values[np.isfinite(values)])
    if len(distinct) > MAX_LIMITS + 1:
        levels = np.linspace(0, 1, MAX_LIMITS + 1)
        distinct = np.unique(np.quantile(values[np.isfinite(values)], levels))
        # Half a step to either side leaves room for a rounder number.
        middles = (distinct[1:] + distinct[:-1]) / 2
        ranges = list(pairwise(middles))
    else:
        ranges = list(pairwise(distinct))
    for limit in dict.fromkeys(readable_between(low, high) for low, high in ranges):
        yield Threshold(name, ">", limit)
        yield Threshold(name, "<=", limit)
    if np.isnan(values).any() and len(distinct):
        yield Missing(name)


def _on_category(column: pd.Series, name: str, labels: NDArray[np.integer]) -> Iterator[Condition]:
    frequent = column.value_counts().index[:MAX_CATEGORIES]
    codes = frequent.get_indexer(pd.Index(column))
    known = [value.item() if isinstance(value, np.generic) else value for value in frequent]
    totals = np.bincount(codes[codes >= 0], minlength=len(known))
    listed: dict[tuple[int, ...], None] = {}
    for segment in np.unique(labels[labels >= 0]):
        within = np.bincount(codes[(codes >= 0) & (labels == segment)], minlength=len(known))
        order = np.argsort(-within / np.maximum(totals, 1), kind="stable")
        for length in range(1, min(_MAX_LISTED, len(known) - 1) + 1):
            listed[tuple(sorted(int(code) for code in order[:length]))] = None
    for group in listed:
        yield AnyOf(name, tuple(known[code] for code in group), truth=TRUTH.issuperset(known))
    if column.isna().any() and known:
        yield Missing(name)
