import numpy as np
import pandas as pd
import pytest

from app.segmentation.description.naming_generic import name_generic
from app.segmentation.description.profiles import SMALL_EFFECT, ClusterProfile, profile_segments
from app.segmentation.description.reasons import reasons


def described(frame: pd.DataFrame, labels: np.ndarray) -> list[tuple[ClusterProfile, str]]:
    numeric = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    categorical = [name for name in frame if name not in numeric]
    profiles = profile_segments(frame, labels, numeric=numeric, categorical=categorical)
    return list(zip(profiles, name_generic(profiles), strict=True))


def told(segment: tuple[ClusterProfile, str], most: int = 10) -> list[tuple[str, str | None]]:
    profile, name = segment
    return [(each.column, each.level) for each in reasons(profile, name, most=most)]


@pytest.fixture
def subscribers() -> tuple[pd.DataFrame, np.ndarray]:
    """Every service says again who has no line; those with one pay more, and are here first."""
    rng = np.random.default_rng(0)
    has_line = np.repeat([True, False], [90, 30])
    services = {
        name: np.where(has_line, rng.choice(["No", "Yes"], 120, p=[share, 1 - share]), "No line")
        for name, share in (("backup", 0.7), ("support", 0.6), ("stream", 0.5))
    }
    frame = pd.DataFrame(
        {
            **services,
            "line": np.where(has_line, rng.choice(["DSL", "Fibre"], 120), "No"),
            "charges": np.where(has_line, 80.0, 20.0) + rng.normal(0, 25, 120),
        }
    )
    return frame, np.where(has_line, 0, 1)


def test_one_fact_of_several_columns_is_told_once_in_the_plainest_words(subscribers) -> None:
    segment, without = described(*subscribers)
    for each in (segment, without):
        levels = [level for _, level in told(each, most=5)]
        assert "No line" not in levels
        assert told(each, most=5).count(("line", "No")) == 1


def test_repetitions_come_after_all_others_where_there_is_room(subscribers) -> None:
    segment, _ = described(*subscribers)
    everything = told(segment, most=100)
    again = [column for column, level in everything if level == "No line"]
    assert sorted(again) == ["backup", "stream", "support"]
    assert [column for column, _ in everything[-3:]] == again


def test_what_a_name_is_made_of_is_among_the_first_three(subscribers) -> None:
    segment, _ = described(*subscribers)
    assert segment[1] == "High-spending customers mostly without backup"
    strongest = [each.column for each in segment[0].differences[:4]]
    assert "charges" not in strongest
    assert told(segment)[:3] == [("line", "No"), ("charges", None), ("backup", "No")]


def test_equal_words_and_shares_are_one_fact_and_other_words_or_shares_are_not() -> None:
    labels = np.repeat([0, 1], 200)
    frame = pd.DataFrame(
        {
            "age": np.where(labels == 0, 30.0, 60.0),
            "phone": np.repeat(["Yes", "No", "Yes", "No"], [150, 50, 50, 150]),
            "mail": np.repeat(["No", "Yes", "No", "Yes"], [49, 151, 150, 50]),
            "post": np.repeat(["No", "Yes", "No", "Yes"], [55, 145, 150, 50]),
            "plan": np.repeat(["pro", "basic", "pro"], [151, 199, 50]),
        }
    )
    segment = described(frame, labels)[0]
    assert segment[1] == "Younger customers mostly with mail"
    columns = [column for column, _ in told(segment)]
    assert columns == ["age", "mail", "plan", "post", "phone"]


def test_a_weak_difference_is_told_only_where_there_is_no_stronger_one() -> None:
    labels = np.repeat([0, 1], 50)
    sex = np.repeat(["Male", "Female", "Male", "Female"], [25, 25, 21, 29])
    frame = pd.DataFrame({"sex": sex, "age": np.repeat([60.0, 30.0], 50) + np.arange(100) % 7})
    assert told(described(frame, labels)[0]) == [("age", None)]
    alone = described(frame[["sex"]], labels)[0]
    assert abs(alone[0].differences[0].effect) < SMALL_EFFECT
    assert told(alone) == [("sex", "Male")]


def test_a_medium_number_is_told_by_its_mean_where_that_differs() -> None:
    pay = np.concatenate([np.arange(0, 30), np.arange(40, 60), np.arange(80, 96)])
    labels = np.repeat([0, 1, 2], [30, 20, 16])
    _, (profile, name), _ = described(pd.DataFrame({"pay": pay.astype(float)}), labels)
    assert name == "Medium-pay customers"
    assert [each.column for each in reasons(profile, name, most=3)] == ["pay"]
