"""Numbers as they were understood: blanks filled as the encoder fills them, in original units."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.preparation.columns import NumericColumn, to_numbers
from app.segmentation.preparation.encoder import Encoder


def filled_numbers(encoder: Encoder, frame: pd.DataFrame) -> NDArray[np.float64]:
    """Fill the blanks of numeric columns with what they are clustered and placed by.

    Parameters
    ----------
    encoder : Encoder
    frame : DataFrame of shape (n_samples, any)
        Holds the fitted columns.

    Returns
    -------
    ndarray of shape (n_samples, n_numeric)
        In the order of the encoder's columns; what was given stays as it is.
    """
    numbers = np.empty((len(frame), len(encoder.numeric)))
    for i, column in enumerate(encoder.numeric):
        numbers[:, i] = to_numbers(frame[column.name])
    gaps = np.isnan(numbers)
    if gaps.any():
        encoded = encoder.before_projection().transform(frame)
        for i, column in enumerate(encoder.numeric):
            blank = gaps[:, i]
            numbers[blank, i] = restored(column, encoded[blank, i])
    return numbers


def restored(column: NumericColumn, measured: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undo what a column's values are measured by, but for what was drawn in.

    References
    ----------
    I.-K. Yeo and R. A. Johnson (2000), Biometrika 87, of whose transformation this is the inverse.
    """
    values = measured * column.scale + column.mean
    if column.transform_name == "log":
        return np.expm1(values)
    if column.transform_name == "none":
        return values
    power = column.parameter
    above, below = np.maximum(values, 0), np.maximum(-values, 0)
    upper = np.expm1(above) if power == 0 else (above * power + 1) ** (1 / power) - 1
    opposite = 2 - power
    lower = np.expm1(below) if opposite == 0 else (below * opposite + 1) ** (1 / opposite) - 1
    return np.where(values >= 0, upper, -lower)
