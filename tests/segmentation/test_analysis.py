from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from app.segmentation.errors import (
    ColumnError,
    DegenerateDataError,
    SegmentationError,
    TableError,
)
from app.segmentation.preparation.column_choice import check_width, columns_used
from app.segmentation.preparation.fitting import fit_features
from app.segmentation.preparation.neighbours import Donors
from app.segmentation.recipe import AUTO, Recipe
from app.segmentation.tables import read_table, table_from_frame
from tests.segmentation.analysing import analyse, asked, segments_of, table_of
from tests.segmentation.statements import check_name

GROUPS = ([25, 45, 65], [30_000, 90_000, 50_000], [5, 20, 40])


def three_groups(seed: int, n: int = 150) -> tuple[pd.DataFrame, np.ndarray]:
    """Three groups far apart, with numbers as text, a gap in a fifth of the rows, and more."""
    rng = np.random.default_rng(seed)
    group = rng.permutation(np.repeat([0, 1, 2], n // 3))
    age, income, purchases = (np.array(centres)[group] for centres in GROUPS)
    frame = pd.DataFrame(
        {
            "id": [i if i % 2 else f"customer-{i}" for i in range(n)],
            "age": rng.normal(age, 2).round(),
            "income": [f"{value:,.0f}" for value in rng.normal(income, 2500)],
            "purchases": rng.normal(purchases, 1.5).round(),
            "gender": rng.choice(["Male", "Female"], n),
            "region": rng.choice(["North", "South", "East"], n),
            "note": [f"called on day {i}, wants to hear from us again" for i in range(n)],
            "country": "DE",
        },
        dtype=object,
    )
    for row in np.flatnonzero(rng.random(n) < 0.2):
        frame.loc[row, rng.choice(["age", "income", "purchases"])] = None
    frame.loc[rng.random(n) < 0.1, "region"] = None
    return frame, group


def people(n: int, **columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"id": range(n), **columns}, dtype=object)


def real(shared_data: Path, name: str, n_rows: int | None = None) -> pd.DataFrame:
    with (shared_data / name).open("rb") as source:
        table = read_table(source)
    return pd.DataFrame(table.page(limit=n_rows or len(table.frame)), dtype=object)


class TestThreeObviousGroups:
    @pytest.mark.parametrize("seed", range(3))
    def test_are_found_exactly_through_gaps_and_columns_that_say_nothing(self, seed: int) -> None:
        frame, group = three_groups(seed)
        found = analyse(frame)
        assert adjusted_rand_score(group, found.labels) == 1.0
        assert found.n_segments == 3

    @pytest.mark.parametrize("seed", range(3))
    def test_are_found_exactly_among_columns_of_noise(self, seed: int) -> None:
        frame, group = three_groups(seed)
        rng = np.random.default_rng(seed + 100)
        frame["weather"] = rng.normal(20, 5, len(frame)).round(1)
        frame["lottery"] = rng.uniform(0, 1_000, len(frame)).round()
        frame["delay"] = rng.exponential(3, len(frame)).round(2)
        found = analyse(frame)
        assert adjusted_rand_score(group, found.labels) == 1.0
        assert {"weather", "lottery", "delay"}.isdisjoint(found.columns.used)
        assert any("weather" in warning for warning in found.warnings)
        assert sum(found.importance[name] for name in ("weather", "lottery", "delay")) < 0.05

    def test_are_found_among_a_dozen_customers(self) -> None:
        few = people(
            12,
            age=[20, 21, 22, 23, 40, 41, 42, 43, 60, 61, 62, 63],
            income=[10, 11, 10, 12, 50, 51, 52, 50, 90, 91, 92, 93],
        )
        assert adjusted_rand_score(np.repeat([0, 1, 2], 4), analyse(few).labels) == 1.0

    @pytest.mark.parametrize("n", [18, 30, 39])
    def test_are_found_among_few_customers_with_answers_that_say_nothing(self, n: int) -> None:
        rng = np.random.default_rng(n)
        group = np.arange(n) % 3
        told = people(
            n,
            age=list(np.array([30, 45, 60])[group] + rng.integers(-2, 3, n)),
            income=list(np.array([20_000, 50_000, 90_000])[group] + rng.integers(-3000, 3000, n)),
            visits=list(np.array([5, 20, 40])[group] + rng.integers(-2, 3, n)),
            weekday=list(rng.integers(1, 8, n)),
            rating=list(rng.integers(1, 6, n)),
        )
        assert adjusted_rand_score(group, analyse(told).labels) == 1.0

    def test_use_every_column_that_is_asked_for(self) -> None:
        frame, _ = three_groups(0)
        found = analyse(frame, asked(columns=("age", "income", "gender")))
        assert set(found.columns.used) == {"age", "income", "gender"}

    @pytest.mark.parametrize("algorithm", ["kmeans", "hierarchical"])
    def test_are_found_by_an_algorithm_that_is_asked_for(self, algorithm: str) -> None:
        frame, group = three_groups(0)
        found = analyse(frame, asked(algorithm=algorithm))
        assert adjusted_rand_score(group, found.labels) == 1.0
        assert found.chosen.algorithm == algorithm
        assert "requested" in found.chosen.reason

    def test_are_explained_by_the_columns_that_made_them(self) -> None:
        found = analyse(three_groups(1)[0])
        assert found.accuracy > 0.9
        assert sum(found.importance.values()) == pytest.approx(1)
        made = sum(found.importance[name] for name in ("age", "income", "purchases"))
        assert made > 0.95

    def test_leave_out_what_does_not_describe_a_customer_and_say_why(self) -> None:
        found = analyse(three_groups(1)[0])
        assert set(found.columns.used) == {"age", "income", "purchases"}
        assert found.columns.left_out["gender"].startswith("unrelated")
        assert found.columns.left_out["note"].startswith("free text")
        assert found.columns.left_out["country"].startswith("constant")

    def test_come_out_the_same_every_time(self) -> None:
        frame, _ = three_groups(2)
        first, second = analyse(frame), analyse(frame)
        np.testing.assert_array_equal(first.labels, second.labels)
        assert segments_of(first) == segments_of(second)
        assert first.importance == second.importance


class TestFewDifferentValues:
    @pytest.mark.parametrize("n", [60, 600])
    def test_of_independent_answers_are_not_a_segment_each(self, n: int) -> None:
        rng = np.random.default_rng(n)
        ratings = people(n, service=list(rng.integers(1, 6, n)), price=list(rng.integers(1, 6, n)))
        assert analyse(ratings).n_segments <= 5
        one = people(n, rating=list(rng.integers(1, 6, n)))
        assert analyse(one).n_segments == 2

    @pytest.mark.parametrize("n", [60, 600])
    def test_that_go_together_are_the_groups(self, n: int) -> None:
        rng = np.random.default_rng(n)
        group = np.arange(n) % 3
        told = people(
            n,
            region=list(np.array(["North", "South", "East"])[group]),
            plan=list(np.array(["Basic", "Family", "Business"])[group]),
            gender=list(rng.choice(["Male", "Female"], n)),
        )
        found = analyse(told)
        assert adjusted_rand_score(group, found.labels) == 1.0
        assert "gender" in found.columns.left_out


class TestTheChoiceOfAlgorithm:
    def test_tells_what_was_tried_with_which_scores(self) -> None:
        found = analyse(three_groups(0)[0])
        tried = {attempt.algorithm: attempt for attempt in found.chosen.attempts}
        assert set(tried) == {"kmeans", "hierarchical", "dbscan"}
        assert tried[found.chosen.algorithm].n_clusters == 3
        best = max(one.score for one in tried.values() if one.score is not None and one.sound)
        assert tried[found.chosen.algorithm].score >= best - 0.02
        assert f"{tried[found.chosen.algorithm].score:.3f}" in found.chosen.reason

    def test_prefers_hierarchical_for_mixed_columns_and_k_means_for_numbers(self) -> None:
        frame, group = three_groups(0)
        frame["plan"] = np.array(["Basic", "Family", "Business"])[group]
        assert analyse(frame).chosen.algorithm == "hierarchical"
        numbers = frame[["id", "age", "income", "purchases"]]
        assert analyse(numbers).chosen.algorithm == "kmeans"

    def test_takes_dbscan_where_groups_are_no_balls(self) -> None:
        rng = np.random.default_rng(0)
        angle = rng.uniform(0, 2 * np.pi, 400)
        radius = np.where(np.arange(400) % 2, 1.0, 6.0) + rng.normal(0, 0.1, 400)
        rings = people(400, x=list(radius * np.cos(angle)), y=list(radius * np.sin(angle)))
        found = analyse(rings, asked(algorithm="dbscan", transform="none"))
        inner = np.arange(400) % 2 == 1
        assert len(set(found.labels[inner])) == 1
        assert found.labels[inner][0] not in found.labels[~inner]

    def test_splits_into_as_many_as_asked_for(self) -> None:
        found = analyse(three_groups(0)[0], asked(n_clusters=5))
        assert found.n_segments == 5
        assert sum(segment.profile.size for segment in segments_of(found)) == 150

    def test_refuses_more_segments_than_there_are_different_customers(self) -> None:
        with pytest.raises(DegenerateDataError, match="3 distinct customers"):
            analyse(people(3, age=[20, 40, 60]), asked(n_clusters=5))

    def test_a_single_dense_region_is_one_segment_and_said_so(self) -> None:
        frame = people(30, x=[i % 5 for i in range(30)], y=[i % 6 for i in range(30)])
        found = analyse(frame, asked(algorithm="dbscan"))
        assert found.n_segments == 1
        assert "dense region" in found.warnings[-1]


class TestWhatCannotBeSegmented:
    def test_identical_customers_are_one_segment(self) -> None:
        found = analyse(people(6, age=[30] * 6, city=["Ulm"] * 6, income=[5000] * 6))
        (segment,) = segments_of(found)
        assert segment.profile.size == 6
        assert segment.profile.means == {"age": 30, "income": 5000}
        assert found.confidences is None
        assert sum(found.importance.values()) == pytest.approx(1)
        assert "alike on every column" in found.warnings[-1]

    def test_two_customers_are_one_segment_unless_two_are_asked_for(self) -> None:
        frame = people(2, age=[20, 60], income=[1000, 9000])
        found = analyse(frame)
        assert found.n_segments == 1
        assert "too few" in found.warnings[-1]
        assert analyse(frame, asked(n_clusters=2)).n_segments == 2

    def test_one_column_is_enough(self) -> None:
        found = analyse(people(6, age=[20, 21, 22, 60, 61, 62]))
        assert [segment.name for segment in segments_of(found)] in (
            ["Younger customers", "Older customers"],
            ["Older customers", "Younger customers"],
        )
        assert found.importance == {"age": 1.0}
        younger = next(
            segment for segment in segments_of(found) if segment.name == "Younger customers"
        )
        assert {one.text for one in younger.characteristics} == {
            "Younger: mean age 21 vs 61",
            "Age mostly 20 to 22 (100% vs 0%)",
            "Age up to the median of 41 (100% vs 0%)",
        }

    def test_one_column_has_a_medium_group_between_two_others(self) -> None:
        rng = np.random.default_rng(0)
        pay = people(90, pay=rng.normal([20, 50, 80] * 30, 2).round().tolist())
        found = analyse(pay, asked(n_clusters=3))
        (medium,) = (
            segment for segment in segments_of(found) if segment.name == "Medium-pay customers"
        )
        assert medium.characteristics[0].text.startswith("Medium pay, mostly 4")
        assert "varies less (standard deviation " in medium.characteristics[1].text
        assert len(medium.characteristics) == 3

    def test_free_text_alone_is_refused_by_its_name(self) -> None:
        notes = [f"wrote on day {i} that everything is as it should be" for i in range(30)]
        with pytest.raises(ColumnError, match="'comment' is free text"):
            analyse(people(30, comment=notes))

    def test_categories_alone_are_segmented(self) -> None:
        found = analyse(people(40, plan=["basic", "pro"] * 20, device=["phone", "desk"] * 20))
        assert found.n_segments == 2
        assert found.structure.verdict == "none"
        pro = next(
            segment for segment in segments_of(found) if segment.name == "Customers on the pro plan"
        )
        assert [one.text for one in pro.characteristics] == [
            "Always plan pro: 100% vs 0%",
            "Every customer with plan pro belongs here: 100% vs 0% of the others",
            "No customer with plan basic belongs here: 0% vs 100% of the others",
        ]

    def test_a_category_of_several_levels_is_told_by_the_others_too(self) -> None:
        found = analyse(people(60, plan=["basic", "pro", "team"] * 20))
        basic = next(
            segment
            for segment in segments_of(found)
            if segment.name == "Customers on the basic plan"
        )
        assert [one.text for one in basic.characteristics] == [
            "Always plan basic: 100% vs 0%",
            "Never plan pro: 0% vs 50%",
            "Never plan team: 0% vs 50%",
        ]

    def test_records_without_values_are_no_table(self) -> None:
        with pytest.raises(TableError, match="no records"):
            analyse(pd.DataFrame([{}, {}]))

    def test_a_nested_value_is_refused_by_column_and_row(self) -> None:
        with pytest.raises(TableError, match=r"'age', row 2"):
            analyse(pd.DataFrame([{"age": 1}, {"age": [2]}]))

    @pytest.mark.parametrize(
        "options",
        [
            asked(columns=("height",)),
            asked(exclude=("height",)),
            asked(columns=("id",)),
            asked(exclude=("id", "age")),
        ],
    )
    def test_a_wish_for_columns_that_cannot_be_met_is_refused(self, options: Recipe) -> None:
        with pytest.raises(ColumnError):
            analyse(people(10, age=list(range(10))), options)


class TestColumns:
    def test_one_that_most_customers_lack_is_left_out_unless_asked_for(self) -> None:
        rare: list[object] = [None] * 30
        rare[:6] = [1, 2, 3, 1, 2, 3]
        frame = people(30, spent=[i % 5 for i in range(30)], rare=rare)
        found = analyse(frame)
        assert found.columns.left_out["rare"] == "missing for 80% of the customers"
        assert "rare" in analyse(frame, asked(columns=("rare", "spent"))).columns.used

    def test_dates_are_left_out_with_the_reason(self) -> None:
        born = [f"19{i % 60 + 30}-0{i % 9 + 1}-10" for i in range(30)]
        found = analyse(people(30, birthday=born, spent=[i % 7 for i in range(30)]))
        assert found.columns.left_out == {
            "id": "an identifier: it names customers and does not describe them",
            "birthday": "a date",
        }

    def test_days_since_a_sign_up_count_by_themselves(self) -> None:
        joined = [f"2024-0{i % 9 + 1}-10" for i in range(30)]
        found = analyse(people(30, joined=joined, spent=[i % 7 for i in range(30)]))
        assert found.columns.left_out["joined"] == "a date: the days since it are used"
        means = {**found.profiles[0].means}
        assert "days since joined" in means
        assert any("counted to 2024-09-10" in warning for warning in found.warnings)

    def test_gaps_are_filled_from_customers_alike_in_what_is_known(self) -> None:
        near = np.array([[9.0, 9.0], [9.21, 9.2], [9.35, 9.4], [9.5, 9.6]])
        row, missing = np.array([[9.1, 4.0], [0.0, 0.0]]), np.array([[False, True], [False] * 2])
        for nearest, expected in ((4, near[:, 1].mean()), (1, 9.0)):
            X = row.copy()
            Donors(np.vstack([np.zeros((20, 2)), near]), nearest).fill(X, missing)
            assert X[0, 1] == pytest.approx(expected)
            assert X[1].tolist() == [0.0, 0.0]

    @pytest.mark.parametrize("slip", [20_000, 99_999, 1e15])
    def test_one_value_far_beyond_all_others_is_told_and_does_not_decide_alone(
        self, slip: float
    ) -> None:
        rng = np.random.default_rng(1)
        spend = (rng.normal(100, 5, 60) + np.arange(60) % 2 * 200).round(2).tolist()
        spend[7] = slip
        found = analyse(people(60, spend=spend, age=rng.normal(40, 5, 60).round(1).tolist()))
        assert len(set(zip(found.labels.tolist(), np.arange(60) % 2, strict=True))) == 2
        assert sorted(segment.name for segment in segments_of(found)) == [
            "High-spending customers",
            "Low-spending customers",
        ]
        (told,) = (text for text in found.warnings if "beyond all others" in text)
        assert told.startswith("'spend': 1 value is far beyond all others (")

    def test_values_that_differ_by_next_to_nothing_are_compared_too(self) -> None:
        frame = people(30, a=[5e-324 * (i % 3) for i in range(30)], b=[i % 5 for i in range(30)])
        assert sum(segment.profile.size for segment in segments_of(analyse(frame))) == 30

    def test_two_categories_count_half_of_a_standard_deviation_squared(self) -> None:
        frame = table_from_frame(people(4, a=[1, 2, 3, 4], b=["x", "x", "y", "y"])).frame
        matrix = fit_features(frame, numeric=["a"], categorical=["b"], category_weight=0.5).matrix
        assert np.square(matrix[0, 1:] - matrix[3, 1:]).sum() == pytest.approx(0.5)

    def test_many_features_are_projected_and_ninety_per_cent_of_the_variance_kept(self) -> None:
        rng = np.random.default_rng(0)
        base = rng.normal(size=(200, 3))
        wide = pd.DataFrame(base @ rng.normal(size=(3, 40)) + rng.normal(0, 0.01, (200, 40)))
        wide.columns = [f"c{i}" for i in range(40)]
        space = fit_features(wide, numeric=list(wide.columns), projection="auto")
        encoded = space.encoder.before_projection().transform(wide)
        assert space.matrix.shape[1] <= 3
        assert space.matrix.var(axis=0).sum() / encoded.var(axis=0).sum() >= 0.9

    def test_more_of_them_than_can_be_worked_on_are_refused(self) -> None:
        wide = pd.DataFrame(np.random.default_rng(0).normal(size=(20, 201)).round(2), dtype=object)
        wide.columns = [f"c{i}" for i in range(201)]
        table = table_of(wide)
        used = columns_used(table.columns, AUTO, n_rows=20)
        with pytest.raises(ColumnError, match="201 features"):
            check_width(table.columns, used, n_rows=20, limit=AUTO.categorical_limit)

    def test_many_of_them_are_analysed_and_ruled_by_those_that_differ(self) -> None:
        rng = np.random.default_rng(0)
        group = np.arange(120) % 2
        values = rng.normal(size=(120, 60)).round(3)
        values[:, 7] += 50 * group
        wide = pd.DataFrame(values, dtype=object)
        wide.columns = [f"c{i}" for i in range(60)]
        recipe = asked(
            n_clusters=2, algorithm="kmeans", validation="full", columns=tuple(wide.columns)
        )
        found = analyse(wide, recipe)
        assert found.encoder.components is not None
        assert len(found.validation.rules) == 2


class TestRealTables:
    @pytest.mark.parametrize("name", ["mall_customers.csv", "wholesale_customers.csv"])
    def test_give_no_name_with_a_word_that_no_difference_is_behind(
        self, shared_data: Path, name: str
    ) -> None:
        for segment in segments_of(analyse(real(shared_data, name))):
            check_name(segment.profile, segment.name)

    def test_mall_by_income_and_spending_has_its_five_groups(self, shared_data: Path) -> None:
        frame = real(shared_data, "mall_customers.csv")
        columns = ("Annual Income (k$)", "Spending Score (1-100)")
        found = analyse(frame, asked(columns=columns, validation="full"))
        assert found.silhouette.score == pytest.approx(0.5547, abs=1e-3)
        assert sorted(s.profile.size for s in segments_of(found)) == [22, 23, 35, 39, 81]
        (middling,) = (s for s in segments_of(found) if s.profile.size == 81)
        assert middling.characteristics[0].text.startswith("Medium annual income, mostly ")
        assert middling.name == "Medium-spending customers with medium income"
        assert found.structure.verdict == "strong"
        assert found.validation.stability.weakest >= 0.95
        assert found.validation.certainty.best_k == 5
        assert min(rule.precision for rule in found.validation.rules) > 0.9
        assert len(found.silhouette.per_cluster) == 5


class TestValidation:
    @pytest.mark.parametrize("algorithm", ["kmeans", "hierarchical", "dbscan"])
    def test_finds_far_groups_stable_by_each_algorithm(self, algorithm: str) -> None:
        frame, _ = three_groups(0)
        frame = frame[["id", "age", "income", "purchases"]].dropna()
        options = asked(algorithm=algorithm, validation="full")
        report = analyse(frame, options).validation
        assert report.stability is not None, report.notes
        assert report.stability.weakest > 0.85
        assert report.certainty.best_k == 3
        assert [rule.segment for rule in report.rules] == [0, 1, 2]
        assert report.notes == ()

    def test_of_few_customers_says_what_could_not_be_measured(self) -> None:
        frame = people(2, age=[20, 60], city=["Ulm", "Bonn"])
        found = analyse(frame, asked(n_clusters=2, validation="full"))
        assert found.validation.certainty is None
        assert any("too few" in note for note in found.validation.notes)

    def test_is_measured_on_request_alone(self) -> None:
        assert analyse(three_groups(0)[0]).validation is None


class TestConfidence:
    def test_compares_the_own_centre_with_the_nearest_other(self) -> None:
        frame, _ = three_groups(0)
        options = asked(algorithm="kmeans", transform="none")
        found = analyse(frame[["age", "income", "purchases"]], options)
        X = found.encoder.transform(table_of(frame[["age", "income", "purchases"]]).frame)
        labels = found.labels
        centres = np.vstack([X[labels == k].mean(axis=0) for k in range(3)])
        distance = np.linalg.norm(X[:, None] - centres, axis=2)
        own = distance[np.arange(len(X)), labels]
        other = np.sort(distance, axis=1)[:, 1]
        np.testing.assert_allclose(found.confidences, (1 - own / other) * 100, atol=0.51)

    def test_is_never_negative_where_a_tree_leaves_a_customer_nearer_to_another_centre(
        self, shared_data: Path
    ) -> None:
        found = analyse(real(shared_data, "mall_customers.csv"), asked(algorithm="hierarchical"))
        assert found.confidences.min() == 0
        assert found.confidences.max() <= 100


def test_values_too_large_to_compare_are_refused_by_column() -> None:
    with pytest.raises(SegmentationError, match="'spent'"):
        analyse(people(30, spent=[1.5e308 * (-1) ** i for i in range(30)], y=list(range(30))))
