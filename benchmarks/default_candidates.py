"""The ways of segmenting a table that the default is chosen from."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.mixture import GaussianMixture

from app.segmentation.choice.choosing import choose
from app.segmentation.choice.columns_apart import columns_apart
from app.segmentation.choice.grouping import find_groups_despite
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.preparation.fitting import encode
from app.segmentation.preparation.order import canonical_order
from app.segmentation.preparation.relevance import unrelated_columns
from app.segmentation.recipe import AUTO, CONTRACT, Recipe
from app.segmentation.tables.repeats import find_repeats
from app.segmentation.validation.clear_groups import shows_clear_groups

Labels = NDArray[np.integer]


@dataclass(frozen=True, eq=False, kw_only=True)
class Case:
    """A table's columns, and how many groups it is known to have (0 where that is not known)."""

    frame: pd.DataFrame
    numeric: Sequence[str]
    categorical: Sequence[str]
    n_groups: int = 0

    def without(self, names: Collection[str]) -> "Case":
        """Leave columns out."""
        return replace(
            self,
            numeric=[name for name in self.numeric if name not in names],
            categorical=[name for name in self.categorical if name not in names],
        )

    def once(self) -> "Case":
        """Leave the columns out that repeat another one."""
        repeats = find_repeats(self.frame, numeric=self.numeric, categorical=self.categorical)
        return self.without([each.column for each in repeats if each.how != "together"])

    def related(self) -> "Case":
        """Leave the columns out that only blur groups."""
        return self.without(
            unrelated_columns(
                self.frame,
                numeric=self.numeric,
                categorical=self.categorical,
                recipe=AUTO,
                shows_groups=shows_clear_groups,
            )
        )


def _space(case: Case, recipe: Recipe = AUTO) -> FeatureSpace:
    return encode(case.frame, recipe, numeric=case.numeric, categorical=case.categorical)


def _chosen(case: Case, recipe: Recipe) -> Labels:
    clustering = choose(_space(case, recipe), recipe).clustering
    return np.zeros(len(case.frame), dtype=np.int64) if clustering is None else clustering.labels


def contract(case: Case) -> Labels:
    """Ward on standardised numbers and one-hot categories, k by the highest silhouette."""
    return _chosen(case, CONTRACT)


def scored(case: Case) -> Labels:
    """K-means, Ward or DBSCAN by silhouette, with few enough segments."""
    return _chosen(case.related(), AUTO)


def kmeans_told(case: Case) -> Labels:
    """K-means, told the true number of groups."""
    model = KMeans(n_clusters=max(case.n_groups, 2), n_init=10, random_state=0)
    return np.asarray(model.fit_predict(_space(case).matrix))


def gaussian_mixture(case: Case) -> Labels:
    """Gaussian mixtures of 1 to 12 components, by information criterion."""
    X = _space(case).matrix
    models = [GaussianMixture(k, reg_covar=1e-3, random_state=0).fit(X) for k in range(1, 13)]
    return np.asarray(min(models, key=lambda model: model.bic(X)).predict(X))


def hdbscan(case: Case) -> Labels:
    """HDBSCAN with segments of 2% at least."""
    X = _space(case).matrix
    return np.asarray(HDBSCAN(min_cluster_size=max(5, len(X) // 50), copy=True).fit_predict(X))


def groups(case: Case) -> Labels:
    """Groups divided by valleys or empty space; scored segments where there are none."""
    order, numeric, categorical = canonical_order(
        case.frame, numeric=case.numeric, categorical=case.categorical
    )
    ordered = Case(
        frame=case.frame.iloc[order].reset_index(drop=True),
        numeric=numeric,
        categorical=categorical,
    )
    kept = ordered.once().related()
    # Not projected: components of categories say no level any more.
    encoder = _space(kept).encoder.before_projection()
    rows = columns_apart(
        encoder.transform(kept.frame),
        n_numeric=len(kept.numeric),
        column_starts=encoder.column_starts,
    )
    gaps = kept.frame[list(kept.numeric)].isna().to_numpy()
    found = find_groups_despite(gaps, rows)
    if found is None:
        return scored(case)
    labels = np.empty_like(found.labels)
    labels[order] = found.labels
    return labels


CANDIDATES: dict[str, Callable[[Case], Labels]] = {
    "groups": groups,
    "scored": scored,
    "contract": contract,
    "kmeans_told": kmeans_told,
    "gaussian_mixture": gaussian_mixture,
    "hdbscan": hdbscan,
}
"""Each by its name in the table; the first is the default."""
