"""A table that is written in another way has the same answer, and one that changes little nearly.

Alone, `make test` tries some changes of some tables; `make same-answer` tries all of them.
"""

import io
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from app.segmentation.recipe import AUTO
from app.segmentation.segment import segment
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import read_table
from tests import changed
from tests.generated import generated
from tests.test_one_answer import TABLES

ROWS = 250
SHORT = 20
MALL = "mall_customers.csv"
EXACT = (*changed.EXACT, changed.all_at_once, changed.copied)


@cache
def real(folder: Path, name: str) -> pd.DataFrame:
    with (folder / name).open("rb") as source:
        return read_table(source).frame.iloc[:ROWS]


def answer(file: bytes) -> Segmentation:
    return segment(read_table(io.BytesIO(file)), AUTO)


@cache
def answer_before(written: bytes) -> Segmentation:
    return answer(written)


def verdict(found: Segmentation) -> tuple[str, float] | None:
    structure = found.structure
    return None if structure is None else (structure.verdict, structure.p_value)


def check_same(frame: pd.DataFrame, change: changed.Change, seed: int = 0) -> None:
    before = answer_before(changed.written(frame)[0])
    file, places = change(frame, seed)
    after = answer(file)
    np.testing.assert_array_equal(after.labels, before.labels[places])
    copies = len(places) // len(frame)
    assert [each.size for each in after.profiles] == [
        copies * each.size for each in before.profiles
    ]
    assert after.chosen.algorithm == before.chosen.algorithm
    assert verdict(after) == verdict(before)


def check_alike(frame: pd.DataFrame, change: changed.Change, seed: int = 0) -> None:
    before = answer_before(changed.written(frame)[0])
    file, places = change(frame, seed)
    after = answer(file)
    assert adjusted_rand_score(before.labels[places], after.labels) >= 0.9
    assert (verdict(after) or ("none",))[0] == (verdict(before) or ("none",))[0]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    n_tables = metafunc.config.getoption("--generated-tables")
    whole = n_tables > SHORT
    if "exact" in metafunc.fixturenames:
        short = (changed.all_at_once, changed.copied)
        metafunc.parametrize("exact", EXACT if whole else short)
    if "slight" in metafunc.fixturenames:
        metafunc.parametrize("slight", changed.SLIGHT)
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", TABLES if whole else TABLES[:2])
    if "shuffle" in metafunc.fixturenames:
        metafunc.parametrize("shuffle", range(6 if whole else 2))
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(50 if whole else 3))


def test_mall_in_any_order_of_rows(shared_data: Path, shuffle: int) -> None:
    check_same(real(shared_data, MALL), changed.rows_shuffled, shuffle)


def test_a_real_table_written_otherwise(
    shared_data: Path, name: str, exact: changed.Change
) -> None:
    check_same(real(shared_data, name), exact)


def test_a_generated_table_written_otherwise(seed: int, exact: changed.Change) -> None:
    check_same(generated(seed), exact, seed)


def groups_apart(seed: int) -> pd.DataFrame:
    """Four groups that nothing lies between, with a skewed column and a category."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 4, 160)
    return pd.DataFrame(
        {
            "age": (rng.normal([25, 40, 55, 70], 2, (160, 4))[np.arange(160), group]).round(1),
            "spend": (np.array([20, 90, 20, 90])[group] + rng.normal(0, 5, 160)).round(2),
            "visits": (np.array([4, 9, 30, 50])[group] + rng.normal(0, 1.5, 160)).round(2),
        }
    )


def test_clear_groups_survive_a_slight_change(slight: changed.Change) -> None:
    check_alike(groups_apart(1), slight)


def test_mall_by_income_and_spending_survives_a_slight_change(
    shared_data: Path, slight: changed.Change
) -> None:
    frame = real(shared_data, MALL)[["Annual Income (k$)", "Spending Score (1-100)"]]
    check_alike(frame, slight)


def test_wholesale_survives_a_slight_change(shared_data: Path, slight: changed.Change) -> None:
    check_alike(real(shared_data, "wholesale_customers.csv"), slight)


def test_a_column_in_another_unit_is_the_same_column() -> None:
    check_same(groups_apart(2), changed.in_thousandths)
