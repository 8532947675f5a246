"""Run the migrations, on a connection that is handed over or on the settings' database."""

from alembic import context
from sqlalchemy import Connection

from app.config import load_settings
from app.db import (  # noqa: F401 part of the metadata
    account_tables,
    audit_tables,
    key_tables,
    segmentation_tables,
)
from app.db.order_tables import Base
from app.db.session import Database


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    database = Database(load_settings().database_url, pool_size=1)
    with database.connect() as connection:
        run(connection)
    database.dispose()
