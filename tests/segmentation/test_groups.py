"""Groups of any shape and number, found on tables whose groups are known."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.datasets import make_circles, make_moons
from sklearn.metrics import adjusted_rand_score

from app.segmentation.choice.columns_apart import ColumnsApart, columns_apart, levels_of
from app.segmentation.choice.groups import Groups, find_groups
from app.segmentation.choice.refitting import groups_refit
from app.segmentation.recipe import AUTO
from app.segmentation.segment import segment
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Table, read_table
from app.segmentation.validation.stability import assess_stability
from app.storage.segmentations import packed, unpacked
from benchmarks.known_shapes import r15

Rows = NDArray[np.float64]


def numbers(X: Rows) -> ColumnsApart:
    standard = (X - X.mean(axis=0)) / X.std(axis=0)
    return columns_apart(standard, n_numeric=X.shape[1], column_starts=range(X.shape[1]))


def blobs(k: int, d: int, gap: float, size: int, seed: int = 0) -> tuple[Rows, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    centres = np.zeros((k, d))
    centres[:, :2] = gap * np.array([(i % 4, i // 4) for i in range(k)])
    truth = np.repeat(np.arange(k), size)
    return centres[truth] + rng.normal(size=(k * size, d)), truth


def found(rows: ColumnsApart) -> Groups:
    groups = find_groups(rows)
    assert groups is not None
    return groups


class TestShapes:
    def test_crescents(self) -> None:
        X, truth = make_moons(400, noise=0.06, random_state=0)

        groups = found(numbers(X))

        assert groups.method == "regions"
        assert adjusted_rand_score(truth, groups.labels) > 0.95

    def test_rings(self) -> None:
        X, truth = make_circles(400, noise=0.04, factor=0.4, random_state=0)

        assert adjusted_rand_score(truth, found(numbers(X)).labels) == 1

    def test_long_groups_side_by_side(self) -> None:
        rng = np.random.default_rng(0)
        truth = np.repeat([0, 1, 2], 150)
        X = np.column_stack([rng.normal(0, 5, 450), 4 * truth + rng.normal(0, 0.5, 450)])
        turned = X @ np.array([(0.8, -0.6), (0.6, 0.8)])

        assert adjusted_rand_score(truth, found(numbers(turned)).labels) > 0.95

    def test_more_than_ten_where_they_are_clear(self) -> None:
        X, truth = blobs(16, 2, 7, 40)

        groups = found(numbers(X))

        assert groups.n_groups == 16
        assert adjusted_rand_score(truth, groups.labels) > 0.98

    def test_those_that_most_searches_agree_on_where_one_misses_them(self) -> None:
        """The search of all rows describes two of these 15 groups by one component."""
        X, truth = r15(np.random.default_rng([0, 7]))
        order = np.random.default_rng(1).permutation(len(X))

        groups = found(numbers(X[order]))

        assert groups.n_groups == 15
        assert adjusted_rand_score(truth[order], groups.labels) > 0.98

    def test_a_small_group_far_from_a_large_one(self) -> None:
        rng = np.random.default_rng(0)
        truth = np.repeat([0, 1], [475, 25])
        X = rng.normal(size=(500, 4)) + 8 * np.eye(4)[0] * truth[:, None]

        assert adjusted_rand_score(truth, found(numbers(X)).labels) > 0.95


class TestContinuum:
    @pytest.mark.parametrize("seed", range(3))
    def test_one_cloud_is_not_divided(self, seed: int) -> None:
        X = np.random.default_rng(seed).normal(size=(400, 3)) @ np.array(
            [(1, 0.7, 0.2), (0, 1, 0.5), (0, 0, 1)]
        )

        assert find_groups(numbers(X)) is None

    def test_few_rows_are_not_divided(self) -> None:
        assert find_groups(numbers(np.random.default_rng(0).normal(size=(6, 2)))) is None


class TestColumns:
    def test_an_irrelevant_category_divides_nothing(self) -> None:
        X, truth = blobs(3, 3, 7, 100)
        region = np.random.default_rng(1).integers(0, 4, 300)
        matrix = np.hstack([numbers(X).matrix, 0.5 * np.eye(4)[region]])

        groups = found(columns_apart(matrix, n_numeric=3, column_starts=range(4)))

        assert adjusted_rand_score(truth, groups.labels) > 0.97

    def test_classes_of_answers(self) -> None:
        rng = np.random.default_rng(0)
        truth = np.repeat([0, 1], 200)
        answers = [np.where(rng.random(400) < 0.7, truth, rng.integers(0, 2, 400))
                   for _ in range(10)]  # fmt: skip
        matrix = np.hstack([np.eye(2)[each] for each in answers])

        groups = found(columns_apart(matrix, n_numeric=0, column_starts=range(0, 20, 2)))

        assert adjusted_rand_score(truth, groups.labels) > 0.9

    def test_order_of_columns_does_not_matter(self) -> None:
        X, _ = blobs(5, 4, 6, 80)

        either = [found(numbers(X[:, order])).labels for order in ([0, 1, 2, 3], [3, 1, 0, 2])]

        assert adjusted_rand_score(*either) == 1

    def test_columns_of_few_values_are_levels(self) -> None:
        levels = levels_of(np.repeat([3.0, 1.0, 2.0], 20))

        assert levels is not None
        assert levels.tolist() == np.repeat([2, 0, 1], 20).tolist()

    def test_a_spike_is_one_level_and_the_rest_three(self) -> None:
        column = np.concatenate([np.zeros(40), np.linspace(1, 2, 60)])

        levels = levels_of(column)

        assert levels is not None
        assert set(levels[:40].tolist()) == {0}
        assert np.bincount(levels).tolist() == [40, 20, 20, 20]

    def test_a_graded_column_has_no_levels(self) -> None:
        assert levels_of(np.random.default_rng(0).normal(size=100)) is None


def test_rows_of_a_long_table_get_the_groups_of_the_rows_searched() -> None:
    X, truth = blobs(3, 2, 8, 1_000)

    groups = found(numbers(X))

    assert groups.n_searched < len(X)
    assert adjusted_rand_score(truth, groups.labels) > 0.99


class TestRefit:
    def test_groups_come_back(self) -> None:
        X, _ = blobs(6, 2, 7, 50)
        rows = numbers(X)
        refit = groups_refit(
            found(rows).to_clustering(rows.matrix), n_numeric=2, column_starts=range(2)
        )

        stability = assess_stability(rows.matrix, found(rows).labels, refit, n_resamples=5)

        assert stability.weakest > 0.9

    def test_regions_come_back(self) -> None:
        X, _ = make_moons(400, noise=0.05, random_state=0)
        rows = numbers(X)
        refit = groups_refit(
            found(rows).to_clustering(rows.matrix), n_numeric=2, column_starts=range(2)
        )

        stability = assess_stability(rows.matrix, found(rows).labels, refit, n_resamples=5)

        assert stability.weakest > 0.9


def test_groups_take_the_shape_of_an_answer() -> None:
    X, _ = blobs(3, 2, 8, 60)
    rows = numbers(X)

    clustering = found(rows).to_clustering(rows.matrix)

    assert clustering.n_clusters == 3
    assert clustering.method in ("mixture", "regions")
    for i in range(3):
        np.testing.assert_allclose(
            clustering.centers[i], rows.matrix[clustering.labels == i].mean(axis=0)
        )


class TestAsAChoice:
    def found(self) -> tuple[Table, NDArray[np.int64], Segmentation]:
        X, truth = make_moons(300, noise=0.05, random_state=0)
        frame = pd.DataFrame({"visits": X[:, 0], "spend": X[:, 1]})
        table = read_table(io.BytesIO(frame.to_csv(index=False).encode()))
        return table, truth, segment(table, AUTO)

    def test_groups_are_taken_where_no_score_finds_them(self) -> None:
        _, truth, found = self.found()

        assert found.chosen.algorithm == "regions"
        assert "empty space" in found.chosen.reason
        assert {each.algorithm for each in found.chosen.attempts} > {"kmeans", "regions"}
        assert adjusted_rand_score(truth, found.labels) > 0.97

    def test_rows_of_the_table_keep_their_segment(self) -> None:
        table, _, found = self.found()
        kept = unpacked(packed("run", found.kept()), Segmentation)

        placed = kept.place(table.frame)

        np.testing.assert_array_equal(placed.labels, found.labels)
        np.testing.assert_array_equal(placed.confidences, found.confidences)
        assert placed.rule == "nearest_row"

    def test_round_groups_stay_those_of_the_score(self) -> None:
        X, _ = blobs(3, 2, 8, 60)
        frame = pd.DataFrame({"visits": X[:, 0], "spend": X[:, 1]})
        table = read_table(io.BytesIO(frame.to_csv(index=False).encode()))

        assert segment(table, AUTO).chosen.algorithm == "kmeans"


def test_a_column_in_another_unit_counts_once() -> None:
    X, _ = blobs(6, 2, 8, 40)
    frame = pd.DataFrame({"visits": X[:, 0], "spend": X[:, 1]}).assign(cents=100 * X[:, 1])
    table = read_table(io.BytesIO(frame.to_csv(index=False).encode()))

    found, both = segment(table, AUTO), segment(table, replace(AUTO, redundancy="keep"))

    assert len(found.columns.used) == 2
    assert any("count twice" in warning for warning in found.warnings)
    assert set(both.columns.used) == {"visits", "spend", "cents"}
