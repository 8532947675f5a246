"""What is said of segments, measured again from the table."""

import re
from collections.abc import Iterable
from typing import Protocol

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.segmentation.description.naming_generic import COMMON, TYPICAL, named_after
from app.segmentation.description.phrases import phrase_of_number, plain
from app.segmentation.description.profiles import MEDIUM_EFFECT, SMALL_EFFECT, ClusterProfile
from app.segmentation.description.statements import Characteristic

SIDES = {"higher": "high", "lower": "low", "older": "high", "younger": "low"}


class Described(Protocol):
    @property
    def profile(self) -> ClusterProfile: ...
    @property
    def name(self) -> str: ...
    @property
    def characteristics(self) -> tuple[Characteristic, ...]: ...


def check_statements(
    segments: Iterable[Described], labels: np.ndarray, frame: pd.DataFrame
) -> None:
    """Each figure in each statement, its direction and its rank, against the typed table."""
    for segment in segments:
        inside = labels == segment.profile.cluster_id
        assert 3 <= len(segment.characteristics) <= 5
        assert len({one.text for one in segment.characteristics}) == len(segment.characteristics)
        effects = [abs(one.difference.effect) for one in segment.characteristics]
        assert effects == sorted(effects, reverse=True)
        check_levels(segment)
        for statement in segment.characteristics:
            check_figures(statement, frame[statement.difference.column], inside)


def check_levels(segment: Described) -> None:
    """Name and statements put each number at one level alone."""
    levels = named_levels(segment.profile, segment.name)
    spelt = {plain(column): column for column in segment.profile.means}
    for one in segment.characteristics:
        text = one.text.removeprefix("Slightly ")
        how, _, what = text.partition(":")[0].partition(",")[0].partition(" ")
        column = spelt.get(what or "age", "")
        if how == "Medium":
            assert levels.get(column, "medium") == "medium", (segment.name, one.text)
        elif how.casefold() in SIDES:
            side = SIDES[how.casefold()]
            assert levels.get(column, side) == side, (segment.name, one.text)


def check_name(profile: ClusterProfile, name: str) -> None:
    """Every word of a name is a difference of the segment, in its direction."""
    told = named_after(profile, name)
    assert told or profile.middles or name.startswith(TYPICAL), name
    assert "_" not in name
    assert not re.match(r"Only .*: ", name)
    for column, level in named_levels(profile, name).items():
        if level == "medium":
            (band,) = (b for b in profile.middles if b.column == column)
            assert band.effect >= MEDIUM_EFFECT
        else:
            (mean,) = (d for d in profile.differences if d.level is None and d.column == column)
            assert (mean.effect > 0) == (level == "high")
            assert abs(mean.effect) >= SMALL_EFFECT
    for difference in told:
        if difference.level is not None and difference.effect > 0:
            assert difference.rest < COMMON, name


def named_levels(profile: ClusterProfile, name: str) -> dict[str, str]:
    """The level at which a name puts each number that it speaks of."""
    found = {}
    for column in profile.means:
        for level in ("low", "medium", "high"):
            phrase = phrase_of_number(column, level)
            forms = [phrase.lead, phrase.tail.removeprefix("with ")]
            spoken = f" {name.casefold()} ".replace(",", " ")
            if any(form and f" {form.casefold()} " in spoken for form in forms):
                assert column not in found, (name, column)
                found[column] = level
    return found


def check_figures(statement: Characteristic, values: pd.Series, inside: np.ndarray) -> None:
    difference = statement.difference
    value, rest = measured(statement, values, inside)
    assert difference.value == pytest.approx(value)
    assert difference.rest == pytest.approx(rest)
    assert difference.effect == pytest.approx(effect(statement, values, inside), abs=1e-5)
    figure = r"(-?)[$€£]?([\d.,]+)k?(%?)"
    told = re.search(f"{figure} vs {figure}(?![a-z])", statement.text)
    assert told, statement.text
    assert "-0 " not in statement.text
    scale = 100 if told[3] else 1
    for figure, true in ((told[1] + told[2], value), (told[4] + told[5], rest)):
        decimals = len(figure.partition(".")[2])
        shown = float(figure.replace(",", ""))
        tolerance = max(0.5000001 * 10**-decimals, abs(true * scale) * 0.005)
        assert shown == pytest.approx(true * scale, abs=tolerance), statement.text


def measured(
    statement: Characteristic, values: pd.Series, inside: np.ndarray
) -> tuple[float, float]:
    """Segment's and others' figure by the definition of what is compared."""
    level = statement.difference.level
    match statement.measure:
        case "mean":
            return values[inside].mean(), values[~inside].mean()
        case "spread":
            return values[inside].std(), values[~inside].std()
        case "missing":
            return values[inside].isna().mean(), values[~inside].isna().mean()
        case "stretch":
            check_ends(statement, values)
            met, known = values.between(*statement.between), values.notna()
            return met[inside & known].mean(), met[~inside & known].mean()
        case "category":
            has = values.astype(object).where(values.notna(), "(missing)") == level
            return has[inside].mean(), has[~inside].mean()
        case "holding":
            has = values.astype(object).where(values.notna(), "(missing)") == level
            return inside[has].mean(), inside[~has].mean()


def effect(statement: Characteristic, values: pd.Series, inside: np.ndarray) -> float:
    value, rest = measured(statement, values, inside)
    if statement.measure == "spread":
        # What a normal segment of the rest's mean has in the middle half of the rest.
        share = 2 * stats.norm.cdf(stats.norm.ppf(0.75) * rest / value) - 1
        value, rest = 0.5, share
    if statement.measure != "mean":
        return float(2 * np.arcsin(np.sqrt(value)) - 2 * np.arcsin(np.sqrt(rest)))
    own, others = values[inside].dropna(), values[~inside].dropna()
    square = ((own - value) ** 2).sum() + ((others - rest) ** 2).sum()
    pooled = np.sqrt(square / max(len(own) + len(others) - 2, 1))
    overall = values.std(ddof=0)
    return float((value - rest) / (pooled if pooled > 1e-6 * overall else overall))


def check_ends(statement: Characteristic, values: pd.Series) -> None:
    """The limit or the stretch that a statement names is the one it was measured on."""
    low, high = statement.between
    limits = {
        "above the median": (np.nextafter(values.median(), np.inf), np.inf),
        "up to the median": (-np.inf, values.median()),
        "above the upper quartile": (np.nextafter(values.quantile(0.75), np.inf), np.inf),
        "up to the lower quartile": (-np.inf, values.quantile(0.25)),
    }
    for words, ends in limits.items():
        if words in statement.text:
            assert (low, high) == pytest.approx(ends)
            return
    told = statement.text.partition(" (")[0].replace(",", "")
    ends = re.findall(r"-?[\d.]*\d(?:e[+-]?\d+)?", told)
    told_ends = [float(end) for end in ends][-(1 if low == high else 2) :]
    assert told_ends == pytest.approx([low, high][: len(told_ends)], rel=1e-2)
