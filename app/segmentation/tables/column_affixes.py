"""Decide what stands around a column's numbers together: units, and letters that may multiply."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.segmentation.tables.affix_words import (
    CREDIT,
    CRORE,
    LETTERS,
    MIL,
    SIGN_PAIRS,
    canonical,
    is_currency,
    same_unit,
)
from app.segmentation.tables.affixes import Affixes, read_affixes, suffix_of

PERCENT = "%"
_LAKH = 1e5


@dataclass(frozen=True, kw_only=True)
class ColumnAffixes:
    """The affixes of a column, settled together.

    Attributes
    ----------
    each
        One a distinct pair of before and after; None where there is no number.
    unit
        The unit that most values carry; ``""`` where none does.
    other_units
        Indices of pairs whose unit is another: their numbers do not compare with the rest.
    bare
        Indices of pairs without a unit or a multiplier.
    taken
        What a suffix that has two meanings multiplies by.
    doubts
        The suffixes among them that nothing decides.
    """

    each: Sequence[Affixes | None]
    unit: str
    other_units: frozenset[int]
    bare: frozenset[int]
    taken: Mapping[str, float] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()


def settle_affixes(
    pairs: Iterable[tuple[str, str]],
    counts: Sequence[int],
    *,
    indian: bool,
    given: Mapping[str, float] | None = None,
) -> ColumnAffixes:
    """Read all pairs of a column, then decide what one alone leaves open.

    Parameters
    ----------
    pairs, counts
        Each distinct (before, after), and how many values have it.
    indian
        Whether digits are grouped the Indian way, where Cr is a crore.
    given
        What suffixes multiply by, where it is known.
    """
    pairs, given = list(pairs), given or {}
    suffixes = [suffix_of(after) for _, after in pairs]
    read = [
        _as_given(read_affixes(before, after), suffix, given)
        for (before, after), suffix in zip(pairs, suffixes, strict=True)
    ]
    open_letters = {each.letter for each in read if each is not None and each.letter}
    taken, doubts = _meanings(open_letters, read, suffixes, indian=indian)
    settled = [_settled(each, taken) for each in read]
    units: Counter[str] = Counter()
    for affixes, count in zip(settled, counts, strict=True):
        if affixes is not None and affixes.unit:
            units[affixes.unit] += count
    unit = _main_unit(units)
    scaled_alike = bool({"", PERCENT} & given.keys())
    return ColumnAffixes(
        each=settled,
        unit=unit,
        other_units=frozenset(
            i
            for i, affixes in enumerate(settled)
            if affixes is not None and affixes.unit and not same_unit(affixes.unit, unit)
        ),
        bare=frozenset(
            i
            for i, affixes in enumerate(settled)
            if affixes is not None and not (affixes.unit or suffixes[i] or scaled_alike)
        ),
        taken=taken,
        doubts=doubts,
    )


def _as_given(affixes: Affixes | None, suffix: str, given: Mapping[str, float]) -> Affixes | None:
    """Multiply by what is given for a suffix, in this case of its letters or any."""
    factor = given.get(suffix)
    if factor is None and len(suffix) > 1:
        folded = {key.casefold(): value for key, value in given.items() if len(key) > 1}
        factor = folded.get(suffix.casefold())
    if factor is None:
        return affixes
    affixes = affixes or Affixes()
    credit = (suffix.casefold() if len(suffix) > 1 else suffix) in CREDIT
    unit = affixes.unit or suffix if factor == 1 and not credit else ""
    sign = math.copysign(1.0, affixes.factor)
    return replace(affixes, factor=sign * factor, unit=unit, letter="")


def _meanings(
    letters: set[str], read: Sequence[Affixes | None], suffixes: Sequence[str], *, indian: bool
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Decide what each letter multiplies by, 1 where it is a unit or a sign, and which are open."""
    if not letters:
        return {}, ()
    known = [each for each in read if each is not None]
    scaled = any(abs(each.factor) > 1 or is_currency(each.unit) for each in known)
    rupees = indian or any(
        canonical(each.unit) == "INR" or abs(each.factor) == _LAKH for each in known
    )
    debits = "dr" in letters
    capitals = any(suffix == "CR" for suffix in suffixes)
    crore = "cr" in letters and not debits and (rupees or "L" in letters or not capitals)
    taken: dict[str, float] = {}
    doubts = []
    halves = {mark for pair in SIGN_PAIRS if not letters.issuperset(pair) for mark in pair}
    for letter in sorted(letters):
        if letter in halves and len(letter) == 1:
            continue
        if letter in CREDIT:
            taken[letter] = CRORE if crore and letter == "cr" else CREDIT[letter]
            if not (crore and (rupees or "L" in letters)):
                doubts.append(letter)
        elif letter == MIL:
            english = any("\u0024" in each.unit for each in known) and not any(
                "R$" in each.unit for each in known
            )
            taken[letter] = 1e6 if english else 1e3
            doubts.append(letter)
        elif letter == "L":
            taken[letter] = LETTERS[letter] if crore or rupees else 1.0
        elif letter == "mi":
            taken[letter] = LETTERS[letter] if any(each.money for each in known) else 1.0
        else:
            taken[letter] = LETTERS[letter] if scaled else 1.0
            if not scaled:
                doubts.append(letter)
    return taken, tuple(doubts)


def _settled(affixes: Affixes | None, taken: Mapping[str, float]) -> Affixes | None:
    if affixes is None or affixes.letter not in taken:
        return affixes
    factor = taken[affixes.letter]
    if affixes.letter in CREDIT:
        return replace(affixes, factor=affixes.factor * factor, unit="")
    if factor != 1:
        return replace(affixes, factor=affixes.factor * factor)
    metres = affixes.letter in ("m", "L", "mi") and not affixes.unit
    return replace(affixes, unit=affixes.letter) if metres else None


def _main_unit(units: Counter[str]) -> str:
    """Take the most frequent, 1 visit and 21 visits being one."""
    best, most = "", 0
    for unit in units:
        count = sum(n for other, n in units.items() if same_unit(unit, other))
        if (count, units[unit]) > (most, units[best]):
            best, most = unit, count
    return best
