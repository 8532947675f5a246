"""Orders: taking files of order lines in, correcting what was recognised, removing them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.order_tables import OrderFile, Orders
from app.db.session import Database
from app.db.tables import User, utcnow
from app.errors import BadRequest, InvalidField, NotFound, Unauthorized
from app.schemas.orders import OrdersUpdate
from app.segmentation.orders.date_order import order_read
from app.segmentation.orders.ledger import count_duplicates
from app.segmentation.orders.role_names import Role
from app.segmentation.orders.roles import SAMPLE_ROWS, find_roles, required_kinds
from app.segmentation.tables import Kind, plain_rows
from app.services import datasets
from app.services.accounts import Caller
from app.services.datasets import PREVIEW_ROWS, DatasetService, Upload
from app.services.order_lines import (
    DEFAULT_SETTINGS,
    corrections_of,
    effective_roles,
    find_problems,
    ledger_of,
    ledger_row,
    opened,
    plan_of,
    roles_of,
)
from app.services.overrides import given_overrides
from app.services.paging import Page, page_of
from app.services.reading import KeptReading, read_options
from app.storage.datasets import DamagedDataset, DatasetStore, StoredUpload

_TEXTS = frozenset({Kind.IDENTIFIER, Kind.CATEGORICAL, Kind.FREE_TEXT})


class OrderService:
    def __init__(self, database: Database, datasets: DatasetService, settings: Settings) -> None:
        self.database = database
        self.datasets = datasets
        self._settings = settings

    @property
    def store(self) -> DatasetStore:
        return self.datasets.store

    def create(self, caller: Caller, upload: Upload) -> Orders:
        """Keep the file, find the roles of its columns, and account for its lines."""
        options = given_overrides(upload.overrides)
        read_options(options)
        return self._create(caller, upload.filename, options, self.store.keep(upload.file))

    def create_from(self, caller: Caller, dataset_id: int) -> Orders:
        """Take a dataset's file for orders, read as the dataset is; the dataset stays."""
        with self.database.session(read_only=True) as session:
            dataset = datasets.get(session, caller, dataset_id)
        options = {name: each for name, each in dataset.options.items() if name != "one_row_is"}
        try:
            directory = self.store.again(dataset.directory)
        except DamagedDataset as error:
            raise NotFound("The file of this dataset is missing") from error
        stored = StoredUpload(directory, dataset.size_bytes, dataset.checksum)
        return self._create(caller, dataset.filename, options, stored)

    def _create(
        self, caller: Caller, filename: str, options: dict[str, Any], stored: StoredUpload
    ) -> Orders:
        try:
            reading = self.datasets.read(stored.directory, options, stored.size_bytes)
            sample = self.store.rows(stored.directory, reading.name, skip=0, limit=SAMPLE_ROWS)
            found = [asdict(each) for each in find_roles(sample, _kinds(reading))]
            file, found = self._fitting(stored, filename, options, reading, found)
            orders = Orders(
                user_id=caller.id,
                filename=filename,
                roles=found,
                corrections={},
                settings=dict(DEFAULT_SETTINGS),
                options=options,
                files=[file],
            )
            self._count(orders, orders.files)
            with self.database.session() as session:
                _check_quota(session, caller.id, self._settings.max_datasets_per_user)
                session.add(orders)
                session.flush()
                session.refresh(orders)
            return orders
        except BaseException:
            self.store.remove(stored.directory)
            raise

    def append(self, caller: Caller, orders_id: int, upload: Upload) -> tuple[Orders, bool]:
        """Add a file's lines, once: a file that is there already changes nothing."""
        with self.database.session(read_only=True) as session:
            orders = get(session, caller, orders_id)
        if any(file.checksum == upload.file.checksum for file in orders.files):
            return orders, False
        roles = roles_of(orders)
        options = orders.options | given_overrides(upload.overrides)
        stored = self.store.keep(upload.file)
        try:
            file = self._read_for(stored, upload.filename, options, roles)
            with self.database.session() as session:
                orders = get(session, caller, orders_id, lock=True)
                if any(each.checksum == file.checksum for each in orders.files):
                    self.store.remove(stored.directory)
                    return orders, False
                orders.files.append(file)
                self._count(orders, orders.files)
                for snapshot in orders.snapshots:
                    snapshot.out_of_date = True
                session.flush()
            return orders, True
        except BaseException:
            self.store.remove(stored.directory)
            raise

    def update(self, caller: Caller, orders_id: int, form: OrdersUpdate) -> Orders:
        """Take corrections, read the files again where they need it, and count anew."""
        with self.database.session(read_only=True) as session:
            orders = get(session, caller, orders_id)
        corrections = corrections_of(orders) | form.roles
        known = orders.files[0].facts["columns"]
        for role, column in form.roles.items():
            if column is not None and column not in known:
                raise InvalidField(
                    f"roles.{role}", f"There is no column {column!r}", code="unknown_column"
                )
        roles = effective_roles(orders.roles, corrections)
        read_anew = {file.id: self._reread(file, orders.options, roles) for file in orders.files}
        with self.database.session() as session:
            orders = get(session, caller, orders_id, lock=True)
            orders.corrections = {str(role): column for role, column in corrections.items()}
            given = form.model_fields_set - {"roles"}
            orders.settings = orders.settings | {name: getattr(form, name) for name in given}
            for file in orders.files:
                if (anew := read_anew.get(file.id)) is not None:
                    file.reading, file.facts = anew
            self._count(orders, orders.files)
            for snapshot in orders.snapshots:
                snapshot.out_of_date = True
            orders.updated_at = utcnow()
            session.flush()
        return orders

    def preview(self, orders: Orders) -> list[dict[str, object]]:
        """Return the first lines of the first file, as they were read."""
        file = orders.files[0]
        try:
            lines = self.store.rows(file.directory, file.reading, skip=0, limit=PREVIEW_ROWS)
        except DamagedDataset as error:
            raise NotFound("The files of these orders are missing or damaged") from error
        return plain_rows(lines)

    def delete(self, caller: Caller, orders_id: int) -> None:
        """Remove the lines; datasets of customers made of them stay."""
        with self.database.session() as session:
            orders = get(session, caller, orders_id, lock=True)
            directories = [file.directory for file in orders.files]
            session.delete(orders)
        for directory in directories:
            self.store.remove(directory)

    def _fitting(
        self,
        stored: StoredUpload,
        filename: str,
        options: Mapping[str, Any],
        reading: KeptReading,
        found: list[dict[str, Any]],
    ) -> tuple[OrderFile, list[dict[str, Any]]]:
        """Read the file again by its roles, without the doubtful ones where it does not allow."""
        roles = effective_roles(found, {})
        if not _misread(roles, _kinds(reading)):
            return self._file(stored, filename, reading, roles), found
        try:
            return self._read_for(stored, filename, options, roles), found
        except InvalidField:
            kept = [each for each in found if each["confidence"] != "low"]
            roles = effective_roles(kept, {})
            return self._read_for(stored, filename, options, roles), kept

    def _read_for(
        self,
        stored: StoredUpload,
        filename: str,
        options: Mapping[str, Any],
        roles: Mapping[Role, str],
    ) -> OrderFile:
        """Read a file so that its columns are of the kinds that their roles need."""
        wanted = {column: str(kind) for column, kind in required_kinds(roles).items()}
        laid = {**options, "kinds": {**options.get("kinds", {}), **wanted}}
        try:
            reading = self.datasets.read(stored.directory, laid, stored.size_bytes)
        except BadRequest as error:
            raise InvalidField("roles", error.detail, code=error.code) from error
        missing = set(roles.values()) - {column.name for column in reading.columns}
        if missing:
            message = f"There is no column {min(missing)!r} in {filename}"
            raise InvalidField("file", message, code="unknown_column")
        return self._file(stored, filename, reading, roles)

    def _reread(
        self, file: OrderFile, options: Mapping[str, Any], roles: Mapping[Role, str]
    ) -> tuple[str, dict[str, Any]] | None:
        kinds = {name: Kind(kind) for name, kind in file.facts["kinds"].items()}
        dates = roles.get("date") == file.facts["date_column"]
        if dates and not _misread(roles, kinds):
            return None
        stored = StoredUpload(file.directory, file.size_bytes, file.checksum)
        anew = self._read_for(stored, file.filename, options, roles)
        return anew.reading, anew.facts

    def _file(
        self, stored: StoredUpload, filename: str, reading: KeptReading, roles: Mapping[Role, str]
    ) -> OrderFile:
        column = roles.get("date")
        order = None
        if column is not None:
            days = self.store.frame(stored.directory, reading.name, columns=[column])[column]
            texts = next(each.examples for each in reading.columns if each.name == column)
            order = order_read(texts, days.dropna().drop_duplicates().head(len(texts)))
        file = OrderFile(
            filename=filename,
            size_bytes=stored.size_bytes,
            checksum=stored.checksum,
            directory=stored.directory,
            reading=reading.name,
            n_lines=reading.n_rows,
        )
        with opened(self.store, [file]) as lines:
            duplicates = count_duplicates(lines, "file_0")
        file.facts = {
            "columns": [each.name for each in reading.columns],
            "kinds": {each.name: each.kind for each in reading.columns},
            "date_column": column,
            "date_order": order,
            "ambiguous": order is not None and _ambiguous(reading, column),
            "duplicates": duplicates,
        }
        return file

    def _count(self, orders: Orders, files: Sequence[OrderFile]) -> None:
        roles, settings = roles_of(orders), orders.settings
        orders.n_lines = sum(file.n_lines for file in files)
        problems = find_problems(roles, files, settings)
        orders.problems = [asdict(each) for each in problems]
        orders.ledger = None
        if not problems:
            with opened(self.store, files) as lines:
                ledger = ledger_of(lines, files, settings, plan_of(roles, settings))
            orders.ledger = ledger_row(ledger)


def list_visible(session: Session, caller: Caller, page: Page) -> tuple[Sequence[Orders], int]:
    query = sa.select(Orders).order_by(Orders.id.desc())
    if caller.role != "admin":
        query = query.where(Orders.user_id == caller.id)
    return page_of(session, query, page)


def get(session: Session, caller: Caller, orders_id: int, *, lock: bool = False) -> Orders:
    """Return orders of the caller's own; administrators see everyone's."""
    orders = session.get(Orders, orders_id, with_for_update=lock or None)
    if orders is None or (orders.user_id != caller.id and caller.role != "admin"):
        raise NotFound("Orders not found")
    return orders


def _check_quota(session: Session, user_id: int, limit: int) -> None:
    # The owner's row is locked, so that uploads at one time are counted one after the other.
    if session.get(User, user_id, with_for_update=True) is None:
        raise Unauthorized
    count = session.scalar(
        sa.select(sa.func.count()).select_from(Orders).where(Orders.user_id == user_id)
    )
    if (count or 0) >= limit:
        raise BadRequest(
            f"You have {count} orders, and {limit} is the most; delete some first",
            code="too_many_orders",
        )


def _kinds(reading: KeptReading) -> dict[str, Kind]:
    return {column.name: Kind(column.kind) for column in reading.columns}


def _misread(roles: Mapping[Role, str], kinds: Mapping[str, Kind]) -> bool:
    return any(
        kinds.get(column) is not kind and not (kind in _TEXTS and kinds.get(column) in _TEXTS)
        for column, kind in required_kinds(roles).items()
    )


def _ambiguous(reading: KeptReading, column: str | None) -> bool:
    return any(
        warning.code == "ambiguous_date" and warning.column == column
        for warning in reading.warnings
    )
