"""The vocabulary of names: usual columns and categories with the words for them, read once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from app.segmentation.tables.kind_words import name_words

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


@dataclass(frozen=True)
class _Entry:
    names: tuple[tuple[str, ...], ...]
    phrases: Mapping[str, Phrase]


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
    places: frozenset[str]
    numbers: tuple[_Entry, ...]
    categories: tuple[_Entry, ...]
    levels: Mapping[str, Phrase]

    def number(self, column: str, level: Level) -> Phrase | None:
        """Look up the words for a column's high, medium or low numbers."""
        return self._found(self.numbers, column, level)

    def category(self, column: str, level: str) -> Phrase | None:
        """Look up the words for a category, in its column first, then in any."""
        text = level.strip().casefold()
        if found := self._found(self.categories, column, text):
            return found
        answer = "yes" if text in self.yes else "no" if text in self.no else text
        return self._found(self.categories, column, answer) or self.levels.get(text)

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

    def _found(self, entries: Sequence[_Entry], column: str, key: str) -> Phrase | None:
        words = words_of(column)
        for entry in entries:
            if any(self._matches(words, name) for name in entry.names):
                return entry.phrases.get(key)
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
        places=frozenset(table["places"]),
        numbers=tuple(
            _Entry(_names(each), {key: _phrase(each[key]) for key in ("high", "medium", "low")})
            for each in table["number"]
        ),
        categories=tuple(
            _Entry(_names(each), _levels(each["levels"])) for each in table["category"]
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


# Part of the program like its modules, and loaded as they are, at import: no function of the engine
# opens a file.
VOCABULARY = read_vocabulary(
    resources.files("app.segmentation.description").joinpath("vocabulary.toml").read_text("utf-8")
)
