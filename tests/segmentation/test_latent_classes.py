"""Tables of categories alone: whether their columns go together as they do in groups."""

import numpy as np
import pandas as pd
import pytest

from app.segmentation.validation.latent_classes import assess_categories
from tests.segmentation.analysing import analyse


def unrelated(seed: int, n: int = 300) -> list[np.ndarray]:
    """Columns that have nothing to do with each other, with rare categories among them."""
    rng = np.random.default_rng(seed)
    shares = ([0.5, 0.5], [0.7, 0.2, 0.1], [0.4, 0.3, 0.2, 0.09, 0.01], [0.96, 0.04])
    return [rng.choice(len(each), n, p=each) for each in shares]


def classes(seed: int, n: int = 300) -> tuple[list[np.ndarray], np.ndarray]:
    """Three classes, each with an answer of its own in four columns, given by four in five."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, n)
    return [np.where(rng.random(n) < 0.8, group, rng.integers(0, 3, n)) for _ in range(4)], group


def test_unrelated_columns_are_no_groups() -> None:
    found = [assess_categories(unrelated(seed), random_state=seed) for seed in range(60)]
    assert sum(each.verdict != "none" for each in found) <= 7


def test_p_values_of_unrelated_columns_are_spread_evenly() -> None:
    p_values = [
        assess_categories(unrelated(seed, 60), random_state=1).p_value for seed in range(60)
    ]
    assert 0.3 < np.mean(p_values) < 0.7


def test_classes_are_found_and_never_called_distinct() -> None:
    for seed in range(10):
        found = assess_categories(classes(seed)[0], random_state=seed)
        assert found.verdict == "weak"
        assert "would look the same" in found.sentence


def test_copies_of_all_rows_answer_as_the_rows_do() -> None:
    columns = unrelated(4)
    once = assess_categories(columns)
    twice = assess_categories([np.repeat(each, 2) for each in columns])
    assert (twice.n_samples, twice.n_repeated) == (300, 300)
    assert twice.p_value == once.p_value


@pytest.mark.parametrize(
    "columns",
    [[], [np.arange(60) % 3], [np.arange(60) % 3, np.zeros(60, int)], [np.arange(20) % 2] * 2],
)
def test_nothing_is_said_of_too_little(columns: list[np.ndarray]) -> None:
    assert assess_categories(columns) is None


def test_a_table_of_answers_is_tested_by_them() -> None:
    columns, _ = classes(1, 120)
    frame = pd.DataFrame({f"q{i}": np.array(list("abc"))[each] for i, each in enumerate(columns)})
    found = analyse(frame.astype(object))
    assert found.structure.verdict == "weak"
    assert found.structure.n_columns == 4
