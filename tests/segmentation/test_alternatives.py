"""Whatever a warning offers instead of the reading taken can be taken, as corrections are sent."""

import ast
import io
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from app.db.tables import Dataset
from app.schemas.read_overrides import ReadOverrides
from app.segmentation.tables import Kind, Table, TableWarning, read_table
from app.segmentation.tables.form_warnings import _CODES
from app.segmentation.tables.notices import repeat_warnings
from app.segmentation.tables.repeats import find_repeats
from app.services.overrides import merged_overrides
from app.services.reading import read_options

ROOM = Path(__file__).parents[2] / "app" / "segmentation" / "tables"
SAID_ONLY = {
    "blank", "empty_column", "duplicate_id", "repeated_id", "set_aside_column",
    "several_currencies", "sign_column",
}  # fmt: skip
"""What is so in the file, and can be read in no other way."""


def column(name: str, *values: str, times: int = 1) -> bytes:
    rows = [f"K{7 * i + 3}x\tAnn{i % 5}\t{text}" for i, text in enumerate(values * times)]
    return "\n".join([f"kid\tfirst\t{name}", *rows, ""]).encode()


def table(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


CUSTOMERS = [f"K{i}x,{20 + i * 7 % 41},{1000 + i * 737 % 900}" for i in range(12)]


def workbook(
    *, hide: bool = False, cover: bool = False, formula: bool = False, further: bool = False
) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    if cover:
        book.active.append(["Report", "2024"])
        book.active.append(["By", "Ann"])
        book.active.append(["On", "Monday"])
    sheet = book.create_sheet("data") if cover else book.active
    sheet.append(["id", "share", "spend"])
    for i in range(12):
        sheet.append([f"K{i}x", 0.1 + i / 100, f"=A{i}" if formula and i % 3 else i * 7 % 50])
        sheet.cell(sheet.max_row, 2).number_format = "0%"
    if further:
        for row in [["region", "sum"], ["N", 5], ["S", 7]]:
            (book["2023"] if "2023" in book.sheetnames else book.create_sheet("2023")).append(row)
    sheet.row_dimensions[4].hidden = sheet.column_dimensions["C"].hidden = hide
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pd.DataFrame({"id": ["a", "b"], "tags": [[1], [2]]}).to_parquet(out)
    return out.getvalue()


EXAMPLES: dict[str, bytes] = {
    "ambiguous_date": column("since", "03/04/2021", "05/04/2021", "02/01/2020"),
    "ambiguous_encoding": "id;miasto\n1;Łódź\n2;Kraków\n3;Gdańsk\n".encode("cp1250"),
    "ambiguous_number": column("spend", "1.234", "2.516", "8.300"),
    "ambiguous_unit": column("revenue", "2.5 Cr", "1.2 Cr"),
    "blank": column("age", "24", "", "31", "45"),
    "calendar": column("since", "15/03/2567", "20/12/2566", "01/05/2567"),
    "capped": column("visits", "1", "10+", "2", "5"),
    "codes": column("PLZ", "10115", "80331", "50667"),
    "cover_sheet": workbook(cover=True),
    "days_without_year": column("size", "1-5", "24-Jan", "11-15", "6-Oct"),
    "debit_credit": column("balance", "100 CR", "40 DR", "12 CR"),
    "dropped_rows": table("id,age,income", *CUSTOMERS, CUSTOMERS[2]),
    "duplicate_id": table("id,age,income", *CUSTOMERS, "K2x,77,1"),
    "duplicate_rows": table("id,age,income", *CUSTOMERS, CUSTOMERS[2]),
    "duration": column("calls", "1:30", "0:45", "12:05"),
    "empty_column": column("note", "", "", ""),
    "filled_down": table("Region,id,spend", *(
        f"{['North', 'South'][i // 4] if i % 4 == 0 else ''},K{i}x,{i * 7 % 5}"
        for i in range(8))),
    "hidden_columns": workbook(hide=True),
    "hidden_rows": workbook(hide=True),
    "impossible_value": column("age", "24", "230", "31", "45"),
    "layout": table("id,age,", *(f"{each.rsplit(',', 1)[0]},x" for each in CUSTOMERS)),
    "missing_mark": column("age", "24", "n.a.", "31", "45"),
    "mixed_dates": column("since", "13.04.2021", "15.04.2021", "04.25.2021", "28.01.2021"),
    "mixed_marks": column("spend", "1.5", "2.5", "3,75", "4.5"),
    "mixed_percent": column("discount", "12%", "0.15", "7%"),
    "mixed_types": column("age", "24", "young", "31", "45"),
    "mixed_units": column("age", "24 years", "6 months", "31 years"),
    "mostly_numbers": column("Invoice", "489434", "C489435", "489436", "489437"),
    "one_amount": table("id,Debit,Credit", *(
        f"K{i}x,{i * 7 % 50 + 1 if i % 3 else ''},{'' if i % 3 else i + 1}" for i in range(12))),
    "ordinal": column("rank", "1st", "22nd", "3rd"),
    "other_sheets": workbook(further=True),
    "percent_cells": workbook(),
    "possible_groups": table("Wo,id,spend", *(
        f"{['West', '', 'Ost', ''][i % 4] + (str(i) if i > 3 and i % 2 == 0 else '')},K{i}x,{i % 5}"
        for i in range(12))),
    "possible_missing": column("plan", "None", "Pro", "Basic", "Pro", times=4),
    "possible_sentinel": column("visits", *map(str, range(1, 12)), "99999"),
    "possible_total": table("name,spend", "Shell,9", "BP,8", "Total,7", "Esso,5"),
    "repeated_id": table("customer_id,age", *(f"C{i % 4}x{i % 4},{20 + i}" for i in range(12))),
    "repeats_column": table("id,month,year", *(
        f"K{i}x,{i * 37 % 101},{i * 37 % 101 * 12}" for i in range(12))),
    "rows_are_not_customers": table("order_id,customer_id,date,amount", *(
        f"{i},C{i % 4},2024-01-{i + 10},{i * 7 % 50}" for i in range(12))),
    "scale": column("age", "18-24", "65+", "under 18", "25-34"),
    "sentinel": column("pdays", "3", "999", "5", "999", "7", "12", "9", "999", "4", "6"),
    "serial_date": column("signup_date", "44201", "44275", "44561"),
    "set_aside": table("Customers of 2024,,", "", "id,age,income", *CUSTOMERS),
    "set_aside_column": parquet(),
    "several_currencies": table("id,amount,currency", *(
        f"K{i}x,{i * 7 % 50},{['EUR', 'USD'][i % 2]}" for i in range(12))),
    "sign_column": table("id,Umsatz,Soll/Haben-Kz", *(
        f"K{i}x,{i * 7 % 50},{'SH'[i % 2]}" for i in range(12))),
    "signs": column("rating", "★★★☆☆", "★☆☆☆☆", "★★★★★"),
    "spellings": column("plan", "Basic", "basic", "Pro", "PRO", "Basic", "Pro"),
    "stray_bytes": "id,name\n1,Jörg\n2,Zoë\n3,Ann\n".encode() + b"4,J\xf6rn\n",
    "time_of_day": column("opens", "9:30 AM", "1:15 PM", "11:45 PM"),
    "twice_encoded": "id,name\n1,Müller\n2,Jürgen\n3,Zoë\n".encode().decode("cp1252").encode(),
    "two_digit_years": column("birth_date", "05.01.62", "20.03.58", "31.12.04"),
    "uncomputed_formulas": workbook(formula=True),
    "unread_dates": column("date", *(f"{i} of the 3rd moon 2024" for i in range(1, 5))),
    "unread_numbers": column("bp", "120/80", "135/90", "118/76", "142/88", "127/81"),
}  # fmt: skip


def read(code: str, **overrides: object) -> Table:
    return read_table(io.BytesIO(EXAMPLES[code]), overrides=read_options(overrides))


def warnings_of(table: Table) -> Sequence[TableWarning]:
    numeric, categorical = table.of_kind(Kind.NUMERIC), table.of_kind(Kind.CATEGORICAL)
    repeats = find_repeats(table.frame, numeric=numeric, categorical=categorical)
    return [*table.warnings, *repeat_warnings(repeats)]


def as_read(table: Table) -> tuple[object, ...]:
    kinds = [(each.name, each.kind) for each in table.columns]
    units = [each.format.unit for each in table.columns if each.format is not None]
    return table.frame.astype(str).to_numpy().tolist(), kinds, units, table.grain.one_row_is


def test_every_code_has_an_example():
    written = set()
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = [each.value for each in node.keywords if each.arg == "code"]
            found = named if called == "TableWarning" else node.args[:1] if called == "warn" else []
            for each in found:
                written |= {
                    part.value for part in ast.walk(each)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }  # fmt: skip
    written |= {code for code, _ in _CODES.values()} | {"duration"}

    assert set(EXAMPLES) == {code for code in written if code.replace("_", "").isalpha()}


@pytest.mark.parametrize("code", EXAMPLES)
def test_each_alternative_changes_the_reading_and_can_be_taken_back(code):
    given = {"drop_duplicates": True} if code == "dropped_rows" else {}
    before = read(code, **given)
    said = [each for each in warnings_of(before) if each.code == code]
    dataset = Dataset(options=given, columns=[{"name": each.name} for each in before.columns])

    assert said
    for warning in said:
        assert warning.alternatives or code in SAID_ONLY or warning.reading in ("comment", "ruler")
        for other in warning.alternatives:
            sent = json.loads(json.dumps(other.overrides, allow_nan=False))
            merged = merged_overrides(dataset, ReadOverrides.model_validate(sent))
            after = read(code, **merged)
            assert as_read(after) != as_read(before), other
            assert other.reading != warning.reading
            undone = {
                name: dict.fromkeys(value) if isinstance(value, dict) else given.get(name)
                for name, value in sent.items()
            }
            later = Dataset(options=merged, columns=dataset.columns)
            back = merged_overrides(later, ReadOverrides.model_validate(undone))
            assert as_read(read(code, **back)) == as_read(before)
