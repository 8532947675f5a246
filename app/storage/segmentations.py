"""What a run leaves behind, as it is stored: the number of the format, the tags of its classes."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.attempts import Attempt
from app.segmentation.choice.tree_draws import TreeDraws
from app.segmentation.choice.trees import MeasuredTree
from app.segmentation.clustering.density import DensityModel
from app.segmentation.clustering.nearest_rows import NearestRows
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import Sweep
from app.segmentation.clustering.tree import Tree
from app.segmentation.description.bands import Band, BandCounts
from app.segmentation.description.profiles import CategoryShare, ClusterProfile, Difference
from app.segmentation.description.tabulation import CategoricalCounts, NumericCounts, Tabulation
from app.segmentation.errors import SegmentationError
from app.segmentation.kept_tree import KeptTree, TreeCut
from app.segmentation.known_rows import KnownRows, Sample
from app.segmentation.membership import Membership
from app.segmentation.pictures.projection import Projection
from app.segmentation.preparation.column_choice import ColumnChoice
from app.segmentation.preparation.columns import CategoricalColumn, NumericColumn
from app.segmentation.preparation.components import Components
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.preparation.neighbours import Donors
from app.segmentation.probability import ProbabilityScale
from app.segmentation.recipe import Recipe
from app.segmentation.scoring import Scorer
from app.segmentation.segmentation import Chosen, Segmentation
from app.segmentation.silhouette import Silhouette
from app.storage.bundles import Bundle, DamagedArtefact
from app.storage.codec import Codec, Malformed
from app.storage.formats import UPGRADES

FORMAT = 2
"""Raised by every change of what is written; what reads the number before goes to `formats`."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, eq=False)
class KeptVersion:
    """A version of the core's model, with the customers it was trained on.

    Attributes
    ----------
    mean, scale : (n_features,) array
        A value is measured as (value - mean) / scale.
    centers : (n_clusters, n_features) array
        Of the segments, in that measure.
    labels : (n_customers,) array
    inertia : float
    customer_ids : (n_customers,) array of str
        Empty where the table has none.
    features : (n_customers, n_features) array
        In original units, blanks filled.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    centers: NDArray[np.float64]
    labels: NDArray[np.int32]
    inertia: float
    customer_ids: NDArray[np.str_]
    features: NDArray[np.float64]


TAGS: dict[str, type] = {
    "version": KeptVersion,
    "segmentation": Segmentation,
    "recipe": Recipe,
    "column choice": ColumnChoice,
    "chosen": Chosen,
    "attempt": Attempt,
    "encoder": Encoder,
    "numeric column": NumericColumn,
    "categorical column": CategoricalColumn,
    "donors": Donors,
    "components": Components,
    "clustering": Clustering,
    "density": DensityModel,
    "nearest rows": NearestRows,
    "membership": Membership,
    "known rows": KnownRows,
    "sample": Sample,
    "tree draws": TreeDraws,
    "probability scale": ProbabilityScale,
    "scorer": Scorer,
    "silhouette": Silhouette,
    "sweep": Sweep,
    "profile": ClusterProfile,
    "category share": CategoryShare,
    "difference": Difference,
    "band": Band,
    "projection": Projection,
    "cuttable tree": KeptTree,
    "measured tree": MeasuredTree,
    "tree": Tree,
    "cut": TreeCut,
    "tabulation": Tabulation,
    "numeric counts": NumericCounts,
    "categorical counts": CategoricalCounts,
    "band counts": BandCounts,
}
CODEC = Codec(TAGS)


def packed(kind: str, value: object) -> Bundle:
    document, arrays = CODEC.encode(value)
    return Bundle(FORMAT, kind, document, arrays)


def unpacked(bundle: Bundle, expected: type[Kept]) -> Kept:
    """Return what was packed.

    Raises
    ------
    DamagedArtefact
        No reader knows its format, or it holds something else than what is expected.
    """
    try:
        while bundle.format in UPGRADES:
            bundle = UPGRADES[bundle.format](bundle)
        if bundle.format != FORMAT:
            raise DamagedArtefact(f"its format, {bundle.format}, is not one that can be read")
        return CODEC.decode(expected, bundle.document, bundle.arrays)
    except (Malformed, SegmentationError) as error:
        raise DamagedArtefact(f"its files hold something else: {error}") from error
