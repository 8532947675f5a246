"""Customers along one line that bends are no groups, and groups along a bend stay groups."""

import numpy as np
import pandas as pd
import pytest

from app.segmentation.choice.bent import SHALLOW, way_round
from app.segmentation.recipe import AUTO
from app.segmentation.segment import segment
from app.segmentation.tables import table_from_frame
from app.segmentation.validation.follow_on import follows_on
from app.segmentation.validation.structure import assess_structure
from benchmarks.structure_samples import l_shaped, u_shaped


def arc(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    angle = rng.uniform(0, np.pi, n)
    X = rng.normal(scale=0.2, size=(n, d))
    X[:, :2] += 2 * np.column_stack([np.cos(angle), np.sin(angle)])
    return X


@pytest.mark.parametrize(("shape", "d"), [(l_shaped, 2), (u_shaped, 4), (arc, 2)])
def test_a_bend_shows_a_gap_and_no_groups(shape, d):
    X = shape(np.random.default_rng(3), 300, d)
    assert assess_structure(X).verdict == "strong"
    found = assess_structure(X, way_round=way_round)
    assert (found.verdict, found.bent) == ("none", True)
    assert found.separation <= SHALLOW
    assert 0.05 < found.p_value < 1
    assert "one line that bends" in found.sentence


@pytest.mark.parametrize("apart", [4.5, 6])
def test_groups_along_an_arc_stay_groups(apart):
    rng = np.random.default_rng(4)
    angles = np.pi / 3 * rng.integers(0, 4, 400)
    centers = apart * np.column_stack([np.cos(angles), np.sin(angles)])
    X = np.hstack([centers, np.zeros((400, 1))]) + rng.normal(size=(400, 3))
    assert assess_structure(X, way_round=way_round).verdict == "strong"


def test_two_rings_stay_two():
    rng = np.random.default_rng(5)
    angle, radius = rng.uniform(0, 2 * np.pi, 500), rng.choice([1, 3], 500)
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += rng.normal(scale=0.15, size=X.shape)
    assert assess_structure(X, way_round=way_round).verdict == "strong"


def walks(seed: int, n: int = 300) -> pd.DataFrame:
    steps = np.random.default_rng(seed).normal(size=(n, 2))
    return pd.DataFrame(steps.cumsum(axis=0), columns=["visits", "sales"]).round(4)


def codes(frame: pd.DataFrame) -> set[str]:
    found = segment(table_from_frame(frame.astype(object)), AUTO)
    return {each.code for each in found.warnings if hasattr(each, "code")}


def test_a_course_over_time_is_said_to_be_one():
    assert "rows_follow_on" in codes(walks(6))


def test_a_file_sorted_by_its_groups_is_no_course():
    rng = np.random.default_rng(7)
    group = np.repeat([0, 1, 2], 100)
    frame = pd.DataFrame({"age": 20 + 20 * group, "spend": 50 * (group == 1)})
    assert "rows_follow_on" not in codes(frame + rng.normal(0, 3, frame.shape).round(3))


@pytest.mark.parametrize("n", [40, 200, 2_000])
def test_what_follows_on(n):
    rng = np.random.default_rng(n)
    level = rng.normal(size=n)
    rising = np.sort(level)
    assert follows_on(rng.normal(size=n).cumsum())
    assert not follows_on(level)
    assert not follows_on(rising)
    assert not follows_on(rising + rng.normal(scale=0.3, size=n))
    assert not follows_on(np.tile(rising[::4], 4))
    assert not follows_on(rng.integers(0, 2, n).astype(float))
