from itertools import combinations

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score, confusion_matrix

from app.segmentation.comparison import Refinement, compare_partitions


def test_other_numbers_for_the_same_groups_move_nobody():
    before = np.repeat([0, 1, 2], [30, 20, 10])
    found = compare_partitions(before, np.array([2, 0, 1])[before], n_before=3, n_after=3)
    assert [(match.old_id, match.new_id) for match in found.matches] == [(0, 2), (1, 0), (2, 1)]
    assert (found.moves.n_moved, found.adjusted_rand_index) == (0, 1.0)


def test_who_leaves_what_became_of_their_segment_has_moved():
    random = np.random.default_rng(0)
    before = random.integers(0, 3, 400)
    after = np.where(random.random(400) < 0.1, random.integers(0, 3, 400), before)
    found = compare_partitions(before, after, n_before=3, n_after=3)
    assert np.array_equal(found.moves.matrix, confusion_matrix(before, after))
    assert found.moves.n_moved == np.count_nonzero(before != after)
    assert found.adjusted_rand_index == pytest.approx(adjusted_rand_score(before, after))


def test_a_segment_that_splits_lives_on_in_its_larger_part_and_nobody_has_moved():
    before = np.repeat([0, 1], [40, 30])
    after = np.repeat([0, 2, 1], [30, 10, 30])
    found = compare_partitions(before, after, n_before=2, n_after=3)
    assert [(match.old_id, match.new_id) for match in found.matches] == [(0, 0), (1, 1)]
    assert found.refinement == Refinement("split", (0, 1, 0))
    assert found.moves.n_moved == 0
    back = compare_partitions(after, before, n_before=3, n_after=2)
    assert back.refinement == Refinement("merged", (0, 1, 0))
    assert back.moves.n_moved == 0


def test_few_may_lie_outside_of_what_their_segment_is_a_part_of_and_they_have_moved():
    before = np.repeat([0, 1], [60, 60])
    after = np.repeat([0, 2, 1], [30, 30, 60])
    after[0] = 1
    found = compare_partitions(before, after, n_before=2, n_after=3)
    assert found.refinement == Refinement("split", (0, 1, 0))
    assert found.moves.n_moved == 1
    after[:10] = 1
    found = compare_partitions(before, after, n_before=2, n_after=3)
    assert found.refinement is None
    assert found.moves.n_moved == 10 + 20


def test_all_cuts_of_a_tree_refine_one_another():
    rows = np.random.default_rng(0).normal(size=(80, 3))
    tree = linkage(rows, "ward")
    cuts = {k: fcluster(tree, k, "maxclust") - 1 for k in range(2, 9)}
    for coarse, fine in combinations(cuts, 2):
        found = compare_partitions(cuts[coarse], cuts[fine], n_before=coarse, n_after=fine)
        assert found.refinement is not None
        assert found.moves.n_moved == 0


def test_noise_is_counted_apart_and_who_stays_in_it_has_not_moved():
    before = np.repeat([-1, 0, 1], [20, 30, 30])
    after = before.copy()
    after[[0, 25, 26]] = [0, -1, 1]
    found = compare_partitions(before, after, n_before=2, n_after=2)
    assert found.moves.matrix == ((28, 1, 1), (0, 30, 0), (1, 0, 19))
    assert found.moves.n_moved == 3


def test_no_segment_lives_on_as_noise():
    before = np.repeat([0, 1], [30, 30])
    after = np.repeat([-1, 0], [30, 30])
    found = compare_partitions(before, after, n_before=2, n_after=1)
    assert found.moves.matrix == ((0, 30), (30, 0))
    assert [(match.old_id, match.new_id) for match in found.matches] == [(1, 0)]
    assert found.moves.n_moved == 30
