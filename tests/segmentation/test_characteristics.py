from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.segmentation.description.bands import cohens_h
from app.segmentation.description.characteristics import characterise, evidence
from app.segmentation.description.naming_generic import name_generic
from app.segmentation.description.profiles import ClusterProfile, profile_segments
from app.segmentation.description.statements import Characteristic, of_spread
from tests.segmentation.statements import check_statements


class Segment(NamedTuple):
    profile: ClusterProfile
    name: str
    characteristics: tuple[Characteristic, ...]


def described(frame: pd.DataFrame, labels: np.ndarray) -> list[Segment]:
    numeric = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    categorical = [name for name in frame if name not in numeric]
    profiles = profile_segments(frame, labels, numeric=numeric, categorical=categorical)
    told = characterise(profiles, frame, labels, numeric=numeric, categorical=categorical)
    return [Segment(*each) for each in zip(profiles, name_generic(profiles), told, strict=True)]


def texts(segment: Segment) -> list[str]:
    return [one.text for one in segment.characteristics]


def random_table(seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """One to four columns of many shapes, with gaps, divided along one of them or by chance."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([20, 60, 200]))
    shapes = {
        "normal": rng.normal(50, 10, n).round(1),
        "skewed": np.exp(rng.normal(0, 1, n)).round(2),
        "rating": rng.integers(1, 6, n).astype(float),
        "uniform": rng.uniform(-1, 1, n).round(3),
        "plan": rng.choice(["basic", "pro"], n),
        "region": rng.choice(["North", "South", "East", "West"], n),
    }
    names = rng.choice(list(shapes), int(rng.integers(1, 5)), replace=False)
    frame = pd.DataFrame({name: shapes[name] for name in names})
    along = frame[names[0]].rank(method="dense" if rng.random() < 0.5 else "first")
    labels = np.asarray(along * rng.integers(2, 5) // (along.max() + 1), dtype=np.int64)
    if rng.random() < 0.2 and len(names) > 1:
        labels = rng.integers(0, 3, n)
    for name in names:
        if rng.random() < 0.3:
            frame.loc[rng.random(n) < 0.2, name] = None
    return frame, np.unique(labels, return_inverse=True)[1]


@pytest.mark.parametrize("seed", range(40))
def test_every_segment_has_three_true_statements_at_one_level(seed: int) -> None:
    frame, labels = random_table(seed)
    segments = described(frame, labels)
    if len(segments) > 1:
        check_statements(segments, labels, frame)


def test_all_kinds_of_statements_are_made() -> None:
    made = Counter(
        one.measure
        for seed in range(40)
        for segment in described(*random_table(seed))
        for one in segment.characteristics
    )
    assert set(made) == {"mean", "category", "stretch", "spread", "missing", "holding"}


def test_a_medium_number_is_not_said_to_be_lower_and_its_mean_is_the_evidence() -> None:
    income = [15.0, 16, 17, 45, 47, 50, 95, 99, 104]
    _, medium, _ = described(pd.DataFrame({"income": income}), np.repeat([0, 1, 2], 3))
    assert medium.name == "Middle-income customers"
    assert texts(medium)[0] == "Medium income, mostly 45 to 50 (100% vs 0%)"
    assert not any(text.startswith(("Higher", "Lower")) for text in texts(medium))
    (mean,) = evidence(medium.characteristics)
    assert (mean.value, mean.rest) == pytest.approx((142 / 3, 346 / 6))


def test_columns_of_equal_shares_are_told_both_where_they_are_of_other_customers() -> None:
    frame = pd.DataFrame(
        {"plan": ["basic", "pro"] * 20, "device": ["phone", "phone", "desk", "desk"] * 10}
    )
    first = described(frame, np.arange(40) % 4)[0]
    assert texts(first)[:2] == [
        "Always plan basic: 100% vs 33%",
        "Always device phone: 100% vs 33%",
    ]
    same = described(frame.assign(device=frame["plan"]), np.arange(40) % 2)[0]
    assert sum("Always" in text for text in texts(same)) == 1


def test_who_is_not_known_is_told_of_numbers() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"spend": rng.normal(100, 1, 90).round()})
    frame.loc[:20, "spend"] = np.nan
    first = described(frame, np.repeat([0, 1, 2], 30))[0]
    assert "Mostly without a known spend: 70% vs 0%" in texts(first)


def test_nothing_is_said_of_a_segment_that_differs_in_nothing() -> None:
    frame = pd.DataFrame({"x": [1.0, 2, 3, 1, 2, 3], "c": ["a", "b", "b"] * 2})
    assert [texts(segment) for segment in described(frame, np.repeat([0, 1], 3))] == [[], []]
    assert texts(described(frame, np.zeros(6, dtype=int))[0]) == []


def test_a_mean_that_rounds_to_zero_has_no_sign() -> None:
    frame = pd.DataFrame({"balance": [-1e-20, -1e-20, 50.0, 51.0]})
    (first, _) = described(frame, np.array([0, 0, 1, 1]))
    assert "Lower balance: 0 vs 50.5" in texts(first)


@pytest.mark.parametrize("ratio", [0.1, 0.6, 0.9, 1.5])
def test_the_effect_of_a_spread_is_on_the_scale_of_cohens_h(ratio: float) -> None:
    values = stats.norm.ppf(np.linspace(0.001, 0.999, 2000))
    inside = np.repeat([True, False], 2000)
    told = of_spread("x", np.concatenate([ratio * values, values]), inside)
    middle_half = np.abs(values) <= np.quantile(values, 0.75)
    within = (np.abs(ratio * values) <= np.quantile(values, 0.75)).mean()
    assert middle_half.mean() == pytest.approx(0.5)
    assert -told.difference.effect == pytest.approx(cohens_h(within, 0.5), abs=0.01)
