"""Names for the segments of any table, each word of them a measured difference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.segmentation.description.bands import cohens_h
from app.segmentation.description.levels import levels, middle
from app.segmentation.description.phrases import (
    composed,
    phrase_of_category,
    phrase_of_number,
    plain,
)
from app.segmentation.description.profiles import (
    LARGE_EFFECT,
    MEDIUM_EFFECT,
    SMALL_EFFECT,
    TOP_CATEGORIES,
    ClusterProfile,
    Difference,
)
from app.segmentation.description.vocabulary import Phrase
from app.segmentation.figures import rounded
from app.segmentation.units import with_unit

TYPICAL = "Typical customers"
"""Where nothing differs from the rest by as much as a medium effect."""

MIDDLE = "Medium"
"""For a number that is in the middle half of all customers for most of the segment."""

COMMON = 0.6
"""Share of the other customers from which a category is nearly everyone's, and names no segment."""

_PAIR = 2
_WORDS = 2
_MOST_WORDS = 4


@dataclass(frozen=True)
class Word:
    """What can be said of a segment in a word or two.

    Attributes
    ----------
    phrase : Phrase
    difference : Difference
        What it says; of a medium number, the difference of its mean.
    strength : float
        Effect size, at least 0.
    medium : bool
        Whether it says that a number is medium.
    """

    phrase: Phrase
    difference: Difference
    strength: float
    medium: bool = False


def name_generic(profiles: Sequence[ClusterProfile]) -> tuple[str, ...]:
    """Name segments after what sets them apart, the strongest difference first, no two alike.

    The strongest difference from the rest comes first. The next words are those that tell the
    segment from the others of which the words so far are nearly true too; where there are none,
    the next strongest follows.

    Parameters
    ----------
    profiles : sequence of ClusterProfile

    Returns
    -------
    tuple of str
        In the order of ``profiles``: ``"Older customers with high income"``.
    """
    names: dict[int, str] = {}
    strongest_first = sorted(
        profiles, key=lambda p: -abs(p.differences[0].effect) if p.differences else 0.0
    )
    for profile in strongest_first:
        taken = set(names.values())
        names[profile.cluster_id] = next(
            name for name in _candidates(profile, profiles) if name not in taken
        )
    return tuple(names[profile.cluster_id] for profile in profiles)


def telling_words(profile: ClusterProfile, *, least: float = SMALL_EFFECT) -> list[Word]:
    """List what can be said of a segment in a word or two, strongest first.

    One word a column, the plainest for columns that tell the same rows apart; what a segment lacks
    comes after what it has. A number that is medium in the segment is not among them.
    """
    words = [
        Word(_phrase(difference), difference, abs(difference.effect))
        for difference in _telling(profile)
        if abs(difference.effect) >= least
    ]
    return list({word.phrase.tail.casefold(): word for word in reversed(words)}.values())[::-1]


def named_after(profile: ClusterProfile, name: str) -> set[Difference]:
    """Find the differences that a segment's name tells; of a medium number, that of its mean."""
    spoken = f" {name.casefold()} ".replace(",", " ")
    found = set()
    for word in [*telling_words(profile), *_medium_words(profile)]:
        forms = {word.phrase.lead, word.phrase.tail, word.phrase.tail.removeprefix("with ")}
        if any(form and f" {form.casefold()} " in spoken for form in forms):
            found.add(word.difference)
    return found & set(profile.differences)


def wordiness(difference: Difference) -> int:
    """Count what it takes to tell a difference, for the plainest of several of the same rows."""
    return len(difference.column) + len(difference.level or "")


def _telling(profile: ClusterProfile) -> list[Difference]:
    scale = levels(profile)
    telling = [
        d
        for d in profile.differences
        if abs(d.effect) >= SMALL_EFFECT
        and (scale[d.column] != "medium" if d.level is None else not _is_common(d))
    ]
    telling.sort(key=lambda d: d.level is not None and d.effect < 0)
    columns: set[str] = set()
    found: dict[object, Difference] = {}
    for difference in telling:
        if difference.column in columns:
            continue
        columns.add(difference.column)
        rows = difference.column if difference.level is None else difference.rows
        found[rows] = min(found.get(rows, difference), difference, key=wordiness)
    return list(found.values())


def _is_common(difference: Difference) -> bool:
    """Whether a category is too common, or too rare, to say that a segment has, or lacks, it."""
    if difference.effect > 0:
        return difference.rest >= COMMON or difference.value <= 1 - COMMON
    return difference.rest < COMMON or difference.value > 1 - COMMON


def _phrase(difference: Difference) -> Phrase:
    if difference.level is not None:
        return phrase_of_category(difference)
    return phrase_of_number(difference.column, "high" if difference.effect > 0 else "low")


def _medium_words(profile: ClusterProfile) -> list[Word]:
    means = {d.column: d for d in profile.differences if d.level is None}
    words = []
    for band in middle(profile):
        mean = profile.means[band.column] or 0.0
        # A mean that does not differ at all is not among the differences.
        same = Difference(band.column, None, mean, mean, 0.0)
        phrase = phrase_of_number(band.column, "medium")
        words.append(Word(phrase, means.get(band.column, same), band.effect, medium=True))
    return words


def _words_by_shares(profile: ClusterProfile) -> list[Word]:
    """List what shares of the customers tell, where the means of a skewed column do not."""
    means = {d.column: d for d in profile.differences if d.level is None}
    found = _medium_words(profile)
    scale = levels(profile)
    for band in profile.uppers:
        side = "high" if band.effect > 0 else "low"
        if abs(band.effect) >= LARGE_EFFECT and scale.get(band.column) == side:
            mean = means[band.column]
            found.append(Word(_phrase(mean), mean, abs(band.effect)))
    return sorted(found, key=lambda word: -word.strength)


def _chosen(profile: ClusterProfile, profiles: Sequence[ClusterProfile]) -> list[Word]:
    """Choose the words of a name: as few as tell the segment from the others, two at least."""
    others = [other for other in profiles if other is not profile]
    words = telling_words(profile, least=MEDIUM_EFFECT)
    if not words and len(profiles) == _PAIR:
        # The other one of two is no middle to be compared with.
        words = telling_words(profile)[:1]
    words = words or _words_by_shares(profile)
    chosen: list[Word] = []
    alike = others
    while words and len(chosen) < _MOST_WORDS:
        if len(chosen) >= _WORDS and not any(
            _sets_apart(w, profile, o) for w in words for o in alike
        ):
            break
        # Stable: where no word tells more segments apart, the strongest.
        best = (
            words[0]
            if not chosen
            else max(
                words, key=lambda word: sum(_sets_apart(word, profile, other) for other in alike)
            )
        )
        words = [word for word in words if word is not best]
        chosen.append(best)
        alike = [other for other in alike if not _sets_apart(best, profile, other)]
    return chosen


def _sets_apart(word: Word, profile: ClusterProfile, other: ClusterProfile) -> bool:
    """Whether a word is true of a segment by a medium effect more than of another one."""
    d = word.difference
    if d.level is not None:
        theirs = dict(other.categories.get(d.column, ()))
        listed = theirs.values()
        # A category that is not listed is rarer than those that are.
        rarest = min(listed, default=0.0) if len(theirs) == TOP_CATEGORIES else 0.0
        apart = cohens_h(d.value, theirs.get(d.level, rarest))
        return apart * (1 if d.effect > 0 else -1) >= MEDIUM_EFFECT
    mean = other.means.get(d.column)
    if mean is None or not d.effect:
        return True
    deviation = (d.value - d.rest) / d.effect
    apart = (d.value - mean) / deviation if deviation else 0.0
    if word.medium:
        return abs(apart) >= MEDIUM_EFFECT
    return apart * (1 if d.effect > 0 else -1) >= MEDIUM_EFFECT


def _candidates(profile: ClusterProfile, profiles: Sequence[ClusterProfile]) -> Iterator[str]:
    chosen = _chosen(profile, profiles)
    base = composed([word.phrase for word in chosen]) if chosen else TYPICAL
    yield base
    told = {word.difference.column for word in chosen}
    for word in telling_words(profile):
        if word.difference.column not in told:
            extended = [*(each.phrase for each in chosen), word.phrase]
            yield composed(extended)
    for d in profile.differences:
        if d.level is None:
            figure = with_unit(rounded(d.value, 0), d.column, d.unit)
            yield f"{base}, {plain(d.column)} about {figure}"
    yield f"{base} (segment {profile.cluster_id})"
