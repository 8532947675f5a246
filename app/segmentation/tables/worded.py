"""Texts that stand for numbers: words on a scale, durations, ordinals, stars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.forms import Formed, written_forms
from app.segmentation.tables.number_column import NumberFormat, Numbers, certain
from app.segmentation.tables.scales import Scale
from app.segmentation.tables.values import Strings


def numbers_on_scale(strings: Strings, scale: Scale) -> Numbers:
    """Read words by their place on a scale; NaN where a text is none of them."""
    return certain(_looked_up(strings.values, scale.places), NumberFormat(scale=scale.words))


def numbers_in_form(strings: Strings, formed: Formed) -> Numbers:
    """Read texts by their numbers in another form; NaN where a text is in none."""
    values = _looked_up(written_forms(strings), formed.numbers)
    written = NumberFormat(form=formed.form, unit=formed.unit)
    return certain(values, written, clock=formed.open)


def _looked_up(texts: Any, numbers: Mapping[str, float]) -> NDArray[np.float64]:
    known = pa.array(list(numbers), type=pa.large_string())
    found = pc.index_in(texts, value_set=known).fill_null(len(known))
    values = np.array([*numbers.values(), np.nan], dtype=np.float64)
    return np.asarray(values[found.to_numpy()])
