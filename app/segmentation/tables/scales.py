"""Answers that have an order: never to always, disagree to agree, bands of ages or incomes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from app.segmentation.tables.bands import in_order, read_band
from app.segmentation.tables.roles import folded

_MOST_LEVELS = 40
_FEWEST_STEPS = 4
_LONGEST_SCALE = 11
_LONGEST = 100
_NUMBERED = re.compile(r"^\(?(\d{1,2})\)?\s*[-–=.:)]?\s*|\s*[-–=]?\s*\((\d{1,2})\)$")
_LABELLED = re.compile(r"(\d{1,2})(?:\s*[-–=:.(]\s*\D.*)?")
_NO_ANSWER = frozenset(
    map(
        folded,
        (
            "don't know", "dont know", "do not know", "not sure", "prefer not to say",
            "prefer not to answer", "not applicable", "no answer", "no opinion", "refused",
            "can't say", "dk", "weiß nicht", "weiss nicht", "keine angabe", "k.a.", "keine antwort",
            "ne sait pas", "sans réponse", "nsp", "no sabe", "no contesta", "ns/nc", "ns/nr",
            "não sabe", "não respondeu", "non so", "non risponde", "weet niet", "geen antwoord",
            "nie wiem", "не знаю", "わからない", "不知道", "모름",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A column's words in their order.

    Attributes
    ----------
    words
        The steps from the least to the most, as the column writes them, or usually.
    places
        Each text of the column to the number of its step, counted from 1.
    """

    words: tuple[str, ...]
    places: Mapping[str, int]


def recognise_scale(counts: Mapping[str, int]) -> Scale | None:
    """Find the scale that a column's texts are answers on; None where they are on none.

    Parameters
    ----------
    counts
        Each text to how often it stands in the column, most frequent first or not.

    Notes
    -----
    At least four steps must have been answered. What says that there was no answer is passed
    over.
    """
    if not _FEWEST_STEPS <= len(counts) <= _MOST_LEVELS:
        return None
    answers = [level for level in counts if _word(level) not in _NO_ANSWER]
    n_words = len({_word(level) for level in answers})
    best: tuple[tuple[int, int, int], tuple[tuple[str, ...], ...]] | None = None
    for form in _forms():
        steps = _steps(form)
        places = {steps.get(_word(level)) for level in answers}
        if None in places or len(places) < _FEWEST_STEPS:
            continue
        present = sorted(place for place in places if place is not None)
        gaps = present[-1] - present[0] + 1 - len(present)
        fit = (n_words - len(present), len(form), gaps)
        if best is None or fit < best[0]:
            best = (fit, form)
    if best is None:
        return with_labelled_ends(answers)
    form = best[1]
    steps = _steps(form)
    written: dict[int, str] = {}
    for level in sorted(answers, key=lambda level: -counts[level]):
        written.setdefault(steps[_word(level)], level)
    words = tuple(written.get(i, step[0]) for i, step in enumerate(form, start=1))
    return Scale(words=words, places={level: steps[_word(level)] for level in answers})


def banded_scale(texts: Collection[str]) -> Scale | None:
    """Find the order of a column's bands, 18-24 before 65+; None where it is of none."""
    answers = [text for text in texts if _word(text) not in _NO_ANSWER]
    places = in_order(answers)
    if places is None:
        return None
    words = {place: text for text, place in sorted(places.items(), reverse=True)}
    return Scale(words=tuple(words[place] for place in sorted(words)), places=places)


def known_scale(texts: Collection[str], words: tuple[str, ...]) -> Scale:
    """Find texts on a scale that is known, by its words or the number of a step."""
    if in_order(words) is not None:
        bands = {read_band(word): place for place, word in enumerate(words, start=1)}
        written = {word: place for place, word in enumerate(words, start=1)}
        found = {text: written.get(text) or bands.get(read_band(text)) for text in texts}
        return Scale(words=words, places={t: at for t, at in found.items() if at is not None})
    steps = {_word(word): i for i, word in enumerate(words, start=1)}
    for form in _forms():
        if steps.items() <= _steps(form).items():
            steps = _steps(form)
    numbers = {str(i): i for i in range(1, len(words) + 1)}
    places = {text: steps.get(_word(text)) or numbers.get(text.strip()) for text in texts}
    return Scale(words=words, places={text: at for text, at in places.items() if at is not None})


def with_labelled_ends(answers: Collection[str]) -> Scale | None:
    """Read numbers of which only some are explained: "1 (not at all)", "2", "3"."""
    matches = {level: _LABELLED.fullmatch(level.strip()) for level in answers}
    numbers = {level: int(match[1]) for level, match in matches.items() if match is not None}
    bare = [level for level in answers if level.strip().isdecimal()]
    if len(numbers) < len(answers) or not bare or len(bare) == len(answers):
        return None
    if max(numbers.values()) > _LONGEST_SCALE or len(set(numbers.values())) < len(answers):
        return None
    if min(numbers.values()) != 1:
        return None
    written = {place: level for level, place in numbers.items()}
    words = tuple(written.get(i, str(i)) for i in range(1, max(numbers.values()) + 1))
    return Scale(words=words, places=numbers)


def _word(level: str) -> str:
    # No step is called by as much, and a longer text would take the square of its length.
    text = folded(level[:_LONGEST].replace("’", "'")).strip()
    plain = _NUMBERED.sub("", text).strip() or text
    return re.sub(r"[\s.!]+", " ", plain).strip()


@cache
def _forms() -> tuple[tuple[tuple[str, ...], ...], ...]:
    file = resources.files("app.segmentation.tables").joinpath("scales.toml")
    scales = tomllib.loads(file.read_text("utf-8"))["scale"]
    return tuple(tuple(tuple(step) for step in form) for scale in scales for form in scale["forms"])


@cache
def _steps(form: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {_word(word): i for i, step in enumerate(form, start=1) for word in step}
