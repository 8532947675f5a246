"""One column to features: how its blanks are filled and its values measured."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from sklearn.preprocessing import StandardScaler

from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.preparation.extremes import find_fences
from app.segmentation.recipe import Extremes, Transform

LARGEST_VALUE = 1e100
"""Squares of what is larger overflow when they are summed."""

SKEWED = 1.0
"""Skewness, either way, from which ``auto`` straightens a column."""

MISSING = "(missing)"
OTHER = "(other)"

_FIT_SAMPLE = 20_000
"""Values on which Yeo-Johnson's parameter is estimated; more do not change its second digit."""


@dataclass(frozen=True, kw_only=True)
class NumericColumn:
    """A column of numbers, with every step fitted: fill, draw in, transform, standardise.

    Attributes
    ----------
    name : str
    median : float
        Fills the blanks, in original units.
    transform_name : {"none", "log", "yeo-johnson"}
    parameter : float
        Yeo-Johnson's lambda; 1, which changes nothing, otherwise.
    fences : tuple of float or None
        What lies beyond is taken as the fence; None where nothing was drawn in.
    mean, scale : float
        Of the transformed values; a value is measured as (value - mean) / scale.

    Notes
    -----
    scikit-learn's PowerTransformer gives the same values (to 4e-5 on 50,000 rows) in 1.5 times the
    time; it takes neither gaps nor fences, and a stored one is bound to its release. See
    ``python -m benchmarks.preparation``.
    """

    name: str
    median: float
    transform_name: Literal["none", "log", "yeo-johnson"]
    parameter: float = 1.0
    fences: tuple[float, float] | None = None
    mean: float = 0.0
    scale: float = 1.0

    @classmethod
    def fit(
        cls, values: pd.Series, *, transform: Transform = "none", extremes: Extremes = "keep"
    ) -> Self:
        """Take the median, draw extremes in, straighten what is skewed, and measure the spread.

        Raises
        ------
        SegmentationError
            The column holds text, an infinite value or no value at all, or a value of -1 or
            less where a logarithm is to be taken.
        DegenerateDataError
            It holds values too large to compute with.

        References
        ----------
        I.-K. Yeo and R. A. Johnson (2000), "A new family of power transformations to improve
        normality or symmetry", Biometrika 87.
        """
        name = str(values.name)
        numbers = to_numbers(values)
        present = numbers[~np.isnan(numbers)]
        if present.size == 0:
            raise SegmentationError(f"Column {name!r} holds no value; leave it out.")
        if np.abs(present).max() > LARGEST_VALUE:
            raise DegenerateDataError(
                f"Column {name!r} holds values too large to compare; correct them or leave it out."
            )
        fences = find_fences(present) if extremes == "fences" else None
        if fences is not None:
            present = np.clip(present, *fences)
        applied, parameter = _transform_of(present, name, transform)
        column = cls(
            name=name,
            median=float(np.median(present)),
            transform_name=applied,
            parameter=parameter,
            fences=fences,
        )
        with np.errstate(over="ignore", invalid="ignore"):
            scaler = StandardScaler().fit(column.transform(values)[:, None])
        return replace(column, mean=float(scaler.mean_[0]), scale=float(scaler.scale_[0]))

    def transform(self, values: pd.Series) -> NDArray[np.float64]:
        """Fill, draw in, transform and standardise values of shape (n_samples,)."""
        return self.measure(to_numbers(values))

    def measure(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Do so with finite numbers, NaN where one is missing."""
        numbers = np.where(np.isnan(numbers), self.median, numbers)
        if self.fences is not None:
            numbers = np.clip(numbers, *self.fences)
        if self.transform_name == "log":
            _check_log(numbers, self.name)
            numbers = np.log1p(numbers)
        if self.transform_name == "yeo-johnson":
            numbers = np.asarray(stats.yeojohnson(numbers, lmbda=self.parameter), dtype=np.float64)
        return (numbers - self.mean) / self.scale


@dataclass(frozen=True)
class CategoricalColumn:
    """A column of categories.

    Attributes
    ----------
    name : str
    levels : tuple of str
        The frequent categories, then ``(missing)`` where there were blanks, then ``(other)``
        where rare ones were gathered; one feature each.

    Notes
    -----
    scikit-learn's OneHotEncoder with ``max_categories`` and ``infrequent_if_exist`` gives the same
    features in 1.7 times the time, where there are no blanks: it counts these among the categories
    and may gather them with rare ones. See ``python -m benchmarks.preparation``.
    """

    name: str
    levels: tuple[str, ...]
    has_missing: bool
    has_other: bool

    @classmethod
    def fit(cls, values: pd.Series, *, limit: int) -> Self:
        """Keep the ``limit`` most frequent categories, ties in alphabetical order."""
        texts, blank = to_texts(values)
        counts = texts[~blank].value_counts()
        ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        kept = [str(level) for level, _ in ranked[:limit]]
        has_missing, has_other = bool(blank.any()), len(ranked) > limit
        extra = [MISSING] * has_missing + [OTHER] * has_other
        return cls(
            name=str(values.name),
            levels=(*kept, *extra),
            has_missing=has_missing,
            has_other=has_other,
        )

    @cached_property
    def kept(self) -> Mapping[str, int]:
        """The categories that have a level of their own, each to its number."""
        n_kept = len(self.levels) - self.has_missing - self.has_other
        return {level: i for i, level in enumerate(self.levels[:n_kept])}

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One name a level: ``column=level``."""
        return tuple(f"{self.name}={level}" for level in self.levels)

    def codes(self, values: pd.Series) -> NDArray[np.int64]:
        """Give each value of shape (n_samples,) the number of its level.

        A category not seen before is ``(other)``; where there is no such level, and for a blank
        where there were none, the number is -1 and every feature 0.
        """
        texts, blank = to_texts(values)
        n_kept = len(self.levels) - self.has_missing - self.has_other
        codes = pd.Index(self.levels[:n_kept]).get_indexer(pd.Index(texts)).astype(np.int64)
        codes[(codes < 0) & ~blank] = len(self.levels) - 1 if self.has_other else -1
        codes[blank] = n_kept if self.has_missing else -1
        return codes


def to_numbers(values: pd.Series) -> NDArray[np.float64]:
    """Read a column as numbers, blanks as NaN.

    Raises
    ------
    SegmentationError
        A value is text or infinite; names the row, counted from 1, and the column.
    """
    blank = values.isna()
    if not pd.api.types.is_numeric_dtype(values.dtype):
        blank |= values.astype(str).str.strip() == ""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    at_fault = np.isinf(numbers) | (np.isnan(numbers) & ~blank.to_numpy(dtype=bool))
    if at_fault.any():
        row = int(np.argmax(at_fault))
        raise SegmentationError(
            f"Row {row + 1}, column {str(values.name)!r}: "
            f"{str(values.iloc[row])[:40]!r} is not a finite number."
        )
    return numbers


def to_texts(values: pd.Series) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Read a column as trimmed text, and tell which values are blank."""
    texts = values.astype("object").where(values.notna(), "").astype(str).str.strip()
    return texts, (texts == "").to_numpy(dtype=bool)


def _transform_of(
    present: NDArray[np.float64], name: str, transform: Transform
) -> tuple[Literal["none", "log", "yeo-johnson"], float]:
    """Name the transform that a column gets, and Yeo-Johnson's parameter."""
    if transform == "log":
        _check_log(present, name)
        return "log", 1.0
    if transform == "auto" and present.min() < present.max():
        sample = present[:: max(1, -(-present.size // _FIT_SAMPLE))]
        if sample.min() < sample.max() and _skewness(sample) >= SKEWED:
            return "yeo-johnson", float(stats.yeojohnson_normmax(sample))
    return "none", 1.0


def _skewness(values: NDArray[np.float64]) -> float:
    """Measure the skewness, either way; 0 for values too large to compute with."""
    with np.errstate(over="ignore", invalid="ignore"):
        skewness = abs(float(stats.skew(values / np.abs(values).max())))
    return skewness if np.isfinite(skewness) else 0.0


def _check_log(numbers: NDArray[np.float64], name: str) -> None:
    if numbers.min(initial=0.0) <= -1:
        raise SegmentationError(
            f"Column {name!r} holds {numbers.min():g}, and log(1 + x) needs values above -1; "
            "choose transform 'auto' or 'none', or leave the column out."
        )
