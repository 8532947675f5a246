"""A rule, its text and its SQL select the same rows."""

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.errors import DegenerateDataError
from app.segmentation.explanation.conditions import (
    AnyOf,
    Condition,
    Missing,
    Threshold,
    matches_all,
    readable_between,
)
from app.segmentation.explanation.rules import SegmentRule, describe_by_rules
from app.segmentation.explanation.sql import quote_identifier, quote_literal


def sql_rows(frame: pd.DataFrame, where: str) -> list[int]:
    """Positions that SQLite selects from the frame, missing values as NULL."""
    connection = sqlite3.connect(":memory:")
    names = ", ".join(quote_identifier(name) for name in frame.columns)
    connection.execute(f"CREATE TABLE customers (position INTEGER, {names})")
    marks = ", ".join("?" * (len(frame.columns) + 1))
    connection.executemany(f"INSERT INTO customers VALUES ({marks})", records(frame))
    found = connection.execute(f"SELECT position FROM customers WHERE {where} ORDER BY 1")
    rows = [row[0] for row in found]
    connection.close()
    return rows


def records(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [(i, *row) for i, row in enumerate(plain.itertuples(index=False, name=None))]


def selected(rule: SegmentRule | Condition, frame: pd.DataFrame) -> list[int]:
    return [int(i) for i in np.flatnonzero(rule.matches(frame))]


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    n = 500
    frame = pd.DataFrame(
        {
            "income": rng.uniform(10, 130, size=n).round(1),
            'a "quoted" name; --': rng.integers(0, 50, size=n).astype(float),
            "region": rng.choice(["North", "O'Brien's", 'back\\slash "x"', "Süd %s"], size=n),
            "unrelated": rng.normal(size=n),
        }
    )
    frame.loc[::7, "income"] = np.nan
    frame.loc[::11, "region"] = None
    return frame


@pytest.fixture(scope="module")
def labels(customers: pd.DataFrame) -> np.ndarray:
    rich = (customers["income"] > 70.0).to_numpy()
    quoted = (customers["region"] == "O'Brien's").to_numpy()
    return np.where(quoted, 2, np.where(rich, 1, 0))


@pytest.fixture(scope="module")
def rules(customers: pd.DataFrame, labels: np.ndarray) -> tuple[SegmentRule, ...]:
    return describe_by_rules(
        customers,
        labels,
        numeric=["income", 'a "quoted" name; --', "unrelated"],
        categorical=["region"],
    )


class TestRules:
    def test_the_rule_says_what_the_segment_is(self, rules: tuple[SegmentRule, ...]) -> None:
        assert rules[2].text == "region is O'Brien's"
        assert rules[2].sql == "\"region\" = 'O''Brien''s'"
        assert (rules[2].precision, rules[2].recall) == (1.0, 1.0)
        assert "income >" in rules[1].text
        assert rules[1].precision > 0.9

    def test_sizes_are_those_of_the_rule_and_of_the_segment(
        self, rules: tuple[SegmentRule, ...], customers: pd.DataFrame, labels: np.ndarray
    ) -> None:
        for rule in rules:
            assert rule.size == rule.matches(customers).sum()
            assert rule.segment_size == (labels == rule.segment).sum()

    def test_sqlite_selects_the_rows_of_the_rule(
        self, rules: tuple[SegmentRule, ...], customers: pd.DataFrame
    ) -> None:
        for rule in rules:
            assert sql_rows(customers, rule.sql) == selected(rule, customers)
            assert rule.size > 0

    def test_postgresql_selects_the_rows_of_the_rule(
        self, rules: tuple[SegmentRule, ...], customers: pd.DataFrame, postgresql_url: str
    ) -> None:
        columns = ", ".join(
            f"{quote_identifier(name)} {'text' if name == 'region' else 'double precision'}"
            for name in customers.columns
        )
        with psycopg.connect(postgresql_url) as connection:
            connection.execute(f"CREATE TEMPORARY TABLE customers (position integer, {columns})")
            connection.cursor().executemany(
                "INSERT INTO customers VALUES (%s, %s, %s, %s, %s)", records(customers)
            )
            for rule in rules:
                found = connection.execute(
                    f"SELECT position FROM customers WHERE {rule.sql} ORDER BY 1"
                ).fetchall()
                assert [row[0] for row in found] == selected(rule, customers)
            connection.rollback()

    def test_columns_that_say_nothing_are_not_named(self, rules: tuple[SegmentRule, ...]) -> None:
        assert not any("unrelated" in rule.text for rule in rules)

    def test_figures_are_of_rows_the_rule_has_not_seen(self) -> None:
        rng = np.random.default_rng(1)
        frame = pd.DataFrame(rng.normal(size=(80, 12)), columns=list("abcdefghijkl"))
        by_chance = rng.integers(0, 4, size=80)
        for rule in describe_by_rules(frame, by_chance, numeric=list(frame.columns)):
            # On its own rows such a rule looks right far more often than one time in four.
            own = (by_chance[rule.matches(frame)] == rule.segment).mean()
            assert rule.precision < own

    def test_noise_belongs_to_no_segment(self) -> None:
        frame = pd.DataFrame({"x": np.arange(100.0)})
        found = describe_by_rules(frame, np.where(np.arange(100) < 50, 0, -1), numeric=["x"])
        assert [rule.segment for rule in found] == [0]
        assert found[0].text.startswith("x <= ")
        assert found[0].precision > 0.9

    def test_one_segment_is_every_customer(self) -> None:
        frame = pd.DataFrame({"x": np.arange(10.0)})
        (rule,) = describe_by_rules(frame, np.zeros(10, dtype=int), numeric=["x"])
        assert (rule.text, rule.sql, rule.size) == ("every customer", "1 = 1", 10)
        assert sql_rows(frame, rule.sql) == list(range(10))

    def test_a_missing_value_may_be_the_rule(self) -> None:
        frame = pd.DataFrame({"spend": np.where(np.arange(60) % 3 == 0, np.nan, 5.0)})
        rule = describe_by_rules(frame, frame["spend"].isna().to_numpy() * 1, numeric=["spend"])[1]
        assert rule.text == "spend is missing"
        assert sql_rows(frame, rule.sql) == selected(rule, frame)

    def test_mall_segments_read_in_income_and_spending(self, shared_data: Path) -> None:
        frame = pd.read_csv(shared_data / "mall_customers.csv").iloc[:, 3:5]
        frame.columns = pd.Index(["income", "spending"])
        X = ((frame - frame.mean()) / frame.std(ddof=0)).to_numpy()
        labels = cluster_kmeans(X, n_clusters=5).labels
        found = describe_by_rules(frame, labels, numeric=["income", "spending"])
        assert all(rule.precision > 0.75 and rule.recall > 0.75 for rule in found)
        for rule in found:
            assert sql_rows(frame, rule.sql) == selected(rule, frame)

    def test_the_same_seed_gives_the_same_rules(
        self, rules: tuple[SegmentRule, ...], customers: pd.DataFrame, labels: np.ndarray
    ) -> None:
        again = describe_by_rules(
            customers,
            labels,
            numeric=["income", 'a "quoted" name; --', "unrelated"],
            categorical=["region"],
        )
        assert again == rules


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
# SQLite reads literals of three hundred zeros inexactly: no column holds such numbers.
amounts = st.floats(-1e12, 1e12).filter(lambda x: not 0 < abs(x) < 1e-100)
numbers = st.one_of(st.none(), st.integers(-1000, 1000).map(float), amounts)


class TestSqlMeansTheSame:
    @settings(max_examples=60, deadline=None)
    @given(
        name=text.filter(bool),
        values=st.lists(numbers, min_size=1, max_size=12),
        limit=amounts,
    )
    def test_thresholds(self, name: str, values: list[float | None], limit: float) -> None:
        if name.lower() == "position":
            return
        frame = pd.DataFrame({name: pd.Series(values, dtype=float)})
        for condition in (Threshold(name, ">", limit), Threshold(name, "<=", limit), Missing(name)):
            assert sql_rows(frame, condition.sql) == selected(condition, frame)

    @settings(max_examples=60, deadline=None)
    @given(
        name=text.filter(bool),
        values=st.lists(st.none() | text, min_size=1, max_size=12),
        listed=st.lists(text, min_size=1, max_size=3),
    )
    def test_categories(self, name: str, values: list[str | None], listed: list[str]) -> None:
        if name.lower() == "position":
            return
        frame = pd.DataFrame({name: pd.Series(values, dtype=object)})
        known = [value for value in values if value is not None][:2]
        condition = AnyOf(name, (*listed, *known))
        assert sql_rows(frame, condition.sql) == selected(condition, frame)

    def test_booleans_and_numbers_as_categories(self) -> None:
        frame = pd.DataFrame({"member": [True, False, None], "code": [1.0, 2.5, np.nan]})
        for condition in (AnyOf("member", (True,)), AnyOf("code", (2.5, 7))):
            assert sql_rows(frame, condition.sql) == selected(condition, frame)
            assert condition.matches(frame).sum() == 1

    @pytest.mark.parametrize(
        ("kind", "stored"),
        [
            ("TEXT", {"true": "true", "false": "false"}),
            ("BOOLEAN", {"true": True, "false": False}),
            ("INTEGER", {"true": 1, "false": 0}),
        ],
    )
    def test_truth_is_selected_however_it_is_stored(
        self, kind: str, stored: dict[str, object], postgresql_url: str
    ) -> None:
        written = ["true", "false", None, "true"] * 10
        frame = pd.DataFrame({"member": written})
        labels = np.array([0, 1, 1, 0] * 10)
        (yes, _) = describe_by_rules(frame, labels, numeric=[], categorical=["member"])
        assert yes.text == "member is true"
        kept = [None if each is None else stored[each] for each in written]
        assert sql_rows(pd.DataFrame({"member": kept}, dtype=object), yes.sql) == selected(
            yes, frame
        )
        with psycopg.connect(postgresql_url) as connection:
            connection.execute(f"CREATE TEMPORARY TABLE members (position INTEGER, member {kind})")
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO members VALUES (%s, %s)", list(enumerate(kept)))
            found = connection.execute(f"SELECT position FROM members WHERE {yes.sql} ORDER BY 1")
            assert [row[0] for row in found] == selected(yes, frame)

    def test_no_condition_is_every_row(self) -> None:
        assert matches_all((), pd.DataFrame({"x": [1, 2]})).tolist() == [True, True]


class TestReadableNumbers:
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            (69.0, 71.0, 70.0),
            (69.2, 69.9, 69.5),
            (-3.0, 4.0, 0.0),
            (1234.0, 1390.0, 1300.0),
            (0.0123, 0.0131, 0.013),
            (-71.0, -69.0, -70.0),
            (7.0, 8.0, 7.0),
        ],
    )
    def test_the_roundest_number_between_is_taken(
        self, low: float, high: float, expected: float
    ) -> None:
        chosen = readable_between(low, high)
        assert low <= chosen < high
        assert len(repr(chosen)) <= len(repr(expected))

    @given(
        low=st.floats(-1e15, 1e15, allow_subnormal=False),
        step=st.floats(1e-9, 1e9),
    )
    def test_it_separates_the_two(self, low: float, step: float) -> None:
        high = low + step
        if high > low:
            assert low <= readable_between(low, high) < high


class TestRefusals:
    def test_a_name_that_sql_cannot_hold(self) -> None:
        with pytest.raises(DegenerateDataError, match="rename"):
            quote_identifier("a\0b")

    def test_a_category_that_sql_cannot_hold(self) -> None:
        with pytest.raises(DegenerateDataError, match="correct"):
            quote_literal("a\0b")

    def test_an_infinite_limit(self) -> None:
        with pytest.raises(DegenerateDataError, match="cannot be written"):
            quote_literal(float("inf"))

    def test_two_columns_of_one_name(self) -> None:
        frame = pd.DataFrame([[1.0, 2.0]], columns=["x", "x"])
        with pytest.raises(DegenerateDataError, match="Two columns"):
            describe_by_rules(frame, np.array([0]), numeric=["x"])

    def test_nothing_to_describe(self) -> None:
        frame = pd.DataFrame({"x": [1.0, 2.0]})
        with pytest.raises(DegenerateDataError, match="at least one segment"):
            describe_by_rules(frame, np.array([-1, -1]), numeric=["x"])
