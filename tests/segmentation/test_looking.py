"""Looking into segments: figures are recomputed, and every change is placed."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.segmentation.looking.around import around
from app.segmentation.looking.crossings import Range
from app.segmentation.looking.distributions import MOST_BINS, distribution
from app.segmentation.looking.explaining import explain_again
from app.segmentation.looking.moving import smallest_change
from app.segmentation.looking.rows import facts_of
from app.segmentation.looking.support import chances, columns_for
from app.segmentation.recipe import AUTO, CONTRACT
from app.segmentation.segment import segment
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Table, read_table

KMEANS = replace(CONTRACT, algorithm="kmeans", n_clusters=4)
RECIPES = {
    "kmeans": KMEANS,
    "kmeans behind components": replace(KMEANS, projection=2),
    "ward": replace(CONTRACT, n_clusters=4),
    "dbscan": replace(CONTRACT, algorithm="dbscan"),
    "auto": AUTO,
}


@pytest.fixture(scope="module")
def mall(shared_data: Path) -> Table:
    with (shared_data / "mall_customers.csv").open("rb") as source:
        return read_table(source)


@pytest.fixture(scope="module")
def found(mall: Table) -> dict[str, Segmentation]:
    return {name: segment(mall, recipe) for name, recipe in RECIPES.items()}


def ranges_of(frame: pd.DataFrame) -> dict[str, Range]:
    numeric = frame.select_dtypes("number")
    return {
        str(name): Range(
            low=float(values.min()), high=float(values.max()), whole=bool((values % 1 == 0).all())
        )
        for name, values in numeric.items()
    }


class TestRowsOfTheTable:
    def test_are_as_sure_as_when_the_segmentation_was_made(self, mall, found) -> None:
        made = found["auto"]
        facts = facts_of(made.kept(), mall.frame, made.labels)
        np.testing.assert_array_equal(facts.confidences, made.confidences)
        np.testing.assert_allclose(facts.probabilities, made.probabilities)

    @pytest.mark.parametrize("name", RECIPES)
    def test_have_the_distance_to_their_center_and_the_nearest_other(
        self, mall, found, name
    ) -> None:
        made = found[name]
        facts = facts_of(made, mall.frame, made.labels)
        X = made.encoder.transform(mall.frame)
        apart = np.linalg.norm(X[:, None] - made.clustering.centers, axis=2)
        inside = made.labels >= 0
        own = apart[inside, made.labels[inside]]
        np.testing.assert_allclose(facts.distances[inside], own)
        apart[inside, made.labels[inside]] = np.inf
        np.testing.assert_array_equal(facts.rivals[inside], apart[inside].argmin(axis=1))
        np.testing.assert_allclose(facts.margins[inside], 1 - own / apart[inside].min(axis=1))
        assert np.isnan(facts.probabilities[~inside]).all()

    def test_of_one_segment_are_in_it(self) -> None:
        table = read_table_of(pd.DataFrame({"age": [41] * 30}))
        alone = segment(table, AUTO)
        facts = facts_of(alone, table.frame, alone.labels)
        assert np.isnan(facts.confidences).all()
        assert (facts.rivals == -1).all()
        assert not facts.outliers.any()


def read_table_of(frame: pd.DataFrame) -> Table:
    return read_table(BytesIO(frame.to_csv(index=False).encode()))


numbers = st.one_of(
    st.floats(-1e9, 1e9).map(lambda each: round(each, 3)), st.integers(-50, 50), st.just(np.nan)
)


class TestDistributions:
    @settings(max_examples=200, deadline=None)
    @given(values=st.lists(numbers, min_size=1, max_size=80), seed=st.integers(0, 9))
    def test_count_every_customer_once(self, values, seed) -> None:
        series = pd.Series(values, dtype="float64", name="x")
        inside = np.random.default_rng(seed).random(len(values)) < 0.4
        found = distribution(series, inside, kind="number")
        if series.isna().all():
            assert found is None
            return
        for side, rows in ((found.here, series[inside]), (found.rest, series[~inside])):
            assert side.missing == rows.isna().sum()
            known = rows.dropna()
            assert sum(side.counts) == len(known)
            if found.levels is not None:
                expected = [int((known == float(level)).sum()) for level in found.levels]
            else:
                assert len(found.edges) <= MOST_BINS + 1
                edges = [-np.inf, *found.edges[1:-1], np.inf]
                cut = pd.cut(known, edges, right=False)
                expected = cut.value_counts(sort=False).tolist()
                known_all = series.dropna()
                assert found.open_low == (known_all.min() < found.edges[0])
                assert found.open_high == (known_all.max() > found.edges[-1])
            assert list(side.counts) == expected

    def test_edges_are_round_and_a_far_value_does_not_squeeze_the_others(self) -> None:
        values = pd.Series([*np.linspace(20.5, 79.5, 999), 1e6], name="income")
        found = distribution(values, np.arange(1000) < 500, kind="number")
        assert found.edges == (20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0,
                               75.0, 80.0)  # fmt: skip
        assert found.open_high
        assert not found.open_low
        assert found.here.counts[-1] + found.rest.counts[-1] == (values >= 75).sum()

    def test_no_bin_of_whole_numbers_holds_more_of_them_than_another(self) -> None:
        found = distribution(pd.Series(range(14), name="n"), np.ones(14, dtype=bool), kind="number")
        assert set(found.here.counts) == {1}

    def test_rare_categories_are_counted_together(self) -> None:
        values = pd.Series([*"aaabbc", *(f"rare {i}" for i in range(20)), None], name="kind")
        inside = np.arange(len(values)) % 2 == 0
        found = distribution(values, inside, kind="category")
        assert found.levels[:3] == ("a", "b", "c")
        assert len(found.levels) == 12
        total = [sum(each.counts) + each.other + each.missing for each in (found.here, found.rest)]
        assert total == [inside.sum(), (~inside).sum()]
        assert found.here.other + found.rest.other == 11
        assert found.here.missing + found.rest.missing == 1

    @pytest.mark.parametrize(
        ("last", "first_edges"),
        [
            ("2026-01-10", ("2026-01-01", "2026-01-02")),
            ("2026-05-10", ("2025-12-29", "2026-01-05")),
            ("2027-06-10", ("2026-01-01", "2026-02-01")),
            ("2045-06-10", ("2026-01-01", "2027-01-01")),
            ("2326-06-10", ("2026-01-01", "2036-01-01")),
        ],
    )
    def test_dates_are_counted_by_periods_of_the_calendar(self, last, first_edges) -> None:
        days = pd.date_range("2026-01-01", last, periods=50).as_unit("us")
        values = pd.Series(days, name="since")
        values.iloc[3] = pd.NaT
        found = distribution(values, np.arange(50) < 25, kind="date")
        assert found.edges[:2] == first_edges
        assert len(found.edges) <= MOST_BINS + 8
        assert sum(found.here.counts) == 24
        assert sum(found.rest.counts) == 25
        assert found.here.missing == 1

    def test_a_column_without_any_value_has_none(self) -> None:
        nothing = pd.Series([None, None], name="x")
        assert distribution(nothing, np.array([True, False]), kind="category") is None
        assert distribution(nothing, np.array([True, False]), kind="date") is None


class TestWhatSpeaksForAPlace:
    def test_the_terms_are_those_of_the_squared_distances(self, mall, found) -> None:
        made = found["kmeans"]
        row = mall.frame.iloc[[7]]
        facts = facts_of(made, mall.frame, made.labels)
        own, rival = int(made.labels[7]), int(facts.rivals[7])
        x, centers = made.encoder.transform(row)[0], made.clustering.centers
        terms = (x - centers[rival]) ** 2 - (x - centers[own]) ** 2
        columns = [name.split("=")[0] for name in made.encoder.encoded_names]
        by_column = pd.Series(terms).groupby(columns).sum()
        speaking = by_column[by_column > 0].sort_values(ascending=False)
        supports = columns_for(made, row, own=own, rival=rival)
        assert [each.column for each in supports] == speaking.index[:3].tolist()
        assert [each.share for each in supports] == pytest.approx(
            (speaking / speaking.sum()).tolist()[:3]
        )

    def test_all_components_together_say_the_same_as_the_columns(self, mall, found) -> None:
        plain = found["kmeans"]
        n_features = plain.encoder.n_encoded_features - 1  # of two categories one follows
        whole = segment(mall, replace(KMEANS, projection=n_features))
        for row in (0, 7, 100):
            one = mall.frame.iloc[[row]]
            own = int(whole.labels[row])
            rival = int(facts_of(whole, one, whole.labels[[row]]).rivals[0])
            supports = columns_for(whole, one, own=own, rival=rival)
            center = [mall.frame.index[whole.labels == each] for each in (own, rival)]
            encoded = plain.encoder.transform(mall.frame)
            ours, theirs = (encoded[rows].mean(axis=0) for rows in center)
            x = encoded[row]
            terms = (x - theirs) ** 2 - (x - ours) ** 2
            columns = [name.split("=")[0] for name in plain.encoder.encoded_names]
            expected = pd.Series(terms).groupby(columns).sum().sort_values(ascending=False)
            assert supports[0].column == expected.index[0]

    @pytest.mark.parametrize("name", RECIPES)
    def test_up_to_three_columns_speak_under_every_rule(self, mall, found, name) -> None:
        made = found[name]
        row = int(np.flatnonzero(made.labels == 0)[0])
        facts = facts_of(made, mall.frame.iloc[[row]], made.labels[[row]])
        supports = columns_for(made, mall.frame.iloc[[row]], own=0, rival=int(facts.rivals[0]))
        assert 1 <= len(supports) <= 3
        assert all(each.share > 0 for each in supports)
        assert sum(each.share for each in supports) <= 1 + 1e-9

    def test_chances_sum_to_one_and_the_nearer_has_more(self) -> None:
        found = chances(np.array([1.0, 2.0, 4.0]), own=0, probability=0.75)
        assert found == pytest.approx({0: 0.75, 1: 0.2, 2: 0.05})
        assert chances(np.array([1.0, 2.0]), own=0, probability=None) == {0: None, 1: None}
        on_a_center = chances(np.array([1.0, 0.0, 3.0]), own=0, probability=0.5)
        assert on_a_center == pytest.approx({0: 0.5, 1: 0.5, 2: 0.0})


class TestSmallestChange:
    @pytest.mark.parametrize("name", RECIPES)
    def test_moves_the_customer_where_it_says(self, mall, found, name) -> None:
        made, n_found = found[name], 0
        for row in (0, 60, 123):
            one, own = mall.frame.iloc[[row]], int(made.labels[row])
            change = smallest_change(made, one, own=own, ranges=ranges_of(mall.frame))
            if change is None:
                continue
            n_found += 1
            changed = one.copy()
            changed[change.column] = [change.after]
            assert made.place(changed).labels[0] == change.segment != own
            assert change.before == one[change.column].iloc[0]
        assert n_found

    @pytest.mark.parametrize("name", ["kmeans", "kmeans behind components", "auto"])
    def test_is_the_smallest_of_all_where_the_nearest_center_decides(
        self, mall, found, name
    ) -> None:
        made = found[name]
        ranges = ranges_of(mall.frame)
        for row in (3, 77, 150):
            one, own = mall.frame.iloc[[row]], int(made.labels[row])
            change = smallest_change(made, one, own=own, ranges=ranges)
            x = made.encoder.transform(one)
            shortest = np.inf
            for column in made.encoder.columns:
                values = (
                    np.arange(ranges[column].low, ranges[column].high + 1)
                    if column in ranges
                    else mall.frame[column].unique()
                )
                others = one.iloc[np.zeros(len(values), dtype=int)].reset_index(drop=True)
                others[column] = values
                moved = made.place(others).labels != own
                if moved.any():
                    apart = np.linalg.norm(made.encoder.transform(others[moved]) - x, axis=1)
                    shortest = min(shortest, apart.min())
            assert change is not None
            assert change.exact
            assert change.size == pytest.approx(shortest)

    def test_fractions_end_within_a_hundredth_of_the_border(self) -> None:
        rng = np.random.default_rng(0)
        frame = pd.DataFrame({"a": rng.normal(size=200) + np.repeat([0, 6], 100) + 0.001})
        table = read_table_of(frame.assign(b=rng.normal(size=200)))
        made = segment(table, replace(KMEANS, n_clusters=2))
        own = int(made.labels[0])
        one = table.frame.iloc[[0]]
        change = smallest_change(made, one, own=own, ranges=ranges_of(table.frame))
        assert change.column == "a"
        almost = one.assign(a=change.before + 0.985 * (change.after - change.before))
        assert made.place(almost).labels[0] == own
        assert len(str(change.after)) < 8

    def test_there_is_none_within_a_range_that_is_too_narrow(self, mall, found) -> None:
        made, one = found["auto"], mall.frame.iloc[[0]]
        ranges = {
            name: Range(low=float(one[name].iloc[0]), high=float(one[name].iloc[0]), whole=True)
            for name in ("Age", "Annual Income (k$)", "Spending Score (1-100)")
        }
        assert smallest_change(made, one, own=int(made.labels[0]), ranges=ranges) is None


class TestAround:
    def test_neighbours_typical_and_borderline_are_by_distance(self) -> None:
        centers = np.array([[0.0], [10.0], [30.0]])
        labels = np.array([0, 0, 0, 1, 2])
        found = around(
            0,
            centers,
            labels,
            distances=np.array([3.0, 1.0, 2.0, 0.0, 0.0]),
            margins=np.array([0.5, 0.9, 0.1, 1.0, 1.0]),
            rivals=np.array([1, 1, 2, 0, 1]),
        )
        assert found.typical.tolist() == [1, 2, 0]
        assert found.borderline.tolist() == [2, 0, 1]
        assert [(n.segment, n.distance, n.share_of_borderline) for n in found.neighbours] == [
            (2, 30.0, 1.0),
            (1, 10.0, 0.0),
        ]


def test_what_was_not_measured_is_measured_as_it_would_have_been(mall) -> None:
    few = replace(mall, frame=mall.frame[:60], line_numbers=mall.line_numbers[:60])
    whole = segment(few, replace(KMEANS, explanation=True, validation="full"))
    explanation, rules = explain_again(whole.kept(), few.frame)
    assert explanation == whole.explanation
    assert rules == whole.validation.rules
