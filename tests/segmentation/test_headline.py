"""The sentence about a cut never says more than its segments bear out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from app.segmentation.kept_tree import cut_stability
from app.segmentation.recipe import CONTRACT
from app.segmentation.recutting import recut
from app.segmentation.segment import segment_with_tree
from app.segmentation.tables import table_from_frame
from app.segmentation.validation.headline import headline


@pytest.mark.parametrize(
    ("verdict", "jaccards", "says", "never"),
    [
        ("strong", [0.9, 0.95], "All 2 segments come back", "not"),
        ("strong", [0.4, 0.5, 0.6], "None of the 3 segments comes back", "All"),
        ("strong", [0.9, 0.5, 0.6], "Only 1 of 3 segments comes back", "All"),
        ("none", [0.9, 0.9], "no evidence of distinct groups", "form distinct"),
        ("none", [0.3, 0.3], "no evidence of distinct groups", "can be repeated"),
        (None, [0.9, 0.9], "All 2 segments come back", "groups"),
    ],
)
def test_it_says_what_holds_of_the_table_and_of_the_segments(verdict, jaccards, says, never):
    told = headline(verdict, jaccards)
    assert says in told
    assert never not in told


def test_a_split_of_one_customer_from_all_others_is_not_praised():
    told = headline("strong", [1.0, 1.0], degenerate=True)
    assert "not a segmentation" in told
    assert "come back" not in told


def test_cuts_of_one_tree_have_verdicts_of_their_own():
    rng = np.random.default_rng(0)
    centres = 10 * np.array([(0, 0), (1, 0), (0, 1)])
    frame = pd.DataFrame(
        centres[np.arange(300) % 3] + rng.normal(size=(300, 2)), columns=["a", "b"]
    )
    tree = segment_with_tree(table_from_frame(frame), CONTRACT).tree
    assert tree is not None

    def returning(k: int) -> int:
        cut = recut(tree, replace(CONTRACT, n_clusters=k), placing=False)
        stability = cut_stability(tree, cut.clustering)
        assert stability is not None
        return sum(each.jaccard >= 0.75 for each in stability.per_segment)

    assert returning(3) == 3
    assert returning(12) < 6
