import sys

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from app.segmentation.clustering.density_tree import cluster_hdbscan
from app.segmentation.errors import DegenerateDataError, RowLimitError, SegmentationError


@pytest.fixture(scope="module")
def densities():
    """A tight group, a wide one, and a few rows far from both."""
    rng = np.random.default_rng(0)
    far = rng.uniform(-60, 60, (10, 2))
    return np.vstack([rng.normal(0, 0.3, (300, 2)), rng.normal(9, 2, (300, 2)), far])


def test_finds_groups_of_unlike_density(densities):
    result = cluster_hdbscan(densities)
    assert result.n_clusters == 2
    truth = np.repeat([0, 1], 300)
    inside = result.labels[:600] >= 0
    assert adjusted_rand_score(result.labels[:600][inside], truth[inside]) == 1.0
    assert result.details["n_noise"] == (result.labels == -1).sum() > 0
    assert result.details["implementation"] == "scikit-learn"


def test_one_row_is_refused():
    with pytest.raises(DegenerateDataError, match="only 1; add rows"):
        cluster_hdbscan(np.ones((1, 2)))


def test_labels_are_scikit_learns(densities):
    result = cluster_hdbscan(densities, min_cluster_size=12, min_samples=6)
    expected = HDBSCAN(min_cluster_size=12, min_samples=6, copy=True).fit_predict(densities)
    assert (result.labels == expected).all()


# In a new environment it is compiled first, which takes a minute of a quiet machine.
@pytest.mark.timeout(900)
def test_compiled_code_agrees_with_scikit_learn(densities):
    compiled = cluster_hdbscan(densities, compiled_from_rows=0)
    assert compiled.details["implementation"] == "fast_hdbscan"
    assert adjusted_rand_score(compiled.labels, cluster_hdbscan(densities).labels) > 0.99


def test_scikit_learn_serves_where_compiled_code_cannot_be_loaded(densities, monkeypatch):
    monkeypatch.setitem(sys.modules, "fast_hdbscan", None)
    result = cluster_hdbscan(densities, compiled_from_rows=0)
    assert result.details["implementation"] == "scikit-learn"
    assert (result.labels == cluster_hdbscan(densities).labels).all()


def test_more_rows_than_the_limit_are_refused(densities):
    with pytest.raises(RowLimitError, match=r"at most 600 rows.*K-means"):
        cluster_hdbscan(densities, row_limit=600)


@pytest.mark.parametrize("sizes", [{"min_cluster_size": 1}, {"min_samples": 0}])
def test_sizes_out_of_range_are_refused(densities, sizes):
    with pytest.raises(SegmentationError, match=next(iter(sizes))):
        cluster_hdbscan(densities, **sizes)
