"""Typed columns to the space that posted records are clustered in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from app.segmentation.clustering.kmeans import LARGEST_VALUE
from app.segmentation.columns import Transform, to_numbers
from app.segmentation.errors import DegenerateDataError
from app.segmentation.features import FeatureSpace, fit_features
from app.segmentation.threads import single_threaded

CATEGORY_WEIGHT = 0.5
"""Two categories then differ by 0.5 in squared distance, where a standard deviation counts 1:
the middle of what Huang (1998, "Extensions to the k-means algorithm", Data Min. Knowl. Discov.
2) recommends for k-prototypes. At full weight any flag splits every group in two."""

MANY_FEATURES = 30
VARIANCE_KEPT = 0.9
MOST_COMPONENTS = 30

DONORS = 2_000
NEIGHBOURS = 5
ROWS_FOR_A_NEIGHBOUR = 6
"""In a small table fewer are asked, or some of them would be of another group."""


@dataclass(frozen=True, eq=False)
class AnalysisSpace:
    """Where records are clustered.

    Attributes
    ----------
    space : FeatureSpace
    encoded : ndarray of shape (n_samples, n_encoded_features)
        Before any projection.
    n_components : int or None
        Principal components of the space; None without a projection.
    n_encoded_features : int
    n_filled : int
        Missing numbers that were filled.
    """

    space: FeatureSpace
    encoded: NDArray[np.float64]
    n_components: int | None
    n_encoded_features: int
    n_filled: int


def build_space(
    frame: pd.DataFrame,
    *,
    numeric: Sequence[str],
    categorical: Sequence[str],
    transform: Transform,
    random_state: int,
) -> AnalysisSpace:
    """Encode, fill the gaps from similar customers, weigh categories, project where wide.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
    numeric, categorical : sequence of str
    transform : {"none", "log", "auto"}
    random_state : int

    Raises
    ------
    SegmentationError
        As `fit_features`.
    DegenerateDataError
        A column holds values too large to compute with.
    """
    gaps = np.zeros((len(frame), len(numeric)), dtype=np.bool_)
    for i, name in enumerate(numeric):
        numbers = to_numbers(frame[name])
        gaps[:, i] = np.isnan(numbers)
        if np.abs(numbers[~gaps[:, i]]).max(initial=0) > LARGEST_VALUE:
            raise DegenerateDataError(
                f"Column {name!r} holds values too large to compare; correct them or leave it out."
            )
    fitted = fit_features(frame, numeric=numeric, categorical=categorical, transform=transform)
    X = fitted.matrix.copy()
    missing = np.zeros(X.shape, dtype=np.bool_)
    missing[:, : len(numeric)] = gaps
    if numeric:
        X[:, len(numeric) :] *= CATEGORY_WEIGHT
    with single_threaded():
        fill_from_neighbours(X, missing, random_state=random_state)
        encoded, n_components = X, None
        if X.shape[1] > MANY_FEATURES and len(X) > MANY_FEATURES:
            pca = PCA(n_components=VARIANCE_KEPT, svd_solver="covariance_eigh").fit(X)
            n_components = min(int(pca.n_components_), MOST_COMPONENTS)
            X = pca.transform(X)[:, :n_components]
    return AnalysisSpace(
        space=FeatureSpace(matrix=X, encoder=fitted.encoder),
        encoded=encoded,
        n_components=n_components,
        n_encoded_features=fitted.encoder.n_encoded_features,
        n_filled=int(missing.sum()),
    )


def fill_from_neighbours(
    X: NDArray[np.float64], missing: NDArray[np.bool_], *, random_state: int
) -> None:
    """Replace missing cells, in place, by the mean of the rows most alike in the known cells.

    A median would put a customer of one group between the groups. Rows are asked as
    `NEIGHBOURS` and `ROWS_FOR_A_NEIGHBOUR` say. Where no row is complete, or
    a row knows nothing, its cells stay as they are.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    missing : ndarray of bool, shape (n_samples, n_features)
    random_state : int
        Seeds the draw of the rows to learn from, where there are very many.

    References
    ----------
    O. Troyanskaya et al. (2001), "Missing value estimation methods for DNA microarrays",
    Bioinformatics 17.
    """
    gaps = missing.any(axis=1)
    complete = np.flatnonzero(~gaps)
    if not gaps.any() or len(complete) == 0:
        return
    if len(complete) > DONORS:
        rng = np.random.default_rng(random_state)
        complete = np.sort(rng.choice(complete, DONORS, replace=False))
    donors = X[complete]
    nearest = min(NEIGHBOURS, max(1, len(X) // ROWS_FOR_A_NEIGHBOUR), len(donors))
    patterns, which = np.unique(missing[gaps], axis=0, return_inverse=True)
    rows = np.flatnonzero(gaps)
    for i, pattern in enumerate(patterns):
        if pattern.all():
            continue
        for block in np.array_split(rows[which == i], 1 + int((which == i).sum()) // 1_000):
            known, given = X[block][:, ~pattern], donors[:, ~pattern]
            distances = (
                np.square(known).sum(axis=1)[:, None]
                - 2 * known @ given.T
                + np.square(given).sum(axis=1)
            )
            closest = np.argpartition(distances, nearest - 1, axis=1)[:, :nearest]
            X[np.ix_(block, np.flatnonzero(pattern))] = donors[:, pattern][closest].mean(axis=1)
