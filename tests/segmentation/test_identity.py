import numpy as np
import pytest

from app.segmentation.identity import Match, assign_ids, match_segments, overlaps


def test_overlap_is_shared_customers_over_customers_in_either():
    old = np.array([0, 0, 0, 1, 1])
    new = np.array([0, 0, 1, 1, 1])
    np.testing.assert_allclose(overlaps(old, new, n_old=2, n_new=2), [[2 / 3, 1 / 5], [0, 2 / 3]])


def test_an_empty_segment_overlaps_nothing():
    table = overlaps(np.array([0, 0]), np.array([0, 0]), n_old=2, n_new=2)
    assert table.tolist() == [[1.0, 0.0], [0.0, 0.0]]


def test_a_mere_change_of_numbers_is_matched_in_full():
    old = np.repeat([0, 1, 2], 10)
    new = np.array([2, 0, 1])[old]
    matches = match_segments(old, new, n_old=3, n_new=3)
    assert [(m.old_id, m.new_id, m.overlap) for m in matches] == [(0, 2, 1), (1, 0, 1), (2, 1, 1)]
    assert assign_ids(matches, n_new=3, order=[0, 1, 2])[new].tolist() == old.tolist()


def test_growing_keeps_the_old_ids_and_gives_the_new_segment_the_next():
    old = np.repeat([0, 1, 2], 20)
    new = np.array([3, 1, 0])[old]
    new[[0, 1, 20, 21, 40, 41]] = 2  # a few of each make the new one
    matches = match_segments(old, new, n_old=3, n_new=4)
    ids = assign_ids(matches, n_new=4, order=[0, 1, 2, 3])
    assert ids.tolist() == [2, 1, 3, 0]


def test_a_vanished_segment_leaves_its_id_to_one_that_cannot_keep_its_own():
    old = np.repeat([0, 1, 2], [20, 4, 20])
    new = np.where(old == 2, 1, 0)  # the small one is swallowed by the first
    matches = match_segments(old, new, n_old=3, n_new=2)
    assert [(m.old_id, m.new_id) for m in matches] == [(0, 0), (2, 1)]
    assert assign_ids(matches, n_new=2, order=[0, 1]).tolist() == [0, 1]


def test_of_a_split_the_larger_half_lives_on():
    old = np.repeat([0, 1], [30, 20])
    new = old.copy()
    new[:10] = 2
    matches = match_segments(old, new, n_old=2, n_new=3)
    assert matches == (Match(0, 0, 20 / 30), Match(1, 1, 1.0))
    assert assign_ids(matches, n_new=3, order=[2, 0, 1]).tolist() == [0, 1, 2]


def test_a_segment_scattered_over_three_is_gone():
    old = np.repeat([0, 1], [30, 30])
    new = np.concatenate([np.arange(30) % 3, np.full(30, 3)])
    matches = match_segments(old, new, n_old=2, n_new=4)
    assert [(m.old_id, m.new_id) for m in matches] == [(1, 3)]
    assert assign_ids(matches, n_new=4, order=[2, 1, 0, 3]).tolist() == [3, 2, 0, 1]


def test_a_match_past_the_new_count_takes_a_free_id_before_the_new_segments():
    matches = [Match(old_id=4, new_id=1, overlap=0.9), Match(old_id=0, new_id=2, overlap=0.9)]
    assert assign_ids(matches, n_new=3, order=[0, 1, 2]).tolist() == [2, 1, 0]


@pytest.mark.parametrize("seed", range(5))
def test_ids_are_always_a_permutation(seed):
    rng = np.random.default_rng(seed)
    n_old, n_new = int(rng.integers(2, 9)), int(rng.integers(2, 9))
    old, new = rng.integers(0, n_old, 50), rng.integers(0, n_new, 50)
    matches = match_segments(old, new, n_old=n_old, n_new=n_new, threshold=0.05)
    ids = assign_ids(matches, n_new=n_new, order=rng.permutation(n_new).tolist())
    assert sorted(ids) == list(range(n_new))
