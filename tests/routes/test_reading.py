"""What is known of a table's numbers holds at every door: upload, correction, new rows."""

import json
import shutil

import pytest

from tests.routes.tables import send, train
from tests.routes.test_jobs import finished

WRITTEN = ["950", "1.234", "780", "2.516", "18.300", "455", "12.772", "640", "3.111", "21.990"]
MEANT = [950, 1234, 780, 2516, 18300, 455, 12772, 640, 3111, 21990]
GERMAN = "\n".join(
    ["id;umsatz;alter", *(f"K{i};{value};{30 + 3 * i}" for i, value in enumerate(WRITTEN * 2)), ""]
).encode()
OPEN = b"id,spend,age\n" + b"".join(
    f"K{i},{value},{20 + i * 7 % 31}\n".encode()
    for i, value in enumerate(["1.234", "2.516", "8.300", "9.772", "3.111", "7.990"] * 2)
)


@pytest.fixture
def database_url(sqlite_template, tmp_path):
    """One database: nothing here is asked of SQL."""
    file = tmp_path / "test.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


def rows(client, account, dataset, column):
    url = f"/api/v1/datasets/{dataset['id']}/rows"
    return [row[column] for row in client.get(url, headers=account.headers).json()["rows"]]


def correct(client, account, dataset, **overrides):
    url = f"/api/v1/datasets/{dataset['id']}"
    answer = client.patch(url, json=overrides, headers=account.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def place(client, account, run, values, status=200):
    answer = client.post(
        f"/api/v1/clustering/runs/{run['run_id']}/predict",
        json={
            "rows": [{"umsatz": value, "spend": value, "alter": 35, "age": 35} for value in values]
        },
        headers=account.headers,
    )
    assert answer.status_code == status, answer.text
    return answer.json()


class TestUpload:
    def test_thousands_are_read_as_meant_with_no_doubt(self, client, analyst):
        dataset = send(client, analyst, GERMAN).json()

        assert rows(client, analyst, dataset, "umsatz") == MEANT * 2
        assert dataset["warnings"] == []
        column = dataset["columns"][1]
        assert (column["decimal"], column["thousands"], column["unit"]) == (",", ".", "")

    def test_a_doubt_has_both_readings_and_an_override_that_takes_the_other(self, client, analyst):
        dataset = send(client, analyst, OPEN).json()

        (warning,) = dataset["warnings"]
        assert warning["code"] == "ambiguous_number"
        assert (warning["column"], warning["rows"][:3]) == ("spend", [2, 3, 4])
        assert warning["reading"] == "1.234"
        (other,) = warning["alternatives"]
        assert other["reading"] == "1234"
        corrected = correct(client, analyst, dataset, **other["overrides"])
        assert rows(client, analyst, corrected, "spend")[:3] == [1234, 2516, 8300]
        assert corrected["warnings"] == []
        back = correct(client, analyst, dataset, decimals={"spend": None})
        assert back["warnings"] == [warning]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("thousands", "."), ("decimal", ","), ("decimals", json.dumps({"spend": ","}))],
    )
    def test_overrides_hold_on_upload_and_on_correction(self, client, analyst, field, value):
        dataset = send(client, analyst, OPEN, **{field: value}).json()
        assert rows(client, analyst, dataset, "spend")[:2] == [1234, 2516]
        later = send(client, analyst, OPEN).json()
        given = json.loads(value) if field == "decimals" else value
        correct(client, analyst, later, **{field: given})
        assert rows(client, analyst, later, "spend")[:2] == [1234, 2516]

    def test_each_other_reading_can_be_taken_and_put_back(self, client, analyst):
        lines = ["id,spend,calls,spend", *(f"K{i},{i}.5,{i}:{20 + i},{i}" for i in range(12))]
        text = "\n".join([*lines, lines[3], lines[5], ""])
        before = send(client, analyst, text.encode()).json()
        codes = {each["code"] for each in before["warnings"]}
        assert {"duplicate_rows", "duration", "layout"} <= codes

        for warning in before["warnings"]:
            for other in warning["alternatives"]:
                taken = correct(client, analyst, before, **other["overrides"])
                assert (taken["warnings"], taken["n_rows"]) != (before["warnings"], 14)
                undo = {
                    name: dict.fromkeys(value) if isinstance(value, dict) else None
                    for name, value in other["overrides"].items()
                }
                assert correct(client, analyst, before, **undo)["warnings"] == before["warnings"]

    def test_a_column_that_is_not_there_is_named(self, client, analyst):
        dataset = send(client, analyst, OPEN).json()
        url = f"/api/v1/datasets/{dataset['id']}"
        answer = client.patch(url, json={"decimals": {"x": ","}}, headers=analyst.headers)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "decimals"]


class TestAsAJob:
    def test_a_file_is_read_again_with_the_same_answer(self, client, analyst):
        later, now = (send(client, analyst, OPEN).json() for _ in range(2))
        url = f"/api/v1/datasets/{later['id']}"
        form = {"decimals": {later["columns"][0]["name"]: ","}}
        sent = client.patch(url, json=form, headers=analyst.headers | {"Prefer": "respond-async"})
        assert sent.status_code == 202, sent.text
        job = finished(client, analyst, sent.headers["Location"])
        assert (job["state"], job["location"]) == ("succeeded", url), job["error"]
        read = client.get(url, headers=analyst.headers).json()
        told = correct(client, analyst, now, **form)
        assert (read["columns"], read["overrides"]) == (told["columns"], told["overrides"])
        assert read["overrides"] != later["overrides"]


class TestNewRows:
    def test_they_are_read_as_the_table_of_the_run_was(self, client, analyst):
        dataset = send(client, analyst, GERMAN).json()
        run = train(client, analyst, dataset["id"], n_clusters=2)

        placed = place(client, analyst, run, ["21.500", 21500, "21500", "21.500,00"])

        seen = [(each["cluster"], each["confidence"]) for each in placed["placements"]]
        assert seen == [seen[0]] * 4

    def test_days_since_a_date_are_counted_as_they_were(self, client, analyst):
        recent = [f"K{i};{5 + i % 9}.5.2024;{900 + i}" for i in range(30)]
        gone = [f"L{i};{5 + i % 9}.5.2022;{30 + i}" for i in range(30)]
        text = "\n".join(["id;letzter_kauf;umsatz", *recent, *gone, ""])
        dataset = send(client, analyst, text.encode()).json()
        run = train(client, analyst, dataset["id"], n_clusters="auto", algorithm="auto")
        labels = client.get(
            f"/api/v1/clustering/segments/{run['run_id']}", headers=analyst.headers
        ).json()["assignments"]

        new = client.post(
            f"/api/v1/clustering/runs/{run['run_id']}/predict",
            json={
                "rows": [
                    {"letzter_kauf": "12.5.2024", "umsatz": 910},
                    {"letzter_kauf": "2022-05-07", "umsatz": 40},
                ]
            },
            headers=analyst.headers,
        )

        assert new.status_code == 200, new.text
        of = {each["customer_id"]: each["cluster"] for each in labels}
        assert [each["cluster"] for each in new.json()["placements"]] == [of["K0"], of["L0"]]

    def test_a_native_number_is_itself(self, client, analyst):
        dataset = send(client, analyst, GERMAN).json()
        run = train(client, analyst, dataset["id"], n_clusters=2)

        answer = place(client, analyst, run, [21.125, 21.0])

        placed = answer["placements"]
        assert placed[0]["cluster"] == placed[1]["cluster"]
        assert placed[0]["confidence"] == placed[1]["confidence"]
        assert answer["warnings"] == []

    def test_what_could_be_read_in_two_ways_is_refused_by_row_and_column(self, client, analyst):
        plain = GERMAN.replace(b".", b"")
        dataset = send(client, analyst, plain).json()
        run = train(client, analyst, dataset["id"], n_clusters=2)

        refused = place(client, analyst, run, ["21.500"], status=422)["detail"]

        assert "umsatz" in str(refused)
        assert "row 1" in str(refused)
        assert "21500 or 21.5" in str(refused) or "21.5 or 21500" in str(refused)

    @pytest.mark.parametrize("grouped", [".", ","])
    @pytest.mark.parametrize("form", ["21{}500", "€21{}500", "-1{}234"])
    def test_a_fraction_that_the_run_s_table_never_had_is_refused(
        self, client, analyst, grouped, form
    ):
        dataset = send(client, analyst, GERMAN.replace(b".", grouped.encode())).json()
        run = train(client, analyst, dataset["id"], n_clusters=2)
        other = "," if grouped == "." else "."

        refused = place(client, analyst, run, ["950", form.format(other)], status=422)["detail"]

        assert f"umsatz: '{form.format(other)}' could be read in two ways, row 2" in str(refused)
        place(client, analyst, run, ["950", form.format(grouped), f"21{other}5"])

    def test_a_fraction_is_read_where_the_caller_named_the_mark(self, client, analyst):
        dataset = send(client, analyst, GERMAN).json()
        dataset = correct(client, analyst, dataset, decimal=",")
        run = train(client, analyst, dataset["id"], n_clusters=2)

        placed = place(client, analyst, run, ["21,500", 21.5])["placements"]

        assert placed[0]["confidence"] == placed[1]["confidence"]

    def test_a_word_is_refused_by_row_and_column(self, client, analyst):
        dataset = send(client, analyst, GERMAN).json()
        run = train(client, analyst, dataset["id"], n_clusters=2)

        refused = place(client, analyst, run, [None, "abc"], status=422)["detail"]

        assert "column 'umsatz' holds no numbers (row 2 has 'abc')" in str(refused)

    def test_another_unit_than_the_tables_is_refused(self, client, analyst):
        with_units = GERMAN.replace(b";umsatz;alter", b";umsatz;alter")
        text = with_units.decode().splitlines()
        text = [text[0], *(f"{line} years" for line in text[1:])]
        dataset = send(client, analyst, "\n".join(text).encode()).json()
        run = train(client, analyst, dataset["id"], n_clusters=2)
        url = f"/api/v1/clustering/runs/{run['run_id']}/predict"

        refused = client.post(
            url,
            json={"rows": [{"umsatz": "950", "alter": "35 months"}]},
            headers=analyst.headers,
        )

        assert refused.status_code == 422
        assert "'months'" in refused.text
        assert "'years'" in refused.text
