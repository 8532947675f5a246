"""What a table's columns are called, and what is said of names that are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.segmentation.errors import TableError
from app.segmentation.tables.quality import Alternative, TableWarning

_LONGEST_NAME = 500
_NO_HEADER = Alternative(reading="a table without a header", overrides={"has_header": False})


@dataclass(frozen=True, kw_only=True)
class Names:
    """One name a column, none of them twice.

    Attributes
    ----------
    names
        As they are used.
    repeated
        The names that the header has more than once.
    doubts
        Which columns were called otherwise than the header does.
    """

    names: list[str]
    repeated: tuple[str, ...] = ()
    doubts: tuple[TableWarning, ...] = ()


def name_columns(header: Sequence[str] | None, width: int) -> Names:
    """Trim the names; number the columns that have none, or one that an earlier column has.

    Raises
    ------
    TableError
        A name is no name: too long, or of control characters.
    """
    numbered = [f"column_{i}" for i in range(1, width + 1)]
    if header is None:
        return Names(names=numbered)
    trimmed = [" ".join(name.split()) for name in header]
    for position, name in enumerate(trimmed, start=1):
        if len(name) > _LONGEST_NAME or not name.isprintable():
            raise TableError(
                f"column {position} has no usable name ({name[:40]!r}); is the first row a header?"
            )
    given = [name or number for name, number in zip(trimmed, numbered, strict=True)]
    names = _told_apart(given)
    doubts = [
        _doubt(number, f"column {number[7:]} has no name; it is called {number}")
        for name, number in zip(trimmed, numbered, strict=True)
        if not name
    ]
    doubts += [
        _doubt(name, f"column {at} is called {was!r} as an earlier one is; it is named {name!r}")
        for at, (was, name) in enumerate(zip(given, names, strict=True), start=1)
        if was != name
    ]
    repeated = tuple(name for name, count in Counter(given).items() if count > 1)
    return Names(names=names, repeated=repeated, doubts=tuple(doubts))


def refuse_repeated(names: Sequence[str]) -> None:
    """Refuse names that two columns have, where names alone identify columns.

    Raises
    ------
    TableError
        There are such names.
    """
    if names:
        listed = ", ".join(map(repr, names))
        raise TableError(f"column names appear more than once: {listed}; rename them")


def _doubt(column: str, message: str) -> TableWarning:
    return TableWarning(
        code="layout",
        message=message,
        column=column,
        reading=column,
        alternatives=(_NO_HEADER,),
    )


def _told_apart(given: Sequence[str]) -> list[str]:
    """Put a number behind each name that an earlier column has."""
    taken, names = set(given), []
    seen: Counter[str] = Counter()
    for name in given:
        seen[name] += 1
        told = name
        while told != name or seen[name] > 1:
            told = f"{name} {seen[name]}"
            if told not in taken:
                break
            seen[name] += 1
        taken.add(told)
        names.append(told)
    return names
