"""What a sheet says of its rows and columns beside their cells: hidden, filtered, merged."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, BinaryIO

from openpyxl.utils.cell import column_index_from_string

_CHUNK = 1 << 20
_TAG = re.compile(rb"<(row|col|filterColumn|mergeCell)\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb'\b(r|min|max|hidden|ref)="([^"]*)"')
_COLUMN = re.compile(rb"[1-9]\d{0,4}")
_ONE_COLUMN = re.compile(rb"([A-Z]{1,3})([1-9]\d{0,6}):\1([1-9]\d{0,6})")
_TRUE = (b"1", b"true")
_MOST_COLUMNS = 16_384


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A column's cells that are one: its position, and the first and last row."""

    position: int
    top: int
    bottom: int


@dataclass(frozen=True, kw_only=True)
class SheetMarks:
    """A sheet's hidden rows and columns, whether a filter hides them, and its merged cells.

    Rows are the sheet's own, from 1; positions of columns are counted from 0.
    """

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: bool = False
    merged: tuple[Merged, ...] = ()

    def at(self, positions: Sequence[int]) -> SheetMarks:
        """Give the marks of these columns alone."""
        known = {position: i for i, position in enumerate(positions)}
        return replace(
            self,
            hidden_columns=frozenset(known[at] for at in self.hidden_columns if at in known),
            merged=tuple(
                replace(each, position=known[each.position])
                for each in self.merged
                if each.position in known
            ),
        )


NO_MARKS = SheetMarks()


def read_marks(source: BinaryIO, path: str) -> SheetMarks:
    """Read the marks of the sheet at a path of a workbook."""
    rows: set[int] = set()
    columns: set[int] = set()
    merged: list[Merged] = []
    filtered, number = False, 0
    with zipfile.ZipFile(source) as archive, archive.open(path) as sheet:
        for tag, attributes in _tags(sheet):
            said = dict(_ATTRIBUTE.findall(attributes))
            hidden = said.get(b"hidden") in _TRUE
            if tag == b"row":
                number = int(said.get(b"r", number + 1))
                if hidden:
                    rows.add(number)
            elif tag == b"col" and hidden:
                columns.update(_positions(said.get(b"min", b""), said.get(b"max", b"")))
            elif tag == b"filterColumn":
                filtered = True
            elif tag == b"mergeCell" and b"ref" in said:
                merged += _merged(said[b"ref"])
    return SheetMarks(
        hidden_rows=frozenset(rows),
        hidden_columns=frozenset(columns),
        filtered=filtered,
        merged=tuple(merged),
    )


def _positions(first: bytes, last: bytes) -> range:
    if not (_COLUMN.fullmatch(first) and _COLUMN.fullmatch(last)):
        return range(0)
    return range(int(first) - 1, min(int(last), _MOST_COLUMNS))


def _merged(cells: bytes) -> list[Merged]:
    """Read cells of one column that are one; of several columns, and of whole ones, none is."""
    found = _ONE_COLUMN.fullmatch(cells)
    if found is None:
        return []
    top, bottom = int(found[2]), int(found[3])
    position = column_index_from_string(found[1].decode()) - 1
    return [Merged(position=position, top=top, bottom=bottom)] if top < bottom else []


def _tags(sheet: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    held = b""
    while chunk := sheet.read(_CHUNK):
        held += chunk
        # A tag may be cut by the end of the chunk.
        whole = held.rfind(b"<")
        yield from _TAG.findall(held[:whole])
        held = held[whole:]
    yield from _TAG.findall(held)
