import numpy as np
import pandas as pd

from app.segmentation.choice.chance import is_tied, silhouettes_by_chance
from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.preparation.fitting import fit_features


def space(**columns: object) -> FeatureSpace:
    frame = pd.DataFrame(columns)
    numeric = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    categorical = [name for name in frame if name not in numeric]
    return fit_features(frame, numeric=numeric, categorical=categorical)


def test_ties_are_told_by_the_different_rows_and_the_different_values() -> None:
    rng = np.random.default_rng(0)
    assert not is_tied(space(income=rng.normal(size=200)))
    assert is_tied(space(rating=rng.integers(1, 6, 200)))
    assert is_tied(space(income=rng.normal(size=200), children=rng.integers(0, 4, 200)))
    assert is_tied(space(plan=rng.choice(list("abc"), 200), region=rng.choice(list("NSE"), 200)))
    assert not is_tied(space(plan=rng.choice(list("abc"), 200)))


def test_chance_is_what_independent_columns_give_and_less_than_groups_do() -> None:
    rng = np.random.default_rng(1)
    group = rng.integers(0, 3, 400)
    together = space(x=group * 2, y=group * 3 + rng.integers(0, 2, 400))
    apart = space(x=group * 2, y=rng.permutation(group) * 3 + rng.integers(0, 2, 400))
    k_range = range(2, 7)

    def gap(found: FeatureSpace) -> list[float]:
        def sweep(X: np.ndarray) -> object:
            return sweep_kmeans(X, k_range=k_range)

        by_chance = silhouettes_by_chance(found, sweep, k_range=k_range)
        return [
            score - by_chance[k].silhouette
            for k, score in zip(k_range, sweep(found.matrix).silhouettes, strict=True)
        ]

    assert np.abs(gap(apart)).max() < 0.05
    two, three, *more = gap(together)
    assert three > two + 0.1
    assert three > 0.3
    assert max(more) < three + 0.02


def test_a_number_of_clusters_that_no_shuffle_has_is_perfect_by_chance() -> None:
    tied = space(x=[0, 0, 0, 1, 1, 2, 3, 4] * 5)
    by_chance = silhouettes_by_chance(
        tied, lambda X: sweep_kmeans(X, k_range=range(2, 8)), k_range=range(2, 8)
    )
    assert by_chance[6].silhouette == by_chance[7].silhouette == 1.0
    assert by_chance[2].silhouette < 1.0
