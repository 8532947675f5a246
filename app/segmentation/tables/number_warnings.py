"""What is said of a column of numbers that could be read otherwise."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.numbers import Numbers
from app.segmentation.tables.quality import Alternative, Place, TableWarning, shown
from app.segmentation.tables.values import Strings

_LETTERS = {"m": "million", "b": "billion", "T": "thousand"}


def number_warnings(place: Place, strings: Strings, numbers: Numbers) -> list[TableWarning]:
    """Warn of values that have two readings, or are not written like the rest."""
    warnings = []
    if numbers.doubtful.any():
        warnings.append(_ambiguous(place, strings, numbers))
    if numbers.foreign.any():
        mark, other = _names(numbers)
        text = f"written with a decimal {other} among decimal {mark}s, and read so"
        text += f" ({shown(strings, numbers.foreign)})"
        warnings.append(place.warn("mixed_marks", numbers.foreign, text))
    if numbers.other_units.any():
        text = f"taken as missing, being in another unit than {numbers.format.unit!r}"
        text += f" ({shown(strings, numbers.other_units)})"
        warnings.append(place.warn("mixed_units", numbers.other_units, text))
    warnings.extend(_by_letters(place, strings, numbers))
    return warnings


def mostly_numbers(place: Place, strings: Strings, numbers: Numbers, kind: str) -> TableWarning:
    """Warn of a column left as text though most of it is numbers, the others being codes."""
    others = ~strings.missing & np.isnan(numbers.values)
    share = others.sum() / max(1, (~strings.missing).sum())
    text = f"({share:.1%}) are codes beside whole numbers ({shown(strings, others)}); "
    text += "the column is read as codes"
    other = Alternative(reading="numbers", overrides={"kinds": {place.column: "numeric"}})
    return place.warn("mostly_numbers", others, text, reading=str(kind), alternatives=(other,))


def _names(numbers: Numbers) -> tuple[str, str]:
    return ("comma", "point") if numbers.format.decimal == "," else ("point", "comma")


def _ambiguous(place: Place, strings: Strings, numbers: Numbers) -> TableWarning:
    row = int(np.argmax(numbers.doubtful))
    written = strings.values[row].as_py()
    taken = numbers.values[row]
    decimal = "," if numbers.format.decimal == "," else "."
    mark = "." if "." in written else ","
    other = taken * 1000 if mark == decimal else taken / 1000
    reading, alternative = (f"{value:.12g}" for value in (taken, other))
    text = f"could be read in two ways: {written} as {reading} or {alternative}; "
    text += f"read as {reading}"
    override = {"decimals": {place.column: "." if decimal == "," else ","}}
    return place.warn(
        "ambiguous_number",
        numbers.doubtful,
        text,
        reading=reading,
        alternatives=(Alternative(reading=alternative, overrides=override),),
    )


def _by_letters(place: Place, strings: Strings, numbers: Numbers) -> list[TableWarning]:
    warnings = []
    if numbers.credits:
        rows = _ending(strings, r"(?i)\b[cd]r\.?$")
        text = "marked CR or DR; credits are read as above zero, debits as below"
        warnings.append(place.warn("debit_credit", rows, text, reading="CR above zero, DR below"))
    for letter in numbers.letters:
        if letter in _LETTERS:
            rows = _ending(strings, rf"\d\s*{letter}$")
            text = f"end in {letter!r}, which could mean {_LETTERS[letter]}; read as a unit"
            warnings.append(place.warn("ambiguous_unit", rows, text, reading=f"unit {letter}"))
    return [warning for warning in warnings if warning.count]


def _ending(strings: Strings, pattern: str) -> NDArray[np.bool_]:
    found = pc.match_substring_regex(strings.values, pattern)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
