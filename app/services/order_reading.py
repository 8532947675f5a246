"""From a file of order lines to kept rows whose columns are of the kinds that their roles need."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.db.order_tables import OrderFile
from app.errors import BadRequest, InvalidField
from app.segmentation.orders.date_order import order_read
from app.segmentation.orders.ledger import count_duplicates
from app.segmentation.orders.roles import SAMPLE_ROWS, find_roles, required_kinds
from app.segmentation.tables import Kind
from app.segmentation.tables.order_names import Role
from app.services.bulk_reading import read_bulk
from app.services.order_lines import effective_roles
from app.services.reading import KeptReading, read_upload
from app.storage.datasets import DatasetStore, StoredUpload
from app.storage.order_lines import open_lines

_TEXTS = frozenset({Kind.IDENTIFIER, Kind.CATEGORICAL, Kind.FREE_TEXT})


@dataclass(frozen=True)
class ReadLines:
    """A file's kept rows, and what is known of them."""

    stored: StoredUpload
    filename: str
    reading: str
    n_lines: int
    facts: dict[str, Any]

    def row(self) -> OrderFile:
        return OrderFile(
            filename=self.filename,
            size_bytes=self.stored.size_bytes,
            checksum=self.stored.checksum,
            directory=self.stored.directory,
            reading=self.reading,
            n_lines=self.n_lines,
            facts=self.facts,
        )


@dataclass(frozen=True)
class ReadOrders:
    """A first file: its lines, and the roles that were found in them."""

    lines: ReadLines
    roles: list[dict[str, Any]]


@dataclass(frozen=True)
class LineReader:
    """Reads files of lines; it travels to a worker."""

    store: DatasetStore
    max_columns: int

    def first(self, stored: StoredUpload, filename: str, options: Mapping[str, Any]) -> ReadOrders:
        """Read a file, find its roles, and read it again where they need other kinds."""
        reading = self._read(stored, options)
        sample = self.store.rows(stored.directory, reading.name, skip=0, limit=SAMPLE_ROWS)
        found = [asdict(each) for each in find_roles(sample, _kinds(reading))]
        roles = effective_roles(found, {})
        if not misread(roles, _kinds(reading)):
            return ReadOrders(self._lines(stored, filename, reading, roles), found)
        try:
            return ReadOrders(self.again(stored, filename, options, roles), found)
        except InvalidField:
            # Without the doubtful roles where the file does not allow them.
            kept = [each for each in found if each["confidence"] != "low"]
            roles = effective_roles(kept, {})
            return ReadOrders(self.again(stored, filename, options, roles), kept)

    def again(
        self,
        stored: StoredUpload,
        filename: str,
        options: Mapping[str, Any],
        roles: Mapping[Role, str],
    ) -> ReadLines:
        """Read a file so that its columns are of the kinds that their roles need.

        Raises
        ------
        InvalidField
            A column does not hold what its role needs, or is not there.
        """
        wanted = {column: str(kind) for column, kind in required_kinds(roles).items()}
        laid = {**options, "kinds": {**options.get("kinds", {}), **wanted}}
        try:
            reading = self._read(stored, laid)
        except BadRequest as error:
            raise InvalidField("roles", error.detail, code=error.code) from error
        missing = set(roles.values()) - {column.name for column in reading.columns}
        if missing:
            message = f"There is no column {min(missing)!r} in {filename}"
            raise InvalidField("file", message, code="unknown_column")
        return self._lines(stored, filename, reading, roles)

    def _read(self, stored: StoredUpload, options: Mapping[str, Any]) -> KeptReading:
        read = read_bulk(self.store, stored.directory, options, self.max_columns)
        if read is not None:
            return read
        return read_upload(self.store, stored.directory, options, self.max_columns)

    def _lines(
        self, stored: StoredUpload, filename: str, reading: KeptReading, roles: Mapping[Role, str]
    ) -> ReadLines:
        column = roles.get("date")
        order = None
        if column is not None:
            read = self.store.rows(
                stored.directory, reading.name, skip=0, limit=SAMPLE_ROWS, columns=[column]
            )[column]
            texts = next(each.examples for each in reading.columns if each.name == column)
            order = order_read(texts, read.dropna().drop_duplicates().head(len(texts)))
        with open_lines([self.store.root / stored.directory / reading.name]) as lines:
            duplicates = count_duplicates(lines, "file_0")
        facts = {
            "columns": [each.name for each in reading.columns],
            "kinds": {each.name: each.kind for each in reading.columns},
            "date_column": column,
            "date_order": order,
            "ambiguous": order is not None and _ambiguous(reading, column),
            "duplicates": duplicates,
        }
        return ReadLines(stored, filename, reading.name, reading.n_rows, facts)


def misread(roles: Mapping[Role, str], kinds: Mapping[str, Kind]) -> bool:
    """Whether a column is of another kind than its role needs."""
    return any(
        kinds.get(column) is not kind and not (kind in _TEXTS and kinds.get(column) in _TEXTS)
        for column, kind in required_kinds(roles).items()
    )


def _kinds(reading: KeptReading) -> dict[str, Kind]:
    return {column.name: Kind(column.kind) for column in reading.columns}


def _ambiguous(reading: KeptReading, column: str | None) -> bool:
    return any(
        warning.code == "ambiguous_date" and warning.column == column
        for warning in reading.warnings
    )
