"""Columns that say what another one says are found, each with its reason."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from app.segmentation.tables.repeats import find_repeats

RNG = np.random.default_rng(3)
MONTHLY = np.round(RNG.lognormal(8, 0.5, 200), 2)
AGE = RNG.integers(18, 80, 200)
REGION = RNG.choice(["North", "South", "East", "West"], 200)


@pytest.mark.parametrize(
    ("other", "how", "reason"),
    [
        (MONTHLY, "copy", "is the same as base"),
        (MONTHLY * 12, "multiple", "is twelve times base"),
        (np.round(MONTHLY / 1000, 2), "multiple", "is one 1000th of base"),
        (MONTHLY * 1.08, "multiple", "is 1.08 times base"),
        (np.log(MONTHLY), "order", "puts customers in the same order as base"),
        (-MONTHLY, "order", "puts customers in the opposite order of base"),
    ],
)
def test_the_same_number_in_another_unit_counts_once(other, how, reason):
    frame = pd.DataFrame({"base": MONTHLY, "age": AGE, "other": other})

    found = find_repeats(frame, numeric=["base", "age", "other"], categorical=[])

    assert [(r.column, r.of, r.how, r.reason) for r in found] == [("other", "base", how, reason)]


def test_a_number_with_other_blanks_is_kept():
    frame = pd.DataFrame({"base": MONTHLY, "other": np.where(AGE < 40, np.nan, np.log(MONTHLY))})

    assert find_repeats(frame, numeric=["base", "other"], categorical=[]) == ()


def test_a_code_and_its_label_count_once():
    codes = pd.Series(REGION).map({"North": "N", "South": "S", "East": "E", "West": "W"})
    frame = pd.DataFrame({"region": REGION, "code": codes})

    found = find_repeats(frame, numeric=[], categorical=["region", "code"])

    assert [(r.column, r.of, r.how) for r in found] == [("code", "region", "label")]


def test_two_categories_in_words_may_be_marks_of_one_group():
    plans = pd.Series(REGION).map(
        {"North": "Basic", "South": "Family", "East": "Business", "West": "Student"}
    )
    frame = pd.DataFrame({"region": REGION, "plan": plans, "again": REGION})

    found = find_repeats(frame, numeric=[], categorical=["region", "plan", "again"])

    assert [(r.column, r.how) for r in found] == [("plan", "together"), ("again", "copy")]


def test_bands_of_a_number_count_once():
    bands = pd.cut(pd.Series(AGE), [0, 30, 45, 60, 99], labels=["a", "b", "c", "d"]).astype(str)
    frame = pd.DataFrame({"age": AGE, "band": bands})

    found = find_repeats(frame, numeric=["age"], categorical=["band"])

    assert [(r.column, r.of, r.how) for r in found] == [("band", "age", "bands")]


def test_bands_with_gaps_between_them_are_groups():
    group = np.arange(200) % 3
    income = np.array([20_000, 50_000, 90_000])[group] + RNG.normal(0, 1_500, 200)
    frame = pd.DataFrame({"income": income, "plan": np.array(["Basic", "Family", "Max"])[group]})

    found = find_repeats(frame, numeric=["income"], categorical=["plan"])

    assert [(r.column, r.how) for r in found] == [("plan", "together")]


def test_columns_that_only_go_together_are_kept():
    frame = pd.DataFrame(
        {
            "income": MONTHLY,
            "spend": MONTHLY * 0.3 + RNG.normal(0, 200, 200),
            "region": REGION,
            "sex": RNG.choice(["m", "f"], 200),
        }
    )

    assert find_repeats(frame, numeric=["income", "spend"], categorical=["region", "sex"]) == ()


def test_each_column_of_a_wide_table_is_ranked_once(monkeypatch):
    ranked = []

    def rank(values):
        ranked.append(len(values))
        return rankdata(values)

    monkeypatch.setattr("app.segmentation.tables.repeats.rankdata", rank)
    frame = pd.DataFrame(RNG.normal(size=(50, 40)), columns=[f"c{i}" for i in range(40)])
    frame["again"] = np.exp(frame["c7"])

    found = find_repeats(frame, numeric=list(frame), categorical=[])

    assert [(r.column, r.of, r.how) for r in found] == [("again", "c7", "order")]
    assert ranked == [50] * 41


def test_levels_that_go_together_are_found_whatever_is_missing():
    label = pd.Series(REGION).where(AGE > 25)
    frame = pd.DataFrame({"label": label, "code": label.str[:1], "region": REGION})

    found = find_repeats(frame, numeric=[], categorical=list(frame))

    assert [(r.column, r.of, r.how) for r in found] == [("code", "label", "label")]
