"""What is asked of a list of customers: which, in what order, with which columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.services.segmentations.customer_filters import (
    Bound,
    Condition,
    SqlColumn,
    invalid_query,
    listed,
    named,
)
from app.services.segmentations.looked import NOWHERE, Looked

OWN_KEYS = ("row", "segment", "confidence", "probability", "outlier")
_OF_TABLE = "values."
"""Before a column's name, says that it is the table's and not one of these."""


@dataclass(frozen=True, kw_only=True)
class WantedCustomers:
    """What a list of customers is narrowed to, how it is sorted, and which columns it shows.

    `segments` are lasting ids, -1 for no segment; `fields` is None for all.
    """

    segments: tuple[int, ...] = ()
    where: tuple[str, ...] = ()
    q: str | None = None
    sort: str | None = None
    min_confidence: int | None = None
    max_confidence: int | None = None
    outlier: bool | None = None
    moved_since: int | None = None
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SortKey:
    """What a list is sorted by; rows that are alike in it come in the table's order.

    `of_table`: by a column of the table's own, and not by what is known of the rows.
    """

    sql: str
    descending: bool
    of_table: bool = False

    @property
    def order(self) -> str:
        return f"{self.sql} {'DESC' if self.descending else 'ASC'} NULLS LAST, row"

    def after(self, value: Bound | None, row: int) -> Condition:
        """Return the condition of what comes after a row with this value."""
        if value is None:
            return Condition(f"({self.sql} IS NULL AND row > ?)", (row,))
        beyond = f"{self.sql} {'<' if self.descending else '>'} ?"
        return Condition(
            f"({beyond} OR ({self.sql} = ? AND row > ?) OR {self.sql} IS NULL)",
            (value, value, row),
        )


def moved_since(before: Looked, now: Looked) -> Condition:
    """Return the condition that a customer was in another segment of an earlier version.

    Customers are known by their row where both versions are of one table, and by their identifier
    where not; those that the other version does not have have not moved.
    """
    if before.reading == now.reading:
        then, this = "e.row", "customers.row"
    elif before.identifier is not None and now.identifier is not None:
        then = f"CAST(e.{before.identifier.sql} AS VARCHAR)"
        this = f"CAST(customers.{now.identifier.sql} AS VARCHAR)"
    else:
        raise invalid_query(
            "No column identifies customers in both versions, so it is not known who moved",
            "moved_since",
            code="customers_not_recognised",
        )
    return Condition(
        f"EXISTS (SELECT 1 FROM earlier AS e WHERE {then} = {this} "  # noqa: S608
        f"AND {_lasting(before, 'e.segment')} <> {_lasting(now, 'customers.segment')})"
    )


def _lasting(looked: Looked, label: str) -> str:
    cases = " ".join(f"WHEN {each} THEN {lasting}" for each, lasting in enumerate(looked.lasting))
    return f"(CASE {label} {cases} ELSE {NOWHERE} END)" if cases else str(NOWHERE)


def further_conditions(looked: Looked, wanted: WantedCustomers) -> Iterator[Condition]:
    if wanted.segments:
        labels = [
            NOWHERE if lasting_id == NOWHERE else _label(looked, lasting_id)
            for lasting_id in wanted.segments
        ]
        yield Condition(f"segment IN ({', '.join('?' * len(labels))})", tuple(labels))
    if wanted.min_confidence is not None:
        yield Condition("confidence >= ?", (wanted.min_confidence,))
    if wanted.max_confidence is not None:
        yield Condition("confidence <= ?", (wanted.max_confidence,))
    if wanted.outlier is not None:
        yield Condition("outlier = ?", (wanted.outlier,))
    if wanted.q:
        searched = [each.sql for each in looked.columns.values() if each.holds == "text"]
        if looked.identifier is None:
            searched.append("CAST(row AS VARCHAR)")
        elif looked.identifier.holds != "text":
            searched.append(f"CAST({looked.identifier.sql} AS VARCHAR)")
        parts = [f"contains(lower({each}), lower(?))" for each in searched]
        yield Condition(f"({' OR '.join(parts)})", (wanted.q,) * len(parts))


def _label(looked: Looked, lasting_id: int) -> int:
    label = looked.label_of(lasting_id)
    if label is None:
        raise invalid_query(
            f"There is no segment {lasting_id} in version {looked.number}",
            "segment",
            code="unknown_segment",
        )
    return label


def fields_of(looked: Looked, given: Sequence[str] | None) -> list[SqlColumn]:
    """Take the columns that were asked for, each name alone or several with commas."""
    if given is None:
        return [each for each in looked.columns.values() if each != looked.identifier]
    names: list[str] = []
    for text in given:
        names += [text] if text in looked.columns else listed(text)
    return [named(looked.columns, name, "fields") for name in dict.fromkeys(names)]


def sort_key(looked: Looked, sort: str | None) -> SortKey:
    """Read what to sort by: an own name, or a column's; a minus before it turns it round."""
    if not sort:
        return SortKey("row", descending=False)
    columns = looked.columns
    # A name may begin with a minus itself.
    descending = sort.startswith("-") and sort not in columns
    name = sort[1:] if descending else sort
    if name == "identifier":
        identifier = looked.identifier
        if identifier is None:
            return SortKey("row", descending)
        return SortKey(_natural(identifier), descending, _is_cell(identifier))
    if name in OWN_KEYS:
        return SortKey(name, descending)
    column = columns.get(name) or named(columns, name.removeprefix(_OF_TABLE), "sort")
    key = _natural(column) if column == looked.identifier else _sortable(column)
    return SortKey(key, descending, _is_cell(column))


def _is_cell(column: SqlColumn) -> bool:
    """Whether it is a column of the table's own, and not made from one."""
    return column.sql.startswith("c")


def _natural(identifier: SqlColumn) -> str:
    """Sort identifiers by length first: 2 comes before 10, and C2 before C10."""
    if identifier.holds != "text":
        return _sortable(identifier)
    return f"lpad(CAST(length({identifier.sql}) AS VARCHAR), 9, '0') || {identifier.sql}"


def _sortable(column: SqlColumn) -> str:
    # A moment of nanoseconds would come back to be compared without the last of them.
    return f"epoch_ns({column.sql})" if column.holds == "date" else column.sql
