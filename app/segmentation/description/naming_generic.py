"""Names for the segments of any table, each word of them a measured difference."""

import re
from collections.abc import Iterator, Sequence

from app.segmentation.description.bands import Band
from app.segmentation.description.figures import rounded
from app.segmentation.description.levels import MOSTLY, levels, middle
from app.segmentation.description.profiles import (
    LARGE_EFFECT,
    MEDIUM_EFFECT,
    SMALL_EFFECT,
    ClusterProfile,
    Difference,
)
from app.segmentation.preparation.columns import MISSING

TYPICAL = "Typical"
"""Where nothing differs from the rest by as much as a medium effect."""

MIDDLE = "Medium"
"""For a number that is in the middle half of all customers for most of the segment."""

_PAIR = 2

_LONGEST_WORD = 32
_OWN_WORDS = {
    "age": ("Younger", "Older"),
    "tenure": ("Short Tenure", "Long Tenure"),
    "year birth": ("Older", "Younger"),
    "birth year": ("Older", "Younger"),
    "year of birth": ("Older", "Younger"),
}
_COUNTS = {"num", "nr", "no", "cnt"}
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
_BARE = re.compile(
    r"yes|no|true|false|y|n|t|f|\(missing\)|\(other\)|[\d.,+-]+|no\b.*|not\b.*", re.IGNORECASE
)
"""Categories that say nothing, or the contrary, without their column."""


def name_generic(profiles: Sequence[ClusterProfile]) -> tuple[str, ...]:
    """Name segments after their two strongest differences, no two alike.

    One that differs in no mean is named after the columns whose middle it keeps to.

    A second segment of the same words adds one that is not true of the first, or, where every
    word is true of both, a mean that differs.

    Parameters
    ----------
    profiles : sequence of ClusterProfile

    Returns
    -------
    tuple of str
        In the order of ``profiles``: ``"High Milk, Low Fresh"``, ``"Mostly Fiber optic"``.
    """
    names: dict[int, str] = {}
    bearers: dict[str, ClusterProfile] = {}
    strongest_first = sorted(
        profiles, key=lambda p: -abs(p.differences[0].effect) if p.differences else 0.0
    )
    for profile in strongest_first:
        telling = telling_words(profile, least=MEDIUM_EFFECT)
        if not telling and len(profiles) == _PAIR:
            # The other one of two is no middle to be compared with.
            telling = telling_words(profile)[:1]
        telling = telling or _words_by_shares(profile)
        base = ", ".join(telling[:2]) or TYPICAL
        bearer = bearers.setdefault(base, profile)
        taken = set(names.values())
        names[profile.cluster_id] = next(
            name for name in _candidates(base, profile, bearer) if name not in taken
        )
    return tuple(names[profile.cluster_id] for profile in profiles)


def telling_words(profile: ClusterProfile, *, least: float = SMALL_EFFECT) -> list[str]:
    """List what can be said of a segment in a word or two, strongest first.

    One word a column, the plainest for columns that tell the same rows apart; what a segment lacks
    comes after what it has. A number that is medium in the segment is not among them.
    """
    words: dict[str, str] = {}
    for difference in _telling(profile):
        if abs(difference.effect) >= least:
            word = _word(difference)
            words.setdefault(word.casefold(), word)
    return list(words.values())


def named_after(profile: ClusterProfile, name: str) -> set[Difference]:
    """Find the differences that a segment's name tells; of a medium number, that of its mean."""
    words = [(_word(difference), difference) for difference in _telling(profile)]
    means = {d.column: d for d in profile.differences if d.level is None}
    words += [(_of_middle(b), means[b.column]) for b in middle(profile) if b.column in means]
    # Between commas, as one column's name may be the beginning of another's.
    return {difference for word, difference in words if f", {word}, " in f", {name}, "}


def _telling(profile: ClusterProfile) -> list[Difference]:
    scale = levels(profile)
    telling = [
        d
        for d in profile.differences
        if abs(d.effect) >= SMALL_EFFECT and (d.level is not None or scale[d.column] != "medium")
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


def wordiness(difference: Difference) -> int:
    """Count what it takes to tell a difference, for the plainest of several of the same rows."""
    return len(difference.column) + len(difference.level or "")


def _words_by_shares(profile: ClusterProfile) -> list[str]:
    """List what shares of the customers tell, where the means of a skewed column do not."""
    means = {d.column: d for d in profile.differences if d.level is None}
    found = [(band.effect, _of_middle(band)) for band in middle(profile)]
    scale = levels(profile)
    for band in profile.uppers:
        side = "high" if band.effect > 0 else "low"
        if abs(band.effect) >= LARGE_EFFECT and scale.get(band.column) == side:
            found.append((abs(band.effect), _word(means[band.column])))
    return [word for _, word in sorted(found, key=lambda each: -each[0])]


def readable(column: str) -> str:
    """Spell a column's name as words, units left out: ``MonthlyCharges``, ``income (k$)``.

    ``AGE``, ``annual_income`` and ``AnnualIncome`` read like ``Age`` and ``Annual Income``, and
    usual abbreviations are spelt out: ``NumStorePurchases``, ``MntWines`` (an amount spent).
    """
    without_unit = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", column) or column
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\s.]+", " ", without_unit).strip()
    first, _, rest = spaced.partition(" ")
    if rest and first.casefold() in _COUNTS:
        spaced = rest
    elif rest and first.casefold() in _AMOUNTS:
        spaced = f"{rest} Spend"
    return shorten(" ".join(_capital(word) for word in spaced.split(" ")))


def _capital(word: str) -> str:
    """Begin a word with a capital; one all in capitals stays so where it may be a short form."""
    shouted = word.isupper() and (len(word) >= _SHOUTED or word.casefold() in _SHORT_WORDS)
    return word.capitalize() if shouted else word[:1].upper() + word[1:]


def _of_middle(band: Band) -> str:
    return f"{MIDDLE} {readable(band.column)}"


def _word(difference: Difference) -> str:
    column = readable(difference.column)
    if difference.level is None:
        if column.casefold() in _OWN_WORDS:
            return _OWN_WORDS[column.casefold()][difference.effect > 0]
        return f"{'High' if difference.effect > 0 else 'Low'} {column}"
    level = shorten(difference.level)
    if difference.level == MISSING:
        label = f"Unknown {column}"
    else:
        label = f"{column}: {level}" if _BARE.fullmatch(difference.level) else level
    if difference.effect > 0:
        mostly = "Mostly" if difference.value > MOSTLY else "More"
        return f"{'Only' if difference.value == 1 else mostly} {label}"
    return f"{'Not' if difference.value == 0 else 'Fewer'} {label}"


def shorten(text: str, most: int = _LONGEST_WORD) -> str:
    """Cut a text to so many characters, the last of them an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _candidates(base: str, profile: ClusterProfile, bearer: ClusterProfile) -> Iterator[str]:
    if profile is bearer:
        yield base
    shared = set(telling_words(bearer))
    for word in telling_words(profile):
        if word not in shared and word not in base.split(", "):
            yield f"{base}, {word}"
    for d in profile.differences:
        if d.level is None and d.value != bearer.means[d.column]:
            what = "" if base.endswith(f" {readable(d.column)}") else f"{readable(d.column)} "
            yield f"{base}, {what}about {rounded(d.value, 0)}"
    yield f"{base} (segment {profile.cluster_id})"
