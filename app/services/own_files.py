"""Private files: customers made of orders, and the end of what was kept long enough."""

from datetime import datetime

import sqlalchemy as sa

from app.db.tables import Dataset, Job
from app.schemas.orders import SnapshotRequest
from app.services import audit, datasets
from app.services.accounts import Caller
from app.services.datasets import DatasetService
from app.services.orders import OrderService
from app.services.segmentations.activation import losing_versions
from app.services.snapshots import SnapshotService


def customers_of_orders(
    orders: OrderService, snapshots: SnapshotService, caller: Caller, dataset_id: int
) -> Dataset | Job:
    """Make customers of a file of orders, as of its last day; a job where the lines are many.

    They are kept as long as the file. Nothing but the file and the customers stays.
    """
    with orders.database.session(read_only=True) as session:
        kept_until = datasets.get(session, caller, dataset_id).kept_until
    lines = orders.create_from(caller, dataset_id)
    try:
        made = snapshots.create(caller, lines.id, SnapshotRequest())
    except BaseException:
        orders.delete(caller, lines.id)
        raise
    if isinstance(made, Job):
        return made
    orders.delete(caller, lines.id)
    with orders.database.session() as session:
        found = session.get_one(Dataset, made.dataset_id)
        found.source, found.kept_until = None, kept_until
    return found


def remove_expired(service: DatasetService, now: datetime) -> int:
    """Remove the tables whose time is over, with their segmentations; return how many."""
    over = sa.select(Dataset).where(Dataset.kept_until < now)
    with service.database.session(read_only=True) as session:
        found = session.scalars(over).all()
    for each in found:
        with service.database.session() as session:
            # An owner may have deleted it meanwhile, or may keep datasets for good now.
            dataset = session.scalar(over.where(Dataset.id == each.id).with_for_update())
            if dataset is None:
                continue
            with losing_versions(session, each.id):
                session.delete(dataset)
            audit.record(session, "file.expired", object_type="dataset", object_id=each.id)
        service.store.remove(each.directory)
    return len(found)
