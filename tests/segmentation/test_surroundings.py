"""What stands above, below and between the customers is set aside, named, and can be put back."""

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.segmentation.tables import ReadOptions, Table, read_table

HEADER = "id,age,income"
ROWS = tuple(f"K{i},{20 + i},{1000 + 37 * i}" for i in range(8))
AGES, INCOMES = range(20, 28), [1000, 1037, 1074, 1111, 1148, 1185, 1222, 1259]


def read(content: str | bytes, **options: object) -> Table:
    data = content.encode() if isinstance(content, str) else content
    return read_table(io.BytesIO(data), overrides=ReadOptions(**options))


def lines(*parts: str | tuple[str, ...]) -> str:
    flat = [line for part in parts for line in ([part] if isinstance(part, str) else part)]
    return "\n".join(flat) + "\n"


def aside(table: Table) -> list[tuple[int, str]]:
    return [(each.line, each.what) for each in table.dialect.set_aside]


def check_customers(table: Table) -> None:
    assert table.frame.columns.tolist() == ["id", "age", "income"]
    assert table.frame["id"].tolist() == [f"K{i}" for i in range(8)]
    assert table.frame["age"].tolist() == list(AGES)
    assert table.frame["income"].tolist() == INCOMES


class TestAbove:
    @pytest.mark.parametrize(
        ("above", "what"),
        [
            (("Customer report 2024",), [(1, "title")]),
            (("Customer report 2024", ""), [(1, "title")]),
            (("Customer report,,", "Exported,2024-05-01,", ",,"), [(1, "title"), (2, "title")]),
            (("Customers, by Ann, of 1 May, from CRM",), [(1, "title")]),
            (
                ("# export of the CRM", "# made 2024-05-01, by Ann"),
                [(1, "comment"), (2, "comment")],
            ),
            (("// CRM",), [(1, "comment")]),
            (("sep=,",), []),
            (('"sep=,"',), []),
        ],
    )
    def test_titles_and_comments_are_no_header(self, above, what):
        table = read(lines(above, HEADER, ROWS))

        check_customers(table)
        assert [each for each in aside(table) if each[0] <= 2] == what
        assert table.dialect.header_row == len(above) + 1

    def test_a_line_that_declares_the_delimiter_is_obeyed_in_quotes_too(self):
        text = lines('"sep=;"', HEADER, ROWS).replace(",", ";")

        assert read(text).dialect.delimiter == ";"
        check_customers(read(text))

    @pytest.mark.parametrize(
        "units",
        [",years,EUR", ",[years],[EUR]", "text,years,EUR per year", "string,int,float", ",y.o.,$"],
    )
    def test_units_are_no_customer(self, units):
        table = read(lines(HEADER, units, ROWS))

        check_customers(table)
        assert [line for line, _ in aside(table)] == [2]

    def test_two_header_rows_are_joined(self):
        body = tuple(f"K{i},{i},{i + 3},{i * 2},{i + 5}" for i in range(6))
        below = ["id", "Spend online", "Spend store", "Visits online", "Visits store"]

        above = read(lines(",Spend,,Visits,", "id,online,store,online,store", body))
        beside = read(lines("id,Spend,,Visits,", ",online,store,online,store", body))
        years = read(lines("id,Spend,,Visits,", ",2022,2023,2022,2023", body))

        assert above.frame.columns.tolist() == beside.frame.columns.tolist() == below
        assert years.frame.columns.tolist()[1:3] == ["Spend 2022", "Spend 2023"]
        assert len(above.frame) == len(beside.frame) == len(years.frame) == 6

    def test_surveys_keep_the_short_names_and_set_questions_aside(self):
        table = read(
            lines(
                "ResponseId,Q1,Q2",
                'Response ID,How old are you?,"How satisfied, really?"',
                '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"',
                tuple(f"R_{i},{20 + i},Very satisfied" for i in range(6)),
            )
        )

        assert table.frame.columns.tolist() == ["ResponseId", "Q1", "Q2"]
        assert table.frame["Q1"].tolist() == [20, 21, 22, 23, 24, 25]
        assert aside(table) == [(2, "labels"), (3, "labels")]

    def test_choices_of_a_survey_are_joined_to_their_question(self):
        table = read(
            lines(
                "Respondent ID,What is your age?,Spend on,,",
                ",Response,Food,Books,Travel",
                tuple(f"{118000 + i * 7},{20 + i},{i},{i * 2},{i * 3}" for i in range(6)),
            )
        )

        assert table.frame.columns.tolist()[1:] == [
            "What is your age?",
            "Spend on Food",
            "Spend on Books",
            "Spend on Travel",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "name,city\nAnn,Rome\nBob,Paris\nCid,Bonn\n",
            "id,age,income\nK1,unknown,5\nK2,3,4\nK3,3,4\nK4,5,6\n",
            "name,visits\nAnn,n/a\nBob,3\nCid,4\nDan,5\n",
            ",a\nx,5\ny,6\n",
        ],
    )
    def test_first_customers_are_no_headers(self, text):
        table = read(text)

        assert len(table.frame) == text.count("\n") - 1
        assert aside(table) == []


class TestBelowAndBetween:
    @pytest.mark.parametrize(
        "last",
        [
            "Total,188,9036",
            "Total,,9036",
            "Summe;,188,9036".replace(";", ""),
            "Grand total,188,9036",
            "TOTAL:,188,9036",
            "Итого,188,9036",
            "合計,188,9036",
            "Average,23.5,1129.5",
            ",188,9036",
        ],
    )
    def test_totals_are_no_customers(self, last):
        table = read(lines(HEADER, ROWS, last))

        check_customers(table)
        assert aside(table) == [(10, "total")]

    def test_subtotals_are_no_customers(self):
        table = read(
            "region,id,spend\nNorth,K1,10\nNorth,K2,20\nNorth total,,30\n"
            "South,K3,5\nSouth,K4,6\nSouth total,,11\nTotal,,41\n"
        )

        assert table.frame["spend"].tolist() == [10, 20, 5, 6]
        assert aside(table) == [(4, "total"), (7, "total"), (8, "total")]

    def test_totals_with_decimal_commas_add_up_too(self):
        table = read("Kunde;Umsatz;Alter\nA;1.234,50;30\nB;2.000,00;40\nSumme;3.234,50;\n")

        assert table.frame["Umsatz"].tolist() == [1234.5, 2000.0]

    def test_a_customer_called_total_is_kept(self):
        of_a_country = read("company,country,spend\nShell,NL,100\nTotal,FR,90\nBP,UK,80\n")
        alone = read("company,spend\nShell,100\nBP,80\nExxon,70\nTotal,90\n")

        assert of_a_country.frame["company"].tolist() == ["Shell", "Total", "BP"]
        assert alone.frame["company"].tolist()[-1] == "Total"
        doubt = next(w for w in alone.warnings if w.code == "possible_total")
        assert doubt.alternatives[0].overrides == {"skip_rows": [5]}

    @pytest.mark.parametrize(
        "last",
        [
            ("", "Source: CRM export"),
            (",,", "* all figures in EUR,,"),
            ("(8 rows affected)",),
            ("Page 1 of 1",),
            ("Quelle: eigene Erhebung,,",),
            ("-- end of report --",),
        ],
    )
    def test_notes_are_no_customers(self, last):
        check_customers(read(lines(HEADER, ROWS, last)))

    def test_a_header_that_is_repeated_is_no_customer(self):
        table = read(lines("Report", HEADER, ROWS[:4], "Report", HEADER, ROWS[4:]))

        check_customers(table)
        assert aside(table) == [(1, "title"), (7, "title"), (8, "header")]

    def test_blank_rows_and_comments_between_are_no_customers(self):
        table = read(lines(HEADER, ROWS[:4], ",,", "# checked, by Ann, on 1 May", ROWS[4:]))

        check_customers(table)
        assert aside(table) == [(6, "blank"), (7, "comment")]

    def test_a_customer_of_whom_nothing_is_known_is_kept(self):
        table = read(lines(HEADER, ROWS, "K8,,"))

        assert table.frame["id"].tolist()[-1] == "K8"

    @given(
        st.lists(st.tuples(st.integers(18, 90), st.integers(1, 10**6)), min_size=3, max_size=30),
        st.sampled_from(["", "Report 2024\n", "# made, by Ann, from CRM, on 1 May\n"]),
        st.sampled_from(["", "Total,{age},{income}\n", "\nSource: CRM\n", ",,\n"]),
    )
    def test_what_surrounds_a_table_never_changes_it(self, customers, above, below):
        body = "".join(f"K{i},{age},{income}\n" for i, (age, income) in enumerate(customers))
        ages, incomes = zip(*customers, strict=True)
        last = below.format(age=sum(ages), income=sum(incomes))

        table = read(
            above + HEADER + "\n" + body + last, kinds={"age": "numeric", "income": "numeric"}
        )

        assert table.frame["age"].tolist() == list(ages)
        assert table.frame["income"].tolist() == list(incomes)


class TestOverrides:
    def test_what_was_set_aside_can_be_put_back(self):
        table = read(lines(HEADER, ROWS, "Total,188,9036"))
        told = next(w for w in table.warnings if w.code == "set_aside")

        back = read(lines(HEADER, ROWS, "Total,188,9036"), **told.alternatives[0].overrides)

        assert back.frame["id"].tolist()[-1] == "Total"
        assert aside(back) == []

    def test_lines_are_left_out_as_asked(self):
        text = lines("Report", HEADER, ROWS)

        assert read(text, skip_rows=[1, 3]).frame["age"].tolist() == list(AGES)[1:]
        check_customers(read(text, skip_rows=1))

    def test_the_header_is_where_the_caller_says(self):
        check_customers(read(lines("a,b,c", "d,e,f", HEADER, ROWS), header_row=3))
        assert read(lines(ROWS), header_row=0).frame.columns.tolist() == [
            "column_1",
            "column_2",
            "column_3",
        ]


class TestWorkbooks:
    @staticmethod
    def book(sheets: dict[str, list[list[object]]]) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    CUSTOMERS = ([HEADER.split(","), *([f"K{i}", 20 + i, 1000 + 37 * i] for i in range(8))],)

    def test_a_title_and_a_total_are_set_aside(self):
        table = read(
            self.book({"S": [["Customer report"], [], *self.CUSTOMERS[0], ["Total", None, 9036]]})
        )

        check_customers(table)
        assert aside(table) == [(1, "title"), (12, "total")]

    def test_merged_headers_are_joined(self):
        rows = [["id", "Spend", None, "Visits", None], [None, "a", "b", "a", "b"]]
        rows += [[f"K{i}", i, i + 1, 2 * i, i * i] for i in range(5)]

        assert read(self.book({"S": rows})).frame.columns.tolist() == [
            "id",
            "Spend a",
            "Spend b",
            "Visits a",
            "Visits b",
        ]

    def test_a_cover_is_passed_over_and_named(self):
        cover = [["Customer report"], ["Made", dt.date(2024, 5, 1)], ["By", "Ann"]]
        content = self.book({"Cover": cover, "Data": self.CUSTOMERS[0]})

        table = read(content)

        check_customers(table)
        assert table.dialect.sheet == "Data"
        told = next(w for w in table.warnings if w.code == "cover_sheet")
        assert told.alternatives[0].overrides == {"sheet": "Cover"}
        assert read(content, sheet="Cover").dialect.sheet == "Cover"

    def test_formulas_that_were_never_computed_are_named(self):
        rows = [
            ["id", "income", "monthly"],
            *([f"K{i}", 1200 * i, f"=B{i + 2}/12"] for i in range(5)),
        ]

        table = read(self.book({"S": rows}))

        told = next(w for w in table.warnings if w.code == "uncomputed_formulas")
        assert (told.column, told.count, told.line) == ("monthly", 5, 2)
        assert "save it" in told.message


def test_rare_delimiters_are_told_from_prose_and_times():
    assert read("id^age\nK1^24\nK2^31\n").frame["age"].tolist() == [24, 31]
    assert read("id~age\nK1~24\nK2~31\n").frame["age"].tolist() == [24, 31]
    assert read("opened\n10:30\n11:45\n").frame.columns.tolist() == ["opened"]
