"""The built web app: deep links, caching, and what stays the API's own."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web_app import mount_web_app

PAGE = {"Accept": "text/html,application/xhtml+xml"}
ANYTHING = {"Accept": "*/*"}


@pytest.fixture
def built(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>The page</title>")
    (tmp_path / "assets" / "index-abc.js").write_text("// a script\n" * 200)
    app = FastAPI()
    assert mount_web_app(app, tmp_path)
    return TestClient(app)


class TestABuiltWebApp:
    @pytest.mark.parametrize("accepted", [PAGE, ANYTHING])
    @pytest.mark.parametrize("path", ["/app/", "/app/history", "/app/runs/7", "/app/no/such-page"])
    def test_answers_every_address_of_its_own_with_the_page(
        self, built: TestClient, path: str, accepted: dict[str, str]
    ) -> None:
        answer = built.get(path, headers=accepted)
        assert answer.status_code == 200
        assert "The page" in answer.text
        assert answer.headers["Cache-Control"] == "no-cache"

    def test_keeps_assets_for_good_and_sends_them_compressed(self, built: TestClient) -> None:
        answer = built.get("/app/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"

    @pytest.mark.parametrize(
        ("path", "accepted"),
        [
            ("/app/assets/gone-abc.js", PAGE),
            ("/app/assets/gone-abc.js", ANYTHING),
            ("/app/favicon-of-before.ico", ANYTHING),
        ],
    )
    def test_does_not_take_a_missing_file_for_a_page(
        self, built: TestClient, path: str, accepted: dict[str, str]
    ) -> None:
        assert built.get(path, headers=accepted).status_code == 404

    def test_does_not_give_a_page_to_who_wants_json(self, built: TestClient) -> None:
        answer = built.get("/app/history", headers={"Accept": "application/json"})
        assert answer.status_code == 404

    def test_leaves_other_paths_alone(self, built: TestClient) -> None:
        answer = built.get("/api/v1/nothing", headers=PAGE)
        assert answer.status_code == 404
        assert answer.json() == {"detail": "Not Found"}


def test_without_a_build_the_page_says_how_to_get_one(tmp_path: Path) -> None:
    app = FastAPI()
    assert not mount_web_app(app, tmp_path)
    answer = TestClient(app).get("/app/history", headers=PAGE)
    assert answer.status_code == 404
    assert "make web" in answer.text


def test_the_example_is_shown_to_anyone_and_is_nobodys_data(client: TestClient) -> None:
    example = client.get("/api/v1/example").json()
    n_customers = example["n_customers"]
    assert len(example["annual_income"]) == len(example["cluster"]) == n_customers
    shares = {segment["cluster_id"]: segment["share"] for segment in example["segments"]}
    for cluster, share in shares.items():
        assert example["cluster"].count(cluster) / n_customers == pytest.approx(share)
