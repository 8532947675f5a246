"""What a training gives: the fitted model and everything that is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.sweep import Sweep
from app.segmentation.identity import Match
from app.segmentation.probability import ProbabilityScale
from app.segmentation.scoring import Scorer


@dataclass(frozen=True)
class PreviousModel:
    """The model before: how it scores, and what its segments are called, by id."""

    scorer: Scorer
    names: tuple[str, ...]


@dataclass(frozen=True)
class SegmentProfile:
    """One segment's customers: how many, and their averages in original units.

    ``sex_shares`` is over the customers whose sex is known, empty where none is.
    ``silhouette`` is None where a sample of a long table holds none of the segment.
    """

    cluster_id: int
    name: str
    size: int
    share: float
    avg_age: float
    avg_annual_income: float
    avg_spending_score: float
    avg_purchase_frequency: float
    sex_shares: Mapping[str, float]
    silhouette: float | None


@dataclass(frozen=True)
class TrainedSegments:
    """A trained model with everything that is told about it.

    Attributes
    ----------
    scorer : Scorer
        The model as plain numbers; `kmeans.pkl` and `scaler.pkl` are made of it when published.
    labels : ndarray of int32, shape (n_customers,)
        Segment of each training customer.
    n_clusters : int
    silhouette : float
        Mean over ``silhouette_sample_size`` customers: all, or a sample of a long table.
    inertia : float
    degenerate : bool
        Whether a segment holds under 1% of the customers, or one over 95%.
    sweep : Sweep
        Over k = 2 to 10, also where k was given; a k beyond the table's distinct customers is
        absent from its ``k_range`` and explained in its ``failures``.
    segments : tuple of SegmentProfile
        By id.
    imputed : mapping of str to int
        Feature to the number of blanks that were filled.
    outlier_threshold : float
        In standard deviations of the training customers.
    probability_scale : ProbabilityScale or None
        What confidence has meant on other draws of these customers.
    matches : tuple of Match
        Segments of the model before that live on, ``new_id`` being an id of this one.
    """

    scorer: Scorer
    labels: NDArray[np.int32]
    n_clusters: int
    silhouette: float
    silhouette_sample_size: int
    inertia: float
    degenerate: bool
    sweep: Sweep
    segments: tuple[SegmentProfile, ...]
    imputed: Mapping[str, int]
    outlier_threshold: float
    probability_scale: ProbabilityScale | None
    matches: tuple[Match, ...]
