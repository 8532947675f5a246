import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, confusion_matrix

from app.segmentation.comparison import compare_partitions


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


def test_a_segment_that_splits_lives_on_in_its_larger_part():
    before = np.repeat([0, 1], [40, 30])
    after = np.repeat([0, 2, 1], [30, 10, 30])
    found = compare_partitions(before, after, n_before=2, n_after=3)
    assert [(match.old_id, match.new_id) for match in found.matches] == [(0, 0), (1, 1)]
    assert found.moves.n_moved == 10


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
