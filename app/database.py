"""What the published set-up calls: `python -c "from app.database import init_db; init_db()"`."""

from app.config import load_settings
from app.db.migrations import upgrade_schema
from app.db.session import Database


def init_db() -> None:
    """Bring the database that the settings name to the newest schema."""
    # Beside the migration's connection, one holds the lock that lets servers take turns.
    database = Database(load_settings().database_url, pool_size=2)
    try:
        upgrade_schema(database)
    finally:
        database.dispose()
