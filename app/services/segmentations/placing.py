"""Customers into the segments of a segmentation's active version, and who was placed."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import sqlalchemy as sa
from cachetools import LRUCache

from app.db.segmentation_tables import PlacementRecord
from app.db.tables import PredictionHistory, utcnow
from app.errors import InvalidField
from app.schemas.base import CautionOut
from app.schemas.placements import PlacedOut, VersionPlacements
from app.schemas.predictions import Customer
from app.security import Claims
from app.services import batch
from app.services.accounts import Caller, token_parameters
from app.services.placing import PlacedRows, PlacementRules, place_file, place_plain, place_records
from app.services.segmentations import placed_files
from app.services.segmentations.finding import Reference
from app.services.segmentations.opening import Opening
from app.services.segmentations.reports import NOISE
from app.services.segmentations.serving import CHECK, CHECK_KEY, Serving, serving_of
from app.storage.datasets import IncomingFile

RULES_KEPT = 16
"""Of as many segmentations; each holds where its table's customers are."""
BLOCK = 5_000
_INSERT = cast(sa.Table, PlacementRecord.__table__).insert()
_INSERT_OF_CORE = cast(sa.Table, PredictionHistory.__table__).insert()


@dataclass(frozen=True, eq=False)
class ServedRules:
    """The rules of the version that places, with the ids that last."""

    rules: PlacementRules
    lasting_ids: tuple[int, ...]


class PlacingService:
    """Keeps the rules of what was used last; one statement says whether they are still those."""

    def __init__(self, opening: Opening, *, max_columns: int) -> None:
        self._opening = opening
        self._models = opening.core.models
        self._database = opening.database
        self._max_columns = max_columns
        self._kept: LRUCache[int, tuple[Serving, ServedRules]] = LRUCache(RULES_KEPT)
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Forget the rules that are kept; they are read again when they are next used."""
        with self._lock:
            self._kept.clear()

    def place(
        self, caller: Caller, serving: Serving, records: Sequence[Mapping[str, object]]
    ) -> VersionPlacements:
        """Place customers that came as JSON, and remember them."""
        if serving.is_core:
            return self._place_in_core(caller, serving, records)
        served = self._rules(caller, serving)
        placed = place_records(served.rules, records)
        self.remember(caller, serving, served, placed)
        return _answer(serving, served, placed)

    def place_at_once(
        self, who: Claims | Caller, segmentation_id: int, records: Sequence[Mapping[str, object]]
    ) -> VersionPlacements | None:
        """Check the caller, place customers and note them in one transaction, as `/predict` does.

        None where that cannot be: the values have to be read first, the rules that were used last
        do not serve any more, or the caller is to be refused. Then `place` says what there is.
        """
        with self._lock:
            serving, served = self._kept.get(segmentation_id, (None, None))
        if serving is None or served is None or serving.is_core:
            return None
        placed = place_plain(served.rules, records)
        if placed is None:
            return None
        parameters: dict[str, int | str] = {"reference": segmentation_id}
        if isinstance(who, Caller):
            check, parameters["user_id"] = CHECK_KEY, who.id
        else:
            check, parameters = CHECK, parameters | token_parameters(who)
        with self._database.connect() as connection:
            row = connection.execute(check, parameters).one_or_none()
            if row is None or row.must_change_password:
                return None
            if (row.updated_at, row.version) != (serving.changed_at, serving.version):
                return None
            connection.execute(_INSERT, _records(row.id, serving, served, placed))
        return _answer(serving, served, placed)

    def place_file(self, caller: Caller, serving: Serving, file: IncomingFile) -> VersionPlacements:
        """Place the customers of a file, and answer where each is."""
        if serving.is_core:
            raise InvalidField(
                "Accept",
                "A file for the core is answered as text/csv",
                code="not_for_the_core",
            )
        served = self._rules(caller, serving)
        with file.path.open("rb") as source:
            _, placed = place_file(served.rules, source, self._max_columns)
        self.remember(caller, serving, served, placed)
        return _answer(serving, served, placed)

    def stream_file(self, caller: Caller, serving: Serving, file: IncomingFile) -> Iterator[bytes]:
        """Place the customers of a file block by block; yield it with columns added, as CSV.

        The file may be removed meanwhile: it is open.
        """
        if serving.is_core:
            return batch.predict_file(self._models, file.path.open("rb"))
        served = self._rules(caller, serving)

        def remember(placed: PlacedRows) -> None:
            self.remember(caller, serving, served, placed)

        source = file.path.open("rb")
        return placed_files.stream(
            served.rules, source, max_columns=self._max_columns, on_block=remember
        )

    def serving(self, caller: Caller, reference: Reference) -> Serving:
        """Find the version that places; the caller may read it."""
        return serving_of(self._database, caller, reference)

    def _rules(self, caller: Caller, serving: Serving) -> ServedRules:
        with self._lock:
            then, kept = self._kept.get(serving.segmentation_id, (None, None))
        if kept is None or then != serving:
            looked = self._opening.look_into(caller, serving.segmentation_id, serving.version)
            kept = ServedRules(PlacementRules.of(looked), looked.lasting)
            with self._lock:
                self._kept[serving.segmentation_id] = serving, kept
        return kept

    def remember(
        self, caller: Caller, serving: Serving, served: ServedRules, placed: PlacedRows
    ) -> None:
        """Write who was placed where, with the values that decided."""
        rows = _records(caller.id, serving, served, placed)
        for start in range(0, len(rows), BLOCK):
            with self._database.connect() as connection:
                connection.execute(_INSERT, rows[start : start + BLOCK])

    def _place_in_core(
        self, caller: Caller, serving: Serving, records: Sequence[Mapping[str, Any]]
    ) -> VersionPlacements:
        found = batch.predict_records(self._models, [dict(each) for each in records])
        if found.problems:
            problem = found.problems[0]
            raise InvalidField("rows", f"Row {problem.row}: {problem.reason}")
        served = self._rules(caller, replace(serving, version=found.model_version))
        names, ids = served.rules.names, served.lasting_ids
        now = utcnow()
        rows = [
            {
                "user_id": caller.id,
                "customer_data": Customer.model_validate(records[each.row - 1]).model_dump(),
                "cluster": each.cluster,
                "cluster_name": each.cluster_name,
                "confidence": each.confidence,
                "model_version": found.model_version,
                "created_at": now,
            }
            for each in found.predictions
        ]
        with self._database.connect() as connection:
            connection.execute(_INSERT_OF_CORE, rows)
        return VersionPlacements(
            segmentation_id=serving.segmentation_id,
            version=found.model_version,
            rule="nearest_center",
            n_rows=found.n_customers,
            warnings=[],
            placements=[
                PlacedOut(
                    row=each.row,
                    segment=each.cluster,
                    lasting_id=ids[each.cluster],
                    segment_name=names[each.cluster],
                    confidence=each.confidence,
                    probability=each.probability,
                    outlier=each.outlier,
                    role=None,
                )
                for each in found.predictions
            ],
        )


def _records(
    user_id: int, serving: Serving, served: ServedRules, placed: PlacedRows
) -> list[dict[str, object]]:
    """Say who was placed where, with the values that decided."""
    names, now, columns = served.rules.names, utcnow(), list(placed.values)
    customers: Iterable[tuple[Any, ...]] = zip(*placed.values.values(), strict=True)
    if not columns:
        customers = [()] * len(placed.found.labels)
    return [
        {
            "segmentation_id": serving.segmentation_id,
            "user_id": user_id,
            "version": serving.version,
            "customer": {
                name: None if value != value else value
                for name, value in zip(columns, customer, strict=True)
            },
            "segment": label,
            "segment_name": names.get(label, NOISE),
            "confidence": confidence,
            "created_at": now,
        }
        for customer, label, confidence in zip(
            customers, placed.found.labels.tolist(), placed.confidences, strict=True
        )
    ]


def _answer(serving: Serving, served: ServedRules, placed: PlacedRows) -> VersionPlacements:
    names, ids = served.rules.names, served.lasting_ids
    return VersionPlacements(
        segmentation_id=serving.segmentation_id,
        version=serving.version,
        rule=placed.found.rule,
        n_rows=len(placed.found.labels),
        warnings=[CautionOut.of(each) for each in placed.remarks],
        placements=[
            PlacedOut(
                **each._asdict(),
                lasting_id=ids[each.segment] if each.segment >= 0 else None,
                segment_name=names.get(each.segment, NOISE),
            )
            for each in placed.each()
        ],
    )
