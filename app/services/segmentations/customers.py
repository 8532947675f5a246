"""The customers of a version: filtered, sorted, searched, by pages that go on where one ended."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from app.errors import BadRequest, InvalidFields
from app.schemas.customers import CustomerPage, ListedCustomer
from app.segmentation.tables import plain_rows
from app.services.segmentations.customer_filters import (
    Bound,
    Condition,
    SqlColumn,
    conditions_of,
    invalid_query,
)
from app.services.segmentations.customer_query import (
    WantedCustomers,
    fields_of,
    further_conditions,
    moved_since,
    sort_key,
)
from app.services.segmentations.looked import Looked
from app.services.segmentations.views import damaged
from app.storage.customers import FACTS, open_customers
from app.storage.datasets import ROWS_PER_GROUP, DamagedDataset


class CustomerList:
    """One version's customers as they were asked for; whatever is wrong is raised at once."""

    def __init__(
        self, looked: Looked, wanted: WantedCustomers, before: Looked | None = None
    ) -> None:
        self.looked, self.wanted = looked, wanted
        self.fields = fields_of(looked, wanted.fields)
        self.key = sort_key(looked, wanted.sort)
        self.conditions = [
            *conditions_of(wanted.where, looked.columns),
            *further_conditions(looked, wanted),
        ]
        self._earlier = None
        if before is not None:
            self.conditions.append(moved_since(before, looked))
            self._earlier = before.files()

    def page(self, cursor: str | None, limit: int) -> CustomerPage:
        start = self._read(cursor) if cursor is not None else None
        with self.connected() as connection:
            conditions = list(self.conditions)
            total = start[1] if start is not None else self._count(connection)
            if start is not None:
                conditions.append(self._after(connection, start[0]))
            statement, values = self.selected(("row", *FACTS), conditions)
            found = connection.execute(f"{statement} LIMIT ?", [*values, limit + 1]).fetchall()
            items = self.described(connection, found[:limit])
        more = len(found) > limit > 0
        return CustomerPage(
            version=self.looked.number,
            identified_by=self.looked.report.identifier,
            total=total,
            next_cursor=self._write(found[limit - 1][0], total) if more else None,
            items=items,
        )

    def count(self) -> int:
        with self.connected() as connection:
            return self._count(connection)

    def blocks(self, first: str, others: Sequence[SqlColumn]) -> Iterator[pa.Table]:
        """Yield the whole list: an empty block, and then those of its rows, by a few thousand."""
        expressions = (first, *FACTS, *(each.sql for each in others))
        statement, values = self.selected(expressions, self.conditions)
        with self.connected() as connection:
            reader = connection.sql(statement, params=values).to_arrow_reader(ROWS_PER_GROUP)
            yield reader.schema.empty_table()
            for batch in reader:
                yield pa.Table.from_batches([batch])

    @contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with open_customers(self.looked.files(), self._earlier) as connection:
                yield connection
        except DamagedDataset as error:
            raise damaged(error) from error
        except MemoryError as error:
            raise BadRequest(
                "This list needs more memory than a question may use; filter it, or leave it in "
                "the table's order",
                code="too_much_memory",
            ) from error

    def selected(
        self, expressions: Sequence[str], conditions: Sequence[Condition]
    ) -> tuple[str, list[Bound]]:
        """Write the statement of the whole list, and the values that are bound to it."""
        where = " AND ".join(each.sql for each in conditions) or "true"
        statement = f"SELECT {', '.join(expressions)} FROM customers WHERE {where} ORDER BY "  # noqa: S608
        return statement + self.key.order, [value for each in conditions for value in each.values]

    def at(
        self, connection: duckdb.DuckDBPyConnection, rows: Sequence[int]
    ) -> list[ListedCustomer]:
        """Describe the rows of these numbers, counted from 1, in this order."""
        found = connection.execute(
            f"SELECT row, {', '.join(FACTS)} FROM customers_made "  # noqa: S608
            "WHERE row IN (SELECT unnest(?))",
            [list(rows)],
        ).fetchall()
        known = {row: (row, *facts) for row, *facts in found}
        return self.described(connection, [known[row] for row in rows])

    def described(
        self, connection: duckdb.DuckDBPyConnection, found: Sequence[Sequence[Any]]
    ) -> list[ListedCustomer]:
        """Describe rows, given with their `FACTS`, in their order."""
        identifier = self.looked.identifier
        columns = list({each.sql: each for each in (*self.fields, identifier) if each})
        places = [row - 1 for row, *_ in found]
        frame = pd.DataFrame(index=places)
        for view, of_view in (
            ("customers_cells", [each for each in columns if each.startswith("c")]),
            ("customers_made", [each for each in columns if not each.startswith("c")]),
        ):
            if of_view:
                cells = connection.sql(
                    f"SELECT place, {', '.join(of_view)} FROM {view} "  # noqa: S608
                    "WHERE place IN (SELECT unnest(?))",
                    params=[places],
                )
                read = cells.to_arrow_table().to_pandas().set_index("place")
                frame = frame.join(read)
        return [
            self.looked.placed(
                row,
                facts,
                identifier=row if identifier is None else cells[identifier.sql],
                values={each.name: cells[each.sql] for each in self.fields},
            )
            for (row, *facts), cells in zip(found, plain_rows(frame), strict=True)
        ]

    def _count(self, connection: duckdb.DuckDBPyConnection) -> int:
        if not self.conditions:
            return self.looked.n_customers
        where = " AND ".join(each.sql for each in self.conditions)
        values = [value for each in self.conditions for value in each.values]
        row = connection.execute(
            f"SELECT count(*) FROM customers WHERE {where}",  # noqa: S608
            values,
        ).fetchone()
        return int(row[0]) if row is not None else 0

    def _after(self, connection: duckdb.DuckDBPyConnection, row: int) -> Condition:
        """Go on behind a row, whose value is looked up: it is never sent through the caller."""
        view = "customers_cells" if self.key.of_table else "customers_made"
        found = connection.execute(
            f"SELECT {self.key.sql} FROM {view} WHERE place = ?",  # noqa: S608
            [row - 1],
        ).fetchone()
        if found is None:
            raise _no_cursor()
        return self.key.after(found[0], row)

    def _write(self, row: int, total: int) -> str:
        return urlsafe_b64encode(json.dumps([self._digest(), row, total]).encode()).decode()

    def _read(self, cursor: str) -> tuple[int, int]:
        try:
            digest, row, total = json.loads(urlsafe_b64decode(cursor.encode()))
        except (ValueError, TypeError, RecursionError) as error:
            raise _no_cursor() from error
        whole = all(isinstance(each, int) and 0 <= each < 2**62 for each in (row, total))
        if digest != self._digest() or not whole:
            raise _no_cursor()
        return row, total

    def _digest(self) -> str:
        """Name the list, which a cursor belongs to whatever columns are shown."""
        asked = asdict(self.wanted) | {"fields": None}
        named = json.dumps([*self.looked.key, self.looked.whole, asked])
        return sha256(named.encode()).hexdigest()[:16]


def _no_cursor() -> InvalidFields:
    return invalid_query(
        "This cursor does not belong to this list; start again without it",
        "cursor",
        code="invalid_cursor",
    )
