"""Rows among the customers that are none: totals, repeated headers, notes and blank rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import coded
from app.segmentation.tables.layout import COMMENT
from app.segmentation.tables.set_aside import SetAside, What, told
from app.segmentation.tables.sums import adds_up, loose_numbers

_TOTALS = (
    r"(grand |overall |sub[- ]?|running )?totals?( général| general| generale)?|sum|sums|overall|"
    r"(gesamt|zwischen|end)?summen?|gesamt|insgesamt|gesamtergebnis|ergebnis|"
    r"(sous[- ])?total(aux)?|somme|ensemble|suma|(sub)?totale|somma|soma|totaal|eindtotaal|"
    r"subtotaal|som|summa|i alt|yhteensä|razem|ogółem|celkem|összesen|итого|всего|σύνολο|toplam|"
    r"genel toplam|合計|総計|小計|总计|合计|小计|總計|합계|총계|소계|المجموع|סה\"כ|"
    r"averages?|mean|avg|durchschnitt|mittelwert|moyenne|promedio|media|média|gemiddelde|среднее|"
    r"平均|median|count|anzahl|min(imum)?|max(imum)?|std"
)
_TOTAL = (
    rf"(?i)^\s*(({_TOTALS})\W*|({_TOTALS})\s*[:=(–-].*"
    r"|(grand total|(sub)?total|(zwischen)?summe|итого|合計).*"
    r"|.*\b(totals?|gesamt|ergebnis|zwischensumme|summe|somme|totale|totaal|suma|razem|итого|合計|"
    r"小計|小计|合计)|(total|sub-?total|summe|sous-total|totale|итого)\s+\S.*)\s*:?\s*$"
)
_EXACT = re.compile(rf"(?i)\s*({_TOTALS})\s*:?\s*")
_NOTE = re.compile(
    r"(?i)\s*(\*|©|source|note|quelle|hinweis|anmerkung|fuente|nota|page \d|seite \d|end of|ende|"
    r"generated|created|exported|erstellt|stand:?|n ?= ?\d+|\(?\d+ (rows?|records?|zeilen|lignes)|"
    r"copyright|confidential|vertraulich|all figures|alle angaben|http|printed|report|---|===)"
)
_MARKED = r"^\s*(#|//)\s*\S"
_AFTER_MARKS = "0"
"""No text that comes later begins with a mark of comments or with white space."""

_WORD_COLUMNS = 3
_THOROUGH_ROWS = 200_000
_TAIL = 500
_MOST_CANDIDATES = 2_000
_LONGEST_ENDING = 30


@dataclass
class _Found:
    """The rows to set aside, and those that only may be totals."""

    rows: dict[int, What] = field(default_factory=dict)
    doubtful: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Between:
    """What is no row of the table among its rows.

    Attributes
    ----------
    keep
        (n_rows,) false where a row is set aside.
    set_aside
        The rows set aside.
    doubtful
        Rows that are called totals, and are kept since their numbers do not add up.
    """

    keep: NDArray[np.bool_]
    set_aside: tuple[SetAside, ...]
    doubtful: tuple[int, ...]


def find_between(
    columns: Sequence[Any], lines: NDArray[np.int64], repeated: Iterable[tuple[str, ...]]
) -> Between:
    """Find the rows that are no customers, each by what makes it sure.

    A total is sure where its numbers are the sums, means or extremes of the rows above, or where
    it stands last under an identifier that it is unlike; a note where it stands alone in its row
    and is unlike the rest of its column.

    Parameters
    ----------
    columns
        One array of strings a column, (n_rows,) each.
    lines
        (n_rows,) the line of each row.
    repeated
        The rows that stand above the table.
    """
    n_rows = len(lines)
    found = _Found()
    if n_rows and len(columns) > 1:
        filled = _filled(columns, n_rows)
        _find_repeated(columns, repeated, found)
        _find_sparse(columns, filled, found)
        _find_totals(columns, filled, found)
    keep = np.ones(n_rows, dtype=np.bool_)
    keep[list(found.rows)] = False
    aside = tuple(
        SetAside(line=int(lines[row]), what=found.rows[row], text=told(_fields(columns, row)))
        for row in sorted(found.rows)
    )
    return Between(
        keep=keep,
        set_aside=aside,
        doubtful=tuple(int(lines[row]) for row in found.doubtful if row not in found.rows),
    )


def _filled(columns: Sequence[Any], n_rows: int) -> NDArray[np.int64]:
    """(n_rows,) how many columns have a text in each row."""
    filled = np.full(n_rows, len(columns), dtype=np.int64)
    for column in columns:
        blank = coded.where(column, lambda texts: pc.equal(texts, ""))
        if blank.any():
            filled -= blank
    return filled


def _fields(columns: Sequence[Any], row: int) -> list[str]:
    return [column[row].as_py() for column in columns]


def _find_repeated(
    columns: Sequence[Any], repeated: Iterable[tuple[str, ...]], found: _Found
) -> None:
    for fields in repeated:
        cells = [*fields, *[""] * (len(columns) - len(fields))]
        if not cells[0] and sum(map(bool, cells)) < 2:
            continue
        at = next(i for i, cell in enumerate(cells) if cell)
        name = cells[at]
        same = np.flatnonzero(coded.where(columns[at], partial(_reads, text=name)))
        for row in same[:_MOST_CANDIDATES].tolist():
            if [cell.strip() for cell in _fields(columns, row)] == cells[: len(columns)]:
                found.rows[row] = "header" if sum(map(bool, cells)) > 1 else "title"


def _reads(texts: Any, text: str) -> Any:
    return pc.equal(pc.utf8_trim_whitespace(texts), text)


def _find_sparse(columns: Sequence[Any], filled: NDArray[np.int64], found: _Found) -> None:
    """Set blank rows aside, and texts that stand alone where they are unlike their column."""
    n_rows = len(filled)
    found.rows.update(dict.fromkeys(np.flatnonzero(filled == 0).tolist(), "blank"))
    marked = []
    if coded.any_before(coded.texts_of(columns[0]), _AFTER_MARKS):
        commented = coded.where(columns[0], partial(pc.match_substring_regex, pattern=_MARKED))
        marked = np.flatnonzero(commented).tolist()
    if 0 < len(marked) <= max(2, n_rows // 5):
        alike = _likeness(columns[0])
        lines = {row: columns[0][row].as_py() for row in marked[:_MOST_CANDIDATES]}
        found.rows.update({row: "comment" for row, text in lines.items() if not alike(text)})
    lone = [row for row in np.flatnonzero(filled == 1).tolist() if row not in found.rows]
    ending = _ending(lone, n_rows, found)
    if len(lone) - len(ending) > max(2, n_rows // 5):
        lone = ending
    if len(columns) < 3 or not lone or len(ending) > _LONGEST_ENDING:
        return
    texts = {row: "".join(_fields(columns, row)) for row in ending}
    noted = any(_NOTE.match(text) for text in texts.values())
    likeness: dict[int, Callable[[str], bool]] = {}
    for row in lone[:_MOST_CANDIDATES]:
        fields = _fields(columns, row)
        at = next(i for i, cell in enumerate(fields) if cell)
        if not fields[at].strip():
            found.rows[row] = "blank"
            continue
        if at not in likeness:
            likeness[at] = _likeness(columns[at].filter(pa.array(filled > 1)))
        if COMMENT.match(fields[at]) and " " in fields[at].strip():
            found.rows[row] = "comment"
        elif not likeness[at](fields[at]) or (row in texts and noted):
            found.rows[row] = "total" if _EXACT.fullmatch(fields[at]) else "note"


def _ending(lone: Sequence[int], n_rows: int, found: _Found) -> list[int]:
    """Rows of one text each that end the table, blank ones between them."""
    last, ending = n_rows - 1, []
    while last in lone or found.rows.get(last) == "blank":
        ending += [last] if last in lone else []
        last -= 1
    return ending[::-1]


def _likeness(column: Any) -> Callable[[str], bool]:
    """Give a test of whether a text could be one of the column's values."""
    sample = [text.strip() for text in column.slice(0, 500).to_pylist() if text.strip()]
    digits = sum(any(c.isdigit() for c in text) for text in sample) >= 0.8 * len(sample)
    spaces = sum(" " in text for text in sample) > 0.02 * len(sample)
    longest = max(map(len, sample), default=0)

    def alike(text: str) -> bool:
        text = text.strip()
        if digits and not any(c.isdigit() for c in text):
            return False
        return (spaces or " " not in text) and len(text) <= 2 * longest + 5

    return alike


def _find_totals(columns: Sequence[Any], filled: NDArray[np.int64], found: _Found) -> None:
    n_rows = len(filled)
    start = 0 if n_rows <= _THOROUGH_ROWS else n_rows - _TAIL
    candidates: dict[int, int] = {}
    for at, column in enumerate(columns[:_WORD_COLUMNS]):
        called = coded.where(column[start:], partial(pc.match_substring_regex, pattern=_TOTAL))
        for row in (np.flatnonzero(called) + start).tolist():
            candidates.setdefault(row, at)
    last = next((row for row in range(n_rows - 1, -1, -1) if row not in found.rows), None)
    if last is not None and not columns[0][last].as_py().strip() and filled[last] >= 2:
        candidates.setdefault(last, -1)
    if not candidates or len(candidates) > max(3, n_rows // 3):
        return
    plain = [coded.plain(column) for column in columns]
    readings = [[loose_numbers(column, decimal) for column in plain] for decimal in ".,"]
    measures = [i for i, read in enumerate(readings[0]) if read is not None]
    since = 0
    for row, at in sorted(candidates.items()):
        if row in found.rows:
            continue
        fields = _fields(columns, row)
        texts = [i for i, cell in enumerate(fields) if cell.strip() and i not in measures]
        if at < 0 and texts:
            continue
        at_end = all(later in found.rows or later in candidates for later in range(row, n_rows))
        above = np.array([r for r in range(row) if r not in found.rows], dtype=np.int64)
        # A total may stand above all that it sums.
        blocks = [above, above[above >= since]] if len(above) else [np.arange(row + 1, n_rows)]
        held = max((adds_up(numbers, measures, row, blocks) for numbers in readings), key=sum)
        if at < 0:
            if held and all(held) and len(held) > 1:
                found.rows[row] = "total"
            continue
        alone = all(i == at for i in texts)
        unlike = at == 0 and not _likeness(columns[0].slice(0, row))(fields[at])
        if alone and (any(held) or (at_end and unlike and _EXACT.fullmatch(fields[at]))):
            found.rows[row] = "total"
            since = row + 1
        elif alone and _EXACT.fullmatch(fields[at]):
            found.doubtful.append(row)
