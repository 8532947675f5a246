"""A version that is looked into: its table, its segments by the ids that last, and its columns."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa

from app.db.segmentation_tables import LastingSegmentation, RunIdentity
from app.schemas.customers import ListedCustomer
from app.schemas.reports import Report
from app.segmentation.looking.rows import RowFacts
from app.segmentation.preparation.column_choice import UNUSABLE
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Kind
from app.segmentation.units import unit_of
from app.services.segmentations.customer_filters import Holds, SqlColumn
from app.services.segmentations.reports import NOISE, identity_of
from app.services.segmentations.version_rows import VersionRows
from app.services.segmentations.views import OpenRun, RunViews, damaged
from app.storage.customers import VersionFiles, schema_of
from app.storage.datasets import DamagedDataset

NOWHERE = -1
"""The number of what is in no segment, where one is asked for."""


@dataclass(frozen=True)
class Words:
    """What a segment's owner says of it."""

    note: str | None = None
    advice: str | None = None


class Looked(ABC):
    """A version as its caller may see it, of whatever it was made."""

    @property
    @abstractmethod
    def number(self) -> int:
        """The version's number within its segmentation."""

    @property
    @abstractmethod
    def segmentation(self) -> LastingSegmentation: ...

    @property
    @abstractmethod
    def identity(self) -> RunIdentity: ...

    @property
    @abstractmethod
    def created_at(self) -> datetime: ...

    @property
    @abstractmethod
    def n_customers(self) -> int: ...

    @property
    @abstractmethod
    def whole(self) -> bool:
        """Whether the caller may also see columns that were not used."""

    @property
    @abstractmethod
    def report(self) -> Report:
        """What is said of it, with the names that are shown."""

    @property
    @abstractmethod
    def found(self) -> Segmentation: ...

    @property
    @abstractmethod
    def rows(self) -> VersionRows: ...

    @property
    @abstractmethod
    def unusable(self) -> Mapping[str, str]:
        """Columns that describe no customer, with the reason."""

    @property
    def run_id(self) -> int | None:
        return None

    @cached_property
    def lasting(self) -> tuple[int, ...]:
        """The lasting id of each segment."""
        return tuple(each["lasting_id"] for each in self.identity["segments"])

    @property
    def key(self) -> tuple[int, int]:
        """What names the version among all."""
        return self.segmentation.id, self.number

    @property
    def reading(self) -> tuple[str, str]:
        """The table that it was made from, which has the same rows in other versions."""
        return self.rows.directory, self.rows.reading

    def files(self) -> VersionFiles:
        """Return its files; what is known of its rows is measured where it is not yet."""
        try:
            return VersionFiles(table=self.rows.table, rows=self.rows.ensure(lambda: self.found))
        except DamagedDataset as error:
            raise damaged(error) from error

    def facts(self) -> RowFacts:
        try:
            return self.rows.facts(lambda: self.found)
        except DamagedDataset as error:
            raise damaged(error) from error

    def frame(
        self, columns: Sequence[str], *, skip: int = 0, limit: int | None = None
    ) -> pd.DataFrame:
        """Return rows with some columns, the table's own and made ones."""
        try:
            return self.rows.frame(columns, skip=skip, limit=limit)
        except DamagedDataset as error:
            raise damaged(error) from error

    def unit_of(self, column: str) -> str | None:
        """Tell what a column of numbers is counted in, by its name or as it was written."""
        written = self.report.formats.get(column)
        return unit_of(column) or (written.unit if written is not None else "") or None

    def lasting_of(self, label: int) -> int | None:
        return self.lasting[label] if label >= 0 else None

    def label_of(self, lasting_id: int) -> int | None:
        return self.lasting.index(lasting_id) if lasting_id in self.lasting else None

    def name_of(self, label: int) -> str:
        return self.report.names.get(label, NOISE)

    def placed(
        self, row: int, facts: Sequence[Any], *, identifier: object, values: Mapping[str, Any]
    ) -> ListedCustomer:
        """Describe a row by its `FACTS` and values."""
        segment, confidence, probability, outlier = facts
        return ListedCustomer(
            row=row,
            identifier="" if identifier is None else str(identifier),
            segment=self.lasting_of(segment),
            segment_name=self.name_of(segment),
            confidence=confidence,
            probability=probability,
            outlier=outlier,
            values=dict(values),
        )

    @cached_property
    def columns(self) -> Mapping[str, SqlColumn]:
        """The columns that the caller may see: all, or the identifier and those that were used."""
        report = self.report
        try:
            schema = schema_of(self.rows.table)
        except DamagedDataset as error:
            raise damaged(error) from error
        columns = {
            field.name: SqlColumn(field.name, f"c{place}", _holds(field.type))
            for place, field in enumerate(schema)
        }
        for place, name in enumerate(self.rows.made):
            holds: Holds = "number" if report.formats[name].newest else "text"
            columns[name] = SqlColumn(name, f"made_{place}", holds)
        if self.whole:
            return columns
        shown = {report.identifier, *report.columns}
        return {name: column for name, column in columns.items() if name in shown}

    @property
    def identifier(self) -> SqlColumn | None:
        name = self.report.identifier
        return self.columns[name] if name is not None else None


@dataclass(frozen=True)
class LookedRun(Looked):
    """A version that is a run of a table."""

    views: RunViews
    opened: OpenRun

    @property
    def number(self) -> int:
        return self.opened.run.version

    @property
    def run_id(self) -> int:
        return self.opened.run.id

    @property
    def unusable(self) -> Mapping[str, str]:
        if self.opened.run.reading != self.opened.dataset.reading:
            left_out, known = self.report.left_out, set(UNUSABLE.values())
            return {name: reason for name, reason in left_out.items() if reason in known}
        kinds = {each["name"]: Kind(each["kind"]) for each in self.opened.dataset.columns}
        return {name: UNUSABLE[kind] for name, kind in kinds.items() if kind in UNUSABLE}

    @property
    def segmentation(self) -> LastingSegmentation:
        return self.opened.run.segmentation

    @property
    def identity(self) -> RunIdentity:
        return identity_of(self.opened.run)

    @property
    def created_at(self) -> datetime:
        return self.opened.run.created_at

    @property
    def n_customers(self) -> int:
        return self.opened.run.n_samples

    @property
    def whole(self) -> bool:
        return self.opened.whole

    @property
    def report(self) -> Report:
        return self.opened.report

    @cached_property
    def found(self) -> Segmentation:
        return self.views.kept(self.opened)

    @cached_property
    def rows(self) -> VersionRows:
        opened = self.opened
        return VersionRows(
            tables=self.views.tools.tables,
            directory=opened.dataset.directory,
            reading=opened.run.reading,
            artefact=opened.run.artefact,
            formats=opened.report.formats,
            used=tuple(opened.report.columns),
        )


def _holds(kind: pa.DataType) -> Holds:
    types = pa.types
    if types.is_boolean(kind):
        return "flag"
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return "number"
    return "date" if types.is_temporal(kind) else "text"
