"""Groups are told from clouds without groups, whatever the cloud's shape."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.preparation.preparing import prepare
from app.segmentation.questioning import structure_of
from app.segmentation.recipe import AUTO
from app.segmentation.tables import table_from_frame
from app.segmentation.validation.clear_groups import shows_clear_groups
from app.segmentation.validation.cuts import Cut, neighbour_whitening, suspect
from app.segmentation.validation.hold_out import Tally, evidence_of
from app.segmentation.validation.scales import johnson_scale, principal_axes, spread_ties
from app.segmentation.validation.structure import MAX_ROWS, UNTESTED, assess_structure
from app.segmentation.validation.valley import valley_depth


def groups(seed: int, n: int, d: int, k: int, gap: float) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(k, d))
    distances = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    centres *= gap / distances[np.triu_indices(k, 1)].min()
    return centres[np.arange(n) % k] + rng.normal(size=(n, d))


def draw(name: str, seed: int, n: int, d: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    if name == "correlated Gaussian":
        return rng.normal(size=(n, d)) @ np.linalg.cholesky(0.6 + 0.4 * np.eye(d)).T
    if name == "multivariate t(3)":
        return rng.normal(size=(n, d)) / np.sqrt(rng.chisquare(3, size=(n, 1)) / 3)
    return {
        "isotropic Gaussian": rng.normal,
        "uniform": lambda size: rng.uniform(size=size),
        "exponential": lambda size: rng.exponential(size=size),
        "lognormal": lambda size: rng.lognormal(size=size),
        "t(3)": lambda size: rng.standard_t(3, size=size),
    }[name](size=(n, d))


class TestNoStructure:
    @pytest.mark.parametrize(
        "name",
        [
            "isotropic Gaussian",
            "correlated Gaussian",
            "uniform",
            "exponential",
            "lognormal",
            "t(3)",
            "multivariate t(3)",
        ],
    )
    def test_clouds_without_groups_are_not_called_structured(self, name: str) -> None:
        verdicts = [
            assess_structure(draw(name, seed, n, d), random_state=seed).verdict
            for seed, (n, d) in enumerate([(200, 2), (200, 8), (400, 4), (200, 2)])
        ]
        assert verdicts == ["none"] * 4

    def test_whole_numbers_are_no_groups(self) -> None:
        rng = np.random.default_rng(0)
        X = np.column_stack([rng.poisson(2, size=400), rng.integers(1, 6, size=400)]).astype(float)
        assert assess_structure(X).verdict == "none"

    def test_values_that_some_round_to_tens_are_no_groups(self) -> None:
        for seed in range(3):
            rng = np.random.default_rng(seed)
            X = rng.normal(50, 15, (400, 2))
            rounded = np.where(rng.random(X.shape) < 0.5, np.round(X, -1), np.round(X))
            assert assess_structure(rounded).verdict == "none"

    def test_logarithms_of_counts_are_no_groups(self) -> None:
        X = np.log1p(np.random.default_rng(3).poisson(2, size=(400, 2)))
        assert assess_structure(X).verdict == "none"

    def test_columns_of_two_values_do_not_count(self) -> None:
        rng = np.random.default_rng(1)
        X = np.column_stack([rng.normal(size=(300, 2)), rng.integers(0, 2, size=(300, 2)) * 9.0])
        structure = assess_structure(X)
        assert structure.verdict == "none"
        assert structure.n_columns == 2

    def test_a_total_beside_its_parts_is_no_structure(self) -> None:
        parts = np.random.default_rng(2).normal(size=(300, 2))
        X = np.column_stack([parts, parts.sum(axis=1), parts[:, 0]])
        assert assess_structure(X).verdict == "none"

    def test_the_sentence_says_that_nothing_was_found_and_not_that_nothing_is_there(self) -> None:
        sentence = assess_structure(draw("uniform", 0, 200, 2)).sentence
        assert "no evidence of distinct groups" in sentence

    @pytest.mark.parametrize("copies", [2, 3])
    def test_copies_of_all_rows_answer_as_the_rows_do(self, copies: int) -> None:
        X = draw("uniform", 3, 300, 3)
        copied = assess_structure(np.repeat(X, copies, axis=0))
        assert copied.p_value == assess_structure(X).p_value
        assert copied.n_repeated == (copies - 1) * len(X)

    def test_rows_drawn_with_replacement_are_no_groups(self) -> None:
        rng = np.random.default_rng(1)
        drawn = rng.normal(size=(400, 3))[rng.integers(400, size=400)]
        structure = assess_structure(drawn)
        assert structure.verdict == "none"
        assert structure.n_repeated == 400 - len(np.unique(drawn, axis=0))

    def test_answers_on_a_scale_are_equal_by_chance_and_all_count(self) -> None:
        answers = np.random.default_rng(2).integers(1, 6, size=(400, 3)).astype(float)
        structure = assess_structure(answers)
        assert structure.verdict == "none"
        assert structure.n_repeated == 0

    @pytest.mark.parametrize("seed", range(3))
    def test_a_gap_that_straightening_makes_is_none(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.gamma(0.5, size=(400, 3)), columns=["a", "b", "c"])
        prepared = prepare(
            table_from_frame(frame.astype(object)), AUTO, shows_groups=shows_clear_groups
        )
        assert structure_of(prepared, AUTO).verdict == "none"

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
    def test_customers_at_zero_are_a_spike_and_no_group(self, share: float) -> None:
        rng = np.random.default_rng(4)
        spent = rng.gamma(2, size=(500, 3)) * (rng.random((500, 3)) >= share)
        structure = assess_structure(spent, names=["a", "b", "c"])
        assert structure.verdict == "none"
        assert (
            sum("the same" in note and "0: a usual value" in note for note in structure.notes) == 3
        )


class TestStructure:
    @pytest.mark.parametrize("d", [2, 8])
    @pytest.mark.parametrize("k", [2, 4, 6])
    def test_groups_six_deviations_apart_are_found_in_200_rows(self, k: int, d: int) -> None:
        structure = assess_structure(groups(k, 200, d, k, 6.0))
        assert structure.verdict == "strong"
        assert structure.p_value < 0.01

    @pytest.mark.parametrize("k", [2, 6])
    def test_groups_four_deviations_apart_are_found_in_1000_rows(self, k: int) -> None:
        assert assess_structure(groups(k, 1000, 4, k, 4.0)).p_value < 0.05

    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("shares", [(0.95, 0.05), (0.9, 0.08, 0.02)])
    def test_a_small_group_far_away_is_found(self, seed: int, shares: tuple[float, ...]) -> None:
        far = 8 if len(shares) == 2 else 6
        rng = np.random.default_rng(seed)
        of_row = np.repeat(np.arange(len(shares)), np.round(500 * np.array(shares)).astype(int))
        X = rng.normal(size=(500, 4)) + far * np.eye(4)[of_row] * (of_row > 0)[:, None]
        assert assess_structure(X).verdict != "none"

    def test_an_answer_near_a_border_is_said_to_be_borderline(self) -> None:
        near, clear = (assess_structure(groups(seed, 150, 2, 2, 3.6)) for seed in (2, 1))
        assert (near.borderline, clear.borderline) == (True, False)
        assert "borderline" in near.sentence
        assert "borderline" not in clear.sentence

    def test_overlapping_groups_are_weak_structure(self) -> None:
        structure = assess_structure(groups(1, 2000, 2, 2, 3.0), random_state=0)
        assert structure.verdict == "weak"
        assert structure.p_value <= 0.05
        assert "overlap" in structure.sentence

    def test_mall_shoppers_form_distinct_groups(self, shared_data: Path) -> None:
        table = pd.read_csv(shared_data / "mall_customers.csv")
        X = table.iloc[:, 3:5].to_numpy(dtype=float)
        structure = assess_structure((X - X.mean(axis=0)) / X.std(axis=0))
        assert structure.verdict == "strong"
        assert structure.separation > 0.5

    def test_the_scale_of_the_columns_does_not_matter(self) -> None:
        X = groups(3, 200, 2, 3, 6.0)
        scaled = assess_structure(X * [1.0, 1000.0] + [0.0, 5.0])
        assert scaled.p_value == pytest.approx(assess_structure(X).p_value)

    def test_groups_show_beside_a_heavy_tailed_column(self) -> None:
        noise = np.random.default_rng(0).lognormal(size=300)
        X = np.column_stack([groups(5, 300, 2, 2, 7.0), noise])
        assert assess_structure(X).verdict == "strong"

    def test_elongated_parallel_groups_are_found(self) -> None:
        rng = np.random.default_rng(0)
        X = rng.normal(size=(300, 2)) * [6.0, 1.0] + [0.0, 5.0] * (np.arange(300) % 3)[:, None]
        assert assess_structure(X).verdict == "strong"

    def test_a_long_table_is_sampled_and_says_so(self) -> None:
        structure = assess_structure(groups(0, MAX_ROWS + 500, 2, 3, 6.0))
        assert structure.sampled
        assert structure.n_samples == MAX_ROWS

    def test_the_same_seed_gives_the_same_answer(self) -> None:
        X = draw("exponential", 0, 200, 3)
        assert assess_structure(X, random_state=4) == assess_structure(X, random_state=4)


class TestLittleData:
    @pytest.mark.parametrize(
        "X", [np.zeros((100, 3)), np.eye(2)[np.arange(100) % 2], np.empty((0, 2))]
    )
    def test_nothing_to_see_is_no_structure(self, X: NDArray[np.float64]) -> None:
        structure = assess_structure(X)
        assert (structure.verdict, structure.p_value) == ("none", 1.0)

    def test_the_largest_and_smallest_numbers_are_taken(self) -> None:
        X = groups(0, 200, 2, 2, 8.0)
        usual = assess_structure(X)
        assert assess_structure(X * [1e305, 1e-300]).verdict == usual.verdict == "strong"

    def test_rounding_is_no_structure(self) -> None:
        noise = np.random.default_rng(0).integers(0, 4, size=200) * 1e-16
        structure = assess_structure(np.column_stack([1.0 + noise, np.full(200, 3.0)]))
        assert (structure.verdict, structure.n_columns) == ("none", 0)

    def test_few_rows_are_said_to_be_few(self) -> None:
        assert "too few" in assess_structure(groups(0, 20, 2, 2, 9.0)).sentence

    def test_missing_values_are_refused(self) -> None:
        with pytest.raises(DegenerateDataError, match="finite"):
            assess_structure(np.full((50, 2), np.nan))


class TestParts:
    def test_the_best_cut_separates_two_groups(self) -> None:
        X = groups(0, 200, 4, 2, 8.0)
        cut = suspect(X, rng=np.random.default_rng(0)).cut
        assert cut is not None
        values = cut.project(X)
        side = values > values.mean()
        truth = (np.arange(200) % 2).astype(bool)
        assert max((side == truth).mean(), (side != truth).mean()) > 0.98

    def test_a_cut_keeps_the_rows_inside_its_half_spaces(self) -> None:
        cut = Cut(np.array([1.0, 0.0]), np.array([[0.0, 1.0]]), np.array([0.5]))
        assert cut.project(np.array([[3.0, 0.0], [4.0, 1.0]])).tolist() == [3.0]

    def test_whitening_by_neighbours_rounds_the_groups(self) -> None:
        n, k = 1000, 3
        labels = np.arange(n) % k
        X = groups(1, n, 8, k, 8.0) * np.array([1.0] * 7 + [6.0])
        within = np.concatenate([X[labels == c] - X[labels == c].mean(axis=0) for c in range(k)])
        before = np.linalg.cond(np.cov(within.T))
        after = np.linalg.cond(np.cov((within @ neighbour_whitening(X)).T))
        assert before > 30
        assert after < before / 6

    def test_ties_are_spread_half_way_to_the_next_value(self) -> None:
        column = np.repeat([0.0, 2.0, 6.0], 50)[:, None]
        spread = spread_ties(column, rng=np.random.default_rng(0))[:, 0]
        assert len(np.unique(spread)) == 150
        assert (np.abs(spread[:50]) <= 1).all()
        assert (spread[50:100] >= 1).all()
        assert (spread[50:100] <= 4).all()
        assert (spread[100:] >= 4).all()

    def test_a_gap_beside_a_tied_value_stays(self) -> None:
        rng = np.random.default_rng(0)
        column = np.concatenate([np.zeros(40), 100 + rng.uniform(size=60)])[:, None]
        spread = spread_ties(column, rng=rng)
        assert np.abs(spread - column).max() < 1

    def test_only_heavy_tails_are_drawn_in(self) -> None:
        rng = np.random.default_rng(0)
        light, heavy = rng.normal(size=500), rng.lognormal(size=500)
        assert johnson_scale(light[:, None]) is None
        drawn_in = johnson_scale(np.column_stack([light, heavy]))
        assert drawn_in is not None
        assert np.array_equal(drawn_in[:, 0], light)
        assert np.array_equal(np.argsort(drawn_in[:, 1]), np.argsort(heavy))
        # On the right scale a lognormal column is a normal one.
        assert np.corrcoef(drawn_in[:, 1], np.log(heavy))[0, 1] > 0.99

    def test_redundant_columns_leave_no_axis(self) -> None:
        X = np.random.default_rng(0).normal(size=(100, 2))
        assert principal_axes(np.column_stack([X, X @ [1.0, 2.0]])).shape == (100, 2)

    def test_the_valley_of_two_normal_groups_has_their_depth(self) -> None:
        rng = np.random.default_rng(0)
        values = np.concatenate([rng.normal(size=20_000), 4 + rng.normal(size=20_000)])
        # Density at the middle over that at a mode, for two unit normals 4 apart.
        expected = 1 - 2 * np.exp(-(2.0**2) / 2) / (1 + np.exp(-(4.0**2) / 2))
        assert valley_depth(values) == pytest.approx(expected, abs=0.05)

    def test_one_peak_has_no_valley(self) -> None:
        assert valley_depth(np.random.default_rng(0).normal(size=5000)) < 0.05

    def test_two_points_have_an_empty_gap_and_one_has_none(self) -> None:
        assert valley_depth(np.repeat([0.0, 1.0], 20)) == 1.0
        assert valley_depth(np.zeros(20)) == 0.0


def test_a_test_that_finds_nothing_at_all_is_not_one_that_was_not_made():
    by_dip, by_gap = Tally(0.5, 0.5), Tally(0.5, 0.5)
    for tally in (by_dip, by_gap):
        tally.add(1.0, 0.0)
    assert 0.999 < evidence_of(by_dip, by_gap).p_value < UNTESTED
