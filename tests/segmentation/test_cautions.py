"""What is advised where there are not two clusters."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs, make_moons

from app.segmentation.cautions import cautions
from app.segmentation.clustering.density import cluster_dbscan
from app.segmentation.clustering.density_tree import cluster_hdbscan
from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.recipe import AUTO, CONTRACT
from app.segmentation.segment import segment
from app.segmentation.tables import table_from_frame


@pytest.fixture
def cloud():
    return np.random.default_rng(0).normal(size=(60, 2))


def advice(clustering) -> str:
    return cautions(clustering, None, recipe=CONTRACT)[-1]


def test_all_noise_calls_for_a_larger_eps_and_following_it_finds_a_cluster(cloud):
    narrow = cluster_dbscan(cloud, eps=0.001, min_samples=4)
    assert advice(narrow).startswith("No cluster was found; choose a larger eps")
    wide = cluster_dbscan(cloud, eps=10.0, min_samples=4)
    assert wide.n_clusters == 1
    assert advice(wide).startswith("Only one cluster was found; choose a smaller eps")


def test_hdbscan_is_not_advised_on_an_option_it_does_not_have(cloud):
    nothing = cluster_hdbscan(cloud, min_cluster_size=59)
    assert nothing.n_clusters == 0
    assert "eps" not in advice(nothing)
    assert "smaller min_cluster_size" in advice(nothing)


def test_a_silhouette_that_still_rises_at_the_end_is_said_where_it_chose():
    rng = np.random.default_rng(0)
    centres = np.array([[x, y] for x in range(4) for y in range(3)]) * 20.0
    X = centres.repeat(10, axis=0) + rng.normal(size=(120, 2))
    sweep = sweep_kmeans(X)
    assert sweep.best_k == 10
    best = sweep.clusterings[sweep.k_range.index(10)]
    (said,) = cautions(best, None, recipe=CONTRACT, sweep=sweep)
    assert "still rises at 10" in said
    for settled in (replace(CONTRACT, n_clusters=10), replace(CONTRACT, validation="full")):
        assert cautions(best, None, recipe=settled, sweep=sweep) == ()


def warnings_of(X: np.ndarray) -> list[str]:
    frame = pd.DataFrame(X.round(3), columns=["east", "north"])
    found = segment(table_from_frame(frame), replace(AUTO, algorithm="kmeans"))
    return [one for one in found.warnings if "remain within" in one]


def test_segments_around_centers_that_cut_across_crescents_are_said_to():
    (said,) = warnings_of(make_moons(500, noise=0.08, random_state=0)[0])
    assert "density-based" in said


def test_segments_that_are_the_groups_are_not():
    X, _ = make_blobs(400, centers=[(0, 0), (8, 0), (4, 7)], random_state=0)
    assert warnings_of(X) == []
