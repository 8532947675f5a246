"""Recognise a text table's delimiter, header and number marks from its beginning."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise

from app.segmentation.tables.dialect import WHITESPACE

# A comma stands in prose and in decimals; the others hardly ever repeat by accident.
_DELIMITERS = ("\t", ";", "|", ",")
_RARE_DELIMITERS = ("^", "~", "¦", "§", "!", ":")
_SAMPLE_LINES = 3000
_SAME_HEADER = 0.5
_TITLE_LINES = 12
_UNDOUBTED = 1 + _SAME_HEADER
SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?[,;\t]*(\r?\n|\r)', re.IGNORECASE)
_RULERS = re.compile(r"^[|+]?[-=_]{3,}[-=_+|]*[ \t]*\r?\n", re.MULTILINE)
_NUMBER = re.compile(r"[-+]?(\d[\d.,' \u00a0\u202f]*|[.,]\d+)([eE][-+]?\d+)?%?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}.*)?")


def declared_delimiter(text: str) -> tuple[str | None, str]:
    """Take off the line ``sep=;`` that spreadsheets write before the header."""
    declared = SEPARATOR_LINE.match(text)
    return (declared[1], text[declared.end() :]) if declared else (None, text)


def split_rows(text: str, delimiter: str, quotechar: str) -> list[list[str]]:
    """Split a sample leniently: faults are for the reading proper to name."""
    return [fields for _, fields in numbered_rows(text, delimiter, quotechar)]


def numbered_rows(
    text: str,
    delimiter: str,
    quotechar: str,
    escapechar: str | None = None,
    *,
    skip_spaces: bool = False,
) -> list[tuple[int, list[str]]]:
    """Split a sample leniently, with the line at which each row starts."""
    lines = list(islice(io.StringIO(text, newline=""), _SAMPLE_LINES))
    if delimiter == WHITESPACE:
        return [(i, line.split()) for i, line in enumerate(lines, 1) if line.strip()]
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quotechar or None,
        quoting=csv.QUOTE_MINIMAL if quotechar else csv.QUOTE_NONE,
        escapechar=escapechar,
        skipinitialspace=skip_spaces,
    )
    try:
        rows, start = [], 1
        for row in reader:
            if row:
                rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error:
        return [
            (i, line.rstrip("\r\n").split(delimiter))
            for i, line in enumerate(lines, 1)
            if line.strip()
        ]
    return rows


def recognise_delimiter(text: str, quotechar: str) -> str | None:
    """Find the delimiter that cuts most rows of the sample into the same number of fields.

    None where nothing does: the table has one column. White space counts only where a column
    of numbers comes of it or it comes in runs, lest a column of full names be cut in two.
    """
    best, best_score = None, 0.0
    text = _RULERS.sub("", text)
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        rows = split_rows(text, delimiter, quotechar)
        if not rows:
            continue
        rows = _without_title(rows)
        width, count = Counter(map(len, rows)).most_common(1)[0]
        if max(width, len(rows[0])) < 2:
            continue
        share = count / len(rows) if width > 1 else 1 / len(rows)
        score = round(share, 1) + (_SAME_HEADER if len(rows[0]) == width else 0.0)
        if score > best_score:
            best, best_score = delimiter, score
    # A mark that the header lacks may be no delimiter: decimal commas stand in the numbers alone.
    if best is not None and (best_score >= _UNDOUBTED or not _is_white_space(text, quotechar)):
        return best
    if _is_white_space(text, quotechar):
        return WHITESPACE
    return next((mark for mark in _RARE_DELIMITERS if _sets_apart(text, mark, quotechar)), None)


def recognise_quote(text: str, delimiter: str | None) -> str:
    """Tell single quotes from double ones by which of them leaves the rows of one width."""
    if '"' in text or "'" not in text or delimiter in (None, WHITESPACE):
        return '"'
    single = {len(row) for row in split_rows(text, delimiter or "", "'")}
    double = {len(row) for row in split_rows(text, delimiter or "", '"')}
    return "'" if len(single) == 1 < len(double) else '"'


def escapes_quotes(text: str, delimiter: str | None, quotechar: str) -> bool:
    """Whether quotes inside values are escaped by a backslash rather than doubled."""
    if f"\\{quotechar}" not in text or delimiter in (None, WHITESPACE) or not quotechar:
        return False
    lines = list(islice(io.StringIO(text, newline=""), _SAMPLE_LINES))
    try:
        for _ in csv.reader(lines, delimiter=delimiter or "", quotechar=quotechar, strict=True):
            pass
    except csv.Error:
        return True
    return False


def spaces_before_quotes(text: str, delimiter: str | None, quotechar: str) -> bool:
    """Whether quotes open behind a delimiter and a space, seen by the rows' one width."""
    if delimiter in (None, WHITESPACE) or not quotechar or f"{delimiter} {quotechar}" not in text:
        return False
    plain, skipped = (
        len({len(row) for _, row in numbered_rows(text, delimiter or "", quotechar, skip_spaces=s)})
        for s in (False, True)
    )
    return skipped < plain


def _sets_apart(text: str, mark: str, quotechar: str) -> bool:
    """Whether a mark that prose and times of day hold too cuts every row into as many fields."""
    if mark not in text:
        return False
    widths = {len(row) for row in _without_title(split_rows(text, mark, quotechar))}
    return len(widths) == 1 and widths.pop() > (1 if mark in "^~¦§" else 2)


def _without_title(rows: list[list[str]]) -> list[list[str]]:
    """Leave out the first lines where nothing is set apart, and the last ones."""
    first = next((i for i, row in enumerate(rows[:_TITLE_LINES]) if len(row) > 1), 0)
    if any(is_measure(cell.strip()) for cell in rows[first]):
        # No header stands there: a mark that the line above lacks may set nothing apart.
        first = 0
    last = len(rows)
    while last > max(first + 2, len(rows) - _TITLE_LINES) and len(rows[last - 1]) == 1:
        last -= 1
    return rows[first:last] if len(rows) - first > 1 else rows


def _is_white_space(text: str, quotechar: str) -> bool:
    rows = split_rows(text, WHITESPACE, quotechar)
    widths = {len(row) for row in rows}
    if len(widths) == 1 and widths.pop() > 1:
        body = rows[1:] or rows
        numeric = any(all(_NUMBER.fullmatch(row[i]) for row in body) for i in range(len(rows[0])))
        return numeric or all("  " in line.strip() for line in text.splitlines() if line.strip())
    return False


def recognise_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns.

    Each column whose body is all numbers or dates votes by its first cell. Years in a row
    (region, 2021, 2022, 2023) are names too.
    """
    if not rows:
        return True
    first, body = [cell.strip() for cell in rows[0]], rows[1:]
    measured = [cell for cell in first if is_measure(cell)]
    if not body:
        return not measured
    if len(measured) < len(first) and len(measured) > 1 and consecutive_years(measured):
        return True
    votes = 0
    for position, cell in enumerate(first):
        column = [row[position].strip() for row in body if len(row) > position]
        filled = [value for value in column if value]
        if not filled or not cell:
            continue
        if sum(map(is_measure, filled)) >= 0.9 * len(filled):
            votes += -1 if is_measure(cell) else 1
    if votes:
        return votes > 0
    return not measured


def is_measure(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))


def consecutive_years(cells: Sequence[str]) -> bool:
    if not all(re.fullmatch(r"(19|20)\d\d", cell) for cell in cells):
        return False
    years = [int(cell) for cell in cells]
    return all(abs(b - a) == 1 for a, b in pairwise(years))
