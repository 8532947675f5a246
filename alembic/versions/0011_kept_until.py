"""Until when a table is kept, where its owner keeps none for good

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "ix_datasets_kept_until"


def upgrade() -> None:
    op.add_column("datasets", sa.Column("kept_until", sa.DateTime(timezone=True)))
    op.create_index(INDEX, "datasets", ["kept_until"])


def downgrade() -> None:
    op.drop_index(INDEX, "datasets")
    op.drop_column("datasets", "kept_until")
