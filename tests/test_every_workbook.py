"""Every number of a run's workbook and of its API, measured again on the raw file.

The customers' sheet says who is in which segment; all else is counted from the file that was
uploaded. Alone, `make test` tries a few tables; `make every-figure` tries all of them.
"""

import io
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from app.segmentation.description.phrases import readable
from tests.conftest import client_in
from tests.factories import Account, Accounts
from tests.generated import generated
from tests.routes.matrices import READ, head_of
from tests.routes.tables import train, upload
from tests.test_every_figure import ROWS, Recount, check_text, raw_table, shown

SHORT = 20
EXACT = 1e-9
ONE_ROW_PER_CUSTOMER = [name for name in READ if not name.startswith(("cdnow", "online"))]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Answered:
    """What is said of one table: the sheets of its workbook, by name, and the API's profiles."""

    frame: pd.DataFrame
    sheets: dict[str, list[Row]]
    segments: dict[str, Any]

    @property
    def labels(self) -> np.ndarray:
        _, *rows = self.sheets["Customers"]
        return np.array([row[1] for row in rows])

    @property
    def recount(self) -> Recount:
        return Recount(self.frame, self.labels)


@pytest.fixture(scope="module")
def client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client_in(tmp_path_factory.mktemp("figures"), sqlite_template) as client:
        yield client


@pytest.fixture(scope="module")
def analyst(client: TestClient) -> Account:
    return Accounts(client.app.state.resources).make("analyst")


def answered(client: TestClient, analyst: Account, file: bytes, frame: pd.DataFrame) -> Answered:
    dataset = upload(client, analyst, file)
    options: dict[str, Any] = {"algorithm": "auto", "n_clusters": "auto", "validate": True}
    run = train(client, analyst, dataset["id"], **options)
    book = client.get(
        f"/api/v1/segmentations/{run['segmentation_id']}/report",
        params={"format": "xlsx"},
        headers=analyst.headers,
    )
    assert book.status_code == 200, book.text
    workbook = openpyxl.load_workbook(io.BytesIO(book.content))
    segments = client.get(
        f"/api/v1/clustering/segments/{run['run_id']}", headers=analyst.headers
    ).json()
    sheets = {
        sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in workbook.worksheets
    }
    return Answered(frame, sheets, segments)


def check_everything(told: Answered) -> None:
    profiles = {each["cluster"]: each for each in told.segments["profiles"]}
    assert sorted(profiles) == sorted({*told.labels.tolist()} - {-1})
    assert told.segments["total"] == len(told.frame)
    for profile in profiles.values():
        check_profile(told, profile)
    names = {each["cluster_name"]: each["cluster"] for each in profiles.values()}
    check_overview(told, names)
    pages = [rows for title, rows in told.sheets.items() if re.match(r"\d+ ", title)]
    assert [rows[0][0] for rows in pages] == [*names]
    for rows in pages:
        check_page(told, rows, names[rows[0][0]])
    check_table_of_segments(told)
    check_what_to_do(told, names)
    check_rules(told)
    how = {row[0]: row[1] for row in told.sheets["How"]}
    assert how["Customers"] == len(told.frame)
    assert how["Number of segments"] == len(profiles)
    assert how.get("Customers in no segment", 0) == (told.labels < 0).sum()
    matters = [row[1] for row in told.sheets["What matters"][1:]]
    assert sum(matters) == pytest.approx(1)


def check_profile(told: Answered, profile: dict[str, Any]) -> None:
    recount, segment = told.recount, profile["cluster"]
    inside = recount.labels == segment
    assert profile["size"] == inside.sum()
    assert profile["share"] == pytest.approx(inside.mean())
    for column, mean in profile["means"].items():
        expected = pd.Series(recount.numbers[column][inside]).mean()
        assert mean is None if np.isnan(expected) else mean == pytest.approx(expected, rel=EXACT)
    for column, shares in profile["categories"].items():
        texts = texts_of(recount, column)[inside]
        for each in shares:
            assert each["share"] == pytest.approx((texts == each["level"]).mean())
    for each in profile["differences"]:
        figures = (each["value"], each["rest"], each["effect"])
        assert figures == pytest.approx(difference(recount, each["column"], each["level"], inside))
    for text in profile["characteristics"]:
        check_text(recount, text, segment)


def check_overview(told: Answered, names: dict[str, int]) -> None:
    found = {row[0]: row for row in told.sheets["Overview"] if row[0] in names}
    assert set(found) == set(names)
    summary = told.sheets["Overview"][1][0]
    assert summary.startswith(f"{len(names)} segment")
    assert f"of {len(told.frame):,} customers" in summary
    for name, segment in names.items():
        size = int((told.labels == segment).sum())
        assert found[name][2] == size
        assert found[name][3] == pytest.approx(size / len(told.frame), rel=EXACT)


def check_page(told: Answered, rows: list[Row], segment: int) -> None:
    """Check a segment's own sheet: its size, its sentences, and each column of its picture."""
    recount = told.recount
    inside = recount.labels == segment
    facts = {row[0]: row[1] for row in rows if row[0] is not None and len(row) > 1}
    assert facts["Customers"] == inside.sum()
    assert facts["Share of all"] == pytest.approx(inside.mean(), rel=EXACT)
    for row in rows:
        if row[0] is None and isinstance(row[1], str):
            check_text(recount, row[1], segment)
    pictured = [row for row in rows if len(row) > 4 and isinstance(row[4], float)]
    assert pictured
    for row in pictured:
        check_contrast(recount, row, inside)


def check_contrast(recount: Recount, row: Row, inside: np.ndarray) -> None:
    label, pair, *figures = row[:5]
    measured = [
        difference(recount, column, level, inside)
        for column in map(str, recount.columns)
        for level in (None, *sorted({*texts_of(recount, column)}))
        if label in (readable(column), f"{readable(column)}: {level}")
    ]
    match = [each for each in measured if each is not None and each == pytest.approx(figures)]
    assert match, row
    value, rest = pair.split(" vs ")
    assert any(shown(value, each[0]) and shown(rest, each[1]) for each in match), row


def check_table_of_segments(told: Answered) -> None:
    head, *rows = told.sheets["Segments"]
    recount = told.recount
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        inside = recount.labels == cells["cluster"]
        assert cells["size"] == inside.sum()
        assert cells["share"] == pytest.approx(inside.mean(), rel=EXACT)
        for title, cell in cells.items():
            kind, _, column = title.partition(" ")
            if kind == "mean" and cell is not None:
                expected = np.nanmean(recount.numbers[column][inside])
                assert cell == pytest.approx(expected, rel=EXACT)
            if kind == "main" and cell is not None:
                level, _, share = cell.rpartition(" ")
                assert shown(share, (texts_of(recount, column)[inside] == level).mean())
        for statement in cells["what sets it apart"].split("; "):
            check_text(recount, statement, cells["cluster"])


def check_what_to_do(told: Answered, names: dict[str, int]) -> None:
    for name, action, reason in told.sheets["What to do"][1:]:
        if name in names:
            check_text(told.recount, f"{action}: {reason}", names[name])


def check_rules(told: Answered) -> None:
    """Run each rule on the raw file, as its owner would."""
    head, *rows = told.sheets["Rules"]
    frame = told.recount.columns.convert_dtypes()
    database = sqlite3.connect(":memory:")
    frame.to_sql("customers", database, index=False)
    for row in rows:
        rule = dict(zip(head, row, strict=True))
        (met,) = database.execute(f"SELECT count(*) FROM customers WHERE {rule['SQL']}").fetchone()
        assert rule["customers"] == met, rule["SQL"]


def texts_of(recount: Recount, column: str) -> np.ndarray:
    values = recount.columns[column]
    return values.astype("str").where(values.notna(), "(missing)").to_numpy()


def difference(
    recount: Recount, column: str, level: str | None, inside: np.ndarray
) -> tuple[float, float, float] | None:
    """Figures of a segment and of the rest, and Cohen's d or h; None of a column of texts."""
    if level is not None:
        has = texts_of(recount, column) == level
        shares = has[inside].mean(), has[~inside].mean()
        angles = 2 * np.arcsin(np.sqrt(shares))
        return *shares, angles[0] - angles[1]
    if column not in recount.numbers:
        return None
    values = recount.numbers[column]
    known = ~np.isnan(values)
    own, rest = values[known & inside], values[known & ~inside]
    squares = np.square(own - own.mean()).sum() + np.square(rest - rest.mean()).sum()
    pooled, overall = np.sqrt(squares / (len(own) + len(rest) - 2)), values[known].std()
    scale = pooled if pooled > 1e-6 * overall else overall
    return own.mean(), rest.mean(), (own.mean() - rest.mean()) / scale


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    n_tables = metafunc.config.getoption("--generated-tables")
    whole = n_tables > SHORT
    if "name" in metafunc.fixturenames:
        tables = ONE_ROW_PER_CUSTOMER
        metafunc.parametrize("name", tables if whole else tables[:1])
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(2000, 2000 + (n_tables // 2 if whole else 1)))


def test_of_a_real_table(
    client: TestClient, analyst: Account, shared_data: Path, name: str
) -> None:
    content = head_of(shared_data / name, ROWS)
    check_everything(answered(client, analyst, content, raw_table(shared_data / name)))


def test_of_a_generated_table(client: TestClient, analyst: Account, seed: int) -> None:
    frame = generated(seed)
    file = frame.to_csv(index=False).encode()
    check_everything(
        answered(client, analyst, file, frame.astype(object).where(frame.notna(), None))
    )
