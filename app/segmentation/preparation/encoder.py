"""Columns to a matrix: one pipeline for every table, fitted once and kept to place new rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import SegmentationError
from app.segmentation.preparation.columns import CategoricalColumn, NumericColumn, to_numbers
from app.segmentation.preparation.components import (
    Components,
)
from app.segmentation.preparation.neighbours import Donors
from app.segmentation.threads import single_threaded

_BLOCK_ROWS = 65_536


@dataclass(frozen=True, eq=False, kw_only=True)
class Encoder:
    """Every step from columns to the matrix that is clustered, fitted, as plain numbers.

    Fill, draw in, transform and standardise numbers; one-hot encode and weigh categories; fill
    from neighbours; project. Each row is computed by itself, so that it comes out the same, bit
    for bit, in any table.

    Attributes
    ----------
    numeric : tuple of NumericColumn
    categorical : tuple of CategoricalColumn
    category_weight : float
        Factor on the one-hot features.
    donors : Donors or None
        Fill missing numbers; None leaves them at the median.
    components : Components or None
    """

    numeric: tuple[NumericColumn, ...]
    categorical: tuple[CategoricalColumn, ...]
    category_weight: float = 1.0
    donors: Donors | None = None
    components: Components | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that are encoded, in the order of their features."""
        numeric = tuple(column.name for column in self.numeric)
        return numeric + tuple(column.name for column in self.categorical)

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
        if self.components is None:
            return self.encoded_names
        return tuple(f"component_{i}" for i in range(1, len(self.components.directions) + 1))

    def direction_of(self, name: str) -> NDArray[np.float64]:
        """In which a row moves per unit of an encoded column, shape (n_features,)."""
        place = self.encoded_names.index(name)
        if self.components is not None:
            return np.asarray(self.components.directions[:, place], dtype=np.float64)
        return np.asarray(np.arange(self.n_encoded_features) == place, dtype=np.float64)

    @property
    def explained_variance(self) -> tuple[float, ...]:
        """Share of the variance that each component holds; empty without a projection."""
        return () if self.components is None else tuple(self.components.explained.tolist())

    @property
    def column_starts(self) -> tuple[int, ...]:
        """First feature of each column, in order; each component is one where there are any."""
        if self.components is not None:
            return tuple(range(len(self.components.directions)))
        widths = [1] * len(self.numeric)
        widths += [len(column.levels) for column in self.categorical]
        return tuple(np.cumsum([0, *widths[:-1]]).tolist())

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
        absent = [name for name in self.columns if name not in frame.columns]
        if absent:
            listed = ", ".join(repr(name) for name in absent)
            raise SegmentationError(f"The table lacks {listed}; the model was fitted on it.")
        matrix = np.empty((len(frame), len(self.feature_names)))
        # By blocks, so that the encoded table never stands in memory beside its projection.
        with single_threaded(), np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(frame), _BLOCK_ROWS):
                block = frame.iloc[start : start + _BLOCK_ROWS]
                encoded = self._encode(block)
                if self.components is not None:
                    encoded = self.components.project(encoded)
                matrix[start : start + len(block)] = encoded
        return matrix

    def before_projection(self) -> "Encoder":
        """Return the same steps without the last."""
        return replace(self, components=None)

    def missing(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Say which features are missing numbers, shape (n_samples, n_encoded_features)."""
        missing = np.zeros((len(frame), self.n_encoded_features), dtype=np.bool_)
        missing[:, : len(self.numeric)] = gaps_of(frame, [each.name for each in self.numeric])
        return missing

    def _encode(self, block: pd.DataFrame) -> NDArray[np.float64]:
        numbers = [to_numbers(block[numeric.name]) for numeric in self.numeric]
        codes = [categorical.codes(block[categorical.name]) for categorical in self.categorical]
        return self._encode_values(numbers, codes, n_rows=len(block))

    def transform_values(
        self, numbers: Sequence[NDArray[np.float64]], codes: Sequence[NDArray[np.int64]]
    ) -> NDArray[np.float64]:
        """Encode rows that are numbers and codes already, in the order of the columns.

        Parameters
        ----------
        numbers : sequence of ndarray of shape (n_samples,)
            Finite, or NaN where one is missing.
        codes : sequence of ndarray of shape (n_samples,)
            As `CategoricalColumn.codes` gives them.

        Returns
        -------
        ndarray of shape (n_samples, n_features)
            As `transform` gives it.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            encoded = self._encode_values(numbers, codes, n_rows=len([*numbers, *codes][0]))
            return encoded if self.components is None else self.components.project(encoded)

    def _encode_values(
        self,
        numbers: Sequence[NDArray[np.float64]],
        codes: Sequence[NDArray[np.int64]],
        *,
        n_rows: int,
    ) -> NDArray[np.float64]:
        encoded = np.zeros((n_rows, self.n_encoded_features))
        missing = np.zeros(encoded.shape, dtype=np.bool_)
        for i, (numeric, values) in enumerate(zip(self.numeric, numbers, strict=True)):
            encoded[:, i] = numeric.measure(values)
            missing[:, i] = np.isnan(values)
        at = len(self.numeric)
        for categorical, levels in zip(self.categorical, codes, strict=True):
            known = np.flatnonzero(levels >= 0)
            encoded[known, at + levels[known]] = self.category_weight
            at += len(categorical.levels)
        if self.donors is not None and missing.any():
            self.donors.fill(encoded, missing)
        return encoded


@dataclass(frozen=True, eq=False)
class FeatureSpace:
    """Rows as they are clustered.

    Attributes
    ----------
    matrix : ndarray of shape (n_samples, n_features)
    encoder : Encoder
        Which made it.
    order : ndarray of shape (n_samples,), optional
        Place of each row in the table, where that is another.
    """

    matrix: NDArray[np.float64]
    encoder: Encoder
    order: NDArray[np.intp] | None = None


def gaps_of(frame: pd.DataFrame, numeric: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which numbers are missing, shape (n_samples, n_numeric)."""
    gaps = np.zeros((len(frame), len(numeric)), dtype=np.bool_)
    for i, name in enumerate(numeric):
        gaps[:, i] = np.isnan(to_numbers(frame[name]))
    return gaps
