"""Large files of lines: read by DuckDB exactly as the reader reads them, or not at all."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.services import bulk_reading
from app.services.bulk_reading import read_bulk
from app.services.reading import KeptReading, read_upload
from app.storage.datasets import DatasetStore
from tests.segmentation.orders.exports import EXPORTS


@pytest.fixture(autouse=True)
def any_size_is_large(monkeypatch):
    monkeypatch.setattr(bulk_reading, "BULK_BYTES", 0)


@pytest.fixture
def store(tmp_path: Path) -> DatasetStore:
    return DatasetStore(tmp_path / "datasets")


def keep(store: DatasetStore, content: bytes) -> str:
    incoming = store.incoming()
    incoming.write(content)
    return store.keep(incoming).directory


def both(store: DatasetStore, content: bytes) -> tuple[pd.DataFrame, pd.DataFrame, KeptReading]:
    directory = keep(store, content)
    short = read_bulk(store, directory, {}, 100)
    assert short is not None
    long = read_upload(store, directory, {}, 100)
    assert {c.name: c.kind for c in short.columns} == {c.name: c.kind for c in long.columns}
    assert [c.missing for c in short.columns] == [c.missing for c in long.columns]
    assert short.n_rows == long.n_rows
    return store.frame(directory, short.name), store.frame(directory, long.name), short


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_comes_out_as_the_reader_reads_it(store, name):
    short, long, _ = both(store, EXPORTS[name].text().encode())
    assert list(short.columns) == list(long.columns)
    for column in long:
        if pd.api.types.is_numeric_dtype(long[column]):
            assert np.allclose(short[column], long[column].astype(float), equal_nan=True)
        elif pd.api.types.is_datetime64_any_dtype(long[column]):
            assert (short[column].isna() == long[column].isna()).all()
            assert (short[column].dropna() == long[column].dropna()).all()
        else:
            assert short[column].fillna("").tolist() == long[column].fillna("").tolist()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_letters_of_other_encodings_arrive(store, encoding):
    rows = [f"K{i % 9};2026-01-{1 + i % 28:02};{i},50;Größe {i % 4} für Façade" for i in range(300)]
    text = "\r\n".join(["Kunde;Datum;Betrag;Bezeichnung", *rows]) + "\r\n"
    short, long, _ = both(store, text.encode(encoding))
    assert short["Bezeichnung"].tolist() == long["Bezeichnung"].tolist()
    assert short["Betrag"].tolist() == [i + 0.5 for i in range(300)]


def test_quotes_line_breaks_and_lines_above_the_header_do_no_harm(store):
    rows = [f'K{i % 9},2026-01-{1 + i % 28:02},{i}.25,"a ""b"", c\nd{i % 3}"' for i in range(300)]
    text = "\n".join(["Export of a shop", "", "customer,date,amount,note", *rows]) + "\n"
    short, long, _ = both(store, text.encode())
    assert short["note"].tolist() == long["note"].tolist()


def test_parquet_is_read_alike(store):
    frame = pd.DataFrame(
        {
            "customer_id": [None if i % 10 == 0 else 17_000.0 + i % 50 for i in range(400)],
            "order_date": pd.date_range("2026-01-01", periods=400, freq="7h"),
            "amount": [i / 4 for i in range(400)],
        }
    )
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    short, long, _ = both(store, buffer.getvalue())
    assert short["customer_id"].fillna("").tolist() == long["customer_id"].fillna("").tolist()
    assert short["order_date"].tolist() == frame["order_date"].tolist()


class TestDatesThatASampleLeavesOpen:
    @pytest.fixture(autouse=True)
    def small_samples(self, monkeypatch):
        monkeypatch.setattr(bulk_reading, "SAMPLE_BYTES", 3_000)

    def read(self, store, last: str) -> tuple[pd.Series, list[str]]:
        rows = [f"K{i % 9},0{1 + i % 9}/0{1 + i % 7}/2026,{i}.25" for i in range(400)]
        text = "\n".join(["customer,date,amount", *rows, f"K1,{last},7.5"]) + "\n"
        directory = keep(store, text.encode())
        found = read_bulk(store, directory, {}, 100)
        assert found is not None
        codes = [each.code for each in found.warnings]
        return store.frame(directory, found.name)["date"], codes

    @pytest.mark.parametrize(("last", "day"), [("25/03/2026", 25), ("03/25/2026", 25)])
    def test_are_read_in_the_order_that_all_lines_allow(self, store, last, day):
        dates, codes = self.read(store, last)
        assert dates.notna().all()
        assert dates.iloc[-1] == pd.Timestamp(2026, 3, day)
        assert dates.iloc[1] == pd.Timestamp(2026, 2, 2)
        expected = pd.Timestamp(2026, 1, 8) if last.startswith("25") else pd.Timestamp(2026, 8, 1)
        assert dates.iloc[7] == expected
        assert "ambiguous_date" not in codes

    def test_stay_open_where_all_lines_allow_both(self, store):
        _, codes = self.read(store, "01/03/2026")
        assert "ambiguous_date" in codes


@pytest.mark.parametrize(
    "content",
    [
        # Columns set apart by runs of blanks, a workbook, and what is no table at all.
        b"a   2026-01-01   5.5\nb   2026-01-02   6.5\n" * 50,
        b"\x89PNG\r\n\x1a\n" + bytes(50),
    ],
)
def test_what_is_written_in_other_ways_is_left_to_the_reader(store, content):
    assert read_bulk(store, keep(store, content), {}, 100) is None


def test_a_value_that_is_none_is_missing_and_takes_nothing_else_along(store, monkeypatch):
    monkeypatch.setattr(bulk_reading, "SAMPLE_BYTES", 3_000)
    rows = [f"K{i % 9},2026-01-{1 + i % 28:02},{i}.25" for i in range(400)]
    text = (
        "\n".join(["customer,date,amount", *rows, "K1,someday,unknown", "K2,2026-02-01,5"]) + "\n"
    )
    directory = keep(store, text.encode())
    found = read_bulk(store, directory, {}, 100)
    frame = store.frame(directory, found.name)
    assert (frame["date"].isna().sum(), frame["amount"].isna().sum(), len(frame)) == (1, 1, 402)
    assert {c.name: c.missing for c in found.columns}["amount"] == 1
