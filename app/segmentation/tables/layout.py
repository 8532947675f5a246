"""Where a table begins and what its columns are called, from the rows that name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.segmentation.tables.set_aside import SetAside, What, told

Row = tuple[int, list[str]]
"""The line a row starts at, and its fields."""

COMMENT = re.compile(r"\s*(#|//|--|%|!|\*\*)")
IMPORT_ID = '{"ImportId"'
ANSWER = {"response", "open-ended response", "antwort", "offene antwort", "réponse", "respuesta"}
_UNIT_WORD = (
    r"(years?|yrs?|jahre?|ans|años|anni|anos|jaar|months?|monate?|mois|days?|tage?|jours|hours?|h|"
    r"min|minutes?|s|sec|eur|usd|gbp|chf|jpy|inr|cny|pln|czk|sek|nok|dkk|rub|brl|mxn|cad|aud|try|"
    r"k|m|t|mio|tsd|k?[€$£¥₹]|k\s?(eur|usd|gbp|€|\$|£)|tsd\.?\s?(eur|€)|%|percent|prozent|kg|g|cm|"
    r"mm|km|m²|m2|l|pcs\.?|pieces|units?|stk\.?|stück|count|number|anzahl|no\.?|n|#|nr\.?|points?|"
    r"punkte|text|string|str|integer|int|float|double|numeric|date|datum|bool(ean)?|varchar|"
    r"yes/no|ja/nein|visits|orders|purchases|besuche|stars?|score|scale|code|id|category|"
    r"dd[./-]mm[./-]yyyy|mm[./-]dd[./-]yyyy|yyyy-mm-dd|\d+\s?(-|–|to|bis)\s?\d+)"
)
UNIT = re.compile(
    rf"[\[(]?\s*(in\s+)?{_UNIT_WORD}(\s*(/|per|pro|par|por|al|a)\s*[a-zäöü]+)?\s*[\])]?"
    r"|(per|pro|par|por|je)\s+[a-zäöü]+|[-–—]",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where a table begins.

    Attributes
    ----------
    names
        What the columns are called, as written; None where the file has no header.
    width
        How many columns there are.
    header_row
        The line of the header; None where there is none.
    first_row
        The line of the first row; nothing above it is one.
    set_aside
        What stands above the first row beside the header.
    units
        The units that a row below the header gives, one a column, ``""`` where none.
    repeated
        The rows that stand above the first, each of which may stand again further down.
    shifted
        Whether the header lacks a name for the first column, which names the rows.
    """

    names: list[str] | None
    width: int
    header_row: int | None
    first_row: int
    set_aside: tuple[SetAside, ...] = ()
    units: tuple[str, ...] = ()
    repeated: tuple[tuple[str, ...], ...] = ()
    shifted: bool = False

    def at(self, positions: Sequence[int]) -> Layout:
        """Lay out these columns alone."""

        def kept(fields: Sequence[str]) -> tuple[str, ...]:
            return tuple(fields[i] for i in positions if i < len(fields))

        return replace(
            self,
            names=None if self.names is None else list(kept(self.names)),
            width=len(positions),
            repeated=tuple(map(kept, self.repeated)),
            units=kept(self.units),
        )


def is_comment(fields: Sequence[str]) -> bool:
    """Whether a row begins as comments do, and says more than one word."""
    return bool(fields) and COMMENT.match(fields[0]) is not None and " " in fields[0].strip()


def is_grouped(header: Sequence[str]) -> bool:
    """Whether a name stands over several columns: blanks follow it, or it is repeated."""
    cells = [cell.strip() for cell in header]
    filled = [cell for cell in cells if cell]
    follows = any(left and not right for left, right in pairwise(cells))
    return follows or len(set(filled)) < len(filled)


def assembled(rows: Sequence[Row], top: int, headers: Sequence[int]) -> Layout:
    """Put a layout together from the first row of the table and the rows that name its columns."""
    first = headers[-1] + 1 if headers else top
    aside = [
        SetAside(
            line=line,
            what="comment" if is_comment(fields) else "title",
            text=told(fields),
            lone=len(fields) == 1 < len(rows[headers[0] if headers else top][1]),
        )
        for line, fields in rows[: headers[0] if headers else top]
    ]
    names: list[str] | None = None
    units: tuple[str, ...] = ()
    if headers:
        names = [cell.strip() for cell in rows[headers[0]][1]]
        for at in headers[1:]:
            line, fields = rows[at]
            below = [cell.strip() for cell in fields] + [""] * (len(names) - len(fields))
            what: What = "labels"
            if all(UNIT.fullmatch(cell) for cell in below if cell):
                what, units = "units", tuple(below)
            elif is_grouped(names) and not any(c.startswith(IMPORT_ID) for c in below):
                names, what = _combined(names, below), "header"
            aside.append(SetAside(line=line, what=what, text=told(fields)))
    end = rows[-1][0] + 1
    shifted = False
    if names is not None and _longer_by_one(rows[first:], len(names)):
        shifted = any(fields[-1].strip() for _, fields in rows[first:])
        if not shifted:
            names.append("")
        elif shifted := _numbered([fields[0] for _, fields in rows[first:]]):
            names.insert(0, "")
    return Layout(
        names=names,
        width=len(names) if names is not None else _widest(rows, first),
        header_row=rows[headers[0]][0] if headers else None,
        first_row=rows[first][0] if first < len(rows) else end,
        set_aside=tuple(aside),
        units=units,
        repeated=tuple(tuple(cell.strip() for cell in fields) for _, fields in rows[:first]),
        shifted=shifted,
    )


def _numbered(cells: Sequence[str]) -> bool:
    """Whether cells count the rows from 0 or 1."""
    plain = [cell.strip() for cell in cells]
    return any(plain == [str(i + start) for i in range(len(plain))] for start in (0, 1))


def _longer_by_one(body: Sequence[Row], width: int) -> bool:
    """Whether all rows have one field more than the header: row names, or a mark at the end."""
    return width > 1 and len(body) > 1 and all(len(fields) == width + 1 for _, fields in body)


def _widest(rows: Sequence[Row], first: int) -> int:
    return len(rows[first][1]) if first < len(rows) else 0


def _combined(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """Join the names of two rows: a group's name counts for the blanks that follow it."""
    group, joined = "", []
    for above, below in zip([*groups, *[""] * (len(names) - len(groups))], names, strict=False):
        group = above or group
        if not below or below.lower() in ANSWER:
            joined.append(above or f"{group} {below}".strip())
        else:
            joined.append(below if group in ("", below) else f"{group} {below}")
    return joined
