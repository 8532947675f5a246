"""What segments tell about another column, against definitions written out here."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import r2_score

from app.segmentation.errors import DegenerateDataError
from app.segmentation.recipe import AUTO
from app.segmentation.segment import segment
from app.segmentation.tables import read_table
from app.segmentation.validation.usefulness import Usefulness, assess_usefulness
from app.segmentation.validation.usefulness_words import usefulness_sentence

NAMES = {0: "Small", 1: "Middling", 2: "Large"}


def customers(n: int = 600, seed: int = 3) -> tuple[pd.DataFrame, np.ndarray]:
    """Three segments by size, and columns that depend on it, on more than it, and on nothing."""
    rng = np.random.default_rng(seed)
    size = rng.gamma(2.0, 50.0, n)
    labels = np.digitize(size, np.quantile(size, [0.4, 0.8]))
    frame = pd.DataFrame(
        {
            "size": size,
            "country": rng.choice(["fr", "de", "it"], n),
            "churn": np.where(rng.random(n) < np.array([0.5, 0.2, 0.1])[labels], "Yes", "No"),
            "spend": size * 3 + rng.normal(0, 20, n),
            "luck": rng.normal(0, 1, n),
            "plan": np.array(["a", "b", "c", "d"])[(labels + (rng.random(n) < 0.3)) % 4],
        }
    )
    return frame, labels


def asked(frame: pd.DataFrame, labels: np.ndarray, column: str, **options: str) -> Usefulness:
    return assess_usefulness(
        frame[column], labels, frame, numeric=["size"], categorical=["country"], **options
    )


class TestCategories:
    def test_shares_lifts_and_wilson_intervals_are_as_defined(self) -> None:
        frame, labels = customers()
        found = asked(frame, labels, "churn")
        churned = (frame["churn"] == "Yes").to_numpy()
        assert (found.kind, found.level) == ("category", "Yes")
        assert found.overall == pytest.approx(churned.mean())
        z = stats.norm.ppf(0.975)
        for each in found.segments:
            inside = churned[labels == each.segment]
            n, share = len(inside), inside.mean()
            middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
            reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
            assert (each.size, each.value) == (n, pytest.approx(share))
            assert (each.low, each.high) == pytest.approx((middle - reach, middle + reach))
            assert each.lift == pytest.approx(share / churned.mean())
            assert each.lift_low < each.lift < each.lift_high

    @pytest.mark.parametrize("column", ["churn", "plan", "country"])
    def test_association_is_cramers_v(self, column: str) -> None:
        frame, labels = customers()
        table = pd.crosstab(frame[column], labels).to_numpy()
        expected = stats.contingency.association(table, method="cramer", correction=False)
        assert asked(frame, labels, column).association == pytest.approx(expected)

    def test_the_category_asked_for_is_compared(self) -> None:
        frame, labels = customers()
        found = asked(frame, labels, "plan", level="c")
        assert found.overall == pytest.approx((frame["plan"] == "c").mean())
        with pytest.raises(DegenerateDataError, match="no value 'z'"):
            asked(frame, labels, "plan", level="z")

    def test_numbers_of_two_values_are_categories(self) -> None:
        frame, labels = customers()
        as_text = asked(frame, labels, "churn")
        flags = frame.assign(churn=(frame["churn"] == "Yes").astype(float))
        found = asked(flags, labels, "churn")
        assert (found.level, found.association) == ("1", pytest.approx(as_text.association))


class TestNumbers:
    def test_means_and_students_intervals_are_as_defined(self) -> None:
        frame, labels = customers()
        found = asked(frame, labels, "spend")
        for each in found.segments:
            inside = frame["spend"].to_numpy()[labels == each.segment]
            ends = stats.ttest_1samp(inside, 0).confidence_interval(0.95)
            assert (each.low, each.high) == pytest.approx((ends.low, ends.high))
            assert each.value == pytest.approx(inside.mean())

    def test_association_is_eta_squared(self) -> None:
        frame, labels = customers()
        means = frame["spend"].groupby(labels).transform("mean")
        assert asked(frame, labels, "spend").association == pytest.approx(
            r2_score(frame["spend"], means)
        )

    def test_a_mean_around_zero_has_no_lift(self) -> None:
        frame, labels = customers()
        assert all(np.isnan(each.lift) for each in asked(frame, labels, "luck").segments)


class TestHeldOut:
    def test_columns_know_more_than_the_segments_cut_from_them(self) -> None:
        found = asked(*customers(), "spend")
        assert 0.5 < found.by_segments < found.association < found.by_model

    def test_nothing_is_read_into_a_column_of_chance(self) -> None:
        alarms = 0
        for seed in range(30):
            frame, labels = customers(200, seed)
            found = asked(frame, labels, "luck")
            assert found.by_segments < 0.05
            alarms += found.p_value <= 0.05
        assert alarms <= 5

    def test_the_order_of_rows_changes_nothing(self) -> None:
        frame, labels = customers()
        order = np.random.default_rng(0).permutation(len(frame))
        for column in ("spend", "plan"):
            shuffled = asked(frame.iloc[order].reset_index(drop=True), labels[order], column)
            known = asked(frame, labels, column)
            assert shuffled.p_value == known.p_value
            assert shuffled.by_model == pytest.approx(known.by_model)
            assert shuffled.held_out == pytest.approx(known.held_out)


class TestSentence:
    @pytest.mark.parametrize(
        ("column", "expected"),
        [
            ("churn", "churn: Yes ranges from"),
            ("spend", "spend ranges from"),
            ("luck", "There is no evidence that the segments differ in luck"),
        ],
    )
    def test_says_what_was_found_and_what_the_columns_reach(
        self, column: str, expected: str
    ) -> None:
        found = asked(*customers(), column)
        told = usefulness_sentence(found, column=column, names=NAMES)
        assert told.startswith(expected)
        assert f"explains {found.by_model:.0%}" in told or found.by_model < 0.005

    def test_extremes_are_of_segments_with_enough_customers(self) -> None:
        frame, labels = customers()
        few = labels.copy()
        few[np.flatnonzero(frame["churn"] == "Yes")[:3]] = 3
        told = usefulness_sentence(asked(frame, few, "churn"), column="churn", names=NAMES)
        assert "100%" not in told


class TestRefused:
    @pytest.mark.parametrize(
        ("values", "why"),
        [
            (["x"] * 60, "'x' for every customer"),
            ([5.0] * 60, "'5' for every customer"),
            ([None] * 50 + ["a", "b"] * 5, "known for 10 customers"),
            ([f"n{i}" for i in range(60)], "60 different values"),
            (pd.date_range("2024-01-01", periods=60), "dates"),
        ],
    )
    def test_says_why_a_column_cannot_be_compared(self, values: object, why: str) -> None:
        frame, labels = customers(60)
        with pytest.raises(DegenerateDataError, match=why):
            asked(frame.assign(other=values), labels, "other")

    def test_a_column_known_in_one_segment_alone(self) -> None:
        frame, labels = customers(200)
        known = frame["luck"].where(labels == 0)
        with pytest.raises(DegenerateDataError, match="one segment alone"):
            asked(frame.assign(luck=known), labels, "luck")


def test_gaps_take_no_part() -> None:
    frame, labels = customers()
    gaps = frame.assign(spend=frame["spend"].where(frame.index % 3 > 0))
    known = gaps["spend"].notna().to_numpy()
    found, alone = asked(gaps, labels, "spend"), asked(gaps[known], labels[known], "spend")
    assert (found.n_samples, found.n_missing) == (400, 200)
    assert found.association == pytest.approx(alone.association)


def test_choosing_segments_never_looks_at_the_column() -> None:
    rng = np.random.default_rng(5)
    group = rng.integers(0, 3, 90)
    frame = pd.DataFrame(
        {"age": group * 20 + rng.normal(30, 2, 90), "spend": group * 9 + rng.normal(9, 1, 90)}
    ).round(2)
    recipe = replace(AUTO, exclude=("churn",), validation="none")
    answers = [
        segment(
            read_table(io.BytesIO(frame.assign(churn=churn).to_csv(index=False).encode())), recipe
        )
        for churn in (np.where(group == 0, "yes", "no"), rng.choice(["yes", "no"], 90))
    ]
    one, other = answers
    np.testing.assert_array_equal(one.labels, other.labels)
    assert one.names == other.names
    assert one.chosen.reason == other.chosen.reason
