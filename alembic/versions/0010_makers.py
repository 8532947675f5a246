"""Who trained versions and runs by id, so that names are as they are now

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MAKERS = {"model_versions": "trained_by", "clustering_runs": "created_by"}
NO_ONE = "a deleted account"


def upgrade() -> None:
    for table, name in MAKERS.items():
        op.add_column(table, sa.Column(f"{name}_id", sa.Integer()))
        op.execute(
            f"UPDATE {table} SET {name}_id = "
            f"(SELECT users.id FROM users WHERE users.username = {table}.{name})"
        )
        op.drop_column(table, name)


def downgrade() -> None:
    for table, name in MAKERS.items():
        default = NO_ONE if table == "clustering_runs" else None
        op.add_column(
            table,
            sa.Column(name, sa.String(50), nullable=default is None, server_default=default),
        )
        op.execute(
            f"UPDATE {table} SET {name} = coalesce("
            f"(SELECT users.username FROM users WHERE users.id = {table}.{name}_id), {name})"
        )
        op.drop_column(table, f"{name}_id")
