"""Columns that say the same count once."""

import numpy as np
import pandas as pd

from app.segmentation.preparation.redundancy import repeated_columns


def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    plan = rng.choice(["basic", "plus", "max"], 200)
    income = rng.lognormal(10, 1, 200)
    return pd.DataFrame(
        {
            "income": income,
            "net": 0.8 * income,
            "income_log": np.log(income),
            "debt": -income,
            "age": rng.integers(18, 80, 200).astype(float),
            "plan": plan,
            "plan_code": pd.Series(plan).map({"basic": "B", "plus": "P", "max": "M"}),
            "tier": pd.Series(plan).map({"basic": 1.0, "plus": 2.0, "max": 3.0}),
            "channel": rng.choice(["web", "store", "app"], 200),
        }
    )


NUMERIC = ("income", "net", "income_log", "debt", "age", "tier")
CATEGORICAL = ("plan", "plan_code", "channel")


def test_copies_transforms_and_codes_repeat_the_first() -> None:
    assert repeated_columns(table(), numeric=NUMERIC, categorical=CATEGORICAL) == {
        "net": "income",
        "income_log": "income",
        "debt": "income",
        "plan": "tier",
        "plan_code": "tier",
    }


def test_columns_that_only_go_together_stay() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"visits": rng.normal(size=300)})
    frame["orders"] = frame["visits"] + 0.5 * rng.normal(size=300)

    assert repeated_columns(frame, numeric=("visits", "orders"), categorical=()) == {}


def test_a_column_with_other_blanks_stays() -> None:
    frame = table()
    frame.loc[:60, "net"] = np.nan

    assert "net" not in repeated_columns(frame, numeric=("income", "net"), categorical=())


def test_two_columns_of_all_different_values_are_no_pair() -> None:
    frame = pd.DataFrame(
        {"street": [f"s{i}" for i in range(50)], "code": [f"c{i}" for i in range(50)]}
    )

    assert repeated_columns(frame, numeric=(), categorical=("street", "code")) == {}
