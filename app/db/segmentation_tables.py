"""The tables of segmentations: what lasts, its versions, its segments, and what was placed."""

from datetime import datetime
from typing import Any, Literal, TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.tables import Base, ModelVersion, Visibility, maker_name, utcnow

SegmentationKind = Literal["table", "core"]


class SegmentIdentity(TypedDict):
    """Which lasting segment a segment of a version is, and how much it shares with it."""

    lasting_id: int
    overlap: float | None


class RunIdentity(TypedDict):
    """How the segments of a version were recognised: one `segments` for each label, in order."""

    identified_by: str | None
    segments: list[SegmentIdentity]
    cautions: list[dict[str, str]]


class LastingSegmentation(Base):
    """A segmentation that lasts; that of the core has no owner, and its versions elsewhere."""

    __tablename__ = "segmentations"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('table', 'core')", name="kind"),
        sa.CheckConstraint("visibility IN ('private', 'team')", name="visibility"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[SegmentationKind] = mapped_column(sa.String(10), default="table")
    name: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str | None] = mapped_column(sa.Text)
    visibility: Mapped[Visibility] = mapped_column(sa.String(10), default="private")
    dataset_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("datasets.id", ondelete="SET NULL"), index=True
    )
    # Made by a run without a name, and taken by the next one of the same table.
    unnamed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    segments: Mapped[list["LastingSegment"]] = relationship(
        order_by="LastingSegment.lasting_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )


class LastingSegment(Base):
    """A segment over the versions of its segmentation, with its owner's words for it."""

    __tablename__ = "segments"

    segmentation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("segmentations.id", ondelete="CASCADE"), primary_key=True
    )
    lasting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.Text)
    advice: Mapped[str | None] = mapped_column(sa.Text)
    position: Mapped[int | None]
    last_version: Mapped[int]


class SegmentationUse(Base):
    """When an account last looked at a segmentation."""

    __tablename__ = "segmentation_uses"

    segmentation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("segmentations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    used_at: Mapped[datetime] = mapped_column(default=utcnow)


class PlacementRecord(Base):
    """A customer who was placed in a segmentation of a table."""

    __tablename__ = "placements"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    segmentation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("segmentations.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    customer: Mapped[dict[str, Any]]
    segment: Mapped[int]
    segment_name: Mapped[str] = mapped_column(sa.String(200))
    confidence: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


class ClusteringTree(Base):
    """The tree of one reading and one set of options, named by `key`; runs are its cuts."""

    __tablename__ = "clustering_trees"
    __table_args__ = (
        sa.UniqueConstraint("dataset_id", "key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(
        sa.ForeignKey("datasets.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(sa.String(64))
    artefact: Mapped[str] = mapped_column(sa.String(100))
    checksum: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class ClusteringRun(Base):
    """A version of a segmentation: a clustering of one reading of a dataset."""

    __tablename__ = "clustering_runs"
    __table_args__ = (
        sa.CheckConstraint("visibility IN ('private', 'team')", name="visibility"),
        sa.UniqueConstraint("segmentation_id", "version"),
        sa.Index(
            "uq_clustering_runs_active",
            "segmentation_id",
            unique=True,
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(
        sa.ForeignKey("datasets.id", ondelete="CASCADE"), index=True
    )
    segmentation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("segmentations.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=False)
    activated_at: Mapped[datetime | None]
    identity: Mapped[dict[str, Any]]
    created_by_id: Mapped[int | None] = mapped_column()
    created_by: Mapped[str] = maker_name(created_by_id)
    visibility: Mapped[Visibility] = mapped_column(sa.String(10), default="private")
    reading: Mapped[str] = mapped_column(sa.String(100))
    artefact: Mapped[str] = mapped_column(sa.String(100))
    checksum: Mapped[str] = mapped_column(sa.String(64))
    tree_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("clustering_trees.id", ondelete="SET NULL"), index=True
    )
    algorithm: Mapped[str] = mapped_column(sa.String(20))
    linkage: Mapped[str | None] = mapped_column(sa.String(20))
    n_clusters: Mapped[int]
    n_samples: Mapped[int]
    n_encoded_features: Mapped[int]
    silhouette_score: Mapped[float | None] = mapped_column(sa.Float)
    options: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    segmentation: Mapped[LastingSegmentation] = relationship(lazy="selectin")


Version = ClusteringRun | ModelVersion
"""A version of a segmentation of a table, or of the core's."""
