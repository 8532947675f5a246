"""Tables as databases, spreadsheets and other programs write them have the same rows."""

import io

import openpyxl
import pytest

from app.segmentation.errors import TableError
from app.segmentation.tables import Table, read_table

NAMES = ["id", "name", "age"]
ROWS = [[f"K{10 + i}", ["Ann", "Bob", "Cleo"][i % 3], str(20 + i * 3)] for i in range(12)]


def read(text: str) -> Table:
    return read_table(io.BytesIO(text.encode()))


def joined(mark: str) -> list[str]:
    return [mark.join(row) for row in (NAMES, *ROWS)]


@pytest.mark.parametrize(
    "lines",
    [
        ["| id | name | age |", "|----|:-----|----:|", *(f"| {' | '.join(r)} |" for r in ROWS)],
        [" id | name | age ", "----+------+-----", *(f" {' | '.join(r)} " for r in ROWS)],
        ["id,name,age", "--,----,---", *(",".join(r) for r in ROWS)],
        [line + "," for line in joined(",")],
        ["id,name,age", *(",".join(r) + "," for r in ROWS)],
        joined("||"),
        joined("::"),
        ["id;name;age", *(";".join([a, f"'{b}'", c]) for a, b, c in ROWS)],
    ],
    ids=["markdown", "psql", "sqlplus", "ends", "ends-below", "bars", "colons", "quoted"],
)
def test_rulers_and_marks_around_the_rows_are_no_columns(lines):
    table = read("\n".join(lines) + "\n")

    assert table.frame.columns.tolist() == NAMES
    assert table.frame["id"].tolist() == [row[0] for row in ROWS]
    assert table.frame["age"].tolist() == [int(row[2]) for row in ROWS]


def test_commas_in_single_quotes_set_nothing_apart():
    table = read("id,name,age\n" + "".join(f"{a},'{b}, Dr',{c}\n" for a, b, c in ROWS))

    assert table.dialect.quotechar == "'"
    assert table.frame["name"].tolist() == [f"{row[1]}, Dr" for row in ROWS]


def test_quotes_that_a_backslash_escapes_are_ordinary_characters():
    table = read("id,name,age\n" + "".join(f'{a},"{b} \\"x\\"",{c}\n' for a, b, c in ROWS))

    assert table.frame["name"].tolist() == [f'{row[1]} "x"' for row in ROWS]


def test_row_numbers_without_a_name_do_not_shift_the_columns():
    table = read("id,name,age\n" + "".join(f"{i},{','.join(r)}\n" for i, r in enumerate(ROWS, 1)))

    assert table.frame.columns.tolist() == ["column_1", *NAMES]
    assert table.frame["age"].tolist() == [int(row[2]) for row in ROWS]
    assert any("one name fewer" in warning.message for warning in table.warnings)


def test_a_row_with_a_field_too_many_is_refused_and_not_shifted():
    with pytest.raises(TableError, match="line 2 has 4 fields"):
        read("id,name,age\n" + "".join(f"{a},{b},Dr,{c}\n" for a, b, c in ROWS))


def test_page_breaks_and_counts_of_rows_are_no_customers():
    lines = joined(",")
    paged = [*lines[:5], "Page 2", lines[0], *lines[5:9], "Page 3", lines[0], *lines[9:]]

    table = read("\n".join([*paged, "Total: 12 customers"]) + "\n")

    assert table.frame["id"].tolist() == [row[0] for row in ROWS]
    kinds = [each.what for each in table.dialect.set_aside]
    assert sorted(kinds) == ["header", "header", "note", "note", "note"]


def test_zeros_kept_by_a_formula_are_kept():
    table = read("id,code\n" + "".join(f'K{i},="00{i}"\n' for i in range(10, 22)))

    assert table.frame["code"].tolist() == [f"00{i}" for i in range(10, 22)]


def test_a_hidden_sheet_is_not_the_first():
    book = openpyxl.Workbook()
    for row in [NAMES, *ROWS]:
        book.active.append(row)
    book.create_sheet("old", 0).append(["x", "y", "z", "w"])
    book["old"].append([1, 2, 3, 4])
    book["old"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)

    table = read_table(out)

    assert table.frame.columns.tolist() == NAMES
    assert table.dialect.sheet != "old"


def test_blank_columns_beside_the_table_are_none():
    book = openpyxl.Workbook()
    for row in [[], NAMES, *ROWS]:
        book.active.append([None, None, *row])
    out = io.BytesIO()
    book.save(out)

    assert read_table(out).frame.columns.tolist() == NAMES


def pivot(group: str, regions: list[str]) -> list[str]:
    rows = [
        f"{region if at == 0 else ''},{city if at % 2 == 0 else ''},{region[0]}{at}x,{at * 37 % 50}"
        for region in regions
        for at, city in enumerate(["Aton", "Aton", "Bton", "Bton"])
    ]
    return [f"{group},city,id,spend", *rows]


@pytest.mark.parametrize(
    ("group", "regions"), [("Region", ["West", "East"]), ("wo", ["East", "North", "South", "West"])]
)
def test_a_group_s_value_holds_for_the_rows_below_it_and_that_is_said(group, regions):
    table = read("\n".join(pivot(group, regions)) + "\n")

    assert table.frame[group].tolist() == [region for region in regions for _ in range(4)]
    assert table.frame["city"].tolist() == ["Aton", "Aton", "Bton", "Bton"] * len(regions)
    (warning,) = [each for each in table.warnings if each.code == "filled_down"]
    assert (warning.count, warning.rows[:2]) == (3 * len(regions), (3, 4))


def test_names_of_firms_that_few_customers_have_are_not_filled():
    firms = ["Zeta AG", "", "", "Acme", "", "Beta KG", "", "", "", ""]
    table = read("firm,id,spend\n" + "".join(f"{f},K{i}x,{i}\n" for i, f in enumerate(firms)))

    assert table.frame["firm"].isna().sum() == 7
    assert "possible_groups" in [each.code for each in table.warnings]


def test_merged_cells_hold_for_all_their_rows():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["id", "team", "age"])
    for i in range(6):
        book.active.append([f"K{i}x", "Zulu" if i == 1 else None, 20 + i])
    book.active.merge_cells("B3:B5")
    book.save(out)

    table = read_table(out)

    assert table.frame["team"].fillna("").tolist() == ["", "Zulu", "Zulu", "Zulu", "", ""]
    assert next((w.code, w.rows) for w in table.warnings if w.column == "team") == (
        "filled_down",
        (4, 5),
    )


def test_what_a_sheet_hides_is_read_and_said_with_how_many():
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    for row in [[None, *NAMES], *([None, *row] for row in ROWS)]:
        sheet.append(row)
    for number in (3, 6):
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.auto_filter.ref = "B1:D13"
    sheet.auto_filter.add_filter_column(0, ["K10"])
    book.save(out)

    said = {each.code: each for each in read_table(out).warnings}

    assert (said["hidden_rows"].count, said["hidden_rows"].rows) == (2, (3, 6))
    assert said["hidden_rows"].message.startswith("A filter hides 2 rows")
    assert "age" in said["hidden_columns"].message


def test_a_list_of_sap_with_rules_around_it_is_cut_at_its_bars():
    rule = "-" * 30
    rows = [f"|K{i}x  |   {20 + i}|1.2{i:02},00|" for i in range(12)]
    table = read("\n".join([rule, "|Kunde |Alter|Umsatz |", rule, *rows]) + "\n")

    assert table.frame.columns.tolist() == ["Kunde", "Alter", "Umsatz"]
    assert table.frame["Umsatz"].tolist() == [1200 + i for i in range(12)]


def test_a_footer_of_several_lines_is_no_customer():
    footer = ["", "Top Accounts", "Copyright (c) 2000-2024 x inc. All rights reserved.",
              "Confidential Information", "Generated By: Ann 3/15/2024", "Acme Inc"]  # fmt: skip
    table = read("\n".join([*joined(","), *footer]) + "\n")

    assert table.frame["id"].tolist() == [row[0] for row in ROWS]
    assert [each.what for each in table.dialect.set_aside] == ["note"] * 5


def test_an_apostrophe_that_marks_a_text_is_none_of_it():
    rows = [f"K{i}x,'00{100 + i},'+3906{i:07},'{5 + i}" for i in range(12)]
    table = read("\n".join(["id,zip,phone,visits", *rows]) + "\n")

    assert table.frame["zip"].tolist() == [f"00{100 + i}" for i in range(12)]
    assert table.frame["phone"].iloc[0] == "+39060000000"
    assert table.frame["visits"].tolist() == [5 + i for i in range(12)]


@pytest.mark.parametrize("called", ["{} Ergebnis", "Total {}", "{} Total", "Zwischensumme {}"])
def test_subtotals_named_after_their_group_are_no_customers(called):
    groups = [
        [*(f"{group};K{group}{i};{10 * i + 5}" for i in range(4)), f"{called.format(group)};;80"]
        for group in ("Nord", "Ost", "West")
    ]
    lines = ["Region;Kunde;Umsatz", *(line for group in groups for line in group), "Gesamt;;240"]
    table = read("\n".join(lines) + "\n")

    assert table.frame["Umsatz"].tolist() == [5, 15, 25, 35] * 3
    assert [each.what for each in table.dialect.set_aside] == ["total"] * 4


def test_a_total_may_stand_above_its_rows():
    ages = [int(row[2]) for row in ROWS]
    lines = joined(",")
    table = read("\n".join([lines[0], f"Total,,{sum(ages)}", *lines[1:]]) + "\n")

    assert table.frame["age"].tolist() == ages
