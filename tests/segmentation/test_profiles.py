import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.segmentation.description.profiles import profile_segments


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "milk": np.concatenate([rng.normal(100, 10, 60), rng.normal(130, 12, 90)]),
            "bread": rng.normal(1e6, 1, 150),
            "plan": ["a"] * 50 + ["b"] * 40 + ["a"] * 20 + ["c"] * 40,
        }
    )


LABELS = np.repeat([0, 1], [60, 90])


def test_sizes_shares_means_and_categories_are_the_segments_own(frame):
    first, second = profile_segments(frame, LABELS, numeric=["milk", "bread"], categorical=["plan"])
    assert (first.size, second.size) == (60, 90)
    assert second.share == pytest.approx(0.6)
    assert second.means == pytest.approx(frame[["milk", "bread"]][60:].mean().to_dict())
    counted = frame["plan"][60:].value_counts(normalize=True)
    assert {c.level: c.share for c in second.categories["plan"]} == pytest.approx(counted.to_dict())
    assert second.categories["plan"][0].level == "c"


@pytest.mark.parametrize("column", ["milk", "bread"])
def test_a_numbers_effect_is_cohens_d(frame, column):
    profile = profile_segments(frame, LABELS, numeric=[column])[0]
    inside, outside = frame[column][:60], frame[column][60:]
    # The t statistic of two samples is d over sqrt(1/n + 1/m).
    t = stats.ttest_ind(inside, outside).statistic
    expected = t * np.sqrt(1 / 60 + 1 / 90)
    assert profile.differences[0].effect == pytest.approx(expected, rel=1e-6)
    assert profile.differences[0].rest == pytest.approx(outside.mean())


def test_a_categorys_effect_is_cohens_h(frame):
    profile = profile_segments(frame, LABELS, numeric=[], categorical=["plan"])[0]
    found = {difference.level: difference for difference in profile.differences}
    p, q = 50 / 60, 20 / 90
    assert found["a"].effect == pytest.approx(2 * np.arcsin(p**0.5) - 2 * np.arcsin(q**0.5))
    assert (found["a"].value, found["a"].rest) == pytest.approx((p, q))


def test_of_two_levels_the_one_that_is_more_frequent_stands_for_both():
    frame = pd.DataFrame({"channel": ["1"] * 6 + ["2"] * 2 + ["1"] * 3 + ["2"] * 5})
    profiles = profile_segments(frame, np.repeat([0, 1], 8), numeric=[], categorical=["channel"])
    assert [[each.level for each in profile.differences] for profile in profiles] == [["1"], ["2"]]


def test_differences_come_strongest_first(frame):
    for profile in profile_segments(frame, LABELS, numeric=["milk", "bread"], categorical=["plan"]):
        effects = [abs(difference.effect) for difference in profile.differences]
        assert effects == sorted(effects, reverse=True)


def test_blanks_count_in_no_mean_and_are_a_category_of_their_own():
    frame = pd.DataFrame({"x": [1.0, None, 3.0, None, None], "c": ["a", None, "a", "b", ""]})
    first, second = profile_segments(
        frame, np.array([0, 0, 0, 1, 1]), numeric=["x"], categorical=["c"]
    )
    assert first.means["x"] == 2
    assert second.means["x"] is None
    assert dict(second.categories["c"]) == {"b": 0.5, "(missing)": 0.5}


def test_noise_belongs_to_the_rest():
    frame = pd.DataFrame({"x": [0.0, 1.0, 10.0, 12.0]})
    (profile,) = profile_segments(frame, np.array([0, 0, -1, -1]), numeric=["x"])
    assert (profile.size, profile.share) == (2, 0.5)
    assert profile.differences[0].rest == 11


def test_a_segment_of_everybody_differs_from_nobody():
    frame = pd.DataFrame({"x": [0.0, 1.0], "c": ["a", "b"]})
    (profile,) = profile_segments(frame, np.array([0, 0]), numeric=["x"], categorical=["c"])
    assert profile.differences == ()
    assert profile.means["x"] == 0.5


def test_values_that_never_vary_within_a_group_differ_by_a_finite_effect():
    frame = pd.DataFrame({"x": [1.0, 1.0, 2.0, 2.0], "same": [5.0] * 4})
    first, _ = profile_segments(frame, np.array([0, 0, 1, 1]), numeric=["x", "same"])
    assert [(d.column, d.effect) for d in first.differences] == [("x", -2.0)]
