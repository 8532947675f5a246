"""What stands above and between the rows of a table and is none of them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from app.segmentation.tables.layout import (
    ANSWER,
    IMPORT_ID,
    UNIT,
    Layout,
    Row,
    assembled,
    is_comment,
    is_grouped,
)
from app.segmentation.tables.set_aside import SetAside, told
from app.segmentation.tables.sniffing import consecutive_years, is_measure, recognise_header
from app.segmentation.tables.values import MISSING_MARKS

_RULER = re.compile(r"[:+|]?[-=_+]{2,}[-=_+:| ]*")
_SHORTEST_RULER = 3
_ABOVE = 40
_BODY = 200
_MEASURED = 0.9
_MOST_HEADERS = 3


def recognise_layout(
    rows: Sequence[Row],
    *,
    has_header: bool | None = None,
    header_row: int | None = None,
    recognised: bool = True,
) -> Layout:
    """Find the header and the first row among the first rows of a file.

    Parameters
    ----------
    rows
        The beginning of the file, without the lines that the caller left out; at least one row.
    has_header, header_row
        What the caller knows; a ``header_row`` of 0 says that there is none.
    recognised
        Whether lines above the header may be set aside unasked.
    """
    rows = rows[: _ABOVE + _BODY]
    rulers = [row for row in rows if recognised and _is_ruler(row[1])]
    rows = [row for row in rows if row not in rulers] or rows
    layout = _recognised(rows, has_header=has_header, header_row=header_row, recognised=recognised)
    above = [
        SetAside(line=line, what="ruler", text=told(fields))
        for line, fields in rulers
        if line < layout.first_row
    ]
    aside = sorted((*layout.set_aside, *above), key=lambda each: each.line)
    return replace(layout, set_aside=tuple(aside))


def _recognised(
    rows: Sequence[Row], *, has_header: bool | None, header_row: int | None, recognised: bool
) -> Layout:
    if header_row:
        at = next((i for i, (line, _) in enumerate(rows) if line >= header_row), len(rows) - 1)
        return assembled(rows, at, [at])
    top = _first_of_table(rows) if recognised and header_row is None else 0
    body = [fields for _, fields in rows[top:]]
    named = has_header if has_header is not None else header_row is None and recognise_header(body)
    if not named:
        return assembled(rows, top, [])
    headers = _headers(rows, top) if recognised else [top]
    return assembled(rows, top, headers)


def _is_ruler(fields: Sequence[str]) -> bool:
    """Whether a row only rules off the header, as Markdown and databases' clients write it."""
    cells = [cell.strip() for cell in fields if cell.strip()]
    longest = max(map(len, cells), default=0)
    return longest >= _SHORTEST_RULER and all(_RULER.fullmatch(cell) for cell in cells)


def _filled(fields: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in fields)


def _width(rows: Sequence[Row]) -> int:
    widths = Counter(len(fields) for _, fields in rows)
    most = max(widths.values())
    return max(width for width, count in widths.items() if count == most)


def _first_of_table(rows: Sequence[Row]) -> int:
    """Index of the first row that is as wide as the table and could be its header."""
    width = _width(rows)
    if width < 2:
        return next((i for i, (_, fields) in enumerate(rows) if not is_comment(fields)), 0)
    if (plain := _plain_header(rows, width)) is not None:
        return plain
    top = 0
    while top < min(_ABOVE, len(rows) - 1) and (
        _filled(rows[top][1]) < max(2, math.ceil(width / 2))
        or (is_comment(rows[top][1]) and len(rows[top][1]) != width)
    ):
        top += 1
    if top and _filled(rows[top][1]) < 2:
        return 0
    if top and _votes(rows, top) <= 0 < _votes(rows, top - 1):
        # Above numbers stands a name, and it is the header though others are missing.
        top -= 1
    if is_comment(rows[top][1]) and top + 1 < len(rows) and _votes(rows, top + 1) > 0:
        return top + 1
    return top


def _plain_header(rows: Sequence[Row], width: int) -> int | None:
    """Index of a row of names in every column, where nothing above it is as wide.

    Where groups of columns are named above it, of the row that names them.
    """
    for at, (_, fields) in enumerate(rows[: min(_ABOVE, len(rows) - 1)]):
        if len(fields) != width or _filled(fields) < width or is_comment(fields):
            continue
        if any(map(is_measure, fields)) or _votes(rows, at) <= 0:
            return None
        if at and _names_groups(rows[at - 1][1], fields):
            return at - 1
        return at
    return None


def _names_groups(above: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the row above the names says to which group each belongs."""
    cells = [cell.strip() for cell in above]
    filled = [i for i, cell in enumerate(cells) if cell]
    if len(filled) < 2 or len(cells) > len(names) or any(is_measure(cells[i]) for i in filled):
        return False
    spread = filled[-1] >= len(names) / 2 and len(filled) < len(names)
    return spread and (len(set(names)) < len(names) or not cells[0])


def _measured(rows: Sequence[Row], first: int, width: int) -> list[int]:
    """Positions of the columns that hold numbers and dates from row ``first`` on."""
    found = []
    body = [fields for _, fields in rows[first : first + _BODY]]
    for position in range(width):
        cells = [row[position].strip() for row in body if len(row) > position]
        cells = [cell for cell in cells if cell and cell.lower() not in MISSING_MARKS]
        if len(cells) > 1 and sum(map(is_measure, cells)) >= _MEASURED * len(cells):
            found.append(position)
    return found


def _votes(rows: Sequence[Row], at: int) -> int:
    """Columns of numbers in which row ``at`` has a word, less those in which it has a number."""
    fields = rows[at][1]
    cells = [fields[i].strip() for i in _measured(rows, at + 1, len(fields))]
    if consecutive_years([cell for cell in cells if is_measure(cell)]):
        return len(cells)
    cells = [cell for cell in cells if cell and cell.lower() not in MISSING_MARKS]
    return sum(-1 if is_measure(cell) else 1 for cell in cells)


def _headers(rows: Sequence[Row], top: int) -> list[int]:
    """Rows that name columns: the header and what explains it below."""
    found = [top]
    survey = next(
        (
            i
            for i in range(top + 1, min(top + _MOST_HEADERS, len(rows)))
            if any(cell.lstrip().startswith(IMPORT_ID) for cell in rows[i][1])
        ),
        None,
    )
    if survey is not None:
        return list(range(top, survey + 1))
    for at in range(top + 1, min(top + _MOST_HEADERS, len(rows) - 2)):
        if not _names_too(rows, top, at):
            break
        found.append(at)
    return found


def _names_too(rows: Sequence[Row], top: int, at: int) -> bool:
    """Whether row ``at`` names, explains or measures columns as the header above it does."""
    header, fields = rows[top][1], rows[at][1]
    answers = any(cell.strip().lower() in ANSWER for cell in fields)
    if answers and is_grouped(header) and not any(map(is_measure, fields)):
        return True
    measured = [i for i in _measured(rows, at + 1, len(header)) if i < len(fields)]
    cells = [fields[i].strip() for i in measured if fields[i].strip()]
    cells = [cell for cell in cells if cell.lower() not in MISSING_MARKS or cell in "-–"]
    if not cells:
        return False
    words = [cell for cell in cells if not is_measure(cell)]
    if len(words) < len(cells):
        grouped = is_grouped(header)
        return grouped and consecutive_years(sorted({c for c in cells if is_measure(c)}))
    if all(UNIT.fullmatch(cell) for cell in cells):
        return True
    enough = len(cells) > 1 and len(cells) >= 0.8 * len(measured)
    return enough or (is_grouped(header) and len(cells) == len(measured))
