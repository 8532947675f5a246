"""A measured difference in a word or two, for names."""

import re
from dataclasses import replace

from app.segmentation.description.profiles import Difference
from app.segmentation.description.vocabulary import (
    VOCABULARY,
    Level,
    Phrase,
    shorten,
    words_of,
)
from app.segmentation.preparation.columns import MISSING

UNQUALIFIED = 0.8
"""Share of a segment from which a category names it without "mostly"."""

_COUNTS = {"num", "nr", "no", "cnt", "nb", "number", "n"}
_AMOUNTS = {"mnt", "amt"}
_SHOUTED = 5
_SHORT_WORDS = {
    "age",
    "sex",
    "city",
    "rate",
    "time",
    "year",
    "days",
    "plan",
    "type",
    "name",
    "paid",
}


def readable(column: str) -> str:
    """Spell a column's name as words, units left out: ``MonthlyCharges``, ``income (k$)``.

    ``AGE``, ``annual_income`` and ``AnnualIncome`` read like ``Age`` and ``Annual Income``, and
    usual abbreviations are spelt out: ``NumStorePurchases``, ``MntWines`` (an amount spent).
    """
    without_unit = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", column) or column
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\s.]+", " ", without_unit).strip()
    first, _, rest = spaced.partition(" ")
    if rest and first.casefold() in _COUNTS:
        spaced = re.sub("^of ", "", rest, flags=re.IGNORECASE)
    elif rest and first.casefold() in _AMOUNTS:
        spaced = f"{rest.removesuffix('s')} Spend"
    return shorten(" ".join(_capital(word) for word in spaced.split(" ")))


def _capital(word: str) -> str:
    """Begin a word with a capital; one all in capitals stays so where it may be a short form."""
    shouted = word.isupper() and (len(word) >= _SHOUTED or word.casefold() in _SHORT_WORDS)
    return word.capitalize() if shouted else word[:1].upper() + word[1:]


def plain(column: str) -> str:
    """Spell a column's name as it stands within a sentence: ``annual income``, ``CLV``."""
    return " ".join(
        word[:1].lower() + word[1:] if word[1:] == word[1:].lower() else word
        for word in readable(column).split(" ")
    )


def phrase_of_number(column: str, level: Level) -> Phrase:
    """Put a column's high, medium or low numbers into words."""
    spelt = plain(column)
    if found := VOCABULARY.number(column, level):
        return Phrase(found.lead, found.tail.replace("{column}", spelt))
    # A name may be a mark alone.
    words = words_of(column) or (spelt,)
    if words[-1] in VOCABULARY.counts:
        how = {"high": "many", "medium": "a medium number of", "low": "few"}[level]
        return Phrase("", f"with {how} {spelt}")
    if words[-1] in VOCABULARY.durations:
        how = {"high": "long", "medium": "medium", "low": "short"}[level]
        return Phrase("", f"with {how} {spelt}")
    if VOCABULARY.is_goods(column):
        spend = spelt if spelt.endswith(" spend") else f"{spelt} spend"
        return Phrase("", f"with {level} {spend}")
    lead = f"{level.capitalize()}-{spelt}" if len(words) == 1 and spelt.isalpha() else ""
    article = "a " if words[-1] in VOCABULARY.singular else ""
    return Phrase(lead, f"with {article}{level} {spelt}")


def phrase_of_category(difference: Difference) -> Phrase:
    """Put a category that is more, or less, frequent in a segment into words."""
    level = difference.level or ""
    words = _category(difference.column, level)
    if difference.effect > 0:
        if difference.value >= UNQUALIFIED:
            return words
        how = "mostly" if difference.value > 0.5 else "more often"
    else:
        how = "never" if difference.value == 0 else "less often"
    lead = f"{how.capitalize()} {_lower(words.lead)}" if words.lead else ""
    return Phrase(lead, f"{how} {words.tail}", kind=bool(lead))


def _category(column: str, level: str) -> Phrase:
    if level == MISSING:
        return Phrase("", f"with unknown {plain(column)}")
    if found := VOCABULARY.category(column, level):
        return replace(found, kind=bool(found.lead))
    spelt, answer = plain(column), VOCABULARY.answer(level)
    if answer is not None:
        return Phrase("", f"{'with' if answer else 'without'} {spelt}")
    short = shorten(level.strip().replace("_", " "))
    if VOCABULARY.is_place(column):
        return Phrase("", f"from {spelt} {short}" if short.isdigit() else f"from {short}")
    return Phrase("", f"{'in' if short.isdigit() else 'with'} {spelt} {short}")


def _lower(lead: str) -> str:
    """Begin a lead small within a phrase, unless its first word is a short form: ``DSL``."""
    first = lead.split("-")[0].split(" ")[0]
    return lead if first.isupper() and len(first) > 1 else lead[:1].lower() + lead[1:]


def composed(phrases: list[Phrase]) -> str:
    """Write phrases as one name, the first one first: ``Long-standing customers with high bills``.

    A second phrase goes before the noun too where it is a kind of customer: ``Older fibre
    customers``. Tails that begin alike are joined: ``with low bills and high income``.
    """
    leads: list[str] = []
    rest = list(phrases)
    if rest and rest[0].lead:
        leads.append(rest.pop(0).lead)
        if rest and rest[0].kind:
            leads.append(_lower(rest.pop(0).lead))
    before = (", " if len(leads) > 1 and leads[1].startswith(("mostly", "more")) else " ").join(
        leads
    )
    name = f"{before} {VOCABULARY.noun}" if before else VOCABULARY.noun.capitalize()
    previous = ""
    for number, phrase in enumerate(rest):
        opening, _, remainder = phrase.tail.partition(" ")
        told = remainder if number and opening == previous == "with" else phrase.tail
        name += f" and {told}" if number else f" {told}"
        previous = opening
    return name
