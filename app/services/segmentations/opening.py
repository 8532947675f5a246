"""Opening versions of a segmentation to look into them, whatever they were made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation, Version
from app.db.session import Database
from app.db.tables import Dataset
from app.errors import Forbidden
from app.services.accounts import Caller
from app.services.segmentations.core_versions import CoreVersions, LookedModel
from app.services.segmentations.finding import Reference, find, owns, version_of, versions_of
from app.services.segmentations.looked import Looked, LookedRun, Words
from app.services.segmentations.runs import owns as owns_dataset
from app.services.segmentations.views import OpenRun, RunViews


@dataclass(frozen=True)
class Opening:
    """Opens runs of tables and the core's models as versions alike; no session is held."""

    runs: RunViews
    core: CoreVersions

    @property
    def database(self) -> Database:
        return self.core.models.database

    def look_into(self, caller: Caller, reference: Reference, version: int | None = None) -> Looked:
        """Open a version that the caller may see, the active one where none is named."""
        with self.database.session(read_only=True) as session:
            segmentation = find(session, caller, reference)
            found = version_of(session, segmentation, version)
            return self._looked(session, caller, segmentation, [found])[0]

    def another(self, caller: Caller, looked: Looked, version: int) -> Looked:
        """Open another version of the same segmentation."""
        return self.look_into(caller, looked.segmentation.id, version)

    def all_versions(self, caller: Caller, looked: Looked) -> list[Looked]:
        """Open every version of the same segmentation, oldest first."""
        with self.database.session(read_only=True) as session:
            segmentation = find(session, caller, looked.segmentation.id)
            newest_first = session.scalars(versions_of(segmentation)).all()
            return self._looked(session, caller, segmentation, newest_first[::-1])

    def _looked(
        self,
        session: Session,
        caller: Caller,
        segmentation: LastingSegmentation,
        versions: Sequence[Version],
    ) -> list[Looked]:
        runs = [each for each in versions if isinstance(each, ClusteringRun)]
        ids = {run.dataset_id for run in runs}
        of_them = session.scalars(sa.select(Dataset).where(Dataset.id.in_(ids))) if ids else ()
        datasets = {dataset.id: dataset for dataset in of_them}
        found: list[Looked] = []
        for version in versions:
            if isinstance(version, ClusteringRun):
                dataset = datasets[version.dataset_id]
                whole = owns_dataset(caller, dataset)
                found.append(LookedRun(self.runs, OpenRun(version, dataset, None, whole=whole)))
            else:
                by_analyst = owns(caller, segmentation)
                found.append(LookedModel(self.core, version, segmentation, by_analyst))
        return found


def check_customers(caller: Caller, looked: Looked) -> None:
    """Refuse the core's customers, whom no one shared, to who may not work with its versions."""
    if looked.segmentation.kind == "core" and caller.role == "user":
        raise Forbidden("The core's customers are for analysts", code="role_required")


def words_for(looked: Looked, lasting_id: int) -> Words:
    """Return what the segment's owner says of it."""
    kept = looked.segmentation.segments
    found = next((each for each in kept if each.lasting_id == lasting_id), None)
    return Words() if found is None else Words(note=found.note, advice=found.advice)
