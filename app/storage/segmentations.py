"""What a run leaves behind, as it is stored: the number of the format, the tags of its classes."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from app.segmentation.clustering.density import DensityModel
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.tree import Tree
from app.segmentation.columns import CategoricalColumn, NumericColumn
from app.segmentation.description.bands import Band, BandCounts
from app.segmentation.description.profiles import CategoryShare, ClusterProfile, Difference
from app.segmentation.description.tabulation import CategoricalCounts, NumericCounts, Tabulation
from app.segmentation.errors import SegmentationError
from app.segmentation.features import FeatureEncoder
from app.segmentation.fitting import FittedRun
from app.segmentation.pictures.projection import Projection
from app.segmentation.scoring import Scorer
from app.segmentation.selection import Sweep
from app.segmentation.silhouette import Silhouette
from app.segmentation.tree_cuts import CuttableTree, TreeCut
from app.segmentation.tree_selection import MeasuredTree
from app.storage.bundles import Bundle, DamagedArtefact
from app.storage.codec import Codec, Malformed
from app.storage.formats import UPGRADES

FORMAT = 1
"""Raised by every change of what is written; what reads the number before goes to `formats`."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, eq=False)
class KeptRun:
    """A finished run, with the points of its scatter plot."""

    fitted: FittedRun
    projection: Projection | None


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


@dataclass(frozen=True, eq=False)
class Standardisation:
    """A fitted `StandardScaler` as plain numbers, each array of shape (n_features,)."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def of(cls, scaler: StandardScaler) -> "Standardisation":
        return cls(scaler.mean_, scaler.var_, scaler.scale_)

    def restored(self) -> StandardScaler:
        scaler = StandardScaler()
        scaler.mean_, scaler.var_, scaler.scale_ = self.mean, self.variance, self.scale
        scaler.n_features_in_ = len(self.mean)
        return scaler


@dataclass(frozen=True, eq=False)
class Components:
    """A fitted `PCA` as plain numbers: `directions` is of shape (n_components, n_features)."""

    mean: NDArray[np.float64]
    directions: NDArray[np.float64]
    variance: NDArray[np.float64]
    explained: NDArray[np.float64]

    @classmethod
    def of(cls, pca: PCA) -> "Components":
        explained = pca.explained_variance_ratio_
        return cls(pca.mean_, pca.components_, pca.explained_variance_, explained)

    def restored(self) -> PCA:
        pca = PCA(n_components=len(self.directions))
        pca.mean_, pca.components_ = self.mean, self.directions
        pca.explained_variance_, pca.explained_variance_ratio_ = self.variance, self.explained
        pca.n_components_, pca.n_features_in_ = self.directions.shape
        return pca


TAGS: dict[str, type] = {
    "version": KeptVersion,
    "run": KeptRun,
    "segmentation": FittedRun,
    "encoder": FeatureEncoder,
    "numeric column": NumericColumn,
    "categorical column": CategoricalColumn,
    "standardisation": Standardisation,
    "components": Components,
    "clustering": Clustering,
    "density": DensityModel,
    "scorer": Scorer,
    "silhouette": Silhouette,
    "sweep": Sweep,
    "profile": ClusterProfile,
    "category share": CategoryShare,
    "difference": Difference,
    "band": Band,
    "projection": Projection,
    "cuttable tree": CuttableTree,
    "measured tree": MeasuredTree,
    "tree": Tree,
    "cut": TreeCut,
    "tabulation": Tabulation,
    "numeric counts": NumericCounts,
    "categorical counts": CategoricalCounts,
    "band counts": BandCounts,
}
CODEC = Codec(TAGS, converted={StandardScaler: Standardisation, PCA: Components})


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
