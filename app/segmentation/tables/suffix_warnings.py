"""What is said of suffixes that have two meanings: 2.5 Cr, 100 DR, 1.5m."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.affix_words import CREDIT, SIGN_PAIRS
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.quality import Alternative, Place, TableWarning
from app.segmentation.tables.values import Strings

_MEANINGS = {1e3: "thousand", 1e5: "lakh", 1e6: "million", 1e7: "crore", 1e9: "billion"}
_FACTORS = {"m": 1e6, "b": 1e9, "B": 1e9, "T": 1e3, "mil": 1e6, "cr": 1e7}


def suffix_warnings(place: Place, strings: Strings, numbers: Numbers) -> list[TableWarning]:
    """Say what suffixes of two meanings were taken for, and offer the other one."""
    warnings = []
    taken = numbers.format.suffixes
    if "cr" in numbers.doubts and "dr" not in taken:
        rows = _ending(strings, r"(?i)cr\.?$")
        warnings.append(_suffix_doubt(place, rows, "cr", taken))
    for plus, minus in SIGN_PAIRS:
        if minus in numbers.doubts:
            rows = _ending(strings, rf"(?i)\d\W*(?:{plus}|{minus})\.?$")
            swapped = {**taken, plus: -1.0, minus: 1.0}
            above, below = plus.upper(), minus.upper()
            text = f"marked {above} or {below}; {above} is read as above zero, {below} as below"
            other = Alternative(
                reading=f"{below} above zero, {above} below",
                overrides={"suffixes": {place.column: swapped}},
            )
            warnings.append(
                place.warn(
                    "debit_credit",
                    rows,
                    text,
                    reading=f"{above} above zero, {below} below",
                    alternatives=(other,),
                )
            )
    for letter in numbers.doubts:
        if letter not in CREDIT:
            pattern = rf"(?i)\d\s*{letter}\.?(\s|$)" if letter == "mil" else rf"\d\s*{letter}$"
            rows = _ending(strings, pattern)
            if rows.any():
                warnings.append(_suffix_doubt(place, rows, letter, taken))
    return warnings


def _suffix_doubt(
    place: Place, rows: NDArray[np.bool_], suffix: str, taken: Mapping[str, float]
) -> TableWarning:
    factor = taken[suffix]
    plain = 1e3 if suffix == "mil" else 1.0
    other = plain if factor == _FACTORS[suffix] else _FACTORS[suffix]

    def called(value: float) -> str:
        return "credit" if suffix == "cr" and value == 1 else _MEANINGS.get(value, f"unit {suffix}")

    text = f"end in {suffix!r}, which could mean {called(other)}; read as {called(factor)}"
    override = {"suffixes": {place.column: {**taken, suffix: other}}}
    return place.warn(
        "ambiguous_unit",
        rows,
        text,
        reading=called(factor),
        alternatives=(Alternative(reading=called(other), overrides=override),),
    )


def _ending(strings: Strings, pattern: str) -> NDArray[np.bool_]:
    found = pc.match_substring_regex(strings.values, pattern)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
