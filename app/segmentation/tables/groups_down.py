"""Values that are written once above the rows they hold for: groups of a pivot table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import coded
from app.segmentation.tables.kind_words import CODE_WORDS, name_words
from app.segmentation.tables.quality import MOST_ROWS, Alternative, TableWarning
from app.segmentation.tables.sheet_marks import Merged

_FEWEST_ROWS = 6
_FEWEST_GROUPS = 2
_SORTED_GROUPS = 4
"""So many values in their order are hardly so by chance."""

_DIGITS = re.compile(r"[\d@]")
_NULL = pa.scalar(None, type=pa.large_string())


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Columns with their groups' values in each row, and what is said of it."""

    columns: list[Any]
    doubts: tuple[TableWarning, ...] = ()


def fill_down(
    columns: Sequence[Any],
    names: Sequence[str],
    lines: NDArray[np.int64],
    *,
    unit: str,
    given: Iterable[str] | None,
    merged: Sequence[Merged] = (),
) -> Filled:
    """Write a group's value into each of its rows, where it is sure that it holds for them.

    Parameters
    ----------
    columns
        One array of strings per column, (n_rows,) each.
    lines
        (n_rows,) the line, or row of the sheet, of each.
    unit
        What these are called.
    given
        The columns to fill, where they are known.
    merged
        Cells of a sheet that are one, by the sheet's rows.

    Notes
    -----
    It is sure of merged cells; of the first columns where each value stands once, below it are
    blanks, and either the values are sorted or the column's name is that of groups.
    """
    filled = list(columns)
    possible: list[int] = []
    if given is not None:
        wanted = set(given)
        sure = [at for at, name in enumerate(names) if name in wanted]
    else:
        for at, rows in _merged_rows(merged, lines, len(columns)).items():
            filled[at] = _at_rows(filled[at], rows)
        groups = _grouped(columns)
        told = [at for at in groups if _is_sure(names[at], columns[at])]
        sure, possible = (groups, []) if groups and groups[0] in told else ([], groups)
    for at in sure:
        filled[at] = _forward(columns[at])
    below = {
        at: _blank(column) & ~_blank(filled[at])
        for at, column in enumerate(columns)
        if filled[at] is not column
    }
    changed = [at for at, rows in below.items() if rows.any()]
    doubts = []
    if changed:
        before = [below[at] for at in changed]
        doubts.append(_said(changed, before, names, lines, unit, changed, sure=True))
    if possible:
        before = [_blank(columns[at]) for at in possible]
        doubts.append(_said(possible, before, names, lines, unit, changed, sure=False))
    return Filled(columns=filled, doubts=tuple(doubts))


def _blank(column: Any) -> NDArray[np.bool_]:
    return coded.where(column, lambda texts: pc.equal(pc.utf8_trim_whitespace(texts), ""))


def _grouped(columns: Sequence[Any]) -> list[int]:
    """Positions of the first columns of which each value stands once above blanks."""
    found: list[int] = []
    starts = np.zeros(len(columns[0]) if columns else 0, dtype=np.bool_)
    starts[:1] = True
    for at, column in enumerate(columns[:-1]):
        blank = _blank(column)
        n_filled = int((~blank).sum())
        if len(blank) < _FEWEST_ROWS or blank[0] or 2 * n_filled > len(blank):
            break
        followed = blank[1:][~blank[:-1]]
        alone = len(pc.unique(column.filter(pa.array(~blank)))) == n_filled
        within = bool(found) and not np.any(starts & blank)
        if n_filled < _FEWEST_GROUPS or np.mean(followed) < 0.5 or not (alone or within):
            break
        found.append(at)
        starts |= ~blank
    beside = columns[len(found) :] if found else []
    return found if any(not _blank(column).any() for column in beside) else []


def _is_sure(name: str, column: Any) -> bool:
    values = [text.strip() for text in column.to_pylist() if text.strip()]
    if any(_DIGITS.search(value) for value in values):
        return False
    folded = [value.casefold() for value in values]
    ordered = len(values) >= _SORTED_GROUPS and folded == sorted(folded)
    return ordered or bool(CODE_WORDS & set(name_words(name)))


def _forward(column: Any) -> Any:
    gaps = pc.if_else(pa.array(_blank(column)), _NULL, coded.plain(column))
    return pc.fill_null(pc.fill_null_forward(gaps), "")


def _merged_rows(
    merged: Sequence[Merged], lines: NDArray[np.int64], width: int
) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for each in merged:
        first, last = np.searchsorted(lines, [each.top, each.bottom + 1]).tolist()
        if each.position < width and last - first > 1 and lines[first] == each.top:
            found.setdefault(each.position, []).append((first, last))
    return found


def _at_rows(column: Any, ranges: Sequence[tuple[int, int]]) -> Any:
    texts = column.to_pylist()
    for first, last in ranges:
        texts[first:last] = [texts[first]] * (last - first)
    return pa.chunked_array([texts], type=pa.large_string())


def _said(
    positions: Sequence[int],
    below: Sequence[NDArray[np.bool_]],
    names: Sequence[str],
    lines: NDArray[np.int64],
    unit: str,
    changed: Sequence[int],
    *,
    sure: bool,
) -> TableWarning:
    found = np.logical_or.reduce(below)
    rows = tuple(lines[found][:MOST_ROWS].tolist())
    listed = ", ".join(names[at] for at in positions)
    held = "was filled into" if sure else "may hold for"
    kept = [names[at] for at in changed if at not in positions]
    taken = kept if sure else [*kept, *(names[at] for at in positions)]
    return TableWarning(
        code="filled_down" if sure else "possible_groups",
        message=f"{listed}: written once above its rows, as groups are; the value {held} "
        f"{int(found.sum()):,} rows below, first at {unit} {rows[0]}",
        column=names[positions[0]],
        count=int(found.sum()),
        line=rows[0],
        rows=rows,
        reading="filled down" if sure else "blanks",
        alternatives=(
            Alternative(
                reading="blanks" if sure else "filled down", overrides={"fill_down": taken}
            ),
        ),
    )
