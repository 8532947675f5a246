"""The rules of posted records, run as SQL on the records as they were posted."""

import sqlite3
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.segmentation.explanation.conditions import AnyOf, Missing, Threshold
from app.segmentation.explanation.rules import SegmentRule, as_written, describe_by_rules
from app.segmentation.explanation.sql import quote_identifier
from app.segmentation.explanation.writing import writing_of
from app.segmentation.tables import table_from_frame
from tests.segmentation.analysing import analyse, asked, table_of

GROUP = np.arange(120) % 3


def posted(name: str, values: list[list[Any]]) -> pd.DataFrame:
    """Each of three groups with its own values, one after the other."""
    columns = {
        "n": list(range(120)),
        name: [values[group][i // 3 % len(values[group])] for i, group in enumerate(GROUP)],
    }
    return pd.DataFrame(columns, dtype=object)


COLUMNS = {
    "blanks": [[" North ", "North"], ["South", "South  "], ["East"]],
    "white space": [["\tNorth", "North\n"], ["\u00a0South", "South\u2003"], ["East"]],
    "missing marks": [["basic"], ["pro"], ["", "n/a", None, "  "]],
    "numbers as text": [["25", " 26"], ["1250.5", "1300"], ["99000", "98000 "]],
    "thousands": [["25", "950"], ["1,250.5", "1,300"], ["99,000", "98,000"]],
    "money": [["-$1,200", "($1,350.50)"], ["$25,000", "$26,000.75"], ["$99,000", "EUR 98,000"]],
    "decimal comma": [
        ["2,5 €", "3,25 €"],
        ["1.250,5 €", "1.300,0 €"],
        ["99.000,1 €", "98.000,0 €"],
    ],
    "thousands and millions": [["22.8k", "20.4k"], ["480K", "1.1M"], ["3.3M", "2.75M"]],
    "minus behind": [["50.00-", "1,200.75-"], ["3.5", "12.25"], ["90", "1,000.10"]],
    "credit and debit": [["100 DR", "75.5 DR"], ["20 CR", "35 CR"], ["900 CR", "1,250.50 CR"]],
    "units": [["24 years", "1 year"], ["44 years", "46 years"], ["70 years", "81 years"]],
    "lakh": [["1.5 lakh", "2 lakh"], ["25 lakh", "30 lakh"], ["1.1 crore", "2 crore"]],
    "numbers with gaps": [["9", "10"], ["80", "n/a", "81", "82", "83"], ["700", "", "701", "702"]],
    "numbers and texts": [[9, "10"], [80.5, "81"], ["700", 701]],
    "codes": [["007"], ["7"], ["07"]],
    "flags": [[1, 1.0], [0], [0.0]],
    "flags with gaps": [["1.0"], ["0.0"], ["", "0.0"]],
    "truth": [[True], [False], [False]],
    "name with blanks ": [["a"], ["b"], ["c"]],
}


def rules_of(records: pd.DataFrame) -> tuple[tuple[SegmentRule, ...], pd.DataFrame]:
    table = table_from_frame(records)
    (column,) = table.columns[1:]
    numeric = [column.name] if column.kind == "numeric" else []
    categorical = [column.name] if column.kind == "categorical" else []
    assert numeric or categorical
    rules = describe_by_rules(table.frame, GROUP, numeric=numeric, categorical=categorical)
    return as_written(rules, records, table.frame), table.frame


def selected(rule: SegmentRule, frame: pd.DataFrame) -> list[int]:
    return [int(i) for i in np.flatnonzero(rule.matches(frame))]


def in_sqlite(records: pd.DataFrame, where: str, kind: str = "") -> list[int]:
    with sqlite3.connect(":memory:") as connection:
        name = quote_identifier(str(records.columns[1]))
        connection.execute(f"CREATE TABLE customers (n INTEGER, {name} {kind})")
        rows = records.itertuples(index=False, name=None)
        connection.executemany("INSERT INTO customers VALUES (?, ?)", rows)
        found = connection.execute(f"SELECT n FROM customers WHERE {where} ORDER BY n").fetchall()
    connection.close()
    return [row[0] for row in found]


@pytest.mark.parametrize("case", COLUMNS)
class TestTheSqlOfPostedRecords:
    def test_selects_the_rows_of_the_rule_in_sqlite(self, case: str) -> None:
        records = posted(case, COLUMNS[case])
        rules, frame = rules_of(records)
        assert rules[0].precision == 1.0
        for rule in rules:
            assert in_sqlite(records, rule.sql) == selected(rule, frame), rule.sql
            as_text = records.assign(**{case: [_text(each) for each in records[case]]})
            assert in_sqlite(as_text, rule.sql, "TEXT") == selected(rule, frame), rule.sql

    def test_selects_the_rows_of_the_rule_in_postgresql(
        self, case: str, postgresql_url: str
    ) -> None:
        records = posted(case, COLUMNS[case])
        rules, frame = rules_of(records)
        values = records[case].tolist()
        kinds = {type(each) for each in values if each is not None}
        kind = "text" if str in kinds else "boolean" if bool in kinds else "double precision"
        values = [_text(each) for each in values] if kind == "text" else values
        name = quote_identifier(case)
        with psycopg.connect(postgresql_url) as connection:
            connection.execute(f"CREATE TEMPORARY TABLE customers (n integer, {name} {kind})")
            connection.cursor().executemany(
                "INSERT INTO customers VALUES (%s, %s)", list(enumerate(values))
            )
            for rule in rules:
                found = connection.execute(
                    f"SELECT n FROM customers WHERE {rule.sql} ORDER BY n"  # type: ignore[arg-type]
                ).fetchall()
                assert [row[0] for row in found] == selected(rule, frame), rule.sql
            connection.rollback()


def _text(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_what_stands_as_it_was_read_needs_no_more_than_its_name() -> None:
    (rule, *_), _ = rules_of(posted("region", [["North"], ["South"], ["East"]]))
    assert rule.sql == "\"region\" = 'North'"
    (rule, *_), _ = rules_of(posted("spent", [[1, 2], [70.5], [900, None]]))
    assert rule.sql == '"spent" <= 10'


def test_an_analysis_gives_the_sql_for_the_records_as_written() -> None:
    records = posted("plan", COLUMNS["blanks"])
    found = analyse(records, asked(validation="full", columns=("plan",)))
    for rule in as_written(found.validation.rules, records, table_of(records).frame):
        assert rule.sql.startswith('TRIM("plan") = ')
        rows = np.flatnonzero(found.labels == rule.segment).tolist()
        assert in_sqlite(records, rule.sql) == rows


written = st.sampled_from(
    ["5", "-7", " 12", "1,250", "$3", "(4)", "2.5", "1e3", "n/a", "", "x", "12%", "1,2", "\t8 "]
)


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(st.none() | written | st.integers(-50, 2000), min_size=1, max_size=14),
    limit=st.sampled_from([-5.0, 0.0, 3.0, 12.0, 999.0]),
)
def test_any_mixture_of_numbers_and_texts_is_compared_as_it_was_read(
    values: list[object], limit: float
) -> None:
    records = pd.DataFrame({"n": range(len(values)), "x": values}, dtype=object)
    frame = table_from_frame(records).frame
    conditions = [Missing("x", writing=writing_of(records["x"], frame["x"]))]
    if pd.api.types.is_numeric_dtype(frame["x"]):
        conditions += [
            Threshold("x", comparison, limit, writing=conditions[0].writing)
            for comparison in (">", "<=")
        ]
    else:
        conditions += [
            AnyOf("x", (level,), writing=conditions[0].writing)
            for level in frame["x"].dropna().unique()
        ]
    for condition in conditions:
        expected = [int(i) for i in np.flatnonzero(condition.matches(frame))]
        assert in_sqlite(records, condition.sql) == expected, condition.sql
