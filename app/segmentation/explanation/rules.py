"""Each segment as one rule in the original columns: text to read, SQL to run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.explanation.conditions import Condition, matches_all
from app.segmentation.explanation.folds import stratified_folds
from app.segmentation.explanation.rule_search import MAX_CONDITIONS, Candidates
from app.segmentation.explanation.writing import writing_of

MAX_ROWS = 5_000
"""Rows the rules are learned on at most; a larger table is sampled."""


@dataclass(frozen=True)
class SegmentRule:
    """The conditions, all of which a row of the segment should meet.

    Attributes
    ----------
    segment : int
    conditions : tuple of Condition
        None of them means every row.
    text : str
        ``income > 70 and spending > 61``.
    sql : str
        The same as a condition for WHERE, in SQLite and in PostgreSQL, on columns that stand as
        the conditions' writing says: as they were read, missing values as NULL, or as written.
    precision : float
        Share of the rows selected that belong to the segment, on rows the rule was not learned
        from; 0 where none was selected.
    recall : float
        Share of the segment's rows selected, on such rows.
    size : int
        Rows that the rule selects.
    segment_size : int
        Rows of the segment.
    """

    segment: int
    conditions: tuple[Condition, ...]
    text: str
    sql: str
    precision: float
    recall: float
    size: int
    segment_size: int

    def matches(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that the rule selects, the same as its SQL; shape (n_samples,)."""
        return matches_all(self.conditions, frame)


def describe_by_rules(
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
    max_conditions: int = MAX_CONDITIONS,
    random_state: int = 0,
) -> tuple[SegmentRule, ...]:
    """Find for each segment the conjunction that selects it best.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, ...)
        The columns in their own units; missing values may remain.
    labels : ndarray of shape (n_samples,)
        Segment of each row; a row labelled -1 (noise) belongs to none, and a rule that selects
        it is the less precise.
    numeric, categorical : sequence of str
        The columns a rule may speak of. Categories are text, booleans or numbers.
    max_conditions : int
        In one rule.
    random_state : int
        Seeds the sample and the folds.

    Returns
    -------
    tuple of SegmentRule
        In the order of the segments.

    Raises
    ------
    DegenerateDataError
        No segment or no column, a column named twice, or a name or category that SQL cannot
        hold.

    Notes
    -----
    A beam search adds conditions while the F1 score rises (as CN2-SD and other subgroup
    discovery do: Lavrač et al. 2004, J. Mach. Learn. Res. 5). Limits are round numbers between
    quantiles, and everything is evaluated with the round number. Precision and recall are of
    rules found in the same way on the other four fifths of the rows, five times.
    """
    columns = [*numeric, *categorical]
    repeated = sorted({name for name in columns if list(frame.columns).count(name) > 1})
    if repeated:
        raise DegenerateDataError(f"Two columns are named {repeated[0]!r}; rename one of them.")
    segments = np.unique(labels[labels >= 0])
    if len(segments) == 0 or not columns:
        raise DegenerateDataError("Rules need at least one segment and one column.")

    rng = np.random.default_rng(random_state)
    rows = np.arange(len(frame))
    if len(rows) > MAX_ROWS:
        rows = np.sort(rng.choice(rows, size=MAX_ROWS, replace=False))
    learned, y = frame.iloc[rows], np.asarray(labels)[rows]
    candidates = Candidates.of(learned, y, numeric=numeric, categorical=categorical)
    fold = stratified_folds(y, random_state=random_state)
    return tuple(
        _rule(int(segment), frame, np.asarray(labels), y, candidates, fold, max_conditions)
        for segment in segments
    )


def as_written(
    rules: Sequence[SegmentRule], records: pd.DataFrame, read: pd.DataFrame
) -> tuple[SegmentRule, ...]:
    """Write the rules' SQL for records as they were written, rather than as they were read.

    Parameters
    ----------
    rules : sequence of SegmentRule
    records : DataFrame of shape (n_samples, n_columns)
        As they were written.
    read : DataFrame of shape (n_samples, n_columns)
        The same columns, typed.
    """
    places = {str(name): i for i, name in enumerate(read.columns)}
    used = {each.column for rule in rules for each in rule.conditions}
    writings = {
        name: writing_of(records.iloc[:, places[name]], read.iloc[:, places[name]])
        for name in sorted(used)
    }
    result = []
    for rule in rules:
        conditions = tuple(replace(c, writing=writings[c.column]) for c in rule.conditions)
        result.append(replace(rule, conditions=conditions, sql=_sql(conditions)))
    return tuple(result)


def _rule(
    segment: int,
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    y: NDArray[np.integer],
    candidates: Candidates,
    fold: NDArray[np.intp],
    max_conditions: int,
) -> SegmentRule:
    inside = y == segment
    right = selected = 0
    for held_out in range(int(fold.max()) + 1):
        test = fold == held_out
        chosen = candidates.search(inside, ~test, max_conditions)
        picked = candidates.matches(chosen) & test
        right += int((picked & inside).sum())
        selected += int(picked.sum())
    chosen = candidates.search(inside, np.ones(len(y), dtype=np.bool_), max_conditions)
    conditions = tuple(candidates.conditions[i] for i in chosen)
    return SegmentRule(
        segment=segment,
        conditions=conditions,
        text=" and ".join(condition.text for condition in conditions) or "every customer",
        sql=_sql(conditions),
        precision=right / selected if selected else 0.0,
        recall=right / int(inside.sum()) if inside.any() else 0.0,
        size=int(matches_all(conditions, frame).sum()),
        segment_size=int((labels == segment).sum()),
    )


def _sql(conditions: Sequence[Condition]) -> str:
    return " AND ".join(condition.sql for condition in conditions) or "1 = 1"
