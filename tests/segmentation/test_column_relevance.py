from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import association

from app.segmentation.preparation.relevance import associated, unrelated_columns
from app.segmentation.recipe import AUTO
from app.segmentation.validation.clear_groups import shows_clear_groups


def groups(n: int = 300, *, far: float = 6.0) -> tuple[pd.DataFrame, np.random.Generator]:
    """Three groups on two columns, ``far`` standard deviations apart."""
    rng = np.random.default_rng(n)
    group = np.arange(n) % 3
    frame = pd.DataFrame(
        {
            "a": rng.normal(np.array([0.0, far, 2 * far])[group]),
            "b": rng.normal(np.array([far, 0.0, 2 * far])[group]),
        }
    )
    return frame, rng


def unrelated(frame: pd.DataFrame, categorical: tuple[str, ...] = ()) -> tuple[str, ...]:
    numeric = [name for name in frame.columns if name not in categorical]
    return unrelated_columns(
        frame,
        numeric=numeric,
        categorical=categorical,
        recipe=replace(AUTO, seed=0),
        shows_groups=shows_clear_groups,
    )


class TestUnrelatedColumns:
    @pytest.mark.parametrize("n", [30, 300, 4_000])
    def test_are_those_that_vary_on_their_own_beside_clear_groups(self, n: int) -> None:
        frame, rng = groups(n)
        frame["noise"] = rng.uniform(size=n)
        frame["letter"] = rng.choice(["x", "y"], n)
        assert unrelated(frame, categorical=("letter",)) == ("noise", "letter")

    def test_are_told_by_any_form_of_association(self) -> None:
        frame, rng = groups()
        # Not correlated with a, and yet its spread tells the groups apart.
        middle = (frame["a"] > 3) & (frame["a"] < 9)
        frame["spread"] = rng.normal(0, np.where(middle, 20, 1))
        assert unrelated(frame) == ()

    def test_keep_a_column_with_groups_of_its_own(self) -> None:
        frame, rng = groups()
        frame["own"] = rng.normal(np.where(rng.random(300) < 0.5, 0, 10))
        frame["noise"] = rng.normal(size=300)
        assert unrelated(frame) == ("noise",)

    def test_are_none_where_nothing_shows_clear_groups(self) -> None:
        rng = np.random.default_rng(0)
        frame = pd.DataFrame(rng.normal(size=(500, 4)), columns=list("abcd"))
        assert unrelated(frame) == ()

    def test_are_found_among_columns_with_gaps(self) -> None:
        frame, rng = groups()
        frame["noise"] = rng.normal(size=300)
        holes = frame.mask(rng.random(frame.shape) < 0.2)
        assert unrelated(holes) == ("noise",)


class TestAssociated:
    def test_agrees_with_scipy_on_cramers_v_but_for_the_bias(self) -> None:
        rng = np.random.default_rng(0)
        first = rng.integers(0, 4, 20_000)
        second = np.where(rng.random(20_000) < 0.5, first, rng.integers(0, 4, 20_000))
        table = pd.crosstab(first, second).to_numpy()
        found = associated([first, second])
        assert found[0, 1] == pytest.approx(association(table, method="cramer"), abs=1e-3)
        assert found[0, 1] == found[1, 0]
        assert found[0, 0] == 0

    def test_is_nothing_where_a_column_is_constant_or_has_no_row_in_common(self) -> None:
        half = np.array([0, 1] * 20 + [-1] * 40)
        other = np.array([-1] * 40 + [0, 1] * 20)
        assert not associated([half, other, np.zeros(80, dtype=np.int64)]).any()

    def test_raises_no_more_false_alarms_than_it_says(self) -> None:
        rng = np.random.default_rng(1)
        alarms = [associated(list(rng.integers(0, 5, (2, 200)))).any() for _ in range(400)]
        assert np.mean(alarms) <= 0.01
