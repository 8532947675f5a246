"""Columns to a matrix: one pipeline for every table, fitted once and reused to score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from app.segmentation.columns import CategoricalColumn, NumericColumn, Transform
from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.threads import single_threaded

PCA_FIT_LIMIT = 100_000
"""Rows from which the principal components are taken; a longer table gives a sample of these."""

_BLOCK_ROWS = 65_536


@dataclass(frozen=True)
class FeatureEncoder:
    """A fitted pipeline: impute, transform, standardise, one-hot encode, project.

    Attributes
    ----------
    numeric : tuple of NumericColumn
    categorical : tuple of CategoricalColumn
    scaler : StandardScaler or None
        Over the numeric columns, after imputing and transforming; None where there are none.
    pca : PCA or None
        Over all encoded features.
    """

    numeric: tuple[NumericColumn, ...]
    categorical: tuple[CategoricalColumn, ...]
    scaler: StandardScaler | None
    pca: PCA | None

    @property
    def encoded_names(self) -> tuple[str, ...]:
        """Names before any projection: the numeric columns, then ``column=level``."""
        levels = [name for column in self.categorical for name in column.feature_names]
        return (*(column.name for column in self.numeric), *levels)

    @property
    def n_encoded_features(self) -> int:
        """Number of features before any projection."""
        return len(self.encoded_names)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the matrix's columns."""
        if self.pca is None:
            return self.encoded_names
        return tuple(f"component_{i}" for i in range(1, self.pca.n_components_ + 1))

    @property
    def explained_variance(self) -> tuple[float, ...]:
        """Share of the variance that each component holds; empty without a projection."""
        return () if self.pca is None else tuple(self.pca.explained_variance_ratio_.tolist())

    def transform(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """Encode rows as the fitted ones were.

        Parameters
        ----------
        frame : DataFrame of shape (n_samples, any)
            Holds the fitted columns; others are ignored.

        Returns
        -------
        ndarray of shape (n_samples, n_features)

        Raises
        ------
        SegmentationError
            A column is absent, holds text among its numbers, or a value that the transform
            does not take.
        """
        names = [column.name for column in self.numeric]
        names += [column.name for column in self.categorical]
        absent = [name for name in names if name not in frame.columns]
        if absent:
            listed = ", ".join(repr(name) for name in absent)
            raise SegmentationError(f"The table lacks {listed}; the model was fitted on it.")
        matrix = np.empty((len(frame), len(self.feature_names)))
        # By blocks, so that the encoded table never stands in memory beside its projection.
        with single_threaded(), np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(frame), _BLOCK_ROWS):
                block = frame.iloc[start : start + _BLOCK_ROWS]
                encoded = self._encode(block)
                if self.pca is not None:
                    encoded = self.pca.transform(encoded)
                matrix[start : start + len(block)] = encoded
        return matrix

    def inverse_numeric(self, matrix: NDArray[np.floating]) -> NDArray[np.float64]:
        """Bring rows of the matrix, such as centers, back to the numeric columns' units.

        A center's inverse is the mean of the transformed values carried back, which lies below
        the plain mean where a logarithm was taken.

        Parameters
        ----------
        matrix : ndarray of shape (n_rows, n_features)

        Returns
        -------
        ndarray of shape (n_rows, n_numeric)
        """
        encoded = matrix if self.pca is None else self.pca.inverse_transform(matrix)
        result = np.array(encoded[:, : len(self.numeric)], dtype=np.float64)
        if self.scaler is not None:
            result = self.scaler.inverse_transform(result)
        for i, column in enumerate(self.numeric):
            result[:, i] = column.inverse(result[:, i])
        return result

    def _encode(self, block: pd.DataFrame) -> NDArray[np.float64]:
        encoded = np.zeros((len(block), self.n_encoded_features))
        for i, numeric in enumerate(self.numeric):
            encoded[:, i] = numeric.transform(block[numeric.name])
        n_numeric = len(self.numeric)
        if self.scaler is not None:
            encoded[:, :n_numeric] = self.scaler.transform(encoded[:, :n_numeric])
        at = n_numeric
        for categorical in self.categorical:
            codes = categorical.codes(block[categorical.name])
            known = np.flatnonzero(codes >= 0)
            encoded[known, at + codes[known]] = 1
            at += len(categorical.levels)
        return encoded


@dataclass(frozen=True)
class FeatureSpace:
    """The matrix, shape (n_samples, n_features), and the encoder that made it."""

    matrix: NDArray[np.float64]
    encoder: FeatureEncoder

    @property
    def column_starts(self) -> tuple[int, ...]:
        """First feature of each column, in order; each component is one where there was a PCA."""
        if self.matrix.shape[1] != self.encoder.n_encoded_features:
            return tuple(range(self.matrix.shape[1]))
        widths = [1] * len(self.encoder.numeric)
        widths += [len(column.levels) for column in self.encoder.categorical]
        return tuple(np.cumsum([0, *widths[:-1]]).tolist())


def fit_features(
    frame: pd.DataFrame,
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
    transform: Transform = "none",
    categorical_limit: int = 20,
    pca_components: int | None = None,
    random_state: int = 0,
) -> FeatureSpace:
    """Fit the pipeline on a table and encode it.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
    numeric, categorical : sequence of str
        Columns to use, in the order in which their features appear.
    transform : {"none", "log", "auto"}
        For numbers, before standardising: log(1 + x), or Yeo-Johnson where skewed.
    categorical_limit : int
        Levels kept a column, the most frequent ones; the rest are gathered.
    pca_components : int, optional
        Principal components to project on.
    random_state : int
        Seeds the randomised solver that PCA takes for a wide table.

    Raises
    ------
    SegmentationError
        No columns, a column that is absent or does not hold what it should, or more components
        than features.
    DegenerateDataError
        No rows, or values too large to standardise.
    """
    if not numeric and not categorical:
        raise SegmentationError("There is no column to segment by; choose at least one.")
    absent = [name for name in (*numeric, *categorical) if name not in frame.columns]
    if absent:
        listed = ", ".join(repr(name) for name in absent)
        raise SegmentationError(f"The table has no column {listed}.")
    if frame.empty:
        raise DegenerateDataError("The table has no rows.")
    numeric_columns = tuple(NumericColumn.fit(frame[name], transform=transform) for name in numeric)
    encoder = FeatureEncoder(
        numeric=numeric_columns,
        categorical=tuple(
            CategoricalColumn.fit(frame[name], limit=categorical_limit) for name in categorical
        ),
        scaler=_fit_scaler(frame, numeric_columns) if numeric_columns else None,
        pca=None,
    )
    if pca_components is not None:
        pca = _fit_pca(frame, encoder, pca_components, random_state=random_state)
        encoder = replace(encoder, pca=pca)
    matrix = encoder.transform(frame)
    _check_finite(matrix, encoder.feature_names)
    return FeatureSpace(matrix=matrix, encoder=encoder)


def _fit_scaler(frame: pd.DataFrame, columns: Sequence[NumericColumn]) -> StandardScaler:
    scaler = StandardScaler()
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(frame), _BLOCK_ROWS):
            block = frame.iloc[start : start + _BLOCK_ROWS]
            scaler.partial_fit(
                np.column_stack([column.transform(block[column.name]) for column in columns])
            )
    return scaler


def _fit_pca(
    frame: pd.DataFrame, encoder: FeatureEncoder, n_components: int, *, random_state: int
) -> PCA:
    if len(frame) > PCA_FIT_LIMIT:
        frame = frame.sample(PCA_FIT_LIMIT, random_state=random_state)
    encoded = encoder.transform(frame)
    _check_finite(encoded, encoder.encoded_names)
    most = min(encoded.shape)
    if not 1 <= n_components <= most:
        raise SegmentationError(
            f"{n_components} components were asked for; these columns give 1 to {most}."
        )
    with single_threaded(), np.errstate(divide="ignore", invalid="ignore"):
        return PCA(n_components=n_components, random_state=random_state).fit(encoded)


def _check_finite(matrix: NDArray[np.float64], names: Sequence[str]) -> None:
    finite = np.isfinite(matrix).all(axis=0)
    if not finite.all():
        raise DegenerateDataError(
            f"Column {names[int(np.argmin(finite))]!r} holds values too large to compare; "
            "correct them or leave it out."
        )


__all__ = ["FeatureEncoder", "FeatureSpace", "Transform", "fit_features"]
