"""What is said of a column of numbers that could be read otherwise."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.affix_words import factor_between
from app.segmentation.tables.affixes import suffix_of
from app.segmentation.tables.bands import in_order
from app.segmentation.tables.column_affixes import PERCENT
from app.segmentation.tables.form_warnings import form_warning
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.quality import Alternative, Place, TableWarning, as_missing, shown
from app.segmentation.tables.suffix_warnings import suffix_warnings
from app.segmentation.tables.values import Strings


def number_warnings(place: Place, strings: Strings, numbers: Numbers) -> list[TableWarning]:
    """Warn of values that have two readings, or are not written like the rest."""
    warnings = []
    if numbers.format.scale:
        warnings.append(_on_scale(place, numbers))
    if numbers.format.form is not None and not np.isnan(numbers.values).all():
        warnings.append(form_warning(place, strings, numbers, numbers.format.form))
    if numbers.doubtful.any():
        warnings.append(_ambiguous(place, strings, numbers))
    if numbers.foreign.any():
        mark, other = _names(numbers)
        text = f"written with a decimal {other} among decimal {mark}s, and read so"
        text += f" ({shown(strings, numbers.foreign)})"
        alternatives = (as_missing(place, strings, numbers.foreign, numbers.format.marks),)
        reading = f"numbers with a decimal {other}"
        warnings.append(
            place.warn(
                "mixed_marks", numbers.foreign, text, reading=reading, alternatives=alternatives
            )
        )
    if numbers.other_units.any():
        warnings.append(_other_units(place, strings, numbers))
    if numbers.fractions is not None:
        warnings.append(_percents(place, strings, numbers, numbers.fractions))
    warnings.extend(suffix_warnings(place, strings, numbers))
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
    banded = in_order(words) is not None
    text = f"{'in bands' if banded else 'on a scale of words'}, read as {reading}"
    noun = "value" if banded else "answer"
    return place.warn("scale", rows, text, noun=noun, reading=reading, alternatives=(other,))


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
    kinds = {"kinds": {place.column: Kind.CATEGORICAL.value}}
    alternatives: tuple[Alternative, ...] = (
        Alternative(reading="a category, all values as text", overrides=kinds),
    )
    if known and len(known) == len(factors):
        told = ", ".join(f"1 {suffix} = {factor:.4g} {unit}" for suffix, factor in known.items())
        override = {"suffixes": {place.column: {**numbers.format.suffixes, **known}}}
        converted = Alternative(reading=f"converted ({told})", overrides=override)
        alternatives = (converted, *alternatives)
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
