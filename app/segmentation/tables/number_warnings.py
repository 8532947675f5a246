"""What is said of a column of numbers that could be read otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.affix_words import factor_between
from app.segmentation.tables.affixes import suffix_of
from app.segmentation.tables.column_affixes import PERCENT
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.numbers import Numbers
from app.segmentation.tables.quality import Alternative, Place, TableWarning, shown
from app.segmentation.tables.values import Strings

_MEANINGS = {1e3: "thousand", 1e5: "lakh", 1e6: "million", 1e7: "crore", 1e9: "billion"}
_FACTORS = {"m": 1e6, "b": 1e9, "B": 1e9, "T": 1e3, "mil": 1e6, "cr": 1e7}


def number_warnings(place: Place, strings: Strings, numbers: Numbers) -> list[TableWarning]:
    """Warn of values that have two readings, or are not written like the rest."""
    warnings = []
    if numbers.format.scale:
        warnings.append(_on_scale(place, numbers))
    if numbers.doubtful.any():
        warnings.append(_ambiguous(place, strings, numbers))
    if numbers.foreign.any():
        mark, other = _names(numbers)
        text = f"written with a decimal {other} among decimal {mark}s, and read so"
        text += f" ({shown(strings, numbers.foreign)})"
        warnings.append(place.warn("mixed_marks", numbers.foreign, text))
    if numbers.other_units.any():
        warnings.append(_other_units(place, strings, numbers))
    if numbers.fractions is not None:
        warnings.append(_percents(place, strings, numbers, numbers.fractions))
    warnings.extend(_by_suffixes(place, strings, numbers))
    return warnings


def mostly_numbers(place: Place, strings: Strings, numbers: Numbers, kind: str) -> TableWarning:
    """Warn of a column left as text though most of it is numbers, the others being codes."""
    others = ~strings.missing & np.isnan(numbers.values)
    share = others.sum() / max(1, (~strings.missing).sum())
    text = f"({share:.1%}) are codes beside whole numbers ({shown(strings, others)}); "
    text += "the column is read as codes"
    other = Alternative(reading="numbers", overrides={"kinds": {place.column: "numeric"}})
    return place.warn("mostly_numbers", others, text, reading=str(kind), alternatives=(other,))


def _on_scale(place: Place, numbers: Numbers) -> TableWarning:
    words = numbers.format.scale
    reading = f"1 ({words[0]}) to {len(words)} ({words[-1]})"
    other = Alternative(
        reading="categories without an order",
        overrides={"kinds": {place.column: Kind.CATEGORICAL.value}},
    )
    rows = ~np.isnan(numbers.values)
    text = f"on a scale of words, read as {reading}"
    return place.warn("scale", rows, text, noun="answer", reading=reading, alternatives=(other,))


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


def _other_units(place: Place, strings: Strings, numbers: Numbers) -> TableWarning:
    unit = numbers.format.unit
    text = f"taken as missing, being in another unit than {unit!r}"
    text += f" ({shown(strings, numbers.other_units)})"
    written = pc.unique(pc.filter(strings.values, pa.array(numbers.other_units))).to_pylist()
    suffixes = {suffix_of(re.sub(r"^[^\d]*[\d.,' ]*", "", each)) for each in written[:1000]}
    factors = {suffix: factor_between(suffix, unit) for suffix in suffixes if suffix}
    known = {suffix: factor for suffix, factor in factors.items() if factor is not None}
    alternatives: tuple[Alternative, ...] = ()
    if known and len(known) == len(factors):
        told = ", ".join(f"1 {suffix} = {factor:.4g} {unit}" for suffix, factor in known.items())
        override = {"suffixes": {place.column: {**numbers.format.suffixes, **known}}}
        alternatives = (Alternative(reading=f"converted ({told})", overrides=override),)
    return place.warn(
        "mixed_units", numbers.other_units, text, reading="missing", alternatives=alternatives
    )


def _percents(
    place: Place, strings: Strings, numbers: Numbers, fractions: NDArray[np.bool_]
) -> TableWarning:
    row = int(np.argmax(fractions))
    written, taken = strings.values[row].as_py(), numbers.values[row]
    unit = numbers.format.unit
    text = f"in fractions beside per cents or the other way; {written} read as {taken:.6g}{unit}"
    kept = {suffix: 1.0 for suffix in ("", PERCENT) if suffix in numbers.format.suffixes}
    override = {"suffixes": {place.column: {**numbers.format.suffixes, **kept}}}
    other = Alternative(reading="numbers as written", overrides=override)
    return place.warn(
        "mixed_percent", fractions, text, reading=f"{taken:.6g}{unit}", alternatives=(other,)
    )


def _by_suffixes(place: Place, strings: Strings, numbers: Numbers) -> list[TableWarning]:
    """Say what suffixes of two meanings were taken for, and offer the other one."""
    warnings = []
    taken = numbers.format.suffixes
    if {"cr", "dr"} & set(numbers.doubts):
        rows = _ending(strings, r"(?i)[cd]r\.?$")
        if "cr" in numbers.doubts and "dr" not in taken:
            warnings.append(_suffix_doubt(place, rows, "cr", taken))
        else:
            text = "marked CR or DR; credits are read as above zero, debits as below"
            swapped = {**taken, **{key: -1.0 if key == "cr" else 1.0 for key in ("cr", "dr")}}
            other = Alternative(
                reading="DR above zero, CR below",
                overrides={"suffixes": {place.column: swapped}},
            )
            warnings.append(
                place.warn(
                    "debit_credit",
                    rows,
                    text,
                    reading="CR above zero, DR below",
                    alternatives=(other,),
                )
            )
    for letter in numbers.doubts:
        if letter not in ("cr", "dr"):
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
