"""Lists of customers: the same rows in the same order as pandas gives, and nothing hidden."""

import csv
import io
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadRequest, InvalidFields
from app.segmentation.recipe import CONTRACT
from app.services.segmentations.customer_files import as_csv, as_parquet, as_workbook
from app.services.segmentations.customer_query import WantedCustomers
from app.services.segmentations.customers import CustomerList
from app.services.segmentations.looked import Looked
from app.storage import customers as storage
from app.storage import order_lines
from app.storage.customers import OPENED, OpenedVersions
from tests.services.versions import again, csv_of, kept_version

KMEANS = replace(CONTRACT, algorithm="kmeans", n_clusters=3)
HOSTILE = (
    'a"; DROP TABLE customers; --',
    "x' OR '1'='1",
    "utm:source",
    "utm:source:eq",
    "confidence",
    "-age",
    "file_row_number",
    "FILE_ROW_NUMBER ",
    "read_text('/etc/passwd')",
    "%s",
    "?",
    "$1",
    "{name}",
    "a,b",
)
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)")


def customers(n: int = 90) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    income = np.round(rng.normal(0, 4, n) + np.repeat([20, 60, 100], n // 3), 1)
    income[::11] = np.nan
    return pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in rng.permutation(n)],
            "income": income,
            "visits": rng.integers(0, 4, n),
            "region": rng.choice(["North", "south, east", "Süd", None], n),
            "since": pd.date_range("2024-01-01", periods=n, freq="9D").strftime("%Y-%m-%d"),
            "note": rng.choice([*FORMULAS, "100% sure_", 'it\'s "fine"'], n),
        }
    )


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return customers()


@pytest.fixture(scope="module")
def kept(frame, tmp_path_factory):
    recipe = replace(KMEANS, columns=("income", "visits"))
    return kept_version(tmp_path_factory.mktemp("kept"), csv_of(frame), recipe)


@pytest.fixture(scope="module")
def looked(kept) -> Looked:
    return kept[0]


@pytest.fixture(scope="module")
def table(frame, kept) -> pd.DataFrame:
    """The table with what is told of each row, as pandas has them."""
    _, found = kept
    placed = found.place(frame)
    return frame.assign(
        row=np.arange(1, len(frame) + 1),
        segment=found.labels + 1,
        confidence=placed.confidences,
        probability=placed.probabilities,
        outlier=placed.outliers,
        since=pd.to_datetime(frame["since"]),
    )


def rows_of(looked: Looked, limit: int = 1000, **wanted) -> list[int]:
    return [
        each.row for each in CustomerList(looked, WantedCustomers(**wanted)).page(None, limit).items
    ]


def refused(looked: Looked, **wanted) -> dict:
    with pytest.raises(InvalidFields) as refusal:
        CustomerList(looked, WantedCustomers(**wanted)).page(None, 10)
    return refusal.value.problems[0]


class TestFilters:
    """Each random filter leaves the rows that pandas leaves, in the same order."""

    incomes = st.one_of(st.floats(0, 120).map(lambda each: round(each, 1)), st.just(60.0))
    comparisons = st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"])
    days = st.dates(pd.Timestamp("2023-12-20").date(), pd.Timestamp("2026-04-01").date())
    regions = st.sampled_from(["North", "south, east", "Süd", "south", ""])
    pieces = st.sampled_from(["sÜ", "OUT", "'", '"', "%", "_", "=", "C1", ",", "\\"])

    filters = st.one_of(
        st.tuples(st.just("income"), comparisons, incomes),
        st.tuples(st.just("visits"), comparisons, st.integers(-1, 4)),
        st.tuples(st.just("since"), comparisons, days),
        st.tuples(st.just("region"), st.sampled_from(["eq", "ne"]), regions),
        st.tuples(st.sampled_from(["region", "note"]), st.just("contains"), pieces),
        st.tuples(st.sampled_from(["income", "region", "since"]),
                  st.sampled_from(["missing", "present"]), st.just("")),
        st.tuples(st.just("region"), st.just("in"), st.lists(regions, min_size=1, max_size=3)),
        st.tuples(st.just("income"), st.just("between"), st.tuples(incomes, incomes)),
        st.tuples(st.just("since"), st.just("between"), st.tuples(days, days)),
    )  # fmt: skip
    sorts = st.sampled_from(
        [None, *(f"{sign}{name}" for sign in ("", "-")
                 for name in ("income", "visits", "region", "since", "note", "confidence",
                              "segment", "row", "outlier", "probability"))]
    )  # fmt: skip

    @settings(max_examples=30, deadline=None)
    @given(
        filters=st.lists(filters, max_size=3),
        sort=sorts,
        segments=st.sets(st.integers(1, 3), max_size=2),
        bounds=st.tuples(st.integers(0, 100), st.integers(0, 100)),
    )
    def test_leave_what_pandas_leaves(self, looked, table, filters, sort, segments, bounds) -> None:
        left = table
        for name, operator, value in filters:
            left = left[by_pandas(left[name], operator, value)]
        if segments:
            left = left[left["segment"].isin(segments)]
        left = left[left["confidence"].between(*bounds)]
        if sort:
            left = left.sort_values(
                sort.removeprefix("-"),
                ascending=not sort.startswith("-"),
                kind="stable",
                na_position="last",
            )
        found = rows_of(
            looked,
            where=tuple(written(*each) for each in filters),
            sort=sort,
            segments=tuple(segments),
            min_confidence=bounds[0],
            max_confidence=bounds[1],
        )
        assert found == left["row"].tolist()

    def test_search_looks_in_every_text(self, looked, table) -> None:
        texts = table[["customer_id", "region", "note"]].fillna("").agg("\n".join, axis=1)
        for text in ("c1", "SÜD", "=1+1", "fine"):
            expected = table[texts.str.lower().str.contains(text.lower(), regex=False)]
            assert rows_of(looked, q=text) == expected["row"].tolist()

    def test_identifiers_are_sorted_as_people_count(self, looked, table) -> None:
        numbers = table["customer_id"].str[1:].astype(int)
        expected = table.loc[numbers.sort_values().index, "row"].tolist()
        assert rows_of(looked, sort="identifier") == expected
        assert rows_of(looked, sort="-customer_id") == expected[::-1]

    def test_outliers_and_the_others(self, looked, table) -> None:
        assert rows_of(looked, outlier=True) == table.loc[table["outlier"], "row"].tolist()
        assert rows_of(looked, outlier=False) == table.loc[~table["outlier"], "row"].tolist()

    @pytest.mark.parametrize(
        ("where", "code"),
        [
            ("nothing:eq:1", "unknown_column"),
            ("income", "unknown_operator"),
            ("income:like:1", "unknown_operator"),
            ("income:eq:one", "invalid_filter"),
            ("income:eq:nan", "invalid_filter"),
            ("income:between:3", "invalid_filter"),
            ("income:between:..", "invalid_filter"),
            ("income:contains:1", "unsupported_filter"),
            ("region:lt:North", "unsupported_filter"),
            ("since:gt:31.12.2024", "invalid_filter"),
            ("since:le:9999-12-31", "invalid_filter"),
            ("income:missing:1", "invalid_filter"),
            ("region:in:", "invalid_filter"),
        ],
    )
    def test_that_make_no_sense_are_refused_by_place(self, looked, where, code) -> None:
        problem = refused(looked, where=("visits:ge:0", where))
        assert problem["loc"] == ["query", "where", 1]
        assert problem["type"] == code

    def test_a_segment_that_is_not_there_is_refused(self, looked) -> None:
        assert refused(looked, segments=(4,))["type"] == "unknown_segment"
        assert rows_of(looked, segments=(-1,)) == []


def by_pandas(values: pd.Series, operator: str, value: object) -> pd.Series:
    if operator in ("missing", "present"):
        return values.isna() == (operator == "missing")
    if operator == "contains":
        return values.fillna("").str.lower().str.contains(value.lower(), regex=False) & (
            values.notna()
        )
    if operator == "in":
        return values.isin(value)
    if values.dtype.kind == "M":
        value = tuple(map(pd.Timestamp, value)) if operator == "between" else pd.Timestamp(value)
    if operator == "between":
        return (values >= value[0]) & (values <= value[1])
    return getattr(values, operator)(value)


def written(name: str, operator: str, value: object) -> str:
    if operator == "in":
        return f"{name}:in:" + ",".join(f'"{each}"' for each in value)
    if operator == "between":
        return f"{name}:between:{value[0]}..{value[1]}"
    return f"{name}:{operator}:{value}" if value != "" else f"{name}:{operator}"


class TestPages:
    @settings(max_examples=6, deadline=None)
    @given(
        sort=st.sampled_from(["visits", "-visits", "region", "-income", "outlier", None]),
        limit=st.integers(12, 40),
    )
    def test_go_through_each_row_once_among_ties(self, looked, sort, limit) -> None:
        listed = CustomerList(looked, WantedCustomers(sort=sort, where=("visits:ge:1",)))
        rows, cursor, totals = [], None, set()
        while True:
            page = listed.page(cursor, limit)
            rows += [each.row for each in page.items]
            totals.add(page.total)
            cursor = page.next_cursor
            if cursor is None:
                break
        assert rows == rows_of(looked, sort=sort, where=("visits:ge:1",))
        assert totals == {len(rows)}

    def test_a_cursor_is_good_for_its_list_alone(self, looked) -> None:
        cursor = CustomerList(looked, WantedCustomers(sort="visits")).page(None, 5).next_cursor
        digest, row, _ = json.loads(urlsafe_b64decode(cursor))
        forged = [
            "nonsense",
            "ééé",
            urlsafe_b64encode(json.dumps([digest, -1, 3]).encode()).decode(),
            urlsafe_b64encode(json.dumps([digest, 2**80, 3]).encode()).decode(),
            urlsafe_b64encode(json.dumps([digest, 10**6, 3]).encode()).decode(),
            urlsafe_b64encode(json.dumps([digest, "1 OR 1=1", 3]).encode()).decode(),
            urlsafe_b64encode(json.dumps({"row": row}).encode()).decode(),
        ]
        for text in forged:
            with pytest.raises(InvalidFields):
                CustomerList(looked, WantedCustomers(sort="visits")).page(text, 5)
        with pytest.raises(InvalidFields):
            CustomerList(looked, WantedCustomers(sort="income")).page(cursor, 5)
        fewer = CustomerList(looked, WantedCustomers(sort="visits", fields=("income",)))
        assert len(fewer.page(cursor, 5).items) == 5

    def test_no_rows_can_be_asked_for(self, looked, table) -> None:
        page = CustomerList(looked, WantedCustomers()).page(None, 0)
        assert (page.items, page.next_cursor, page.total) == ([], None, len(table))

    def test_values_are_those_of_the_table(self, looked, table) -> None:
        items = CustomerList(looked, WantedCustomers(sort="-income")).page(None, 1000).items
        for item in items:
            expected = table.iloc[item.row - 1]
            assert item.identifier == expected["customer_id"]
            assert item.segment == expected["segment"]
            assert item.segment_name == looked.name_of(item.segment - 1)
            assert item.confidence == expected["confidence"]
            assert item.probability == pytest.approx(expected["probability"])
            assert item.values["since"] == expected["since"].date().isoformat()
            assert item.values["visits"] == expected["visits"]
            for name in ("income", "region", "note"):
                known = pd.notna(expected[name])
                assert item.values[name] == (expected[name] if known else None)
        assert "customer_id" not in items[0].values

    def test_only_the_fields_that_were_asked_for_are_shown(self, looked) -> None:
        for fields in (("region", "customer_id"), ("region,customer_id",)):
            item = CustomerList(looked, WantedCustomers(fields=fields)).page(None, 1).items[0]
            assert list(item.values) == ["region", "customer_id"]
        assert refused(looked, fields=("region,nothing",))["type"] == "unknown_column"


class TestWhoSeesTheTeamsVersion:
    @pytest.fixture
    def shared(self, looked) -> Looked:
        return replace(looked, opened=replace(looked.opened, whole=False))

    def test_sees_identifier_segment_and_used_columns_alone(self, shared) -> None:
        item = CustomerList(shared, WantedCustomers()).page(None, 1).items[0]
        assert list(item.values) == ["income", "visits"]
        assert item.identifier

    @pytest.mark.parametrize(
        "wanted",
        [
            {"where": ("region:eq:North",)},
            {"where": ("note:missing",)},
            {"sort": "region"},
            {"sort": "-values.region"},
            {"fields": ("note",)},
        ],
    )
    def test_cannot_ask_for_hidden_columns_or_learn_that_they_are_there(
        self, shared, wanted
    ) -> None:
        absent = {
            key: tuple(each.replace("region", "absent").replace("note", "absent") for each in value)
            if isinstance(value, tuple)
            else value.replace("region", "absent")
            for key, value in wanted.items()
        }
        hidden, gone = refused(shared, **wanted), refused(shared, **absent)
        assert hidden["type"] == gone["type"] == "unknown_column"
        assert hidden["loc"] == gone["loc"]
        name = "region" if "region" in hidden["msg"] else "note"
        assert hidden["msg"].replace(name, "absent") == gone["msg"]

    def test_finds_nothing_by_what_is_hidden(self, shared, table) -> None:
        assert rows_of(shared, q="Süd") == []
        assert rows_of(shared, q="C77") == table.loc[table["customer_id"] == "C77", "row"].tolist()

    def test_takes_no_hidden_column_home(self, shared) -> None:
        text = b"".join(as_csv(CustomerList(shared, WantedCustomers()))).decode("utf-8-sig")
        assert text.splitlines()[0].split(",") == [
            "customer_id", "segment", "segment_name", "confidence", "probability", "outlier",
            "income", "visits",
        ]  # fmt: skip


def hostile_values(number: int) -> list[int]:
    """Numbers of two digits, which are in one order as numbers and as texts."""
    return np.roll(10 + np.arange(40) % (number + 13), number).tolist()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Looked:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"age": rng.normal(40, 9, 40).round(1)})
    for number, name in enumerate(HOSTILE):
        frame[name] = hostile_values(number)
    return kept_version(tmp_path_factory.mktemp("hostile"), csv_of(frame), KMEANS)[0]


class TestHostileNames:
    """Names of columns that would be SQL, a filter or a field of ours, were they read as such."""

    @pytest.mark.parametrize("name", HOSTILE)
    def test_are_columns_like_any_other(self, hostile, name) -> None:
        column = next(each for each in hostile.columns if each.strip() == name.strip())
        values = pd.Series(hostile_values(HOSTILE.index(name)), index=range(1, 41))
        among = ",".join(map(str, range(17, 40)))
        found = rows_of(hostile, where=(f"{column}:in:{among}",))
        assert found == values[values >= 17].index.tolist()
        sort = f"values.{column}" if column in ("confidence", "-age") else column
        assert rows_of(hostile, sort=sort) == values.sort_values(kind="stable").index.tolist()
        item = CustomerList(hostile, WantedCustomers(fields=(column,))).page(None, 1).items[0]
        assert list(item.values) == [column]
        assert int(item.values[column]) == values[1]

    @pytest.mark.parametrize(
        "wanted",
        [
            {"where": ("1=1) OR (1:eq:1",)},
            {"where": ("c0:eq:1",)},
            {"where": ("row:eq:1",)},
            {"sort": "c0"},
            {"sort": "age; DROP VIEW customers"},
            {"sort": "row DESC"},
            {"fields": ("*",)},
            {"fields": ("c0",)},
        ],
    )
    def test_sql_is_no_column(self, hostile, wanted) -> None:
        assert refused(hostile, **wanted)["type"] == "unknown_column"

    @pytest.mark.parametrize(
        "text", ["'; DROP VIEW customers; --", "\\", "%", "_", "?", "' OR ''='"]
    )
    def test_sql_is_a_text_like_any_other(self, looked, table, text) -> None:
        inside = table["note"].str.contains(text, regex=False)
        found = rows_of(looked, where=(f"note:contains:{text}",))
        assert found == table.loc[inside, "row"].tolist()
        assert rows_of(looked, where=(f"note:eq:{text}",)) == []

    def test_no_file_or_setting_is_within_reach(self, looked, tmp_path) -> None:
        with CustomerList(looked, WantedCustomers()).connected() as connection:
            for statement in (
                "SELECT * FROM read_text('/etc/passwd')",
                f"COPY customers TO '{tmp_path / 'out.csv'}'",
                f"ATTACH '{tmp_path / 'other.db'}'",
                "SET enable_external_access = true",
                "INSTALL httpfs",
            ):
                with pytest.raises(duckdb.Error):
                    connection.execute(statement)


class TestFiles:
    """A file holds exactly the list."""

    wanted = WantedCustomers(sort="-income", where=("visits:ge:1",), min_confidence=20)

    @pytest.fixture
    def expected(self, looked) -> list:
        return CustomerList(looked, self.wanted).page(None, 1000).items

    def test_csv_quotes_what_a_spreadsheet_would_run(self, looked, expected) -> None:
        content = b"".join(as_csv(CustomerList(looked, self.wanted)))
        assert content.startswith("\ufeff".encode())
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert [row["customer_id"] for row in rows] == [each.identifier for each in expected]
        assert [int(row["segment"]) for row in rows] == [each.segment for each in expected]
        assert [int(row["confidence"]) for row in rows] == [each.confidence for each in expected]
        for row, item in zip(rows, expected, strict=True):
            assert row["income"] == (
                "" if item.values["income"] is None else str(item.values["income"])
            )
            note = item.values["note"]
            told = f"'{note}" if note in FORMULAS else note
            assert row["note"].replace("\\|", "|") == told

    def test_a_sheet_holds_no_formula(self, looked, expected) -> None:
        content = b"".join(as_workbook(CustomerList(looked, self.wanted)))
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Customers"]
        header, *rows = sheet.iter_rows(values_only=True)
        assert [row[0] for row in rows] == [each.identifier for each in expected]
        notes = [row[header.index("note")] for row in rows]
        assert notes == [each.values["note"] for each in expected]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}

    def test_parquet_keeps_types(self, looked, expected) -> None:
        content = b"".join(as_parquet(CustomerList(looked, self.wanted)))
        table = pq.read_table(io.BytesIO(content)).to_pydict()
        assert table["customer_id"] == [each.identifier for each in expected]
        assert table["probability"] == [each.probability for each in expected]
        assert table["visits"] == [each.values["visits"] for each in expected]
        dates = [each.date().isoformat() for each in table["since"]]
        assert dates == [each.values["since"] for each in expected]

    def test_a_list_too_large_to_sort_is_refused_before_it_begins(
        self, looked, monkeypatch, request
    ) -> None:
        monkeypatch.setattr(order_lines, "MEMORY_MB", 1)
        OPENED.close()
        request.addfinalizer(OPENED.close)
        with pytest.raises(BadRequest) as refusal:
            as_csv(CustomerList(looked, self.wanted))
        assert refusal.value.code == "too_much_memory"

    def test_an_empty_list_has_its_header(self, looked) -> None:
        none = WantedCustomers(where=("income:gt:1e9",))
        text = b"".join(as_csv(CustomerList(looked, none))).decode("utf-8-sig")
        assert text.startswith("customer_id,segment,")
        assert text.count("\n") == 1
        content = b"".join(as_parquet(CustomerList(looked, none)))
        assert pq.read_table(io.BytesIO(content)).num_rows == 0


class TestWhoMoved:
    def test_is_known_by_row_within_one_table(self, looked, kept, frame) -> None:
        _, before = kept
        content = csv_of(frame)
        recipe = replace(KMEANS, columns=("income", "visits"), n_clusters=2)
        tools, dataset = looked.views.tools, looked.opened.dataset
        # The first segment lives on as the second, and the other is new.
        now, found = again(tools, dataset, content, recipe, number=2, lasting=(9, 1))
        moved = np.flatnonzero(np.array([9, 1])[found.labels] != before.labels + 1) + 1
        page = CustomerList(now, WantedCustomers(moved_since=1), looked).page(None, 1000)
        assert [each.row for each in page.items] == moved.tolist()
        assert page.total == len(moved)

    def test_is_known_by_identifier_in_another_table(self, looked, kept, frame, tmp_path) -> None:
        _, before = kept
        later = frame.sample(frac=0.8, random_state=2).assign(income=lambda f: f["income"][::-1])
        later.loc[later.index[:5], "customer_id"] = ["N1", "N2", "N3", "N4", "N5"]
        recipe = replace(KMEANS, columns=("income", "visits"))
        now, found = kept_version(tmp_path, csv_of(later), recipe, number=2)
        was = dict(zip(frame["customer_id"], before.labels, strict=True))
        expected = [
            row
            for row, (name, label) in enumerate(
                zip(later["customer_id"], found.labels, strict=True), start=1
            )
            if name in was and was[name] != label
        ]
        page = CustomerList(now, WantedCustomers(moved_since=1), looked).page(None, 1000)
        assert [each.row for each in page.items] == expected

    def test_is_not_known_without_an_identifier(self, looked, tmp_path) -> None:
        nameless = customers().drop(columns="customer_id")
        recipe = replace(KMEANS, columns=("income", "visits"))
        now, _ = kept_version(tmp_path, csv_of(nameless), recipe, number=2)
        with pytest.raises(InvalidFields, match="No column identifies customers"):
            CustomerList(now, WantedCustomers(moved_since=1), looked)
        assert rows_of(now, q="17") == [17]
        assert CustomerList(now, WantedCustomers()).page(None, 1).items[0].identifier == "1"


def test_databases_that_are_asked_no_more_are_closed(looked, kept, tmp_path, monkeypatch) -> None:
    opened = OpenedVersions(most=1)
    monkeypatch.setattr(storage, "OPENED", opened)
    other, _ = kept_version(tmp_path, csv_of(pd.DataFrame({"a": range(40), "b": range(40)})))
    list_of = CustomerList(looked, WantedCustomers())
    with list_of.connected() as asked:
        assert CustomerList(other, WantedCustomers()).count() == 40
        assert CustomerList(other, WantedCustomers(where=("a:eq:5",))).count() == 1
        # The one that had to go still answers who asked it.
        n_rows = asked.execute("SELECT count(*) FROM customers").fetchone()
    assert n_rows == (looked.n_customers,)
    assert len(opened._kept) == 1
    with list_of.connected() as again, pytest.raises(duckdb.PermissionException):
        again.execute("SELECT * FROM read_csv('/etc/passwd')")
