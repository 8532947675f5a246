from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest

from app.segmentation.description.reasons import reasons
from app.segmentation.errors import DegenerateDataError
from app.segmentation.kept_tree import cut_projection
from app.segmentation.recipe import CONTRACT
from app.segmentation.recutting import recut
from app.segmentation.segment import segment_with_tree
from app.segmentation.tables import table_from_frame


def grown(frame, **decisions):
    return segment_with_tree(
        replace(table_from_frame(frame), warnings=()), replace(CONTRACT, **decisions)
    )


@pytest.fixture(scope="module")
def customers():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "age": rng.normal(45, 12, 400),
            "income": rng.lognormal(3, 0.6, 400),
            "region": rng.choice(["North", "South", "East"], 400, p=[0.5, 0.3, 0.2]),
        }
    )
    frame.loc[::17, "income"] = np.nan
    frame.loc[::23, "region"] = None
    return frame


@pytest.mark.parametrize("linkage", ["ward", "average", "single"])
@pytest.mark.parametrize("k", [None, 2, 5, 15])
def test_a_cut_tells_what_a_fit_of_all_rows_tells(customers, linkage, k):
    found = grown(customers, linkage=linkage, n_clusters=k)
    fitted, tree = found.segmentation, found.tree
    cut = recut(tree, fitted.recipe)

    np.testing.assert_array_equal(cut.labels, fitted.labels)
    np.testing.assert_allclose(cut.clustering.centers, fitted.clustering.centers)
    assert cut.clustering.inertia == pytest.approx(fitted.clustering.inertia)
    assert cut.clustering.details == fitted.clustering.details
    assert cut.scorer == fitted.scorer
    assert cut.silhouette == fitted.silhouette
    assert cut.chosen.reason == fitted.chosen.reason
    assert (cut.names, cut.degenerate) == (fitted.names, fitted.degenerate)
    assert cut.warnings == fitted.warnings
    for one, other, name in zip(cut.profiles, fitted.profiles, cut.names, strict=True):
        assert one.means == pytest.approx(other.means)
        assert (one.size, one.share, one.categories) == (other.size, other.share, other.categories)
        assert one.middles == other.middles
        assert one.uppers == other.uppers
        for mine, its in zip(one.differences, other.differences, strict=True):
            assert asdict(mine) == pytest.approx(asdict(its))
        told, its_own = (
            [(d.column, d.level) for d in reasons(p, name, most=3)] for p in (one, other)
        )
        assert told == its_own


def test_the_points_stay_where_they_are_at_every_cut(customers):
    tree = grown(customers, linkage="ward").tree
    two, nine = (cut_projection(tree, n_clusters=k) for k in (2, 9))
    np.testing.assert_array_equal(two.points, nine.points)
    for projection, k in ((two, 2), (nine, 9)):
        labels = recut(tree, replace(CONTRACT, n_clusters=k)).labels
        np.testing.assert_array_equal(projection.labels, labels[projection.indices])


def test_a_cut_that_ties_leave_out_says_so():
    corners = pd.DataFrame({"age": [0.0, 0, 1, 1], "income": [0.0, 1, 0, 1]})
    tree = grown(corners, linkage="single", n_clusters=4).tree
    for k, why in ((2, "one distance"), (5, "4 leaves"), (40, "2 to 15")):
        with pytest.raises(DegenerateDataError, match=why):
            recut(tree, replace(CONTRACT, n_clusters=k))
    assert recut(tree, replace(CONTRACT, n_clusters=4)).n_segments == 4
