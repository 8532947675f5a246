import itertools
from dataclasses import replace

import numpy as np
import pytest

from app.segmentation.advice.centroids import differences_of
from app.segmentation.advice.facts import AnalysisFacts, SegmentFacts
from app.segmentation.advice.recommendation_rules import RULE_BOOK, read_rule_book
from app.segmentation.advice.recommendations import recommend
from app.segmentation.description.profiles import Difference
from app.segmentation.validation.structure import MIN_ROWS, UNTESTED


def number(column: str, value: float, rest: float, effect: float) -> Difference:
    return Difference(column, None, value, rest, effect)


RICH = SegmentFacts(
    "High Income",
    40,
    (number("income", 90_000, 50_000, 1.8), number("spending_score", 82, 42, 1.5)),
    0.97,
)
THRIFTY = SegmentFacts(
    "Low Spending",
    35,
    (number("spending_score", 16, 57, -1.9), number("income", 89_000, 54_000, 1.4)),
    0.92,
)
PLAIN = SegmentFacts("Typical", 25, (), 0.9)


def facts(*segments: SegmentFacts, verdict: str | None = "strong", **more: object) -> AnalysisFacts:
    given = {"importance": {"income": 0.7, "spending_score": 0.3}, "accuracy": 0.95, **more}
    return AnalysisFacts(segments=segments, verdict=verdict, **given)


class TestASegment:
    def test_gets_an_action_with_its_name_figures_and_size(self) -> None:
        first = recommend(facts(RICH, THRIFTY, PLAIN))[0]
        assert first.text.startswith('Target "High Income" with a loyalty programme')
        for figure in ("90,000 vs 50,000", "82 vs 42", "40 customers", "40% of all"):
            assert figure in first.text

    def test_is_told_of_in_the_units_and_shares_of_its_card(self) -> None:
        rich = replace(RICH, size=33, differences=(number("Income (k$)", 89.1, 48.5, 1.8),))
        first = recommend(facts(rich, replace(THRIFTY, size=167)))[0]
        assert first.reason == "Income is $89.1k vs $48.5k (33 customers, 17% of all)"

    def test_gets_one_to_three(self) -> None:
        found = recommend(facts(RICH, THRIFTY, PLAIN))
        for segment in range(3):
            assert 1 <= sum(each.segment == segment for each in found) <= 3

    def test_gets_an_action_of_its_own_where_another_is_like_it(self) -> None:
        twins = [SegmentFacts(f"Twin {i}", 30 + i, RICH.differences, 0.9) for i in range(3)]
        found = recommend(facts(*twins))
        first = [next(each for each in found if each.segment == i) for i in range(3)]
        without_names = {
            each.action.replace(twin.name, "") for each, twin in zip(first, twins, strict=True)
        }
        assert len(without_names) == 3

    def test_that_differs_in_nothing_gets_the_standard_programme(self) -> None:
        found = recommend(facts(RICH, PLAIN))
        (plain,) = (each for each in found if each.segment == 1)
        assert "control group" in plain.action

    def test_that_lies_between_the_others_is_told_so(self) -> None:
        between = replace(PLAIN, middle="Medium Income, mostly 40 to 67 (94% vs 0%)")
        found = recommend(facts(RICH, between, THRIFTY))
        (plain,) = (each for each in found if each.segment == 1)
        assert plain.reason.startswith("they are in the middle: Medium Income, mostly 40 to 67")

    def test_of_few_customers_is_contacted_in_person(self) -> None:
        few = SegmentFacts("Few", 2, THRIFTY.differences, 0.9)
        found = recommend(facts(RICH, few))
        assert any("in person" in each.action for each in found if each.segment == 1)

    def test_with_a_name_in_braces_is_named_as_it_is(self) -> None:
        odd = SegmentFacts("{size} {0}", 10, (number("{x}", 2, 1, 1.0),), 0.9)
        found = recommend(facts(RICH, odd))
        assert any('"{size} {0}"' in each.text and "{x}" in each.text for each in found)


class TestCare:
    def test_is_advised_for_a_segment_that_does_not_come_back(self) -> None:
        shaky = SegmentFacts("Shaky", 40, RICH.differences, 0.52)
        found = recommend(facts(shaky, THRIFTY))
        (only,) = (each for each in found if each.segment == 0)
        assert only.action.startswith('Be careful with "Shaky"')
        assert "0.52" in only.reason

    def test_is_advised_for_all_where_there_is_no_structure(self) -> None:
        found = recommend(facts(RICH, THRIFTY, verdict="none"))
        assert all("careful" in each.action for each in found if each.segment is not None)
        assert any("no campaign" in each.action for each in found if each.segment is None)
        reasons = {each.reason for each in found}
        assert len(reasons) == len(found)

    @pytest.mark.parametrize(("n_unassigned", "few"), [(0, True), (MIN_ROWS - 8, False)])
    def test_is_for_want_of_customers_where_these_are_too_few_to_tell(
        self, n_unassigned: int, few: bool
    ) -> None:
        pair = (replace(RICH, size=4), replace(THRIFTY, size=4))
        found = recommend(facts(*pair, verdict="none", n_unassigned=n_unassigned))
        assert all("careful" in each.action for each in found)
        assert all(("8 customers" in each.reason) == few for each in found)
        assert all(("too few to tell groups from chance" in each.reason) == few for each in found)
        gaps = [each for each in found if "gap" in each.reason or "distinct" in each.reason]
        assert bool(gaps) != few
        assert (f"at least {MIN_ROWS}" in found[-1].reason) == few

    def test_is_for_want_of_columns_where_none_could_show_a_gap(self) -> None:
        found = recommend(facts(RICH, THRIFTY, verdict="none", p_value=UNTESTED))
        assert all("careful" in each.action for each in found)
        assert all("no column of numbers" in each.reason for each in found)
        tested = recommend(facts(RICH, THRIFTY, verdict="none", p_value=0.999))
        assert not any("no column of numbers" in each.reason for each in tested)

    def test_is_a_trial_where_a_segment_is_a_pattern_of_uncertain_members(self) -> None:
        wavering = SegmentFacts("Wavering", 40, RICH.differences, 0.65)
        found = recommend(facts(wavering, THRIFTY))
        assert any("small part" in each.action for each in found if each.segment == 0)


class TestAllCustomers:
    def test_are_told_of_the_leading_column_and_of_what_is_large(self) -> None:
        texts = [
            each.text for each in recommend(facts(RICH, PLAIN, THRIFTY)) if each.segment is None
        ]
        assert any('"income"' in text and "70%" in text for text in texts)
        assert any("95%" in text for text in texts)
        whole = [
            each.text
            for each in recommend(facts(SegmentFacts("Big", 90, (), 0.9), RICH, n_unassigned=7))
        ]
        assert any('"Big"' in text and "66%" in text for text in whole)
        assert any("7 of them fit none" in text for text in whole)

    def test_are_told_of_a_leading_column_where_no_other_comes_near(self) -> None:
        shared = facts(
            RICH, THRIFTY, importance={"income": 0.45, "spending_score": 0.4, "age": 0.15}
        )
        assert not any("complete and correct" in each.action for each in recommend(shared))

    @pytest.mark.parametrize("jaccard", [0.0, 0.7])
    def test_are_not_sent_into_daily_work_with_a_segment_of_uncertain_members(
        self, jaccard: float
    ) -> None:
        found = recommend(facts(RICH, replace(THRIFTY, jaccard=jaccard)))
        assert not any("daily work" in each.action for each in found)
        assert any("daily work" in each.action for each in recommend(facts(RICH, THRIFTY)))

    def test_are_told_to_ask_for_validation_where_there_was_none(self) -> None:
        unknown = SegmentFacts("Unknown", 40, RICH.differences, None)
        found = recommend(facts(unknown, unknown, verdict=None))
        assert any("validate: true" in each.action for each in found)
        assert not any("validate: true" in each.action for each in recommend(facts(RICH, PLAIN)))

    def test_in_one_segment_are_treated_alike(self) -> None:
        found = recommend(facts(PLAIN))
        assert any("one segment of 25 customers" in each.reason for each in found)

    def test_are_told_of_a_segment_that_is_most_of_them(self) -> None:
        for large, small, dominant in ((51, 49, False), (80, 20, True)):
            pair = (replace(RICH, size=large), replace(THRIFTY, size=small))
            told = any("differences within" in each.action for each in recommend(facts(*pair)))
            assert told == dominant

    def test_are_counted_in_words_that_fit_one_and_few(self) -> None:
        found = recommend(facts(replace(RICH, size=1), replace(THRIFTY, size=999)))
        assert found[0].reason.endswith("(1 customer, under 1% of all)")


class TestTheTable:
    def test_has_no_rule_that_cannot_be_met(self) -> None:
        for rule in RULE_BOOK.rules:
            met = []
            for need, effect in zip(rule.needs, itertools.count(3, -0.5)):
                sign = 1 if need.direction == "high" else -1
                level = need.levels[0] if need.levels else "Ulm"
                named = sorted(need.words or {"service"})[0]
                categorical = need.levels or "{level}" in rule.action
                met.append(
                    Difference(named, level if categorical else None, 0.9, 0.1, sign * effect)
                )
            found = recommend(facts(SegmentFacts("One", 50, tuple(met), 0.9), PLAIN))
            first = met[0]
            expected = rule.action.replace("{level}", first.level or "")
            expected = expected.replace("{column}", first.column.capitalize())
            expected = expected.format(segment='"One"')
            assert found[0].action == expected

    def test_builds_nothing_on_columns_of_the_times(self) -> None:
        rates = (number("euribor3m", 4.8, 1.3, 3.0), number("emp.var.rate", 1.1, -1.9, 2.5))
        asked_then = SegmentFacts("High Euribor3m", 50, rates, 0.9)
        (found, *_) = recommend(facts(asked_then, PLAIN))
        assert found.action.startswith('Compare "High Euribor3m" with customers of the same time')
        assert "Euribor3m is 4.8 vs 1.3" in found.reason
        spending = number("spending_score", 82, 42, 0.9)
        rich = SegmentFacts("High Euribor3m", 50, (*rates, spending), 0.9)
        (found, *_) = recommend(facts(rich, PLAIN))
        assert "Spending Score is 82 vs 42" in found.reason

    def test_can_be_replaced(self) -> None:
        book = read_rule_book(
            """
            [words]
            visits = ["visits"]
            [[segment]]
            when = [{ words = "{visits}", is = "high" }]
            action = "Greet {segment}"
            [[any_number]]
            is = "high"
            action = "More {column} for {segment}"
            [[any_number]]
            is = "low"
            action = "Less {column} for {segment}"
            [[any_category]]
            is = "high"
            action = "{level} for {segment}"
            [[any_category]]
            is = "low"
            action = "No {level} for {segment}"
            [[no_difference]]
            action = "Nothing for {segment}"
            [[size]]
            below = 0.0
            action = "-"
            reason = "-"
            [[careful]]
            when = "unstable"
            action = "Careful"
            reason = "-"
            [[careful]]
            when = "no_structure"
            action = "Careful"
            reason = "-"
            [[doubt]]
            action = "Doubt"
            [[whole]]
            when = "not_validated"
            action = "-"
            reason = "-"
            """
        )
        visitor = SegmentFacts("Often here", 10, (number("visits", 9, 2, 1.1),), 0.9)
        found = recommend(facts(visitor, PLAIN), book=book)
        assert found[0].action == 'Greet "Often here"'

    def test_that_lacks_a_part_is_refused(self) -> None:
        with pytest.raises(KeyError):
            read_rule_book("[words]\nx = ['x']")


class TestPostedFigures:
    def test_come_from_the_customers(self) -> None:
        near = [{"id": i, "income": 10 + i % 3, "city": "Ulm"} for i in range(20)]
        far = [{"id": 20 + i, "income": 50 + i % 3, "city": "Bonn"} for i in range(20)]
        low, high = differences_of([near, far], [{}, {}])
        by_column = {each.column: each for each in low if each.effect}
        assert by_column["income"].value == pytest.approx(10.95)
        assert by_column["income"].rest == pytest.approx(50.95)
        assert by_column["income"].effect < 0
        assert {each.column for each in high} == {"income", "city"}

    def test_come_from_the_centroids_where_customers_say_nothing(self) -> None:
        low, high = differences_of(
            [[{"id": 1}], [{"id": 2}]], [{"income": 30_000}, {"income": 60_000, "age": None}]
        )
        assert [(each.column, each.value, each.rest) for each in low] == [
            ("income", 30_000, 60_000)
        ]
        assert high[0].effect == pytest.approx(1.0)

    def test_of_many_centroids_are_those_of_each_against_the_mean_of_the_others(self) -> None:
        rng = np.random.default_rng(0)
        sizes, means = rng.integers(1, 50, 300), rng.normal(50, 9, (300, 40))
        found = differences_of(
            [[{"id": i}] * int(size) for i, size in enumerate(sizes)],
            [{f"c{j}": float(mean) for j, mean in enumerate(row)} for row in means],
        )
        for own in (0, 299):
            others = np.arange(300) != own
            rest = np.average(means[others], axis=0, weights=sizes[others])
            told = {each.column: each.rest for each in found[own]}
            assert told == pytest.approx({f"c{j}": value for j, value in enumerate(rest)})

    def test_of_centroids_that_agree_are_none(self) -> None:
        agree = [{"income": 0.1 + 0.2}, {"income": 0.1 + 0.2}, {"income": 0.1 + 0.2}]
        assert differences_of([[{"id": 1}]] * 3, agree) == [(), (), ()]
