"""The number of segments is as sure as the resamples and the criteria make it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.errors import DegenerateDataError
from app.segmentation.validation.certainty import RESAMPLE_ROWS, Certainty, assess_certainty


@pytest.fixture(scope="module")
def three_groups() -> np.ndarray:
    centres = np.array([[0.0, 0.0], [12.0, 0.0], [0.0, 12.0]])
    return centres[np.arange(120) % 3] + np.random.default_rng(0).normal(size=(120, 2))


@pytest.fixture(scope="module")
def sure(three_groups: np.ndarray) -> Certainty:
    return assess_certainty(three_groups, k_range=range(2, 7), n_resamples=8)


class TestObviousGroups:
    def test_every_resample_chooses_them(self, sure: Certainty) -> None:
        assert sure.best_k == 3
        assert sure.shares == {2: 0.0, 3: 1.0, 4: 0.0, 5: 0.0, 6: 0.0}
        assert sure.n_resamples == 8

    def test_all_criteria_agree(self, sure: Certainty) -> None:
        assert {criterion.name: criterion.k for criterion in sure.criteria} == {
            "silhouette": 3,
            "Calinski-Harabasz": 3,
            "Davies-Bouldin": 3,
            "gap": 3,
        }
        assert sure.agree
        assert sure.sentences[1] == "All four criteria prefer 3 segments."

    def test_the_criteria_are_the_published_ones(
        self, sure: Certainty, three_groups: np.ndarray
    ) -> None:
        sweep = sweep_kmeans(three_groups, k_range=range(2, 7))
        by_name = {criterion.name: criterion for criterion in sure.criteria}
        for k, part in zip(sweep.k_range, sweep.clusterings, strict=True):
            assert by_name["Calinski-Harabasz"].values[k] == pytest.approx(
                calinski_harabasz_score(three_groups, part.labels)
            )
            assert by_name["Davies-Bouldin"].values[k] == pytest.approx(
                davies_bouldin_score(three_groups, part.labels)
            )
        assert not by_name["Davies-Bouldin"].larger_is_better

    def test_a_sweep_at_hand_is_used(self, three_groups: np.ndarray) -> None:
        sweep = sweep_kmeans(three_groups, k_range=[2, 3])
        certainty = assess_certainty(three_groups, sweep=sweep, n_resamples=2, n_references=2)
        assert list(certainty.shares) == [2, 3]


class TestDoubt:
    def test_a_cloud_has_one_group_by_the_gap_statistic(self) -> None:
        X = np.random.default_rng(1).normal(size=(200, 3))
        certainty = assess_certainty(X, k_range=range(2, 6), n_resamples=3)
        assert certainty.criteria[-1].k == 1
        assert not certainty.agree
        assert "The criteria disagree" in certainty.sentences[1]
        assert "gap 1" in certainty.sentences[1]

    def test_mall_chooses_five_and_the_gap_statistic_does_not(self, shared_data: Path) -> None:
        X = pd.read_csv(shared_data / "mall_customers.csv").iloc[:, 3:5].to_numpy(dtype=float)
        certainty = assess_certainty((X - X.mean(axis=0)) / X.std(axis=0), n_resamples=6)
        assert certainty.best_k == 5
        assert max(certainty.shares, key=certainty.shares.__getitem__) == 5
        assert {criterion.k for criterion in certainty.criteria} > {1, 5}

    def test_shares_sum_to_one(self) -> None:
        X = np.random.default_rng(2).uniform(size=(100, 2))
        certainty = assess_certainty(X, k_range=range(2, 6), n_resamples=10, n_references=2)
        assert sum(certainty.shares.values()) == pytest.approx(1.0)

    def test_a_long_table_is_resampled_in_part(self) -> None:
        X = np.random.default_rng(3).normal(size=(RESAMPLE_ROWS + 200, 2))
        certainty = assess_certainty(X, k_range=[2, 3], n_resamples=2, n_references=2)
        assert certainty.sample_size == RESAMPLE_ROWS

    def test_identical_customers_are_refused(self) -> None:
        with pytest.raises(DegenerateDataError):
            assess_certainty(np.ones((50, 2)))

    def test_draws_that_cannot_be_clustered_are_left_out(self) -> None:
        X = np.zeros((60, 1))
        X[0] = 1.0
        # Whether a draw holds the odd row decides whether two clusters exist in it.
        certainty = assess_certainty(X, k_range=[2], n_resamples=30, n_references=2)
        assert 0 < certainty.n_resamples < 30


def test_a_number_at_the_end_of_the_search_is_said_to_be_no_peak() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[x, y] for x in range(4) for y in range(3)]) * 20.0
    X = centres.repeat(10, axis=0) + rng.normal(size=(120, 2))
    certainty = assess_certainty(X, n_resamples=2, n_references=2)
    assert certainty.best_k == 10
    assert certainty.sentences[-1].startswith("The silhouette still rises at 10")
