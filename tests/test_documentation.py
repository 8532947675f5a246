"""The documentation is held to the program: settings, commands, endpoints, and the first steps."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.config import Settings
from app.db.session import Database
from app.main import app
from app.segmentation.synthesis import generate_customers
from app.services.bootstrap import ADMIN, TEST_USER, ensure_account
from tests.server.running import PATIENCE, Server

ROOT = Path(__file__).parents[1]
CUSTOMERS = 500
MARK = "\x1e"
README = (ROOT / "README.md").read_text()


def default_of(field: FieldInfo) -> str:
    """Return a setting's default as it would be written in `.env`."""
    value = field.get_default()
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, list) else str(value)


SETTINGS = {name.upper(): default_of(field) for name, field in Settings.model_fields.items()}


def section(title: str) -> str:
    """Return the text of a second-level section of the README."""
    match = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert match, f"README.md has no section {title!r}"
    return match[1]


class TestSettings:
    def test_the_table_of_the_readme_has_each_setting_with_its_default(self) -> None:
        rows = re.findall(
            r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\| (.+) \|$", section("Settings"), re.M
        )
        documented = {name: default for name, default, _meaning in rows}
        assert documented == SETTINGS, "correct the table under '## Settings' in README.md"

    def test_env_example_has_each_setting_with_its_default(self) -> None:
        lines = (ROOT / ".env.example").read_text().splitlines()
        documented = dict(
            line.removeprefix("# ").split("=", 1) for line in lines if re.match(r"# [A-Z_]+=", line)
        )
        assert documented == SETTINGS, "correct .env.example"

    def test_env_example_explains_each_setting(self) -> None:
        blocks = (ROOT / ".env.example").read_text().split("\n\n")
        for block in blocks:
            if re.search(r"^# [A-Z_]+=", block, re.M):
                first = block.splitlines()[0]
                assert not re.match(r"# [A-Z_]+=", first), f"no word about {first}"

    def test_env_example_can_be_used_as_it_stands(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in (*SETTINGS, "FASTMCP_LOG_LEVEL"):
            monkeypatch.delenv(name, raising=False)
        file = tmp_path / ".env"
        text = (ROOT / ".env.example").read_text()
        file.write_text(re.sub(r"^# ([A-Z_]+=)", r"\1", text, flags=re.M))
        uncommented: BaseModel = Settings(_env_file=file)
        assert uncommented == Settings(_env_file=None)


class TestCommands:
    def test_the_readme_has_each_command_of_the_makefile_and_no_other(self) -> None:
        defined = set(
            re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
        )
        tabled = set(re.findall(r"^\| `make ([a-z-]+)` \|", section("Commands"), re.MULTILINE))
        assert tabled == defined, "correct the table under '## Commands' in README.md"

    def test_the_scripts_that_the_readme_names_exist(self) -> None:
        for script in set(re.findall(r"python ([a-z_]+\.py)", README)):
            assert (ROOT / script).is_file(), script


class TestEndpoints:
    def test_the_readme_has_each_endpoint_of_the_schema_and_no_other(self) -> None:
        served = {
            f"{method.upper()} {path}"
            for path, operations in app.openapi()["paths"].items()
            for method in operations
        }
        tabled = set(re.findall(r"^\| `([A-Z]+ /\S*)` \|", section("Endpoints"), re.MULTILINE))
        table = "the table under '## Endpoints' in README.md"
        for call in sorted(tabled - served):
            pytest.fail(f"{table} has {call}, which does not exist")
        missing = sorted(served - tabled)
        assert not missing, "\n".join([f"add a row for each of these to {table}:", *missing])


class TestLinks:
    @pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
    def test_the_files_that_are_linked_exist(self, name: str) -> None:
        links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", (ROOT / name).read_text())
        for link in links:
            if not link.startswith(("http:", "https:")):
                assert (ROOT / link).exists(), f"{name} links to {link}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if shutil.which("curl") is None:
        # The project needs Python and make alone; curl is what the documentation shows calls with.
        pytest.skip("CURL NOT FOUND: the commands of the documentation did not run")
    folder = tmp_path_factory.mktemp("documentation")
    with Server(folder, database_url=f"sqlite:///{folder / 'customers.db'}") as server:
        generate_customers(CUSTOMERS, seed=7).to_csv(server.customers, index=False)
        database = Database(server.database_url, pool_size=1)
        for account in (ADMIN, TEST_USER):
            ensure_account(
                database, Settings(_env_file=None, bcrypt_rounds=4), account, reset=False
            )
        database.dispose()
        yield server


def paste(commands: str, server: Server) -> str:
    """Run what the documentation shows, as it stands but for the server's address."""
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail"],
        input=re.sub(r"http://(localhost|127\.0\.0\.1):8000", server.url, commands),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=server.folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.xdist_group("documentation")
@pytest.mark.timeout(2 * PATIENCE)
def test_the_first_and_the_next_steps_work_pasted_as_they_stand(server: Server) -> None:
    (first,) = re.findall(r"^```bash\n(.*?)^```", section("First steps"), re.M | re.S)
    (then,) = re.findall(r"^```bash\n(.*?)^```", section("Next steps"), re.M | re.S)
    answers = [json.loads(line) for line in paste(first + then, server).splitlines()]
    registered, trained, predicted, looked_back, promoted, trained_again, *statuses = answers
    assert (promoted["username"], promoted["role"]) == ("maria", "analyst")
    assert trained_again["n_clusters"] == 4
    assert statuses == [200, 200, 200]
    for name in ("placed.csv", "segments.csv"):
        header, *rows = (server.folder / name).read_text("utf-8-sig").splitlines()
        assert "cluster" in header
        assert len(rows) == CUSTOMERS
    assert registered["role"] == "user"
    assert trained["message"] == "Model trained successfully"
    assert predicted["model_version"] == trained["version"]
    assert looked_back["total"] == 1
    assert looked_back["history"][0]["cluster_name"] == predicted["cluster_name"]


@pytest.mark.xdist_group("documentation")
@pytest.mark.timeout(2 * PATIENCE)
def test_the_commands_of_the_web_apps_documentation_work_pasted_as_they_stand(
    server: Server,
) -> None:
    httpx.post(f"{server.url}/train", timeout=PATIENCE).raise_for_status()
    script = (ROOT / "frontend" / "src" / "pages" / "documentation.sh").read_text()
    # The mark tells where the next command's answer begins.
    blocks = script.strip().split("\n\n")
    outputs = paste(f"\nprintf '{MARK}'\n".join(blocks), server).split(MARK)
    assert all(not output or output.endswith("\n") for output in outputs)
    shown = {block.splitlines()[0]: output for block, output in zip(blocks, outputs, strict=True)}
    assert json.loads(shown["# Place a customer in a segment"])["cluster_name"]
    assert json.loads(shown["# Describe the segments"])["total_customers"] == CUSTOMERS
    assert json.loads(shown["# Read back what was predicted"])["total"] == 1
    clusters = json.loads(shown["# Analyse records without storing them"])["clusters"]
    assert [cluster["size"] for cluster in clusters] == [4, 4]
    advice = json.loads(shown["# Ask what to do with each segment"])["recommendations"]
    assert all(any(each["clusterName"] in sentence for sentence in advice) for each in clusters)
    assert re.fullmatch(r"It is dataset \d+\n", shown["# Upload a dataset"])
    assert re.fullmatch(r"It is run \d+\n", shown["# Run a clustering"])
    for name in ("segments.csv", "placed.csv"):
        header, *rows = (server.folder / name).read_text("utf-8-sig").splitlines()
        assert "segment" in header.split(",")
        assert len(rows) == 60
