"""Every figure of an answer, computed again from the raw file by the definitions alone.

Nothing of the application is used here but the answer itself: tables are read by pandas, and
figures come from NumPy, SciPy and scikit-learn. What depends on draws is compared within their
standard error.
"""

import sqlite3
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.metrics import balanced_accuracy_score, silhouette_samples
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from app.segmentation.recipe import CONTRACT
from app.segmentation.segment import segment
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import read_table
from app.segmentation.validation.usefulness import assess_usefulness
from app.services.segmentations.reports import report_of
from tests.routes.matrices import IGNORED, NUMERIC, READ, head_of, matrix_of

ROWS = 400
RECIPE = replace(CONTRACT, algorithm="kmeans", k_range=(2, 5), validation="full", explanation=True)
OTHER_COLUMNS = {
    "mall_customers.csv": "Gender",
    "wholesale_customers.csv": "Channel",
    "telco_churn.csv": "Churn",
    "bank_additional_semicolon.csv": "y",
    "marketing_campaign_semicolon_bom.csv": "MntWines",
}


@dataclass(frozen=True)
class Case:
    """A table as pandas reads it, and the answer."""

    name: str
    frame: pd.DataFrame
    matrix: np.ndarray
    found: Segmentation
    answer: dict[str, Any]

    @cached_property
    def labels(self) -> np.ndarray:
        return self.found.labels

    @cached_property
    def centers(self) -> np.ndarray:
        return np.array([self.matrix[self.labels == i].mean(axis=0) for i in range(self.k)])

    @property
    def k(self) -> int:
        return len(self.answer["profiles"])

    @property
    def numeric(self) -> list[str]:
        return NUMERIC[self.name]

    @property
    def categorical(self) -> list[str]:
        return [*self.frame.columns.difference([*self.numeric, *IGNORED[self.name]], sort=False)]


@pytest.fixture(scope="module", params=list(READ))
def case(request: pytest.FixtureRequest, shared_data) -> Case:
    content = head_of(shared_data / request.param, ROWS)
    options: dict[str, Any] = {"keep_default_na": False, "na_values": [""]}
    frame = pd.read_csv(BytesIO(content), **options | READ[request.param])
    table = read_table(BytesIO(content))
    if request.param == "cdnow_sample.csv":
        table = replace(
            table,
            frame=table.frame.set_axis(frame.columns, axis=1),
            columns=tuple(
                replace(column, name=name)
                for column, name in zip(table.columns, frame.columns, strict=True)
            ),
        )
    found = segment(table, RECIPE)
    answer = report_of(found).model_dump(mode="json")
    return Case(request.param, frame, matrix_of(request.param, content), found, answer)


def texts_of(values: pd.Series) -> pd.Series:
    return values.astype("str").where(values.notna(), "(missing)")


class TestProfiles:
    def test_sizes_and_shares(self, case: Case) -> None:
        for profile in case.answer["profiles"]:
            size = int((case.labels == profile["cluster"]).sum())
            assert profile["size"] == size
            assert profile["share"] == pytest.approx(size / len(case.frame))

    def test_means_are_of_known_values(self, case: Case) -> None:
        for profile in case.answer["profiles"]:
            inside = case.frame[case.labels == profile["cluster"]]
            assert set(profile["means"]) >= set(case.numeric)
            for column, mean in profile["means"].items():
                expected = inside[column].mean()
                assert mean is None if np.isnan(expected) else mean == pytest.approx(expected)

    def test_categories_are_the_most_frequent(self, case: Case) -> None:
        for profile in case.answer["profiles"]:
            inside = case.frame[case.labels == profile["cluster"]]
            for column, shares in profile["categories"].items():
                expected = texts_of(inside[column]).value_counts(normalize=True)
                told = [each["share"] for each in shares]
                assert told == pytest.approx(list(expected[:5]))
                for each in shares:
                    assert each["share"] == pytest.approx(expected[each["level"]])

    def test_differences_are_cohens(self, case: Case) -> None:
        for profile in case.answer["profiles"]:
            inside = case.labels == profile["cluster"]
            for each in profile["differences"]:
                values = case.frame[each["column"]]
                if each["level"] is None:
                    own, rest = values[inside].dropna(), values[~inside].dropna()
                    figures = own.mean(), rest.mean()
                    squares = ((own - own.mean()) ** 2).sum() + ((rest - rest.mean()) ** 2).sum()
                    pooled = np.sqrt(squares / (len(own) + len(rest) - 2))
                    spread = pooled if pooled > 1e-6 * values.std(ddof=0) else values.std(ddof=0)
                    effect = (figures[0] - figures[1]) / spread
                else:
                    has = texts_of(values) == each["level"]
                    figures = has[inside].mean(), has[~inside].mean()
                    angles = 2 * np.arcsin(np.sqrt(figures))
                    effect = angles[0] - angles[1]
                assert (each["value"], each["rest"]) == pytest.approx(figures)
                assert each["effect"] == pytest.approx(effect, abs=1e-9)


class TestClustering:
    def test_inertia(self, case: Case) -> None:
        distances = np.square(case.matrix - case.centers[case.labels]).sum()
        assert case.answer["inertia"] == pytest.approx(distances, rel=1e-6)

    def test_silhouettes(self, case: Case) -> None:
        values = silhouette_samples(case.matrix, case.labels)
        assert case.found.silhouette.score == pytest.approx(values.mean())
        for profile in case.answer["profiles"]:
            inside = case.labels == profile["cluster"]
            assert profile["silhouette"] == pytest.approx(values[inside].mean())

    def test_the_number_of_segments_has_the_highest_sound_silhouette(self, case: Case) -> None:
        sweep = case.answer["sweep"]
        # Where no split is sound, the best of them is taken, and said to be none.
        unsound = all(sweep["degenerate"])
        sound = [
            (score, k)
            for k, score, degenerate in zip(
                sweep["k_range"], sweep["silhouette_scores"], sweep["degenerate"], strict=True
            )
            if unsound or not degenerate
        ]
        assert case.k == max(sound)[1]
        at = sweep["k_range"].index(case.k)
        assert sweep["inertias"][at] == pytest.approx(case.answer["inertia"])

    def test_each_inertia_is_as_good_as_scikit_learns(self, case: Case) -> None:
        sweep = case.answer["sweep"]
        for k, inertia in zip(sweep["k_range"][:4], sweep["inertias"], strict=False):
            best = KMeans(k, n_init=10, random_state=9).fit(case.matrix).inertia_
            assert inertia <= best * 1.02

    def test_confidences(self, case: Case) -> None:
        distances = np.linalg.norm(case.matrix[:, None] - case.centers, axis=2)
        own = np.take_along_axis(distances, case.labels[:, None], axis=1)[:, 0]
        np.put_along_axis(distances, case.labels[:, None].astype(np.int64), np.inf, axis=1)
        expected = (1 - own / distances.min(axis=1)) * 100
        assert np.abs(case.found.confidences - np.clip(expected, 0, 100)).max() <= 0.5 + 1e-6

    def test_projection_is_on_the_first_two_principal_axes(self, case: Case) -> None:
        centered = case.matrix - case.matrix.mean(axis=0)
        left, singular, _ = np.linalg.svd(centered, full_matrices=False)
        plane = case.found.plane
        variances = singular**2 / (singular**2).sum()
        assert plane.explained_variance == pytest.approx(variances[:2])
        for axis in range(2):
            expected = left[:, axis] * singular[axis]
            told = plane.points[:, axis]
            assert np.minimum(
                np.abs(told - expected).max(), np.abs(told + expected).max()
            ) == pytest.approx(0, abs=1e-6)

    def test_placement_agrees_as_often_as_the_nearest_center_without_the_customer(
        self, case: Case
    ) -> None:
        placement = case.answer["placement"]
        sizes = np.bincount(case.labels)
        right = []
        for row, label in zip(case.matrix, case.labels, strict=True):
            centers = case.centers.copy()
            centers[label] = (sizes[label] * centers[label] - row) / max(sizes[label] - 1, 1)
            right.append(np.linalg.norm(centers - row, axis=1).argmin() == label)
        assert placement["agreement"] == pytest.approx(np.mean(right), abs=0.02)


class TestValidation:
    def test_verdict_follows_from_its_figures(self, case: Case) -> None:
        told = case.answer["structure"]
        verdict = "none" if told["p_value"] > 0.05 else "weak"
        if told["p_value"] <= 0.01 and told["separation"] >= 0.5:
            verdict = "strong"
        assert told["verdict"] == verdict

    def test_stability_is_hennigs(self, case: Case) -> None:
        """Mean best Jaccard similarity over bootstrap draws, each drawn row counted once."""
        rng = np.random.default_rng(77)
        table = []
        for _ in range(12):
            drawn = rng.integers(len(case.matrix), size=len(case.matrix))
            found = KMeans(case.k, n_init=5, random_state=int(rng.integers(10**6)))
            again = dict(zip(drawn, found.fit_predict(case.matrix[drawn]), strict=True))
            rows = np.array(list(again))
            labels = np.array(list(again.values()))
            table.append(
                [
                    max(
                        (own & (labels == other)).sum() / (own | (labels == other)).sum()
                        for other in range(case.k)
                    )
                    for own in (case.labels[rows] == segment for segment in range(case.k))
                ]
            )
        told = case.answer["validation"]["stability"]
        expected, spread = np.mean(table, axis=0), np.std(table, axis=0, ddof=1)
        error = spread * np.sqrt(1 / len(table) + 1 / told["n_resamples"])
        jaccards = np.array([each["jaccard"] for each in told["segments"]])
        assert (np.abs(jaccards - expected) <= 4 * error + 0.03).all()
        assert told["weakest"] == min(jaccards)

    def test_shares_of_resamples_add_up(self, case: Case) -> None:
        certainty = case.answer["validation"]["certainty"]
        shares = {int(k): share for k, share in certainty["shares"].items()}
        assert sum(shares.values()) == pytest.approx(1)
        assert certainty["best_n_clusters"] == case.k
        counts = [share * certainty["n_resamples"] for share in shares.values()]
        assert counts == pytest.approx(np.round(counts))

    def test_rules_hold_on_the_table_in_sqlite(self, case: Case) -> None:
        database = sqlite3.connect(":memory:")
        case.frame.assign(segment_=case.labels).to_sql("customers", database, index=False)
        rules = case.answer["validation"]["rules"]
        assert rules
        for rule in rules:
            count = f"SELECT count(*) FROM customers WHERE ({rule['sql']})"
            met = database.execute(count).fetchone()[0]
            inside = database.execute(f"{count} AND segment_ = ?", (rule["cluster"],)).fetchone()[0]
            size = int((case.labels == rule["cluster"]).sum())
            assert met > 0, rule["sql"]
            for told, n, found in (
                (rule["precision"], met, inside / met),
                (rule["recall"], size, inside / size),
            ):
                # What is told was measured on rows that the rule was not made of.
                assert found == pytest.approx(told, abs=0.1 + 3 * np.sqrt(0.25 / n))


class TestExplanation:
    # One segment of the orders is a single row, which cannot be in every fold.
    @pytest.mark.parametrize("case", [name for name in READ if "online" not in name], indirect=True)
    def test_accuracy_is_what_a_small_tree_reaches_on_other_rows(self, case: Case) -> None:
        features = pd.get_dummies(
            case.frame[[*case.numeric, *case.categorical]], columns=case.categorical
        ).to_numpy(dtype=float)
        smallest = int(np.bincount(case.labels).min())
        tree = DecisionTreeClassifier(
            max_leaf_nodes=4 * case.k, min_samples_leaf=2, class_weight="balanced", random_state=0
        )
        folds = StratifiedKFold(5, shuffle=True, random_state=3)
        guessed = cross_val_predict(tree, features, case.labels, cv=folds)
        expected = balanced_accuracy_score(case.labels, guessed)
        assert case.answer["accuracy"] == pytest.approx(expected, abs=0.04 + 1 / smallest)

    def test_importance_adds_up(self, case: Case) -> None:
        importance = case.answer["feature_importance"]
        assert sum(importance.values()) == pytest.approx(1)
        assert list(importance.values()) == sorted(importance.values(), reverse=True)


@pytest.mark.parametrize("case", list(OTHER_COLUMNS), indirect=True)
def test_usefulness_of_real_columns(case: Case) -> None:
    values = case.frame[OTHER_COLUMNS[case.name]]
    # Which rows are together is given here, and what that tells is computed again.
    found = assess_usefulness(
        values, case.labels, case.frame, numeric=case.numeric[:2], random_state=0
    )
    if found.kind == "number":
        means = values.groupby(case.labels).transform("mean")
        expected = np.square(means - values.mean()).sum() / np.square(values - values.mean()).sum()
    else:
        table = pd.crosstab(values, case.labels).to_numpy()
        expected = stats.contingency.association(table, method="cramer")
        values = values.astype(str) == found.level
    assert found.association == pytest.approx(expected)
    assert found.overall == pytest.approx(values.mean())
    for each in found.segments:
        inside = values[case.labels == each.segment]
        assert each.value == pytest.approx(inside.mean())
        assert each.lift == pytest.approx(inside.mean() / values.mean())
