"""What the reading of a file's letters and lines leaves in doubt, as warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.segmentation.tables.layout import Layout
from app.segmentation.tables.letters import Letters
from app.segmentation.tables.quality import MOST_ROWS, Alternative, TableWarning
from app.segmentation.tables.repeats import Repeat
from app.segmentation.tables.set_aside import SetAside, What
from app.segmentation.tables.sheet_marks import SheetMarks

_TOLD: dict[What, tuple[str, str]] = {
    "title": ("is a title", "are titles"),
    "comment": ("is a comment", "are comments"),
    "header": ("is a header", "are headers"),
    "labels": ("explains the header", "explain the header"),
    "units": ("gives units", "give units"),
    "ruler": ("is a ruler", "are rulers"),
    "blank": ("is blank", "are blank"),
    "total": ("is a total", "are totals"),
    "note": ("is a note", "are notes"),
    "skipped": ("was left out as asked", "were left out as asked"),
}
MOST_SKIPPED = 10_000
"""So many lines can be left out by their numbers."""

_UNDOUBTED: frozenset[What] = frozenset({"blank", "skipped", "comment", "ruler"})


def aside_warnings(set_aside: Sequence[SetAside], unit: str) -> list[TableWarning]:
    """Say for each kind of line which were set aside, and how to put them back."""
    kinds: dict[What, list[SetAside]] = defaultdict(list)
    for each in set_aside:
        kinds[each.what].append(each)
    warnings = []
    for what, found in kinds.items():
        lines = tuple(each.line for each in found)
        kept = [each.line for each in set_aside if each.what != what]
        other = Alternative(reading="rows of the table", overrides={"skip_rows": kept})
        one = len(found) == 1
        where = f"{unit} {lines[0]}" if one else f"{len(lines):,} {unit}s, first {lines[0]},"
        text = f": {found[0].text[:60]!r}" if found[0].text else ""
        message = f"{where} {_TOLD[what][not one]} and no row of the table{text}"
        warnings.append(
            TableWarning(
                code="set_aside",
                message=message[:1].upper() + message[1:],
                count=len(lines),
                line=lines[0],
                rows=lines[:MOST_ROWS],
                reading=what,
                alternatives=()
                if what in _UNDOUBTED or any(each.lone for each in found)
                else (other,),
            )
        )
    return warnings


def total_warnings(
    doubtful: Sequence[int], set_aside: Sequence[SetAside], unit: str
) -> list[TableWarning]:
    """Say which rows are called totals and do not add up."""
    if not doubtful:
        return []
    lines = [*(each.line for each in set_aside), *doubtful]
    named = f"{unit} {doubtful[0]} is" if len(doubtful) == 1 else f"{len(doubtful)} {unit}s are"
    return [
        TableWarning(
            code="possible_total",
            message=f"{named[:1].upper()}{named[1:]} called a total and does not add up; "
            "kept as a row",
            count=len(doubtful),
            line=doubtful[0],
            rows=tuple(doubtful[:MOST_ROWS]),
            reading="a row",
            alternatives=(Alternative(reading="a total", overrides={"skip_rows": sorted(lines)}),),
        )
    ]


def layout_warnings(
    layout: Layout, short_rows: Sequence[int], set_aside: Sequence[SetAside]
) -> list[TableWarning]:
    """Say where the header or a row has fewer fields than the table."""
    aside = [each.line for each in set_aside]
    warnings = []
    if layout.shifted and layout.header_row is not None:
        skipped = sorted({*aside, layout.header_row})
        warnings.append(
            TableWarning(
                code="layout",
                message="the header has one name fewer than the rows have fields; the first "
                "column is taken for the names of the rows",
                line=layout.header_row,
                reading="names of the rows come first",
                alternatives=(
                    Alternative(
                        reading="columns without names",
                        overrides={"skip_rows": skipped, "has_header": False},
                    ),
                ),
            )
        )
    if short_rows:
        skipped = sorted({*aside, *short_rows})
        left_out = Alternative(reading="lines to leave out", overrides={"skip_rows": skipped})
        one = len(short_rows) == 1
        warnings.append(
            TableWarning(
                code="layout",
                message=f"{len(short_rows):,} {'row is' if one else 'rows are'} shorter than the "
                f"header; filled with blanks, first at line {short_rows[0]}",
                count=len(short_rows),
                line=short_rows[0],
                rows=tuple(short_rows[:MOST_ROWS]),
                reading="rows with blanks",
                alternatives=(left_out,) if len(skipped) <= MOST_SKIPPED else (),
            )
        )
    return warnings


def hidden_warnings(
    marks: SheetMarks,
    names: Sequence[str],
    lines: NDArray[np.int64],
    set_aside: Sequence[SetAside],
) -> list[TableWarning]:
    """Say which rows and columns a sheet hides; they are read like the others."""
    warnings = []
    rows = sorted(marks.hidden_rows.intersection(lines.tolist())) if marks.hidden_rows else []
    if rows:
        skipped = sorted({*(each.line for each in set_aside), *rows})
        left_out = Alternative(reading="left out", overrides={"skip_rows": skipped})
        how = "A filter hides" if marks.filtered else "The sheet hides"
        one = "row, which is" if len(rows) == 1 else "rows, which are"
        warnings.append(
            TableWarning(
                code="hidden_rows",
                message=f"{how} {len(rows):,} {one} read like the others, first row {rows[0]}",
                count=len(rows),
                line=rows[0],
                rows=tuple(rows[:MOST_ROWS]),
                reading="rows of the table",
                alternatives=(left_out,) if len(skipped) <= MOST_SKIPPED else (),
            )
        )
    hidden = [name for at, name in enumerate(names) if at in marks.hidden_columns]
    if hidden and len(hidden) < len(names):
        one = "column, which is" if len(hidden) == 1 else "columns, which are"
        listed = ", ".join(hidden[:5]) + (", ..." if len(hidden) > 5 else "")
        kinds = {"kinds": dict.fromkeys(hidden, "free_text")}
        warnings.append(
            TableWarning(
                code="hidden_columns",
                message=f"The sheet hides {len(hidden):,} {one} read like the others: {listed}",
                reading="columns of the table",
                alternatives=(
                    Alternative(reading="columns that segments leave out", overrides=kinds),
                ),
            )
        )
    return warnings


def column_warnings(left_out: Mapping[str, str]) -> list[TableWarning]:
    """Say which columns were left out, since they hold no plain values."""
    return [
        TableWarning(
            code="set_aside_column",
            message=f"{name}: holds {kind} and was left out; only plain values are read: to use "
            "it, write one column for each value",
            column=name,
            reading="left out",
        )
        for name, kind in left_out.items()
    ]


def letter_warnings(letters: Letters) -> list[TableWarning]:
    """Say which lines hold letters of another encoding, and which encodings would do as well."""
    warnings = []
    if letters.n_stray:
        listed = ", ".join(map(str, letters.stray_lines[:5]))
        more = ", ..." if len(letters.stray_lines) > 5 else ""
        stray = letters.errors.removeprefix("stray-")
        warnings.append(
            TableWarning(
                code="stray_bytes",
                message=f"{letters.n_stray:,} letters are not {letters.encoding} and were read as "
                f"{stray}: line {listed}{more}",
                count=letters.n_stray,
                line=letters.stray_lines[0],
                rows=letters.stray_lines[:MOST_ROWS],
                reading=stray,
                alternatives=(
                    Alternative(reading=f"{stray} throughout", overrides={"encoding": stray}),
                ),
            )
        )
    if letters.others:
        warnings.append(
            TableWarning(
                code="ambiguous_encoding",
                message=f"The letters could be of {letters.encoding} or "
                f"{' or '.join(letters.others)}; read as {letters.encoding}",
                reading=letters.encoding,
                alternatives=tuple(
                    Alternative(reading=name, overrides={"encoding": name})
                    for name in letters.others
                ),
            )
        )
    return warnings


def repeat_warnings(repeats: Sequence[Repeat]) -> list[TableWarning]:
    """Say which columns repeat another one."""
    return [
        TableWarning(
            code="repeats_column",
            message=f"{each.column} {each.reason}: together they count twice",
            column=each.column,
            reading=each.of,
            alternatives=(
                Alternative(
                    reading="a column that segments leave out",
                    overrides={"kinds": {each.column: "free_text"}},
                ),
            ),
        )
        for each in repeats
    ]
