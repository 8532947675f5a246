"""Bytes of any usual dialect become the same strings."""

import csv
import datetime as dt
import io
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from app.segmentation.errors import TableError
from app.segmentation.tables import (
    ReadOptions,
    columnar,
    read_cells,
    read_table,
    sheet_rows,
    unpacked_bytes,
    workbook,
)
from app.segmentation.tables.sheet_marks import Merged, read_marks


def cells_of(content: bytes | str, **options):
    data = content.encode() if isinstance(content, str) else content
    return read_cells(io.BytesIO(data), overrides=ReadOptions(**options))


def rows_of(content: bytes | str, **options) -> list[list[str]]:
    return cells_of(content, **options).frame.to_numpy().tolist()


def workbook_of(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_packed_files_are_estimated_by_what_they_hold(tmp_path):
    frame = pd.DataFrame({"x": np.zeros(200_000, dtype=np.int8), "y": 1})
    frame.to_parquet(tmp_path / "zeros.parquet")
    frame.head(20_000).to_excel(tmp_path / "zeros.xlsx", index=False)
    (tmp_path / "plain.csv").write_bytes(b"x,y\n0,1\n")
    (tmp_path / "damaged.xlsx").write_bytes(b"PK\x03\x04 and no more")

    def estimate(name: str) -> tuple[int, int]:
        size = (tmp_path / name).stat().st_size
        with (tmp_path / name).open("rb") as source:
            return unpacked_bytes(source, size_bytes=size), size

    for packed in ("zeros.parquet", "zeros.xlsx"):
        unpacked, size = estimate(packed)
        assert unpacked > 3 * size
    assert estimate("zeros.parquet")[0] >= len(frame) * 2 * 4
    for plain in ("plain.csv", "damaged.xlsx"):
        unpacked, size = estimate(plain)
        assert unpacked == size


class TestDialects:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
    )
    def test_every_usual_dialect_gives_the_same_cells(self, delimiter, line_end, encoding):
        rows = [["name", "größe", "note"], ["José", "170", "a"], ["Ann", "160", ""]]
        text = line_end.join(delimiter.join(row) for row in rows) + line_end

        cells = cells_of(text.encode(encoding))

        assert cells.frame.columns.tolist() == rows[0]
        assert cells.frame.to_numpy().tolist() == rows[1:]
        assert cells.dialect.delimiter == delimiter
        assert cells.line_numbers.tolist() == [2, 3]

    def test_latin_1_is_taken_where_windows_1252_has_no_character(self):
        cells = cells_of("name,age\nJos\xe9\x81,3\n".encode("latin-1"))

        assert cells.dialect.encoding == "latin-1"

    def test_encoding_is_judged_on_the_whole_file(self):
        head = b"name,age\n" + b"plain,1\n" * 50_000

        cells = cells_of(head + "Zoë,2\n".encode("cp1252"))

        assert cells.dialect.encoding == "cp1252"
        assert cells.frame.iloc[-1].tolist() == ["Zoë", "2"]

    def test_runs_of_white_space_set_columns_apart(self):
        assert rows_of(" 001  5   2.5\n 002  6  12.5\n") == [
            ["001", "5", "2.5"],
            ["002", "6", "12.5"],
        ]

    def test_a_column_of_full_names_stays_one_column(self):
        cells = cells_of("full name\nJohn Smith\nJane Doe\n")

        assert cells.dialect.delimiter is None
        assert cells.frame["full name"].tolist() == ["John Smith", "Jane Doe"]

    def test_a_blank_line_in_a_single_column_is_a_missing_value(self):
        assert rows_of("income\n1\n\n3\n\n\n") == [["1"], [""], ["3"]]

    def test_prose_with_commas_does_not_make_a_semicolon_table_comma_separated(self):
        text = "id;text\n1;a, b\n2;c, d\n3;e, f\n"
        assert rows_of(text)[0] == ["1", "a, b"]

    def test_decimal_commas_do_not_pass_for_delimiters(self):
        assert rows_of("1,5;2,5\n3,5;4,5\n") == [["1,5", "2,5"], ["3,5", "4,5"]]
        between_blanks = "id alter umsatz\n100 20 137,00\n101 21 138,37\n"
        assert rows_of(between_blanks) == [["100", "20", "137,00"], ["101", "21", "138,37"]]

    def test_the_separator_line_of_spreadsheets_is_obeyed(self):
        cells = cells_of("sep=|\r\na|b\r\n1|2\r\n")

        assert cells.dialect.delimiter == "|"
        assert cells.frame.to_dict("list") == {"a": ["1"], "b": ["2"]}
        assert cells.line_of(0) == 3

    def test_unicode_line_separators_stay_inside_their_cell(self):
        assert rows_of("a,b\nx\u2028y,1\nz\x85,2\n") == [["x\u2028y", "1"], ["z\x85", "2"]]

    def test_missing_marks_are_left_as_written(self):
        text = "a,b\nNA,None\nnull, \n1e400,?\n"
        assert rows_of(text) == [["NA", "None"], ["null", " "], ["1e400", "?"]]

    def test_every_part_of_the_dialect_can_be_overridden(self):
        assert rows_of("a,b;c\n1,2;3\n", delimiter="semicolon")[0] == ["1,2", "3"]
        assert rows_of("1,2\n3,4\n", has_header=True) == [["3", "4"]]
        assert rows_of("a,b\nc,d\n", has_header=False) == [["a", "b"], ["c", "d"]]
        assert rows_of(b"a,b\n\xe4,1\n", encoding="cp437")[0] == ["Σ", "1"]
        assert rows_of("a,b\n'x,y',1\n", quotechar="'")[0] == ["x,y", "1"]
        assert rows_of('a,b\n"x,1\n', quotechar="")[0] == ['"x', "1"]

    def test_a_mark_is_dropped_when_the_family_of_encodings_is_given(self):
        for encoding in ("utf-8-sig", "utf-16"):
            content = "a,b\n1,2\n".encode(encoding)
            given = "utf-8" if encoding == "utf-8-sig" else "utf-16-le"
            assert cells_of(content, encoding=given).frame.columns.tolist() == ["a", "b"]


class TestHeaders:
    def test_numbers_in_the_first_row_are_no_names(self):
        cells = cells_of("1;2,5\n3;4,5\n")

        assert cells.frame.columns.tolist() == ["column_1", "column_2"]
        assert cells.line_numbers.tolist() == [1, 2]

    def test_years_in_the_first_row_are_names(self):
        assert cells_of("region,2021,2022\nN,1,2\nS,3,4\n").frame.columns.tolist() == [
            "region",
            "2021",
            "2022",
        ]

    def test_a_column_without_a_name_is_numbered_and_said(self):
        cells = cells_of(",a\nx,5\ny,6\n")

        assert cells.frame.columns.tolist() == ["column_1", "a"]
        assert "column 1 has no name" in str(cells.doubts[0])

    def test_names_that_repeat_get_a_number_and_it_is_said(self):
        cells = cells_of("a,b, a,b,a,a 2\nx,2,3,4,5,6\ny,2,3,4,5,6\n")

        assert cells.frame.columns.tolist() == ["a", "b", "a 3", "b 2", "a 4", "a 2"]
        assert cells.repeated == ("a", "b")
        told = [doubt for doubt in cells.doubts if doubt.code == "layout"]
        assert [doubt.column for doubt in told] == ["a 3", "b 2", "a 4"]
        assert all(doubt.alternatives for doubt in told)

    def test_a_first_row_of_prose_is_refused_as_a_header(self):
        with pytest.raises(TableError, match="column 2 has no usable name"):
            cells_of("a," + "word " * 200 + "\n1,2\n")

    def test_line_breaks_inside_a_name_become_spaces(self):
        assert cells_of('"Annual\n Income",b\n1,2\n').frame.columns[0] == "Annual Income"


class TestSeparators:
    @pytest.mark.parametrize(
        "separator",
        ["||", "::", "|~|", "~", "^", "^|^", "~~", "##", "@@", ";;", "<|>", "\x1f", "\x01"],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
    def test_unusual_separators_are_recognised(self, separator, encoding):
        rows = [["id", "name", "spend"], ["K1", "Jörg", "1.5"], ["K2", "Ann, née Lee", ""]]
        text = "\n".join(separator.join(row) for row in rows) + "\n"

        cells = cells_of(text.encode(encoding))

        assert cells.frame.columns.tolist() == rows[0]
        assert cells.frame.to_numpy().tolist() == rows[1:]
        assert cells.dialect.delimiter == separator
        assert cells.line_numbers.tolist() == [2, 3]

    def test_records_that_end_without_a_line_are_rows(self):
        text = (
            "\x1e".join("\x1f".join(row) for row in (["id", "n"], ["a", "1"], ["b", "2"])) + "\x1e"
        )

        assert cells_of(text.encode()).frame.to_dict("list") == {"id": ["a", "b"], "n": ["1", "2"]}

    def test_a_separator_inside_quotes_sets_nothing_apart(self):
        cells = cells_of('id||note\n1||"a||b"\n2||c\n')

        assert cells.frame["note"].tolist() == ["a||b", "c"]

    def test_a_separator_of_several_signs_can_be_given(self):
        assert rows_of("a**b\n1**2\n", delimiter="**")[0] == ["1", "2"]

    def test_blank_columns_between_bars_stay_columns(self):
        cells = cells_of("id|name|spend\n1||2\n2||3\n3||4\n")

        assert cells.frame.columns.tolist() == ["id", "name", "spend"]

    def test_quotes_behind_a_space_close_over_commas(self):
        cells = cells_of('id, name, spend\n1, "Lee, Ann", 3\n2, "Fox, Bo", 4\n')

        assert cells.frame["name"].tolist() == ["Lee, Ann", "Fox, Bo"]


class TestRows:
    def test_quoted_newlines_and_quotes_are_kept_and_lines_still_known(self):
        cells = cells_of('id,note\n1,"a\nb"\n2,"c, ""d"""\n3,e\n')

        assert cells.frame["note"].tolist() == ["a\nb", 'c, "d"', "e"]
        assert [cells.line_of(i) for i in range(3)] == [2, 4, 5]

    def test_short_rows_are_filled_and_counted(self):
        cells = cells_of("a,b,c\n1,2,3\n4,5\n6\n")

        assert cells.frame.to_numpy().tolist()[1:] == [["4", "5", ""], ["6", "", ""]]
        (doubt,) = cells.doubts
        assert "2 rows are shorter" in str(doubt)
        assert doubt.rows == (3, 4)
        assert doubt.alternatives[0].overrides == {"skip_rows": [3, 4]}

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a,b,c\n1,2,3\n1,2,3,4\n", 3),
            ("a,b\n1,2,3\n4,5,6\n", 2),
            ('a,b\n"x\ny",1\n\n1,2,3\n', 5),
            ("a,b\n" + "1,2\n" * 21_000 + "1,2,3\n", 21_002),
        ],
    )
    def test_a_row_longer_than_the_header_is_refused_by_line(self, text, line):
        with pytest.raises(TableError, match=f"^line {line} has 3|^line {line} has 4"):
            cells_of(text)

    def test_empty_lines_are_passed_over_and_counted_as_lines(self):
        cells = cells_of("\na,b\n1,2\n\n3,4\n\n")

        assert cells.frame.to_numpy().tolist() == [["1", "2"], ["3", "4"]]
        assert cells.line_numbers.tolist() == [3, 5]

    def test_random_tables_survive_the_round_trip(self):
        # Half of these go through Arrow's reader and half row by row; csv.writer is the oracle.
        rng = np.random.default_rng(7)
        alphabet = np.array(list('ab1 .;,|"\n\té€-'))
        for trial in range(150):
            letters = alphabet if trial % 2 else np.array(list("ab1.é€-;|"))
            n_rows, width = int(rng.integers(1, 8)), int(rng.integers(2, 6))
            rows = [
                ["x" + "".join(rng.choice(letters, rng.integers(0, 5))) for _ in range(width)]
                for _ in range(n_rows)
            ]
            out = io.StringIO()
            quoting = csv.QUOTE_ALL if trial % 3 == 0 else csv.QUOTE_MINIMAL
            header = [f"name {i}" for i in range(width)]
            csv.writer(out, quoting=quoting).writerows([header, *rows])

            cells = cells_of(out.getvalue(), delimiter=",", has_header=True)

            assert cells.frame.to_numpy().tolist() == rows
            lines = out.getvalue().split("\n")
            for number, row in zip(cells.line_numbers, rows, strict=True):
                assert row[0].split("\n")[0].replace('"', "") in lines[number - 1].replace('"', "")


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (b"", "the file is empty"),
            (b"\xef\xbb\xbf \r\n\r\n", "the file is empty"),
            (b"a,b,c\n", "a header and no rows"),
            (b"<!DOCTYPE html>\n<html>", "an HTML page"),
            (b"<br />\n<b>Warning</b>: division by zero", "an HTML page"),
            (b'<div class="table">\n<p>id,age</p>', "an HTML page"),
            (b"\xef\xbb\xbf\n  <HTML lang='en'>", "an HTML page"),
            ("<html><body>".encode("utf-16"), "an HTML page"),
            (b"<?xml version='1.0'?>", "an XML document"),
            (b'{"a": [1]}', "a JSON document"),
            (b'[{"a": 1}]', "a JSON document"),
            (b'\n[ ["a", 1]]', "a JSON document"),
            (b"BM\x36\x00\x0c\x00\x00\x00\x00\x006\x00\x00\x00(", "a BMP image"),
            (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a WebP image"),
            (b"II*\x00\x08\x00\x00\x00", "a TIFF image"),
            (b"MM\x00*\x00\x00\x00\x08", "a TIFF image"),
            (b"\x00\x00\x00\x18ftypheic", "an image"),
            (b"\x89PNG\r\n\x1a\n....", "a PNG image"),
            (b"\xff\xd8\xff\xe0....", "a JPEG image"),
            (b"GIF89a....", "a GIF image"),
            (b"%PDF-1.7\n", "a PDF document"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "save it as .xlsx"),
            (b"\x1f\x8b\x08....", "gzip archive"),
            (b"PK\x03\x04 and then nothing", "zip or Excel file is damaged"),
            (b"PAR1 and then nothing", "Parquet file is damaged"),
            (b"a,b\n1,2\n3,\x004\n", "line 3 holds a NUL"),
            (b"a,b\n1,\x01\x02\n", "line 2 has the control character"),
            (b'a,b\n1,2\n3,"x\n4,5\n', "line 3 is never closed"),
            (b'a,b\n1,"x', "line 2 is never closed"),
            (b'a,b\n1,"x"y\n', "line 2: a closing quote is followed"),
            (b"a\n" + b"x" * 3_000_000, "over 1,048,576 characters"),
        ],
    )
    def test_what_is_no_table_is_refused_by_name(self, content, fault):
        with pytest.raises(TableError, match=fault):
            cells_of(content)

    def test_a_given_encoding_that_does_not_decode_names_the_line(self):
        with pytest.raises(TableError, match="line 3 does not decode as utf-8"):
            cells_of(b"a,b\n1,2\nx\xe9,1\n", encoding="utf-8")

    def test_more_columns_than_allowed_are_refused_in_every_format(self):
        names = [f"c{i}" for i in range(12)]
        parquet = io.BytesIO()
        pd.DataFrame([range(12)], columns=names).to_parquet(parquet)
        text = ",".join(names) + "\n" + ",".join("1" * 12) + "\n"
        book = workbook_of({"a": [names, list(range(12))]})
        for content in (text.encode(), parquet.getvalue(), book):
            with pytest.raises(TableError, match="12 columns; at most 10"):
                read_cells(io.BytesIO(content), max_columns=10)
            assert read_cells(io.BytesIO(content), max_columns=12).frame.shape == (1, 12)

    def test_utf_16_without_a_mark_that_is_none_is_refused(self):
        with pytest.raises(TableError, match="does not decode as utf-16"):
            cells_of(b"a,b\n1,2\n", encoding="utf-16")

    @pytest.mark.parametrize(
        "options",
        [
            {"delimiter": "ab"},
            {"delimiter": '"'},
            {"encoding": "klingon"},
            {"encoding": "base64"},
            {"decimal": ";"},
            {"thousands": ".", "decimal": "."},
            {"quotechar": "''"},
        ],
    )
    def test_options_that_make_no_sense_are_refused(self, options):
        with pytest.raises(TableError):
            ReadOptions(**options)

    def test_the_stream_is_left_open_after_a_refusal_and_after_a_reading(self):
        for content in (b"a,b\n1,2\n", b"a,b\n1,2,3\n"):
            source = io.BytesIO(content)
            if content.endswith(b"3\n"):
                with pytest.raises(TableError):
                    read_cells(source)
            else:
                read_cells(source)
            assert not source.closed


class TestWorkbooks:
    ROWS = (
        ["customer_id", "since", "spend", "member"],
        [1, dt.date(2020, 1, 2), 1.5, True],
        [None, None, None, None],
        [2, dt.date(2021, 3, 4), None, False],
    )

    def test_the_first_sheet_is_read_with_its_dates(self):
        content = workbook_of({"One": [*self.ROWS], "Two": [["a"], [1]]})

        cells = cells_of(content)

        assert cells.dialect.format == "xlsx"
        assert cells.dialect.sheets == ("One", "Two")
        assert cells.frame.to_numpy().tolist() == [
            ["1", "2020-01-02", "1.5", "true"],
            ["2", "2021-03-04", "", "false"],
        ]
        assert cells.line_numbers.tolist() == [2, 4]
        table = read_table(io.BytesIO(content))
        assert table.frame["since"].dt.year.tolist() == [2020, 2021]

    def test_a_sheet_is_read_by_name(self):
        content = workbook_of({"One": [["a"], [1]], "Two": [["b"], [2]]})

        assert cells_of(content, sheet="Two").frame.to_dict("list") == {"b": ["2"]}

    def test_per_cents_are_read_as_the_sheet_shows_them(self):
        book = openpyxl.Workbook()
        for row in [["id", "growth", "flat"], *([f"K{i}", i / 8, i / 8] for i in range(12))]:
            book.active.append(row)
        for cell in book.active["B"][1:]:
            cell.number_format = "0.0%"
        out = io.BytesIO()
        book.save(out)

        table = read_table(out)

        assert table.frame["growth"].tolist() == [12.5 * i for i in range(12)]
        assert table["growth"].format.unit == "%"
        assert table.frame["flat"].tolist() == [i / 8 for i in range(12)]
        (told,) = [each for each in table.warnings if each.code == "percent_cells"]
        fractions = read_table(out, overrides=ReadOptions(**told.alternatives[0].overrides))
        assert fractions.frame["growth"].tolist() == [i / 8 for i in range(12)]

    def test_a_sheet_that_is_not_there_names_those_that_are(self):
        content = workbook_of({"One": [["a"], [1]], "Two": [["b"], [2]]})

        with pytest.raises(TableError, match=r"no sheet 'Three'; the sheets are 'One', 'Two'"):
            cells_of(content, sheet="Three")

    @pytest.mark.parametrize(
        ("rows", "fault"),
        [
            ([], "is empty"),
            ([["a", "b"]], "a header and no rows"),
            ([["a", "b"], [1, 2], [1, 2, 3]], "row 3 has 3 cells, the header has 2"),
        ],
    )
    def test_faulty_sheets_are_refused(self, rows, fault):
        with pytest.raises(TableError, match=fault):
            cells_of(workbook_of({"S": rows}))

    def test_a_zip_of_something_else_is_refused(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("table.csv", "a,b\n1,2\n")
        with pytest.raises(TableError, match="no Excel workbook"):
            cells_of(out.getvalue())

    def test_a_workbook_that_unpacks_to_too_much_is_refused(self, monkeypatch):
        monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 8 << 20)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/sharedStrings.xml", b"0" * (9 << 20))
        assert len(out.getvalue()) < 20_000
        with pytest.raises(TableError, match="unpacks to"):
            cells_of(out.getvalue())

    def test_rows_that_pack_as_no_customers_do_are_refused_before_they_are_read(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")
            row = "<row><c><v>1</v></c><c><v>2</v></c></row>"
            archive.writestr("xl/worksheets/sheet1.xml", row * 700_000)
        assert len(out.getvalue()) < 100_000
        with pytest.raises(TableError, match="times its size"):
            cells_of(out.getvalue())

    def test_a_long_text_shared_by_many_cells_is_refused(self, monkeypatch):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out)
        sheet = book.add_worksheet()
        for row in range(200):
            sheet.write_string(row, 0, "x" * 10_000 if row else "name")
        book.close()
        monkeypatch.setattr(sheet_rows, "MAX_UNPACKED_BYTES", 1_000_000)
        with pytest.raises(TableError, match=r"characters by row 101"):
            cells_of(out.getvalue())

    def test_a_workbook_cut_short_is_refused(self):
        content = workbook_of({"One": [*self.ROWS]})
        with pytest.raises(TableError, match="damaged"):
            cells_of(content[: len(content) // 2])


def test_marks_of_a_sheet_that_make_no_sense_are_passed_over():
    sheet = (
        b'<worksheet><cols><col hidden="1"/><col min="-9000000000" max="2" hidden="1"/>'
        b'<col min="2" max="3" hidden="1"/></cols><sheetData/><!-- <row <row <row -->'
        b'<mergeCells><mergeCell ref="A:A"/><mergeCell ref="?"/><mergeCell ref="A1:B9"/>'
        b'<mergeCell ref="C2:C4"/></mergeCells></worksheet>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sheet.xml", sheet)

    marks = read_marks(packed, "sheet.xml")

    assert marks.hidden_columns == {1, 2}
    assert marks.merged == (Merged(position=2, top=2, bottom=4),)


class TestParquet:
    def test_every_plain_type_is_read(self):
        frame = pd.DataFrame(
            {
                "id": [1, 2, 3],
                "spend": [1.0, None, 2.5],
                "region": pd.Categorical(["a", "b", "a"]),
                "since": pd.to_datetime(["2020-01-01", "2020-01-02", None]),
                "at": pd.to_datetime(["2020-01-01 10:30", "2020-01-02", None], format="mixed"),
                "member": [True, False, None],
            }
        )
        out = io.BytesIO()
        frame.to_parquet(out)

        cells = cells_of(out.getvalue())

        assert cells.frame.to_numpy().tolist() == [
            ["1", "1", "a", "2020-01-01", "2020-01-01 10:30:00", "true"],
            ["2", "", "b", "2020-01-02", "2020-01-02 00:00:00", "false"],
            ["3", "2.5", "a", "", "", ""],
        ]

    def test_a_file_without_rows_is_refused(self):
        out = io.BytesIO()
        pd.DataFrame({"a": pd.Series([], dtype=float)}).to_parquet(out)
        with pytest.raises(TableError, match="no rows"):
            cells_of(out.getvalue())

    def test_lists_are_set_aside_by_column_and_the_rest_is_read(self):
        out = io.BytesIO()
        pd.DataFrame({"ok": [1], "bag": [[1, 2]]}).to_parquet(out)

        cells = cells_of(out.getvalue())

        assert cells.frame.columns.tolist() == ["ok"]
        assert [(each.code, each.column) for each in cells.doubts] == [("set_aside_column", "bag")]

    def test_lists_alone_are_refused_by_column(self):
        out = io.BytesIO()
        pd.DataFrame({"bag": [[1, 2]]}).to_parquet(out)
        with pytest.raises(TableError, match="'bag'"):
            cells_of(out.getvalue())

    def test_a_file_that_unpacks_to_too_much_is_refused(self, monkeypatch):
        out = io.BytesIO()
        pd.DataFrame({"a": range(1000)}).to_parquet(out)
        monkeypatch.setattr(columnar, "MAX_PARQUET_BYTES", 100)
        with pytest.raises(TableError, match="unpacks to"):
            cells_of(out.getvalue())
