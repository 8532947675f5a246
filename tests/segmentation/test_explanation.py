"""Accuracy and importance say what the raw columns know of the segments."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score

from app.segmentation.errors import DegenerateDataError
from app.segmentation.explanation.folds import stratified_folds
from app.segmentation.explanation.importance import balanced_accuracy, explain_segments

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    n = 400
    return pd.DataFrame(
        {
            "income": RNG.uniform(20, 120, size=n),
            "age": RNG.integers(18, 80, size=n),
            "region": RNG.choice(["North", "South", "East"], size=n),
            "noise": RNG.normal(size=n),
        }
    )


def by_income(customers: pd.DataFrame) -> np.ndarray:
    return np.digitize(customers["income"], [50, 90])


class TestAccuracy:
    def test_segments_cut_on_a_column_are_reproduced(self, customers: pd.DataFrame) -> None:
        explanation = explain_segments(
            customers, by_income(customers), numeric=["income", "age", "noise"]
        )
        assert explanation.accuracy > 0.97
        assert explanation.chance == pytest.approx(1 / 3)

    def test_random_segments_are_not(self, customers: pd.DataFrame) -> None:
        labels = np.random.default_rng(5).integers(0, 4, size=400)
        explanation = explain_segments(customers, labels, numeric=["income", "age", "noise"])
        assert explanation.accuracy < 0.35

    def test_small_segments_count_as_much_as_large_ones(self) -> None:
        actual = np.array([0] * 9 + [1])
        predicted = np.zeros(10, dtype=int)
        assert balanced_accuracy(actual, predicted) == balanced_accuracy_score(actual, predicted)
        assert balanced_accuracy(actual, predicted) == 0.5

    def test_a_segment_of_one_customer_is_never_put_right(self, customers: pd.DataFrame) -> None:
        labels = np.zeros(400, dtype=int)
        labels[7] = 1
        assert explain_segments(customers, labels, numeric=["noise"]).accuracy <= 0.5

    def test_noise_takes_no_part(self, customers: pd.DataFrame) -> None:
        labels = by_income(customers)
        labels[:100] = -1
        assert explain_segments(customers, labels, numeric=["income"]).n_samples == 300


class TestImportance:
    def test_shares_sum_to_one_with_the_deciding_column_first(
        self, customers: pd.DataFrame
    ) -> None:
        importance = explain_segments(
            customers,
            by_income(customers),
            numeric=["noise", "income", "age"],
            categorical=["region"],
        ).importance
        assert next(iter(importance)) == "income"
        assert importance["income"] > 0.95
        assert sum(importance.values()) == pytest.approx(1.0)
        assert set(importance) == {"noise", "income", "age", "region"}

    def test_a_category_counts_as_one_column(self, customers: pd.DataFrame) -> None:
        labels = customers["region"].map({"North": 0, "South": 1, "East": 2}).to_numpy()
        explanation = explain_segments(
            customers, labels, numeric=["income"], categorical=["region"]
        )
        assert explanation.accuracy == 1.0
        assert explanation.importance["region"] > 0.99

    def test_two_deciding_columns_share(self, customers: pd.DataFrame) -> None:
        labels = (customers["income"] > 70).to_numpy() * 2 + (customers["age"] > 48).to_numpy()
        importance = explain_segments(
            customers, labels, numeric=["income", "age", "noise"]
        ).importance
        assert importance["income"] == pytest.approx(0.5, abs=0.1)
        assert importance["age"] == pytest.approx(0.5, abs=0.1)

    def test_columns_that_say_the_same_share_and_noise_has_nothing(
        self, customers: pd.DataFrame
    ) -> None:
        told_thrice = customers.assign(
            monthly=customers["income"] / 12, bracket=-np.log(customers["income"])
        )
        importance = explain_segments(
            told_thrice,
            by_income(customers),
            numeric=["noise", "income", "monthly", "bracket", "age"],
            categorical=["region"],
        ).importance
        for name in ("income", "monthly", "bracket"):
            assert 0.1 < importance[name] < 0.6
        assert importance["noise"] + importance["age"] + importance["region"] < 0.05

    def test_columns_that_say_nothing_share_equally(self, customers: pd.DataFrame) -> None:
        constant = customers.assign(a=1.0, b=2.0)
        explanation = explain_segments(constant, by_income(customers), numeric=["a", "b"])
        assert not explanation.informative
        assert explanation.importance == {"a": 0.5, "b": 0.5}

    def test_missing_values_are_no_obstacle(self, customers: pd.DataFrame) -> None:
        gaps = customers.astype({"age": float})
        gaps.loc[::3, "age"] = np.nan
        gaps.loc[::4, "region"] = None
        gaps["empty"] = np.nan
        gaps["void"] = pd.Series([None] * 400, dtype=object)
        explanation = explain_segments(
            gaps,
            by_income(customers),
            numeric=["income", "age", "empty"],
            categorical=["region", "void"],
        )
        assert explanation.accuracy > 0.95
        assert explanation.importance["empty"] == 0.0

    def test_the_same_seed_gives_the_same_answer(self, customers: pd.DataFrame) -> None:
        twice = [
            explain_segments(customers, by_income(customers), numeric=["income", "noise"])
            for _ in range(2)
        ]
        assert twice[0] == twice[1]

    def test_a_long_table_is_sampled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.segmentation.explanation.importance.MAX_ROWS", 100)
        frame = pd.DataFrame({"x": np.arange(300.0)})
        explanation = explain_segments(frame, np.arange(300) // 150, numeric=["x"])
        assert explanation.sampled
        assert explanation.n_samples == 100


class TestRefusals:
    def test_one_segment_needs_no_explanation(self, customers: pd.DataFrame) -> None:
        with pytest.raises(DegenerateDataError, match="two segments"):
            explain_segments(customers, np.zeros(400, dtype=int), numeric=["income"])

    def test_no_column_explains_nothing(self, customers: pd.DataFrame) -> None:
        with pytest.raises(DegenerateDataError, match="one column"):
            explain_segments(customers, by_income(customers), numeric=[])


class TestFolds:
    def test_each_fold_has_its_share_of_each_segment(self) -> None:
        labels = np.repeat([0, 1, 2], [50, 30, 20])
        folds = stratified_folds(labels)
        counts = np.array(
            [[np.sum((folds == f) & (labels == s)) for s in range(3)] for f in range(5)]
        )
        assert counts.tolist() == [[10, 6, 4]] * 5

    def test_there_are_no_more_folds_than_rows(self) -> None:
        assert sorted(stratified_folds(np.array([0, 1, 1]))) == [0, 1, 2]
