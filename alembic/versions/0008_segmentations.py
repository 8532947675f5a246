"""Segmentations that last, with the runs there are as their versions

Revision ID: 0008
Revises: 0007
"""

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
RUNS = "clustering_runs"
REBUILT: dict[str, Any] = {
    "table_kwargs": {"sqlite_autoincrement": True},
    # `users`, which the foreign keys lead to, has an index that cannot be reflected.
    "reflect_kwargs": {"resolve_fks": False},
}


def upgrade() -> None:
    _create_tables()
    op.add_column(RUNS, sa.Column("segmentation_id", sa.Integer()))
    op.add_column(RUNS, sa.Column("version", sa.Integer()))
    op.add_column(RUNS, sa.Column("is_active", sa.Boolean()))
    op.add_column(RUNS, sa.Column("activated_at", TIME))
    op.add_column(RUNS, sa.Column("identity", sa.JSON()))
    _segmentations_of_runs(op.get_bind())
    newest = _newest_id()
    with op.batch_alter_table(RUNS, **REBUILT) as runs:
        for name, kind in (
            ("segmentation_id", sa.Integer()),
            ("version", sa.Integer()),
            ("is_active", sa.Boolean()),
            ("identity", sa.JSON()),
        ):
            runs.alter_column(name, existing_type=kind, nullable=False)
        runs.create_foreign_key(
            "fk_clustering_runs_segmentation_id_segmentations",
            "segmentations",
            ["segmentation_id"],
            ["id"],
            ondelete="CASCADE",
        )
        runs.create_unique_constraint(
            "uq_clustering_runs_segmentation_id_version", ["segmentation_id", "version"]
        )
    _keep_newest_id(newest)
    op.create_index("ix_clustering_runs_segmentation_id", RUNS, ["segmentation_id"])
    op.create_index(
        "uq_clustering_runs_active",
        RUNS,
        ["segmentation_id"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )


def _create_tables() -> None:
    op.create_table(
        "segmentations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("visibility", sa.String(10), nullable=False),
        sa.Column("dataset_id", sa.Integer()),
        sa.Column("unnamed", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint("kind IN ('table', 'core')", name="ck_segmentations_kind"),
        sa.CheckConstraint(
            "visibility IN ('private', 'team')", name="ck_segmentations_visibility"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_segmentations_user_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["datasets.id"],
            name="fk_segmentations_dataset_id_datasets",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_segmentations"),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "dataset_id"):
        op.create_index(f"ix_segmentations_{column}", "segmentations", [column])
    op.create_table(
        "segments",
        sa.Column("segmentation_id", sa.Integer(), nullable=False),
        sa.Column("lasting_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("name", sa.String(200)),
        sa.Column("note", sa.Text()),
        sa.Column("advice", sa.Text()),
        sa.Column("position", sa.Integer()),
        sa.Column("last_version", sa.Integer(), nullable=False),
        _of_segmentation("segments"),
        sa.PrimaryKeyConstraint("segmentation_id", "lasting_id", name="pk_segments"),
    )
    op.create_table(
        "segmentation_uses",
        sa.Column("segmentation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("used_at", TIME, nullable=False),
        _of_segmentation("segmentation_uses"),
        _of_user("segmentation_uses"),
        sa.PrimaryKeyConstraint("segmentation_id", "user_id", name="pk_segmentation_uses"),
    )
    op.create_index("ix_segmentation_uses_user_id", "segmentation_uses", ["user_id"])
    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segmentation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("customer", sa.JSON(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("segment_name", sa.String(200), nullable=False),
        sa.Column("confidence", sa.Integer()),
        sa.Column("created_at", TIME, nullable=False),
        _of_segmentation("placements"),
        _of_user("placements"),
        sa.PrimaryKeyConstraint("id", name="pk_placements"),
        sqlite_autoincrement=True,
    )
    for column in ("segmentation_id", "user_id", "created_at"):
        op.create_index(f"ix_placements_{column}", "placements", [column])


def _of_segmentation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["segmentation_id"],
        ["segmentations.id"],
        name=f"fk_{table}_segmentation_id_segmentations",
        ondelete="CASCADE",
    )


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=f"fk_{table}_user_id_users", ondelete="CASCADE"
    )


def _segmentations_of_runs(connection: sa.Connection) -> None:
    """Give each table's runs a segmentation, and those that the team sees one of its own."""
    runs = sa.table(
        RUNS,
        *map(sa.column, ("id", "dataset_id", "visibility", "n_clusters")),
        *map(sa.column, ("segmentation_id", "version", "is_active")),
        sa.column("created_at", TIME),
        sa.column("activated_at", TIME),
        sa.column("identity", sa.JSON()),
    )
    datasets = sa.table("datasets", *map(sa.column, ("id", "user_id", "filename")))
    segments = sa.table(
        "segments", *map(sa.column, ("segmentation_id", "lasting_id", "last_version"))
    )
    segmentations = sa.table(
        "segmentations",
        sa.column("id"),
        *map(sa.column, ("user_id", "kind", "name", "visibility", "dataset_id", "unnamed")),
        sa.column("created_at", TIME),
        sa.column("updated_at", TIME),
    )
    rows = connection.execute(
        sa.select(
            runs.c.id, runs.c.dataset_id, runs.c.visibility, runs.c.n_clusters, runs.c.created_at
        ).order_by(runs.c.dataset_id, runs.c.visibility, runs.c.id)
    ).all()
    for (dataset_id, visibility), group in groupby(rows, lambda row: (row[1], row[2])):
        versions = list(group)
        dataset = connection.execute(
            sa.select(datasets.c.user_id, datasets.c.filename).where(datasets.c.id == dataset_id)
        ).one()
        segmentation_id = connection.execute(
            sa.insert(segmentations)
            .values(
                user_id=dataset.user_id,
                kind="table",
                name=dataset.filename.rpartition(".")[0][:200] or dataset.filename[:200],
                visibility=visibility,
                dataset_id=dataset_id,
                unnamed=True,
                created_at=versions[0].created_at,
                updated_at=versions[-1].created_at,
            )
            .returning(segmentations.c.id)
        ).scalar_one()
        next_id = 1
        for version, run in enumerate(versions, start=1):
            ids = range(next_id, next_id + run.n_clusters)
            next_id += run.n_clusters
            active = run is versions[-1]
            values: dict[str, Any] = {
                "segmentation_id": segmentation_id,
                "version": version,
                "is_active": active,
                "activated_at": run.created_at if active else None,
                "identity": {
                    "identified_by": None,
                    "segments": [{"lasting_id": each, "overlap": None} for each in ids],
                    "cautions": [],
                },
            }
            connection.execute(sa.update(runs).where(runs.c.id == run.id).values(**values))
            if ids:
                connection.execute(
                    sa.insert(segments),
                    [
                        {
                            "segmentation_id": segmentation_id,
                            "lasting_id": each,
                            "last_version": version,
                        }
                        for each in ids
                    ],
                )


def _newest_id() -> int | None:
    """Return the last id that SQLite gave a run: one that was deleted must not come back."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return None
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    found: int | None = connection.scalar(query, {"table": RUNS})
    return found


def _keep_newest_id(newest: int | None) -> None:
    if newest is None:
        return
    values = {"table": RUNS, "newest": newest}
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), values)
    connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:table, :newest)"), values)


def downgrade() -> None:
    op.drop_index("uq_clustering_runs_active", RUNS)
    op.drop_index("ix_clustering_runs_segmentation_id", RUNS)
    newest = _newest_id()
    with op.batch_alter_table(RUNS, **REBUILT) as runs:
        runs.drop_constraint("uq_clustering_runs_segmentation_id_version", type_="unique")
        runs.drop_constraint(
            "fk_clustering_runs_segmentation_id_segmentations", type_="foreignkey"
        )
        for name in ("segmentation_id", "version", "is_active", "activated_at", "identity"):
            runs.drop_column(name)
    _keep_newest_id(newest)
    for table in ("placements", "segmentation_uses", "segments", "segmentations"):
        op.drop_table(table)
