"""Recognise a text table's encoding, delimiter, header and number marks from its beginning."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import BinaryIO

from app.segmentation.errors import TableError
from app.segmentation.tables.dialect import WHITESPACE

HEAD_BYTES = 256 * 1024
"""How much of a file is looked at to recognise its dialect."""

# A comma stands in prose and in decimals; the others hardly ever repeat by accident.
_DELIMITERS = ("\t", ";", "|", ",")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_NUMBER = re.compile(r"[-+]?(\d[\d.,' \u00a0\u202f]*|[.,]\d+)([eE][-+]?\d+)?%?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}.*)?")
_DECIMAL = re.compile(r"[-+]?\d*([.,])\d+")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
_AMBIGUOUS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")


def recognise_encoding(source: BinaryIO, encoding: str | None = None) -> str:
    """Find the encoding in which the whole of ``source`` decodes, in bounded memory.

    UTF-8 is told by its strictness, UTF-16 and UTF-32 by their mark or their zeros; anything
    else is Windows-1252, or Latin-1 where Windows-1252 leaves a byte undefined.

    Raises
    ------
    TableError
        A given encoding does not decode (names the line), or the text holds NUL characters.
    """
    head = source.read(4096)
    source.seek(0)
    if encoding is not None:
        candidates = [encoding]
    else:
        marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
        candidates = [marked or _zeros(head) or "utf-8", "cp1252", "latin-1"]
        if candidates[0].startswith("utf-16") or candidates[0] == "utf-32":
            del candidates[1:]
    for candidate in candidates:
        fault = _decode_fault(source, candidate)
        if fault is None:
            return candidate
    raise TableError(
        f"line {fault} does not decode as {candidates[-1]}; give the encoding the file was saved in"
    )


def _zeros(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: Western text has a zero in nearly every second byte."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.4 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _decode_fault(source: BinaryIO, encoding: str) -> int | None:
    """Line number of the first byte that does not decode, or None; NUL is refused at once."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    source.seek(0)
    try:
        while True:
            chunk = source.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].decode(encoding, "ignore").count("\n")
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                raise TableError(f"line {line} holds a NUL character: not a text table")
            line += text.count("\n")
            if not chunk:
                return None
    finally:
        source.seek(0)


def read_head(source: BinaryIO, encoding: str) -> str:
    """Decode the beginning of ``source``, up to its last whole line."""
    raw = source.read(HEAD_BYTES)
    source.seek(0)
    text = codecs.getincrementaldecoder(encoding)("ignore").decode(raw)
    if len(raw) == HEAD_BYTES:
        cut = max(text.rfind("\n"), text.rfind("\r"))
        text = text[: cut + 1] if cut > 0 else text
    return text


def split_rows(text: str, delimiter: str, quotechar: str) -> list[list[str]]:
    """Split a sample leniently: faults are for the reading proper to name."""
    lines = text.splitlines()
    if delimiter == WHITESPACE:
        return [line.split() for line in lines if line.strip()]
    reader = csv.reader(
        text.splitlines(keepends=True),
        delimiter=delimiter,
        quotechar=quotechar or None,
        quoting=csv.QUOTE_MINIMAL if quotechar else csv.QUOTE_NONE,
    )
    try:
        return [row for row in reader if row]
    except csv.Error:
        return [line.split(delimiter) for line in lines if line]


def recognise_delimiter(text: str, quotechar: str) -> str | None:
    """Find the delimiter that cuts most rows of the sample into the same number of fields.

    None where nothing does: the table has one column. White space counts only where a column
    of numbers comes of it or it comes in runs, lest a column of full names be cut in two.
    """
    best, best_score = None, 0.0
    for delimiter in _DELIMITERS:
        rows = split_rows(text, delimiter, quotechar)
        if not rows:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        if max(width, len(rows[0])) < 2:
            continue
        share = count / len(rows) if width > 1 else 1 / len(rows)
        score = round(share, 1) + (0.5 if len(rows[0]) == width else 0.0)
        if score > best_score:
            best, best_score = delimiter, score
    if best is not None:
        return best
    rows = split_rows(text, WHITESPACE, quotechar)
    widths = {len(row) for row in rows}
    if len(widths) == 1 and widths.pop() > 1:
        body = rows[1:] or rows
        numeric = any(all(_NUMBER.fullmatch(row[i]) for row in body) for i in range(len(rows[0])))
        if numeric or all("  " in line.strip() for line in text.splitlines() if line.strip()):
            return WHITESPACE
    return None


def recognise_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns.

    Each column whose body is all numbers or dates votes by its first cell. Years in a row
    (region, 2021, 2022, 2023) are names too.
    """
    if not rows:
        return True
    first, body = [cell.strip() for cell in rows[0]], rows[1:]
    measured = [cell for cell in first if _is_measure(cell)]
    if not body:
        return not measured
    if len(measured) < len(first) and len(measured) > 1 and _consecutive_years(measured):
        return True
    votes = 0
    for position, cell in enumerate(first):
        column = [row[position].strip() for row in body if len(row) > position]
        filled = [value for value in column if value]
        if not filled or not cell:
            continue
        if sum(map(_is_measure, filled)) >= 0.9 * len(filled):
            votes += -1 if _is_measure(cell) else 1
    if votes:
        return votes > 0
    return not measured


def _is_measure(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))


def _consecutive_years(cells: Sequence[str]) -> bool:
    if not all(re.fullmatch(r"(19|20)\d\d", cell) for cell in cells):
        return False
    years = [int(cell) for cell in cells]
    return all(abs(b - a) == 1 for a, b in pairwise(years))


def recognise_number_marks(rows: Sequence[Sequence[str]], delimiter: str | None) -> tuple[str, str]:
    """Decimal and thousands marks, by what the sample's numbers allow.

    ``2,55`` and ``1.234,5`` speak for a decimal comma, ``1,234,567`` for a thousands comma;
    ``1,234`` alone could be either and takes the habit of the delimiter's country: a decimal
    comma beside semicolons, a thousands comma inside quotes beside commas. ``1.234`` is a
    decimal point unless other numbers say that the point groups.
    """
    decimals: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    ambiguous_commas = 0
    for row in rows:
        for raw in row:
            cell = raw.strip().rstrip("%")
            if not cell or not (cell[0].isdigit() or cell[0] in "+-.,"):
                continue
            if _AMBIGUOUS.fullmatch(cell):
                ambiguous_commas += "," in cell
            elif match := _GROUPED.fullmatch(cell):
                mark, decimal = match.groups()
                if mark != decimal:
                    groups[mark] += 1
                    decimals.update(decimal or "")
            elif match := _DECIMAL.fullmatch(cell):
                decimals[match.group(1)] += 1
    decimal = "," if decimals[","] > decimals["."] else "."
    if not decimals:
        if groups["."] or (ambiguous_commas and delimiter == ";" and not groups[","]):
            decimal = ","
        elif ambiguous_commas and delimiter == ",":
            groups[","] += 1
    grouping = [mark for mark, _ in groups.most_common() if mark != decimal]
    return decimal, grouping[0] if grouping else ""
