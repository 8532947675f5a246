"""Why the number of segments is not the one that resamples choose."""

from dataclasses import replace

import numpy as np
import pytest

from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering
from app.segmentation.validation.certainty import Certainty, Criterion
from app.segmentation.validation.count_reason import count_reason

CLUSTERING = cluster_kmeans(np.random.default_rng(0).normal(size=(40, 2)), n_clusters=3)


def certainty(silhouettes: dict[int, float], usual: int) -> Certainty:
    shares = {k: 0.6 if k == usual else 0.4 / (len(silhouettes) - 1) for k in silhouettes}
    criterion = Criterion("silhouette", 3, silhouettes, larger_is_better=True)
    return Certainty(
        best_k=3, shares=shares, criteria=(criterion,), agree=True, n_resamples=25,
        sample_size=40, sentences=(),
    )  # fmt: skip


def reason(
    silhouettes: dict[int, float], usual: int, clustering: Clustering = CLUSTERING, **options: bool
) -> str | None:
    given = {"requested": False, **options}
    return count_reason(certainty(silhouettes, usual), clustering, **given)


def test_nothing_is_said_where_resamples_agree() -> None:
    assert reason({2: 0.3, 3: 0.5, 4: 0.4}, usual=3) is None


@pytest.mark.parametrize(
    ("silhouettes", "usual", "expected"),
    [
        ({2: 0.48, 3: 0.5}, 2, "on all customers 3 have the higher silhouette, 0.500 vs 0.480."),
        ({3: 0.5, 5: 0.51}, 5, "3 are fewer and score as well, with a silhouette of 0.500 vs"),
        ({2: 0.9, 3: 0.5}, 2, "once splits with a tiny segment and those that chance would make"),
        ({2: 0.9, 4: 0.5}, 2, "once splits with a tiny segment and those that chance would make"),
    ],
)
def test_the_reason_holds_of_the_figures(
    silhouettes: dict[int, float], usual: int, expected: str
) -> None:
    told = reason(silhouettes, usual)
    assert told.startswith(f"Most resamples choose {usual} segments; ")
    assert expected in told


def test_a_number_that_was_requested_needs_no_other_reason() -> None:
    told = reason({2: 0.9, 3: 0.5}, usual=2, requested=True)
    assert told == "Most resamples choose 2 segments; 3 were requested."


@pytest.mark.parametrize(("method", "how"), [("ward", "cut a tree"), ("mixture", "any shape")])
def test_segments_of_another_kind_are_not_those_that_resamples_compare(
    method: str, how: str
) -> None:
    told = reason({2: 0.9, 3: 0.5}, usual=2, clustering=replace(CLUSTERING, method=method))
    assert how in told
