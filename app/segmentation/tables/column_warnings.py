"""All that is said of one column as it was read."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.tables import quality
from app.segmentation.tables.date_format import date_warnings
from app.segmentation.tables.form_warnings import unread_warnings
from app.segmentation.tables.kinds import Kind, Reading
from app.segmentation.tables.number_warnings import mostly_numbers, number_warnings
from app.segmentation.tables.quality import Place, TableWarning
from app.segmentation.tables.values import Strings


def column_warnings(
    place: Place,
    strings: Strings,
    reading: Reading,
    values: pd.Series,
    marked: NDArray[np.bool_] | None,
) -> list[TableWarning]:
    """Warn of what looks wrong in a column, or could be read otherwise.

    ``marked`` is where marks for "no value" stand, which were told already.
    """
    absent = values.isna().to_numpy(dtype=bool)
    if marked is not None:
        absent = absent & ~marked
    warnings = quality.missing_warnings(place, reading.kind, strings, absent)
    unread = absent & ~strings.missing
    numbers = reading.numbers
    if reading.kind is Kind.NUMERIC and numbers is not None:
        unread &= ~numbers.other_units
    if reading.kind is Kind.DATE and reading.dates is not None:
        unread &= ~reading.dates.never
    if unread.any():
        warnings.append(quality.mixed_warning(place, reading.kind, strings, unread))
    if reading.kind is Kind.NUMERIC and numbers is not None:
        warnings.extend(number_warnings(place, strings, numbers))
        if numbers.format.form is None:
            marks = numbers.format.marks
            warnings.extend(quality.impossible_warnings(place, numbers.values, marks))
    if reading.kind is Kind.DATE and reading.dates is not None:
        warnings.extend(date_warnings(place, strings, reading.dates))
        warnings.extend(quality.impossible_dates(place, strings, values))
    if reading.partly is not None:
        warnings.append(mostly_numbers(place, strings, reading.partly, reading.kind))
    elif reading.code is None:
        warnings.extend(unread_warnings(place, reading.kind, strings))
    if reading.kind is Kind.IDENTIFIER:
        warnings.extend(quality.identifier_warnings(place, values, reading.distinct))
    return warnings
