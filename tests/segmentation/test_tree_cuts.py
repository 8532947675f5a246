from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from app.segmentation.column_choice import ColumnChoice
from app.segmentation.description.reasons import reasons
from app.segmentation.errors import DegenerateDataError
from app.segmentation.features import fit_features
from app.segmentation.fitting import FitOptions, fit_run
from app.segmentation.tree_cuts import cut_projection, cut_run, prepare_cuts
from app.segmentation.tree_selection import measure_tree

CHOICE = ColumnChoice(
    numeric=("age", "income"), categorical=("region",), identifier=None, left_out={}
)


def grown(frame, **options):
    space = fit_features(
        frame, numeric=CHOICE.numeric, categorical=CHOICE.categorical, transform="none"
    )
    measured = measure_tree(space, memory_limit_bytes=1 << 30, **options)
    return space, measured, prepare_cuts(measured, frame, space, CHOICE)


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
    space, measured, tree = grown(customers, linkage=linkage)
    cut = cut_run(tree, CHOICE, n_clusters=k)
    options = FitOptions(algorithm="hierarchical", n_clusters=k)
    fitted = fit_run(customers, space, CHOICE, options, measured_tree=measured)

    np.testing.assert_array_equal(cut.clustering.labels, fitted.clustering.labels)
    np.testing.assert_allclose(cut.clustering.centers, fitted.clustering.centers)
    assert cut.clustering.inertia == pytest.approx(fitted.clustering.inertia)
    assert cut.clustering.details == fitted.clustering.details
    assert cut.scorer == fitted.scorer
    assert cut.silhouette == fitted.silhouette
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
    _, _, tree = grown(customers, linkage="ward")
    two, nine = (cut_projection(tree, n_clusters=k) for k in (2, 9))
    np.testing.assert_array_equal(two.points, nine.points)
    for projection, k in ((two, 2), (nine, 9)):
        labels = cut_run(tree, CHOICE, n_clusters=k).clustering.labels
        np.testing.assert_array_equal(projection.labels, labels[projection.indices])


def test_a_cut_that_ties_leave_out_says_so():
    corners = pd.DataFrame({"age": [0.0, 0, 1, 1], "income": [0.0, 1, 0, 1], "region": ["N"] * 4})
    _, _, tree = grown(corners, linkage="single")
    for k, why in ((2, "one distance"), (5, "4 leaves"), (40, "2 to 15")):
        with pytest.raises(DegenerateDataError, match=why):
            cut_run(tree, CHOICE, n_clusters=k)
    assert cut_run(tree, CHOICE, n_clusters=4).clustering.n_clusters == 4
