"""Lines of a file that are no rows of its table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

What = Literal[
    "title", "comment", "header", "labels", "units", "ruler", "blank", "total", "note", "skipped"
]

MOST_LISTED = 100
"""Lines that are listed; where there are more, the first of them."""

_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A line (of a sheet: row) that is no row of the table; ``text`` is what it says.

    ``lone`` says that it has one field in a table of several, and so can be none of its rows.
    """

    line: int
    what: What
    text: str
    lone: bool = False


def told(fields: Iterable[str]) -> str:
    """Give a row's cells as a text to show."""
    return " ".join(" ".join(cell.split()) for cell in fields if cell.strip())[:_LONGEST]
