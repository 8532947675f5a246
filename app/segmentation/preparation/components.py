"""Principal components of the encoded columns, as plain numbers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from app.segmentation.errors import ComponentsError
from app.segmentation.threads import single_threaded

FIT_LIMIT = 100_000
"""Rows from which the principal components are taken; a longer table gives a sample of these."""

MANY_FEATURES = 30
VARIANCE_KEPT = 0.9
MOST_COMPONENTS = 30
"""What "auto" projects, and on what."""


@dataclass(frozen=True, eq=False)
class Components:
    """A projection.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_features,)
    directions : ndarray of float64, shape (n_components, n_features)
    explained : ndarray of float64, shape (n_components,)
        Share of the variance that each component holds.
    """

    mean: NDArray[np.float64]
    directions: NDArray[np.float64]
    explained: NDArray[np.float64]

    def project(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Project rows of shape (n_samples, n_features), each by itself.

        A matrix product would give a row other last digits beside other rows.
        """
        result = np.zeros((len(X), len(self.directions)))
        for column, mean, weights in zip(X.T, self.mean, self.directions.T, strict=True):
            result += (column - mean)[:, None] * weights
        return result


def fit_components(encoded: NDArray[np.float64], wanted: int, *, seed: int) -> Components:
    """Find so many components.

    Raises
    ------
    ComponentsError
        More components than features or rows.
    """
    most = min(encoded.shape)
    if not 1 <= wanted <= most:
        raise ComponentsError(
            f"{wanted} components were requested; these columns allow 1 to {most}."
        )
    with single_threaded(), np.errstate(divide="ignore", invalid="ignore"):
        return _plain(PCA(n_components=wanted, random_state=seed).fit(encoded))


def fit_most_variance(encoded: NDArray[np.float64]) -> Components | None:
    """Find the components that hold `VARIANCE_KEPT` of a wide table; None where it is not wide."""
    if min(encoded.shape) <= MANY_FEATURES:
        return None
    with single_threaded():
        pca = PCA(n_components=VARIANCE_KEPT, svd_solver="covariance_eigh").fit(encoded)
    return _plain(pca, most=MOST_COMPONENTS)


def fitting_sample(frame: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Draw the rows that components are fitted on from a long table."""
    return frame.sample(FIT_LIMIT, random_state=seed) if len(frame) > FIT_LIMIT else frame


def _plain(pca: PCA, *, most: int | None = None) -> Components:
    return Components(
        mean=np.asarray(pca.mean_, dtype=np.float64),
        directions=np.asarray(pca.components_[:most], dtype=np.float64),
        explained=np.asarray(pca.explained_variance_ratio_[:most], dtype=np.float64),
    )
