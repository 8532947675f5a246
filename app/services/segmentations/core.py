"""The core's model as a segmentation: the first one, which belongs to all."""

import sqlalchemy as sa

from app.db.segmentation_tables import LastingSegmentation
from app.db.session import Database

NAME = "Customers by age, income and spending"


def ensure_core(database: Database) -> None:
    """Make the row that names it, once."""
    row = LastingSegmentation
    with database.session() as session:
        if session.scalar(sa.select(row.id).where(row.kind == "core").limit(1)) is None:
            session.add(row(kind="core", name=NAME, visibility="team"))
