"""Which segment a row belongs to: a row of the table keeps its own, and others have one rule."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist

from app.segmentation.clustering.nearest_rows import VOTERS, NearestRows
from app.segmentation.clustering.tree import Linkage
from app.segmentation.known_rows import digests_of
from app.segmentation.recipe import CONTRACT, Recipe
from app.segmentation.recutting import recut
from app.segmentation.segment import segment, segment_with_tree
from app.segmentation.tables import Table, read_table, table_from_frame

RECIPES = {
    "ward": replace(CONTRACT, n_clusters=4),
    "complete": replace(CONTRACT, linkage="complete", n_clusters=4),
    "average": replace(CONTRACT, linkage="average", n_clusters=4),
    "kmeans": replace(CONTRACT, algorithm="kmeans", n_clusters=4),
    "dbscan": replace(CONTRACT, algorithm="dbscan"),
    "hdbscan": replace(CONTRACT, algorithm="hdbscan"),
    "mixture": replace(CONTRACT, algorithm="auto", transform="auto"),
}


def blobs(n: int, *, gap: float = 6.0, seed: int = 0, n_groups: int = 3) -> pd.DataFrame:
    """Round groups along a diagonal, in turn, and one more column that tells nothing."""
    rng = np.random.default_rng(seed)
    at = gap * (np.arange(n) % n_groups)[:, None] * np.array([0.6, 0.8])
    spent, visits = (at + rng.normal(size=(n, 2))).T
    return pd.DataFrame({"spent": spent, "visits": visits, "age": rng.normal(size=n)})


def crescents(n: int) -> pd.DataFrame:
    """Two half rings that no straight line divides."""
    rng = np.random.default_rng(3)
    turn = np.pi * rng.random(n)
    second = np.arange(n) % 2 == 1
    x = np.where(second, 1 - np.cos(turn), np.cos(turn)) + rng.normal(0, 0.05, n)
    y = np.where(second, 0.4 - np.sin(turn), np.sin(turn)) + rng.normal(0, 0.05, n)
    return pd.DataFrame({"spent": x, "visits": y})


def typed(frame: pd.DataFrame) -> Table:
    return table_from_frame(frame.astype(object))


def keeps(table: Table, recipe: Recipe) -> None:
    found = segment(table, recipe)
    np.testing.assert_array_equal(found.place(table.frame).labels, found.labels)


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("frame", [blobs(300, gap=3), crescents(300)], ids=["blobs", "crescents"])
def test_customers_of_the_table_keep_their_segments(name: str, frame: pd.DataFrame) -> None:
    keeps(typed(frame), RECIPES[name])


@pytest.mark.parametrize("name", ["ward", "complete", "hdbscan", "dbscan"])
def test_wholesalers_keep_their_segments(name: str, shared_data: Path) -> None:
    with (shared_data / "wholesale_customers.csv").open("rb") as file:
        keeps(read_table(file), RECIPES[name])


def test_telco_by_ward_places_at_most_one_in_twenty_elsewhere(shared_data: Path) -> None:
    with (shared_data / "telco_churn.csv").open("rb") as file:
        found = segment(read_table(file), RECIPES["ward"])
    assert found.membership is not None
    assert found.membership.agreement >= 0.95


@pytest.mark.parametrize("linkage", ["ward", "complete"])
def test_customers_who_were_left_out_come_where_the_whole_table_has_them(linkage: Linkage) -> None:
    frame = blobs(400, gap=5).drop(columns="age")
    recipe = replace(CONTRACT, linkage=linkage, n_clusters=3)
    whole, without = segment(typed(frame), recipe), segment(typed(frame[:-80]), recipe)
    assert whole.membership is not None
    placed = without.place(typed(frame[-80:]).frame).labels
    agreed = pd.crosstab(placed, whole.labels[-80:]).max(axis=1).sum() / 80
    assert agreed == pytest.approx(whole.membership.agreement, abs=0.05)


def test_shapes_that_no_center_tells_apart_are_placed_by_their_neighbours() -> None:
    frame = crescents(600)
    found = segment(typed(frame), replace(CONTRACT, linkage="single", n_clusters=2))
    assert found.membership is not None
    assert found.membership.rule != "nearest_center"
    new = crescents(900)[600:]
    placed = found.place(typed(new).frame).labels
    truth = np.arange(600, 900) % 2
    assert max((placed == truth).mean(), (placed != truth).mean()) > 0.98


@pytest.mark.parametrize("name", ["dbscan", "hdbscan"])
def test_a_customer_far_from_every_dense_region_is_in_no_segment(name: str) -> None:
    scattered = pd.DataFrame(np.random.default_rng(5).uniform(-20, 40, (40, 3)),
                             columns=["spent", "visits", "age"])  # fmt: skip
    found = segment(typed(pd.concat([blobs(400, gap=9), scattered])), RECIPES[name])
    assert (found.labels < 0).any()
    far = pd.DataFrame({"spent": [0.5, -18.0], "visits": [0.2, 35.0], "age": [0.1, -15.0]})
    placed = found.place(typed(far).frame)
    assert placed.labels[0] >= 0
    assert placed.labels[1] == -1
    assert placed.outliers.tolist() == [False, True]


def test_another_cut_of_a_kept_tree_places_as_a_new_run_does() -> None:
    table = typed(blobs(300, gap=4))
    kept = segment_with_tree(table, RECIPES["ward"]).tree
    assert kept is not None
    recipe = replace(CONTRACT, n_clusters=3)
    cut, grown = recut(kept, recipe), segment(table, recipe)
    new = typed(blobs(200, gap=4, seed=9)).frame
    np.testing.assert_array_equal(cut.place(table.frame).labels, cut.labels)
    for one, other in zip(_answers(cut, new), _answers(grown, new), strict=True):
        np.testing.assert_array_equal(one, other)


def _answers(found, frame):  # type: ignore[no-untyped-def]
    placed = found.place(frame)
    return placed.labels, placed.confidences, placed.probabilities, placed.outliers


class TestProbability:
    def reliability(self, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities of new customers of overlapping groups, and whether they are right."""
        given, right = [], []
        for seed in range(8):
            frame = blobs(2400, gap=3, seed=seed).drop(columns="age")
            found = segment(typed(frame[:1200]), recipe)
            placed = found.place(typed(frame[1200:]).frame)
            truth = np.arange(1200, 2400) % 3
            group_of = pd.crosstab(found.labels, np.arange(1200) % 3).to_numpy().argmax(axis=1)
            given.append(placed.probabilities)
            right.append(group_of[placed.labels] == truth)
        return np.concatenate(given), np.concatenate(right)

    def test_of_customers_given_a_probability_as_many_are_right(self) -> None:
        given, right = self.reliability(replace(CONTRACT, algorithm="kmeans", n_clusters=3))
        for low, high in ((0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
            within = (given >= low) & (given < high)
            assert within.sum() > 30
            assert right[within].mean() == pytest.approx(given[within].mean(), abs=0.08)

    def test_it_never_falls_as_the_confidence_rises(self) -> None:
        found = segment(typed(blobs(600, gap=3)), RECIPES["kmeans"])
        assert found.membership is not None
        assert found.membership.scale is not None
        assert (np.diff(found.membership.scale.scores) > 0).all()
        assert (np.diff(found.membership.scale.probabilities) >= 0).all()

    def test_where_groups_stand_far_apart_nobody_is_doubted(self) -> None:
        # Standardised, a third column that tells nothing would be as wide as the groups are apart,
        # and a half of the customers may be divided by it.
        old, new = (blobs(600, gap=12, seed=seed).drop(columns="age") for seed in (0, 4))
        found = segment(typed(old), replace(RECIPES["kmeans"], n_clusters=3))
        placed = found.place(typed(new).frame)
        assert placed.probabilities is not None
        assert placed.probabilities.min() > 0.97


@pytest.mark.parametrize("name", ["kmeans", "ward"])
def test_one_in_a_hundred_of_each_segment_is_an_outlier(name: str) -> None:
    frame = blobs(12_000, gap=8)
    # Segments of unlike width: one reach for all would find outliers in the widest alone.
    frame.loc[::3, ["spent", "visits"]] *= 0.3
    found = segment(typed(frame[:3000]), replace(RECIPES[name], n_clusters=3))
    placed = found.place(typed(frame[3000:]).frame)
    for label in range(3):
        share = placed.outliers[placed.labels == label].mean()
        assert 0.004 < share < 0.02


def test_rows_are_known_by_the_numbers_that_pandas_gives_them() -> None:
    # Stored segmentations hold these.
    X = np.random.default_rng(0).normal(size=(500, 7))
    X[X < -1] = 0.0
    expected = pd.util.hash_pandas_object(pd.DataFrame(X), index=False)
    np.testing.assert_array_equal(digests_of(np.where(X == 0, -0.0, X)), expected)


@pytest.mark.parametrize("n_features", [3, 40])
def test_a_single_row_has_the_neighbours_that_it_has_among_many(n_features: int) -> None:
    rng = np.random.default_rng(1)
    rows, X = rng.normal(size=(600, n_features)), rng.normal(size=(50, n_features))
    kept = NearestRows(rows, np.arange(600))
    nobody = np.zeros(50, dtype=bool)
    alone = [kept.voters(x[None], nobody[:1])[0] for x in X]
    np.testing.assert_array_equal(alone, kept.voters(X, nobody))
    np.testing.assert_array_equal(alone, cdist(X, rows).argsort(axis=1)[:, :VOTERS])
