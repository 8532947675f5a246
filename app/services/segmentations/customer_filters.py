"""Filters of a list of customers: texts from outside, checked and turned into SQL with parameters.

No text from outside becomes SQL: columns are named by their place, values are bound.
"""

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.errors import FieldProblem, InvalidFields

Holds = Literal["number", "date", "text", "flag"]
Bound = str | float | int | bool | datetime

OPERATORS = (
    "eq", "ne", "in", "lt", "le", "gt", "ge", "between", "contains", "missing", "present",
)  # fmt: skip
_COMPARED = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ORDERED = (*_COMPARED, "between")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SqlColumn:
    """A column that a caller may see: its name, and what stands for it in SQL."""

    name: str
    sql: str
    holds: Holds


@dataclass(frozen=True)
class Condition:
    """A condition in SQL, and the values of its parameters in their order."""

    sql: str
    values: tuple[Bound, ...] = ()


def invalid_query(message: str, *path: str | int, code: str) -> InvalidFields:
    """Describe what is wrong with a parameter of the query."""
    return InvalidFields([FieldProblem(type=code, loc=["query", *path], msg=message)])


def conditions_of(filters: Sequence[str], columns: Mapping[str, SqlColumn]) -> list[Condition]:
    """Read filters of the form ``column:operator:value``; a customer has to meet all of them."""
    return [_condition(text, columns, number) for number, text in enumerate(filters)]


def named(columns: Mapping[str, SqlColumn], name: str, *path: str | int) -> SqlColumn:
    """Return a column; one that the caller may not see is refused like one that is not there."""
    column = columns.get(name)
    if column is None:
        raise invalid_query(f"There is no column {name!r}", *path, code="unknown_column")
    return column


def _condition(text: str, columns: Mapping[str, SqlColumn], number: int) -> Condition:
    column, operator, value = _parts(text, columns, number)
    try:
        return _written(column, operator, value)
    except ValueError as error:
        code = "unsupported_filter" if isinstance(error, _Unsupported) else "invalid_filter"
        raise invalid_query(f"{column.name}: {error}", "where", number, code=code) from error


def _parts(text: str, columns: Mapping[str, SqlColumn], number: int) -> tuple[SqlColumn, str, str]:
    """Take the longest name that fits, as names may hold colons themselves."""
    fitting = [name for name in columns if text.startswith(f"{name}:")]
    for name in sorted(fitting, key=len, reverse=True):
        operator, _, value = text[len(name) + 1 :].partition(":")
        if operator in OPERATORS:
            return columns[name], operator, value
    if not fitting:
        named(columns, text.partition(":")[0], "where", number)
    raise invalid_query(
        f"Write a filter as column:operator:value, the operator one of {', '.join(OPERATORS)}",
        "where",
        number,
        code="unknown_operator",
    )


class _Unsupported(ValueError):
    """The column does not hold what the operator compares."""


def _written(column: SqlColumn, operator: str, value: str) -> Condition:
    if operator in ("missing", "present"):
        if value:
            raise ValueError(f"{operator} takes no value")
        return Condition(f"{column.sql} IS {'NOT ' if operator == 'present' else ''}NULL")
    if operator == "contains":
        if column.holds != "text":
            raise _Unsupported("contains is for texts")
        return Condition(f"contains(lower({column.sql}), lower(?))", (value,))
    if operator in _ORDERED and column.holds in ("text", "flag"):
        raise _Unsupported(f"{operator} is for numbers and dates")
    if column.holds == "date":
        return _of_dates(column.sql, operator, value)
    sql = column.sql if column.holds != "flag" else f"CAST({column.sql} AS VARCHAR)"
    read = _number if column.holds == "number" else str
    if operator == "in":
        values = tuple(read(each) for each in listed(value))
        return Condition(f"{sql} IN ({', '.join('?' * len(values))})", values)
    if operator == "between":
        ends = zip((">=", "<="), _ends(value), strict=True)
        given = [(sign, _number(end)) for sign, end in ends if end]
        written = " AND ".join(f"{sql} {sign} ?" for sign, _ in given)
        return Condition(f"({written})", tuple(end for _, end in given))
    if operator == "ne":
        # A missing value is another one.
        return Condition(f"{sql} IS DISTINCT FROM ?", (read(value),))
    return Condition(f"{sql} {_COMPARED.get(operator, '=')} ?", (read(value),))


def _of_dates(sql: str, operator: str, value: str) -> Condition:
    """Compare dates; a day without a time is the whole of it."""
    if operator == "between":
        first, last = _ends(value)
        parts = [_of_dates(sql, "ge", first)] if first else []
        parts += [_of_dates(sql, "le", last)] if last else []
        bound = tuple(each for part in parts for each in part.values)
        return Condition(f"({' AND '.join(part.sql for part in parts)})", bound)
    if operator == "in":
        parts = [_of_dates(sql, "eq", each) for each in listed(value)]
        bound = tuple(each for part in parts for each in part.values)
        return Condition(f"({' OR '.join(part.sql for part in parts)})", bound)
    start, end = _moment(value)
    if operator in ("eq", "ne"):
        within = f"({sql} >= ? AND {sql} < ?)" if end is not None else f"({sql} = ?)"
        bound = (start,) if end is None else (start, end)
        return Condition(within if operator == "eq" else f"{within} IS NOT TRUE", bound)
    if end is None:
        return Condition(f"{sql} {_COMPARED[operator]} ?", (start,))
    return {
        "lt": Condition(f"{sql} < ?", (start,)),
        "ge": Condition(f"{sql} >= ?", (start,)),
        "le": Condition(f"{sql} < ?", (end,)),
        "gt": Condition(f"{sql} >= ?", (end,)),
    }[operator]


def _moment(text: str) -> tuple[datetime, datetime | None]:
    """Read a date, and where it is a day the begin of the next one."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None:
            moment = (moment - (moment.utcoffset() or timedelta())).replace(tzinfo=None)
        return moment, moment + _DAY if len(text.strip()) <= len("2026-11-28") else None
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]!r} is not a date; write it as 2026-11-28") from error


def _number(text: str) -> int | float:
    if _WHOLE.fullmatch(text.strip()):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or "_" in text:
        raise ValueError(f"{text[:40]!r} is not a number; write it as 1234.5")
    return number


def _ends(value: str) -> tuple[str, str]:
    first, dots, last = value.partition("..")
    if not dots or not (first.strip() or last.strip()):
        raise ValueError("write a range as 10..20, 10.. or ..20")
    return first.strip(), last.strip()


def listed(value: str) -> list[str]:
    """Split at commas, but for those within double quotes."""
    values = next(csv.reader([value.replace("\n", " ")], skipinitialspace=True), [])
    if not values:
        raise ValueError("in takes at least one value")
    return values
