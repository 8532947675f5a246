"""From the figures of an analysis to what to do with each segment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.segmentation.advice.facts import AnalysisFacts, SegmentFacts
from app.segmentation.advice.recommendation_rules import RULE_BOOK, RuleBook
from app.segmentation.description.phrases import readable
from app.segmentation.description.profiles import MEDIUM_EFFECT, SMALL_EFFECT, Difference
from app.segmentation.description.statements import told_figures
from app.segmentation.figures import percent
from app.segmentation.validation.structure import MIN_ROWS

STABLE, DOUBTFUL = 0.75, 0.6
"""Jaccard similarities: from the first a segment is stable, under the second it is not one."""

_CAMPAIGNS = 2
_PAIR = 2
_LEADING, _AHEAD = 0.4, 1.5
"""A column leads that has so much of the importance, and half as much again as the next."""

_EASY, _HARD = 0.9, 0.7
_DOMINANT, _EVEN_SHARES = 0.5, 1.5
"""A segment is dominant that holds half of all, and half as much again as an even share is."""


@dataclass(frozen=True)
class Recommendation:
    """``segment`` is the number of the segment in its order, None for all customers."""

    segment: int | None
    action: str
    reason: str

    @property
    def text(self) -> str:
        return f"{self.action}: {self.reason}."


def recommend(facts: AnalysisFacts, *, book: RuleBook = RULE_BOOK) -> tuple[Recommendation, ...]:
    """Advise one to three actions for each segment, and some for all customers.

    A segment that is not stable, and any where there is no structure or customers are too few to
    find it, gets the advice to be careful and no campaign. No two segments get the same first
    action, but for that.

    Parameters
    ----------
    facts : AnalysisFacts
    book : RuleBook
        The table of rules.
    """
    total = facts.n_customers
    campaigns = _campaigns(facts, book)
    found: list[Recommendation] = []
    for number, segment in enumerate(facts.segments):
        share = segment.size / max(total, 1)
        held = f"{_counted(segment.size)}, {_share(share)} of all"
        found += [
            Recommendation(number, action.format(segment=f'"{segment.name}"'), f"{reason} ({held})")
            for action, reason in _for_segment(segment, facts, share, book, campaigns[number])
        ]
    return (*found, *_for_all(facts, book))


def _counted(n: int) -> str:
    return f"{n:,} customer{'' if n == 1 else 's'}"


def _share(share: float) -> str:
    return "under 1%" if 0 < share < 0.005 else percent(share)


def _cares(segment: SegmentFacts, facts: AnalysisFacts) -> Iterator[tuple[str, str]]:
    """Give each condition under which no campaign is advised, with its figure."""
    if segment.jaccard is not None and segment.jaccard < DOUBTFUL:
        yield "unstable", f"{segment.jaccard:.2f}"
    if facts.too_few:
        yield "too_few", f"{facts.n_customers:,}"
    if facts.untested:
        yield "untested", ""
    if facts.verdict == "none":
        yield "no_structure", ""


def _telling(segment: SegmentFacts, facts: AnalysisFacts) -> list[Difference]:
    """Keep what is clear: among several, a segment in the middle has nothing."""
    least = MEDIUM_EFFECT if len(facts.segments) > _PAIR else SMALL_EFFECT
    return [each for each in segment.differences if abs(each.effect) >= least]


def _grounds(segment: SegmentFacts, facts: AnalysisFacts, book: RuleBook) -> list[Difference]:
    """Keep what a campaign can rest on."""
    return [each for each in _telling(segment, facts) if not book.background.holds(each)]


def _campaigns(facts: AnalysisFacts, book: RuleBook) -> list[list[tuple[str, list[Difference]]]]:
    """Choose actions no two segments share: first one for each, then a second where it is clear."""
    used: set[str] = set()
    chosen: list[list[tuple[str, list[Difference]]]] = [[] for _ in facts.segments]
    for turn in range(_CAMPAIGNS):
        for segment, mine in zip(facts.segments, chosen, strict=True):
            if any(_cares(segment, facts)) or len(mine) < turn:
                continue
            taken = [each for _, rests_on in mine for each in rests_on]
            for action, rests_on, specific in _candidates(_grounds(segment, facts, book), book):
                clear = max(abs(each.effect) for each in rests_on) >= MEDIUM_EFFECT
                if action in used or any(each in taken for each in rests_on):
                    continue
                if turn == 0 or (specific and clear):
                    used.add(action)
                    mine.append((action, rests_on))
                    break
    return chosen


def _for_segment(
    segment: SegmentFacts,
    facts: AnalysisFacts,
    share: float,
    book: RuleBook,
    campaigns: list[tuple[str, list[Difference]]],
) -> Iterator[tuple[str, str]]:
    known_by = _figures(segment.differences[:1]) or "nothing distinguishes it from the rest"
    cares = dict(_cares(segment, facts))
    for advice in book.careful:
        if advice.when in cares:
            reason = advice.reason.format(figure=cares[advice.when], needed=MIN_ROWS)
            yield advice.action, f"{reason}; {known_by}"
            return
    yield from ((action, _figures(rests_on)) for action, rests_on in campaigns)
    if not campaigns:
        yield _without_campaign(segment, facts, book, known_by)
    if segment.jaccard is not None and segment.jaccard < STABLE:
        yield book.doubt, f"its stability is {segment.jaccard:.2f}, so who belongs is uncertain"
        return
    for advice in book.size if campaigns else ():
        if share < advice.limit:
            yield advice.action, advice.reason
            return


def _without_campaign(
    segment: SegmentFacts, facts: AnalysisFacts, book: RuleBook, known_by: str
) -> tuple[str, str]:
    telling = _telling(segment, facts)
    if not telling and segment.middle is not None:
        return book.no_difference, f"they are in the middle: {segment.middle}"
    if not telling and any(abs(each.effect) >= SMALL_EFFECT for each in segment.differences):
        return book.no_difference, f"little sets it apart: {known_by}"
    if not telling:
        return book.no_difference, f"nothing about it stands out; at most, {known_by}"
    if _grounds(segment, facts, book):
        return book.no_difference, f"it differs as other segments do: {known_by}"
    return _filled(book.background.action, telling[0]), known_by


def _candidates(
    telling: Sequence[Difference], book: RuleBook
) -> Iterator[tuple[str, list[Difference], bool]]:
    """List actions that fit, the most specific and clearest first; those for any column last."""
    fitting: list[tuple[int, float, str, list[Difference]]] = []
    for rule in book.rules:
        met = [next((d for d in telling if need.met_by(d)), None) for need in rule.needs]
        rests_on = [each for each in met if each is not None]
        if len(rests_on) == len(rule.needs):
            weakest = min(abs(each.effect) for each in rests_on)
            action = _filled(rule.action, rests_on[0])
            fitting.append((-len(rests_on), -weakest, action, rests_on))
    fitting.sort(key=lambda each: each[:2])
    yield from ((action, rests_on, True) for _, _, action, rests_on in fitting)
    for difference in telling:
        table = book.any_number if difference.level is None else book.any_category
        action = table["high" if difference.effect > 0 else "low"]
        yield _filled(action, difference), [difference], False


def _filled(action: str, difference: Difference) -> str:
    """Put in the column and level; the segment's name comes later."""
    column, level = readable(difference.column), difference.level or ""
    for old, new in (("{column}", column), ("{level}", level)):
        action = action.replace(old, new.replace("{", "{{").replace("}", "}}"))
    return action


def _figures(differences: Sequence[Difference]) -> str:
    return " and ".join(
        f"{readable(each.column)} is "
        f"{f'{each.level} for ' if each.level is not None else ''}{told_figures(each)}"
        for each in differences
    )


def _for_all(facts: AnalysisFacts, book: RuleBook) -> Iterator[Recommendation]:
    met = dict(_conditions(facts))
    for advice in book.whole:
        if advice.when in met:
            name, figure = met[advice.when]
            given = {"name": f'"{name}"', "figure": figure, "needed": MIN_ROWS}
            yield Recommendation(None, advice.action.format(**given), advice.reason.format(**given))


def _conditions(facts: AnalysisFacts) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give each condition that holds its name and figure."""
    total = facts.n_customers
    if len(facts.segments) < 2:
        yield "one_segment", ("", f"{total:,}")
        return
    if facts.too_few:
        yield "too_few", ("", f"{total:,}")
        return
    if facts.untested:
        yield "untested", ("", "")
        return
    if facts.verdict == "none":
        yield "no_structure", ("", "")
        return
    if all(segment.jaccard is None for segment in facts.segments):
        yield "not_validated", ("", "")
    if facts.importance:
        ranked = sorted(facts.importance.items(), key=lambda item: -item[1])
        name, share = ranked[0]
        if share >= max(_LEADING, _AHEAD * max((other for _, other in ranked[1:]), default=0)):
            yield "leading_feature", (name, percent(share))
    stable = all(each.jaccard is None or each.jaccard >= STABLE for each in facts.segments)
    if facts.accuracy is not None and facts.accuracy >= _EASY and stable:
        yield "easily_described", ("", percent(facts.accuracy))
    elif facts.accuracy is not None and facts.accuracy < _HARD:
        yield "hardly_described", ("", percent(facts.accuracy))
    largest = max(facts.segments, key=lambda segment: segment.size)
    if largest.size > max(_DOMINANT, _EVEN_SHARES / len(facts.segments)) * total:
        yield "dominant_segment", (largest.name, percent(largest.size / total))
    if facts.n_unassigned:
        yield "unassigned", ("", f"{facts.n_unassigned:,}")
