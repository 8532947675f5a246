"""Finding groups again in other draws of the rows, the way in which they were found."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from app.segmentation.choice.columns_apart import columns_apart
from app.segmentation.choice.regions import clear_regions
from app.segmentation.choice.search import VALLEY
from app.segmentation.choice.valleys import components_of, joined, valleys
from app.segmentation.clustering.mixture import COVARIANCES, fit_mixture
from app.segmentation.clustering.result import Clustering
from app.segmentation.errors import DegenerateDataError
from app.segmentation.threads import single_threaded
from app.segmentation.validation.resampling import Refit


def groups_refit(clustering: Clustering, *, n_numeric: int, column_starts: Sequence[int]) -> Refit:
    """Build the refit of groups: as many components of the same kind, joined alike, or regions.

    Parameters
    ----------
    clustering : Clustering
        As `Groups.to_clustering`.
    n_numeric, column_starts
        As `columns_apart`.

    Returns
    -------
    callable
        ``refit(rows, seed) -> labels``, raising `DegenerateDataError` where a draw holds too few
        distinct rows, or no regions.
    """
    n_components = int(str(clustering.details["n_components"]))
    covariance = next(each for each in COVARIANCES if each == clustering.details["covariance"])

    def by_mixture(rows: NDArray[np.float64], seed: int) -> NDArray[np.integer]:
        if len(np.unique(rows, axis=0)) < n_components:
            raise DegenerateDataError("Fewer distinct rows than components were drawn.")
        apart = columns_apart(rows, n_numeric=n_numeric, column_starts=column_starts)
        with single_threaded():
            start = KMeans(n_components, n_init=3, random_state=seed).fit(rows).labels_
            mixture = fit_mixture(
                apart.numbers,
                apart.codes,
                np.unique(start, return_inverse=True)[1],
                covariance=covariance,
            )
            components, joint, _ = components_of(mixture, apart)
            return joined(valleys(apart, components, joint), VALLEY)[components]

    def by_regions(rows: NDArray[np.float64], _seed: int) -> NDArray[np.integer]:
        # A row drawn twice has a neighbour at no distance, which passes for a dense place.
        distinct, place = np.unique(rows, axis=0, return_inverse=True)
        apart = columns_apart(distinct, n_numeric=n_numeric, column_starts=column_starts)
        found = clear_regions(apart.numbers)
        if found is None:
            raise DegenerateDataError("No regions with empty space between them were drawn.")
        return found.labels[place.ravel()]

    return by_mixture if clustering.method == "mixture" else by_regions
