"""The vocabulary of names: usual columns and categories with the words for them, read once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from app.segmentation.tables.kind_words import name_words

LONGEST_WORD = 32

Level = Literal["low", "medium", "high"]

_UNIT = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True)
class Phrase:
    """A difference in words.

    Attributes
    ----------
    lead : str
        Goes before the noun: ``High-income``; empty where there is none.
    tail : str
        Goes after it: ``with high income``.
    kind : bool
        Whether the lead is a kind of customer, which may follow another lead: ``fibre``.
    """

    lead: str
    tail: str
    kind: bool = False

    def spelt(self, level: str) -> "Phrase":
        """Put a category where its place is."""
        written = shorten(level.strip().replace("_", " "))
        small = " ".join(
            word[:1].lower() + word[1:] if word[1:].islower() else word
            for word in written.split(" ")
        )
        forms = {"level": small, "Level": written[:1].upper() + written[1:]}
        return replace(self, lead=_filled(self.lead, forms), tail=_filled(self.tail, forms))


@dataclass(frozen=True)
class _Entry:
    names: tuple[tuple[str, ...], ...]
    phrases: Mapping[str, Phrase]
    other: Phrase | None = None


@dataclass(frozen=True)
class Vocabulary:
    """Usual columns and categories with their words.

    Attributes
    ----------
    noun : str
        What the members of a segment are called.
    """

    noun: str
    filler: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    counts: frozenset[str]
    durations: frozenset[str]
    goods: frozenset[tuple[str, ...]]
    singular: frozenset[str]
    places: frozenset[str]
    numbers: tuple[_Entry, ...]
    categories: tuple[_Entry, ...]
    levels: Mapping[str, Phrase]

    def number(self, column: str, level: Level) -> Phrase | None:
        """Look up the words for a column's high, medium or low numbers."""
        entry = self._entry(self.numbers, column)
        return entry.phrases[level] if entry else None

    def category(self, column: str, level: str) -> Phrase | None:
        """Look up the words for a category, in its column first, then in any."""
        text = level.strip().casefold()
        answer = "yes" if text in self.yes else "no" if text in self.no else text
        entry = self._entry(self.categories, column)
        if entry and (found := entry.phrases.get(text) or entry.phrases.get(answer)):
            return found
        if found := self.levels.get(text):
            return found
        # A code, an answer or "(other)" makes no words.
        spoken = text[:1].isalpha() and answer == text
        return entry.other.spelt(level) if entry and entry.other and spoken else None

    def answer(self, level: str) -> bool | None:
        """Read a category as yes or no; None where it is neither, or a code."""
        text = level.strip().casefold()
        if text[:1].isdigit():
            return None
        return True if text in self.yes else False if text in self.no else None

    def is_place(self, column: str) -> bool:
        """Whether the categories of a column are places."""
        return bool(self.places & set(words_of(column)))

    def is_goods(self, column: str) -> bool:
        """Whether a column holds the amounts of goods that customers buy."""
        words = [word for word in words_of(column) if word not in {"mnt", "amt", "spend"}]
        return any(self._matches(words, name) for name in self.goods)

    def _entry(self, entries: Sequence[_Entry], column: str) -> _Entry | None:
        words = words_of(column)
        for entry in entries:
            if any(self._matches(words, name) for name in entry.names):
                return entry
        return None

    def _matches(self, words: Sequence[str], name: tuple[str, ...]) -> bool:
        """Whether a name is in the words in a row, with nothing but filler around it."""
        size = len(name)
        return any(
            tuple(words[start : start + size]) == name
            and self.filler.issuperset([*words[:start], *words[start + size :]])
            for start in range(len(words) - size + 1)
        )


@lru_cache(maxsize=4096)
def words_of(column: str) -> tuple[str, ...]:
    """Split a column's name into words, its unit left out."""
    without_unit = _UNIT.sub("", column)
    # Letters of any script: `name_words` knows those of English alone.
    spaced = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])|[\W_]+", " ", without_unit)
    return tuple(spaced.casefold().split()) or tuple(name_words(column))


def read_vocabulary(text: str) -> Vocabulary:
    """Read a vocabulary.

    Parameters
    ----------
    text : str
        TOML, in the form of ``vocabulary.toml``.

    Raises
    ------
    KeyError, ValueError
        A part is missing, or the text is no TOML; ``tomllib.TOMLDecodeError`` is a ValueError.
    """
    table = tomllib.loads(text)
    return Vocabulary(
        noun=table["noun"],
        filler=frozenset(table["filler"]),
        yes=frozenset(table["yes"]),
        no=frozenset(table["no"]),
        counts=frozenset(table["counts"]),
        durations=frozenset(table["durations"]),
        goods=frozenset(tuple(each.split()) for each in table["goods"]),
        singular=frozenset(table["singular"]),
        places=frozenset(table["places"]),
        numbers=tuple(
            _Entry(_names(each), {key: _phrase(each[key]) for key in ("high", "medium", "low")})
            for each in table["number"]
        ),
        categories=tuple(
            _Entry(
                _names(each),
                _levels(each["levels"]),
                _phrase(each["other"]) if "other" in each else None,
            )
            for each in table["category"]
        ),
        levels=_levels(table["level"]),
    )


def _names(entry: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words.casefold().split()) for words in entry["words"])


def _levels(entries: Sequence[Mapping[str, Any]]) -> dict[str, Phrase]:
    found = {}
    for each in entries:
        texts = [each["is"]] if isinstance(each["is"], str) else each["is"]
        found.update({text.casefold(): _phrase(each) for text in texts})
    return found


def _phrase(entry: Mapping[str, str]) -> Phrase:
    return Phrase(entry.get("lead", ""), entry["tail"])


def _filled(text: str, forms: Mapping[str, str]) -> str:
    """Fill in plain words: what a category is called is never read as a template."""
    return re.sub(r"\{(level|Level)\}", lambda place: forms[place[1]], text)


def shorten(text: str, most: int = LONGEST_WORD) -> str:
    """Cut a text to so many characters, the last of them an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


# Part of the program like its modules, and loaded as they are, at import: no function of the engine
# opens a file.
VOCABULARY = read_vocabulary(
    resources.files("app.segmentation.description").joinpath("vocabulary.toml").read_text("utf-8")
)
