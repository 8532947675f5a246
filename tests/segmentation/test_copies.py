"""A table in which every row stands as often: its tree is that of one copy, with all rows on it."""

from dataclasses import astuple, replace

import numpy as np
import pandas as pd
import pytest

from app.segmentation.kept_tree import cut_kept, cut_projection, cut_stability
from app.segmentation.pictures.dendrogram import dendrogram_data
from app.segmentation.recipe import AUTO
from app.segmentation.recutting import recut
from app.segmentation.segment import segment_with_tree
from app.segmentation.tables import table_from_frame

COPIES = 3
N_ROWS = 60
TREE = replace(AUTO, algorithm="hierarchical", n_clusters=3, validation="none")


@pytest.fixture(scope="module")
def found():
    """Segment a table, and another in which each of its rows stands three times, shuffled."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "age": rng.normal(np.repeat([25, 45, 70], N_ROWS // 3), 3),
            "spent": rng.normal(np.tile([10, 50, 90], N_ROWS // 3), 4),
            "region": rng.choice(["North", "South"], N_ROWS),
        }
    )
    places = rng.permutation(np.repeat(np.arange(N_ROWS), COPIES))
    copied = frame.iloc[places].reset_index(drop=True)
    once, all_of_them = (
        segment_with_tree(table_from_frame(each), TREE) for each in (frame, copied)
    )
    return once, all_of_them, places


def test_the_tree_of_copies_can_be_drawn_with_every_row_on_it(found):
    once, copied, _ = found
    one, other = (dendrogram_data(each.tree.measured.tree, n_clusters=3) for each in (once, copied))
    np.testing.assert_allclose(
        [astuple(each) for each in other.branches], [astuple(each) for each in one.branches]
    )
    assert other.cut_height == pytest.approx(one.cut_height)
    assert [leaf.n_rows for leaf in other.leaves] == [COPIES * leaf.n_rows for leaf in one.leaves]


@pytest.mark.parametrize("k", [2, 3, 7, 15])
def test_another_cut_puts_each_copy_where_its_row_is(found, k):
    once, copied, places = found
    np.testing.assert_array_equal(
        cut_kept(copied.tree, k)[0].labels, cut_kept(once.tree, k)[0].labels[places]
    )
    on_plane = cut_projection(copied.tree, n_clusters=k)
    np.testing.assert_array_equal(
        on_plane.labels, cut_kept(copied.tree, k)[0].labels[on_plane.indices]
    )


def test_the_cut_that_was_taken_is_told_as_the_table_is(found):
    _, copied, _ = found
    fitted, cut = copied.segmentation, recut(copied.tree, TREE)
    np.testing.assert_array_equal(cut.labels, fitted.labels)
    assert cut.names == fitted.names
    assert [each.size for each in cut.profiles] == [each.size for each in fitted.profiles]
    for mine, its in zip(cut.profiles, fitted.profiles, strict=True):
        assert mine.means == pytest.approx(its.means)
        assert mine.categories == its.categories
    assert cut.clustering.inertia == pytest.approx(fitted.clustering.inertia)
    assert set(cut.warnings) == set(fitted.warnings)
    assert cut_stability(copied.tree, cut.clustering) is not None
