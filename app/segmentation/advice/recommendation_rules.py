"""The table of recommendations, read and checked once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from app.segmentation.description.profiles import SMALL_EFFECT, Difference
from app.segmentation.tables.kind_words import name_words

Direction = Literal["high", "low"]

NOTABLE = 0.25
"""Share of a segment from which a category is worth a campaign, however rare it is elsewhere."""


@dataclass(frozen=True)
class Needed:
    """One difference that a rule is for; of any column where there are no words."""

    words: frozenset[str]
    direction: Direction
    levels: tuple[str, ...]

    def met_by(self, difference: Difference) -> bool:
        """Whether the difference is of such a column, in this direction, and not tiny."""
        if abs(difference.effect) < SMALL_EFFECT:
            return False
        if (difference.effect > 0) != (self.direction == "high"):
            return False
        if self.words and not self.words & _words(difference.column):
            return False
        if difference.level is not None and self.direction == "high" and difference.value < NOTABLE:
            return False
        if not self.levels:
            return True
        level = (difference.level or "").casefold()
        return any(level == each or (len(each) > 2 and each in level) for each in self.levels)


@dataclass(frozen=True)
class AdviceRule:
    needs: tuple[Needed, ...]
    action: str


@dataclass(frozen=True)
class Advice:
    """A sentence for a named condition; ``limit`` is a share, where there is one."""

    when: str
    action: str
    reason: str
    limit: float


@dataclass(frozen=True)
class Background:
    """Columns on which no action rests, and what is said where a segment differs in them alone."""

    words: frozenset[str]
    action: str

    def holds(self, difference: Difference) -> bool:
        """Whether the difference is of such a column."""
        return bool(self.words & _words(difference.column))


@dataclass(frozen=True)
class RuleBook:
    """The whole table."""

    rules: tuple[AdviceRule, ...]
    any_number: Mapping[str, str]
    any_category: Mapping[str, str]
    background: Background
    no_difference: str
    size: tuple[Advice, ...]
    careful: tuple[Advice, ...]
    doubt: str
    whole: tuple[Advice, ...]


def read_rule_book(text: str) -> RuleBook:
    """Read a table of recommendations.

    Parameters
    ----------
    text : str
        TOML, in the form of ``recommendations.toml``.

    Raises
    ------
    KeyError, ValueError
        A part is missing, or the text is no TOML; ``tomllib.TOMLDecodeError`` is a ValueError.
    """
    table = tomllib.loads(text)
    rules = [
        AdviceRule(_needs(each["when"], table["words"]), each["action"])
        for each in table["segment"]
    ]
    # Stable: among rules with as many conditions, the order of the table.
    rules.sort(key=lambda rule: -len(rule.needs))
    return RuleBook(
        rules=tuple(rules),
        any_number={each["is"]: each["action"] for each in table["any_number"]},
        any_category={each["is"]: each["action"] for each in table["any_category"]},
        background=_background(table),
        no_difference=table["no_difference"][0]["action"],
        size=tuple(_advice(each) for each in table["size"]),
        careful=tuple(_advice(each) for each in table["careful"]),
        doubt=table["doubt"][0]["action"],
        whole=tuple(_advice(each) for each in table["whole"]),
    )


@lru_cache(maxsize=4096)
def _words(column: str) -> frozenset[str]:
    return frozenset(name_words(column))


def _advice(entry: Mapping[str, Any]) -> Advice:
    return Advice(entry.get("when", ""), entry["action"], entry["reason"], entry.get("below", 0.0))


def _background(table: Mapping[str, Any]) -> Background:
    given = table.get("background", [])
    words = frozenset(word for each in given for word in _listed(each["words"], table["words"]))
    return Background(words, given[0]["action"] if given else "")


def _listed(words: str | list[str], lists: Mapping[str, list[str]]) -> list[str]:
    return lists[words.strip("{}")] if isinstance(words, str) else words


def _needs(when: list[dict[str, Any]], lists: Mapping[str, list[str]]) -> tuple[Needed, ...]:
    needs = []
    for each in when:
        named = _listed(each.get("words", []), lists)
        levels = tuple(str(level).casefold() for level in each.get("levels", ()))
        needs.append(Needed(frozenset(named), each["is"], levels))
    return tuple(needs)


# The table is part of the program like its modules, and is loaded as they are, at import: no
# function of the engine opens a file.
RULE_BOOK = read_rule_book(
    resources.files("app.segmentation.advice").joinpath("recommendations.toml").read_text("utf-8")
)
