"""A finished segmentation: what was found, how it is described, and where new rows belong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.choice.attempts import Attempt
from app.segmentation.clustering.density import DensityModel
from app.segmentation.clustering.nearest_rows import NearestRows
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import Sweep
from app.segmentation.description.profiles import ClusterProfile
from app.segmentation.description.statements import Characteristic
from app.segmentation.explanation.importance import Explanation
from app.segmentation.identity import Match
from app.segmentation.kept_tree import KeptTree
from app.segmentation.membership import Membership
from app.segmentation.pictures.projection import Projection
from app.segmentation.placing import Placements, place_as_before, place_encoded
from app.segmentation.preparation.column_choice import ColumnChoice
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.recipe import Recipe
from app.segmentation.scoring import Scorer
from app.segmentation.silhouette import Silhouette
from app.segmentation.validation.report import ValidationReport
from app.segmentation.validation.structure import Structure


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which algorithm and number of segments were taken, and why.

    Attributes
    ----------
    algorithm : str or None
        None where nothing divides the customers.
    reason : str
    attempts : tuple of Attempt
    sweep : Sweep or None
        The numbers of segments that the algorithm taken was compared at, without partitions.
    kmeans_sweep : Sweep or None
        The same of K-means, where it was run.
    """

    algorithm: str | None
    reason: str
    attempts: tuple[Attempt, ...] = ()
    sweep: Sweep | None = None
    kmeans_sweep: Sweep | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Segmentation:
    """The segments of a table and their full description.

    Attributes
    ----------
    recipe : Recipe
    columns : ColumnChoice
        What was clustered on. Columns that were set aside as unrelated are described too.
    encoder : Encoder or None
        None where nothing could be clustered, and all customers are one segment.
    clustering : Clustering
        In the table's order.
    scorer : Scorer or None
        On the encoded matrix; None where there are fewer than two clusters.
    density : DensityModel or None
        For DBSCAN.
    nearest : NearestRows or None
        For groups of any shape, in runs of earlier releases.
    membership : Membership or None
        None where there is one segment, and in runs of earlier releases.
    chosen : Chosen
    silhouette : Silhouette or None
        In the space that was clustered; None where there are fewer than two clusters.
    profiles : tuple of ClusterProfile
        Of the customers' own values.
    names : tuple of str
    characteristics : tuple of tuples of Characteristic
        For each segment; empty where they were not asked for.
    confidences : ndarray of int32, shape (n_samples,), or None
        As `confidences_of`; None where there is one segment, or a kept tree was cut.
    probabilities : ndarray of float64, shape (n_samples,), or None
        As in `Placements`; None where the confidences are.
    degenerate : bool
        Whether a segment holds under 1% of the customers, or one over 95%.
    explanation : Explanation or None
    structure : Structure or None
    validation : ValidationReport or None
    n_filled : int
        Missing numbers that were filled.
    warnings : tuple of str
    plane : Projection or None
        Customers on two axes; None where all are equal.
    """

    recipe: Recipe
    columns: ColumnChoice
    encoder: Encoder | None
    clustering: Clustering
    scorer: Scorer | None
    chosen: Chosen
    silhouette: Silhouette | None
    profiles: tuple[ClusterProfile, ...]
    names: tuple[str, ...]
    degenerate: bool
    warnings: tuple[str, ...]
    density: DensityModel | None = None
    nearest: NearestRows | None = None
    membership: Membership | None = None
    characteristics: tuple[tuple[Characteristic, ...], ...] = ()
    confidences: NDArray[np.int32] | None = None
    probabilities: NDArray[np.float64] | None = None
    explanation: Explanation | None = None
    structure: Structure | None = None
    validation: ValidationReport | None = None
    n_filled: int = 0
    plane: Projection | None = None

    @property
    def labels(self) -> NDArray[np.int32]:
        """Segment of each row, in the table's order; -1 for noise."""
        return self.clustering.labels

    @property
    def n_segments(self) -> int:
        return self.clustering.n_clusters

    @property
    def accuracy(self) -> float:
        """How well a small tree reproduces the segments; 1 where there is one."""
        return self.explanation.accuracy if self.explanation is not None else 1.0

    @property
    def importance(self) -> Mapping[str, float]:
        """Column to its share, summing to 1; equal shares where there is one segment."""
        if self.explanation is not None:
            return self.explanation.importance
        names = [name for profile in self.profiles[:1] for name in profile.means]
        names += [name for profile in self.profiles[:1] for name in profile.categories]
        return dict.fromkeys(names, 1 / max(len(names), 1))

    def kept(self) -> Self:
        """Return what is stored of it, beside the report, which has all that it says in words."""
        return replace(
            self,
            characteristics=(),
            confidences=None,
            probabilities=None,
            explanation=None,
            structure=None,
            validation=None,
        )

    def place(self, frame: pd.DataFrame) -> Placements:
        """Give each row its segment: the only way that rows are put into segments.

        Parameters
        ----------
        frame : DataFrame of shape (n_samples, any)
            Holds the columns that were clustered; blanks are filled as they were then.

        Raises
        ------
        SegmentationError
            A column is absent or holds what it cannot, or a value is too large.
        """
        return self.place_encoded(self.encode(frame))

    def encode(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """Put rows into the space that was clustered, shape (n_samples, n_features)."""
        if self.encoder is None:
            return np.empty((len(frame), 0))
        return self.encoder.transform(frame)

    def place_encoded(self, X: NDArray[np.float64]) -> Placements:
        """Give each row that `encode` made its segment."""
        if self.membership is None:
            return place_as_before(
                X,
                n_clusters=self.n_segments,
                scorer=self.scorer,
                density=self.density,
                nearest=self.nearest,
            )
        return place_encoded(
            X,
            self.membership,
            n_clusters=self.n_segments,
            scorer=self.scorer,
            density=self.density,
        )


@dataclass(frozen=True, eq=False)
class Segmented:
    """A segmentation, with its tree where it is a cut of one, and what lives on in it.

    Attributes
    ----------
    segmentation : Segmentation
    tree : KeptTree or None
        Kept apart, for other cuts.
    matches : tuple of Match
        Segments of the one before that live on, where there is one.
    """

    segmentation: Segmentation
    tree: KeptTree | None
    matches: tuple[Match, ...] = ()
