"""The segment book of a segmentation: every figure is the API's, whatever it is printed as."""

import io
import unicodedata

import openpyxl
import pytest
from lxml import html
from pptx import Presentation
from pypdf import PdfReader

from app.segmentation.figures import percent
from app.segmentation.synthesis import generate_customers
from tests.conftest import client_in
from tests.factories import Accounts
from tests.routes.tables import train, upload

SEGMENTATIONS = "/api/v1/segmentations"
HEADER = "customer_id,income,visits,city"
GROUPS = ((20, 3, "Łódź"), (50, 9, "=cmd()"), (80, 30, "<b>{{7*7}}</b> #import"))


def table(n: int = 90, *, moved: int = 0) -> bytes:
    """Three groups of customers in three cities; the first `moved` of the second join the third."""
    lines = []
    for i in range(n):
        group = i % 3
        if group == 1 and i < 3 * moved:
            group = 2
        income, visits, city = GROUPS[group]
        lines.append(f"C{i:03},{income + i % 7 * 0.5},{visits + i % 5 * 0.3:.1f},{city}")
    return "\n".join([HEADER, *lines, ""]).encode()


@pytest.fixture(scope="module")
def client(sqlite_template, tmp_path_factory):
    """One app for all tests here, which only read what was trained; each names its own words."""
    with client_in(tmp_path_factory.mktemp("books"), sqlite_template) as client:
        yield client


@pytest.fixture(scope="module")
def accounts(client):
    return Accounts(client.app.state.resources)


@pytest.fixture(scope="module")
def analyst(accounts):
    return accounts.make("analyst")


@pytest.fixture(scope="module")
def run(client, analyst):
    """The second version of a segmentation, whose segments have other shares than the first's."""
    first = upload(client, analyst, table(), "Kunden Łódź.csv")
    run = train(client, analyst, first["id"], algorithm="kmeans")
    second = upload(client, analyst, table(moved=12), "Kunden Łódź.csv")
    options = {"algorithm": "kmeans", "validate": True, "segmentation_id": run["segmentation_id"]}
    return train(client, analyst, second["id"], **options)


@pytest.fixture
def report(client, analyst, run):
    def report(format, *, status=200, by=analyst, **query):
        answer = client.get(
            f"{SEGMENTATIONS}/{run['segmentation_id']}/report",
            params={"format": format, **query},
            headers=by.headers,
        )
        assert answer.status_code == status, answer.text
        return answer

    return report


def pages_of(answer) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).replace("\u200b", "").split())


def api_of(client, analyst, run):
    """Read what the API says of the run: version, profiles, stability."""
    headers = analyst.headers
    versions = client.get(
        f"{SEGMENTATIONS}/{run['segmentation_id']}/versions", headers=headers
    ).json()
    segments = client.get(f"/api/v1/clustering/segments/{run['run_id']}", headers=headers).json()
    profiles = {each["cluster"]: each for each in segments["profiles"]}
    stability = run["validation"]["stability"]["segments"]
    return versions, profiles, {each["cluster"]: each["jaccard"] for each in stability}


def test_every_figure_is_the_api_s_in_every_format(client, analyst, run, report):
    (version, before), profiles, jaccards = api_of(client, analyst, run)
    was = {each["lasting_id"]: each["share"] for each in before["segments"]}
    pdf = pages_of(report("pdf"))
    sections = html.fromstring(report("html").content.decode()).xpath("//section")
    slides = [*Presentation(io.BytesIO(report("pptx").content)).slides][-len(profiles) :]
    workbook = openpyxl.load_workbook(io.BytesIO(report("xlsx").content))
    assert workbook.sheetnames[0] == "Overview"
    assert workbook.sheetnames[-6:-4] == ["Customers", "Segments"]
    assert workbook["Customers"].max_row == 91
    overview = {row[0]: row for row in workbook["Overview"].iter_rows(values_only=True)}
    assert len(pdf) == 1 + version["n_segments"]
    assert version["headline"] == run["validation"]["headline"]
    assert squeezed(version["headline"]) in squeezed(pdf[0])
    assert "3 segments come back" in version["headline"]
    assert was != {each["lasting_id"]: each["share"] for each in version["segments"]}

    for place, segment in enumerate(version["segments"]):
        profile, jaccard = profiles[segment["id"]], jaccards[segment["id"]]
        share_before = was[segment["lasting_id"]]
        shown = [
            segment["name"],
            f"{segment['size']:,}",
            percent(segment["share"], 1),
            percent(share_before, 1),
            f"{jaccard:.2f}",
            *profile["characteristics"][:3],
        ]
        slide = " ".join(
            shape.text_frame.text for shape in slides[place].shapes if shape.has_text_frame
        )
        for page in (pdf[1 + place], sections[place].text_content(), slide):
            for each in shown:
                assert squeezed(each) in squeezed(page)

        exact = [segment["size"], segment["share"], share_before, jaccard]
        effects = [each["effect"] for each in profile["differences"][:6]]
        figures = [float(each.get("value")) for each in sections[place].xpath(".//data")]
        assert figures == [*exact, *effects]
        assert overview[segment["name"]][2:6] == pytest.approx(exact, rel=1e-14)
        (chart,) = (shape.chart for shape in slides[place].shapes if shape.has_chart)
        assert list(chart.plots[0].series[0].values) == effects
        cells = [row[2:5] for row in workbook.worksheets[1 + place].iter_rows(values_only=True)]
        for each in profile["differences"][:6]:
            told = (each["value"], each["rest"], each["effect"])
            assert any(pytest.approx(told, rel=1e-14) == row for row in cells if None not in row)


def test_it_is_saved_under_words_for_what_it_is(report, run):
    for format, kind in (("pdf", "application/pdf"), ("html", "text/html; charset=utf-8")):
        answer = report(format)
        day = run["created_at"][:10]
        disposition = answer.headers["Content-Disposition"]
        assert f'filename="kunden-odz-3-segments-{day}.{format}"' in disposition
        assert f"kunden-%C5%82%C3%B3d%C5%BA-3-segments-{day}.{format}" in disposition
        assert answer.headers["Content-Type"] == kind
        assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_an_owner_s_words_are_in_the_book(client, analyst, run, report):
    (version, *_), _, _ = api_of(client, analyst, run)
    last = version["segments"][-1]
    words = {
        "name": "<i>Our best</i>",
        "note": "Seen at *events*",
        "advice": "Call #them",
        "position": 0,
    }
    path = f"{SEGMENTATIONS}/{run['segmentation_id']}/segments/{last['lasting_id']}"
    assert client.patch(path, json=words, headers=analyst.headers).status_code == 200
    pages = pages_of(report("pdf"))
    section = html.fromstring(report("html").content.decode()).xpath("//section")[0]
    for each in ("<i>Our best</i>", "Seen at *events*", "Call #them"):
        assert squeezed(each) in squeezed(pages[1])
        assert each in section.text_content()


def test_an_older_version_has_a_book_without_a_change(report):
    pages = pages_of(report("pdf", version=1))
    assert "since version" not in " ".join(pages)
    assert "version 1" in pages[0]
    assert report("pdf", version=9, status=404).json()["code"] == "no_such_version"


def test_others_read_it_once_it_is_shared(client, accounts, analyst, run, report):
    stranger = accounts.make()
    report("pdf", by=stranger, status=404)
    path = f"{SEGMENTATIONS}/{run['segmentation_id']}"
    client.patch(path, json={"visibility": "team"}, headers=analyst.headers)
    workbook = openpyxl.load_workbook(io.BytesIO(report("xlsx", by=stranger).content))
    shown = [cell.value for cell in workbook["Customers"][1]]
    assert shown[:3] == ["customer_id", "cluster", "segment"]
    report("doc", by=stranger, status=422)


def test_the_core_has_a_book_of_its_averages(client, analyst):
    customers = generate_customers(200, seed=7)
    customers.loc[::9, "annual_income"] = None
    customers.to_csv(client.app.state.settings.customers_file, index=False)
    assert client.post("/train", json={"n_clusters": 3}).status_code == 200
    clusters = client.get("/clusters", headers=analyst.headers).json()["clusters"]
    answer = client.get(
        f"{SEGMENTATIONS}/core/report", params={"format": "xlsx"}, headers=analyst.headers
    )
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len(workbook.sheetnames) == 4
    for sheet, cluster in zip(workbook.worksheets[1:], clusters, strict=True):
        rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
        assert rows["Customers"][1] == cluster["size"]
        assert rows["Annual Income"][2] == pytest.approx(cluster["avg_income"])
        assert rows["Age"][2] == pytest.approx(cluster["avg_age"])
