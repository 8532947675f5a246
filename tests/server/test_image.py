"""The image's own steps as plain commands, by a user without rights, on a real PostgreSQL."""

import json
import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import yaml

from app.config import Settings
from tests.ports import free_port
from tests.postgresql import empty_database
from tests.routes.tables import SMALL
from tests.server.running import PATIENCE, ROOT, SIGNING_KEY, clean_environment

ANALYST = {"username": "admin", "password": "admin123"}


@dataclass
class Image:
    """What the last stage of the Dockerfile makes, in a folder instead of at /srv."""

    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    written: tuple[str, ...] = ()

    @classmethod
    def build(cls, folder: Path) -> "Image":
        image = cls(folder, free_port())
        text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
        stage = re.split(r"^FROM ", text, flags=re.MULTILINE)[-1]
        for line in stage.splitlines():
            word, _, rest = line.strip().partition(" ")
            if word == "ENV":
                pairs = (pair.partition("=") for pair in shlex.split(rest))
                image.environment |= {name: value for name, _, value in pairs}
            elif word == "COPY" and not rest.startswith("--"):
                *sources, target = rest.split()
                for source in sources:
                    image._copy(ROOT / source, folder / target)
            elif word == "VOLUME":
                image.written = tuple(json.loads(rest))
            elif word == "CMD":
                image.command = json.loads(rest)
            elif word == "HEALTHCHECK":
                image.health = json.loads(rest.partition("CMD ")[2])
        return image

    def _copy(self, source: Path, target: Path) -> None:
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "web")
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy(source, target / source.name if target.is_dir() else target)

    def at_home(self, text: str) -> str:
        return text.replace("/srv", str(self.folder)).replace("8000", str(self.port))


class Nobody:
    """Runs commands as a user who owns nothing, where the tests may become one."""

    def __init__(self, image: Image, database_url: str) -> None:
        self._image = image
        self._drop = os.getuid() == 0
        python = Path(sys.executable)
        home = os.path.realpath(sys.base_prefix)
        environment = clean_environment(
            DATABASE_URL=database_url, SECRET_KEY=SIGNING_KEY, BCRYPT_ROUNDS="4"
        )
        environment = {
            **{name: image.at_home(value) for name, value in image.environment.items()},
            **environment,
            "PATH": os.environ["PATH"],
            "HOME": str(image.folder),
            "PYTHONPATH": sysconfig.get_path("purelib"),
        }
        self._pass_fds: tuple[int, ...] = ()
        if self._drop:
            # Python may stand below a folder that only root passes through; a directory that is
            # already open needs no passing through.
            handle = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
            self._pass_fds = (handle,)
            home = f"/proc/self/fd/{handle}"
            python = Path(home, "bin", Path(os.path.realpath(sys.executable)).name)
            environment |= {"PYTHONHOME": home, "LD_LIBRARY_PATH": f"{home}/lib"}
            nobody = pwd.getpwnam("nobody")
            for volume in image.written:
                own = Path(image.at_home(volume))
                own.mkdir()
                os.chown(own, nobody.pw_uid, nobody.pw_gid)
        else:
            for volume in image.written:
                Path(image.at_home(volume)).mkdir()
        self._python = str(python)
        self._environment = environment

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        program, *arguments = [self._image.at_home(word) for word in command]
        module = [] if program == "python" else ["-m", program]
        return subprocess.Popen(
            [self._python, *module, *arguments],
            cwd=self._image.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=self._pass_fds,
            **({"user": "nobody", "group": "nogroup", "extra_groups": []} if self._drop else {}),
        )

    def run(self, *command: str) -> str:
        process = self.start(list(command))
        output = process.communicate(timeout=PATIENCE)[0].decode()
        assert process.returncode == 0, output
        return output


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_image_s_steps_serve_as_a_user_without_rights(
    postgresql_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("image")
    # The folders of a test session, and of each of its processes, are their owner's alone.
    for parent in (folder, *(each for each in folder.parents if "pytest-" in str(each))):
        parent.chmod(0o755)
    image = Image.build(folder)
    before = files_below(folder)
    nobody = Nobody(image, empty_database(postgresql_url, "image"))
    nobody.run("python", "generate_dataset.py", "--help")
    nobody.run("python", "-m", "alembic", "upgrade", "head")
    nobody.run("python", "create_admin.py")
    server = nobody.start(image.command)
    try:
        url = f"http://127.0.0.1:{image.port}"
        deadline = time.monotonic() + PATIENCE
        while True:
            assert server.poll() is None, server.communicate()[0].decode()
            try:
                httpx.get(f"{url}/live", timeout=5).raise_for_status()
                break
            except httpx.TransportError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        nobody.run(*image.health)
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            token = client.post("/auth/login", json=ANALYST).json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            sent = client.post("/api/v1/datasets/upload", files={"file": ("a.csv", SMALL)})
            assert sent.status_code == 201, sent.text
            body = {"dataset_id": sent.json()["id"], "n_clusters": 3}
            run = client.post("/api/v1/clustering/train", json=body)
            assert run.status_code == 201, run.text
            picture = client.get(f"/api/v1/clustering/dendrogram/{run.json()['run_id']}")
            assert picture.content.startswith(b"\x89PNG")
    finally:
        server.terminate()
        output = server.communicate(timeout=PATIENCE)[0].decode()
    # Uvicorn ends in order, and then as the signal says.
    assert "Application shutdown complete" in output
    assert server.returncode in (0, -signal.SIGTERM)
    volumes = tuple(image.at_home(volume).removeprefix(f"{folder}/") for volume in image.written)
    new = files_below(folder) - before
    assert new
    assert [name for name in new if not name.startswith(volumes)] == []


def test_compose_runs_the_image_beside_postgresql_15(tmp_path: Path) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    api, database = services["api"], services["database"]
    image = Image.build(tmp_path)
    assert database["image"].startswith("postgres:15")
    assert "pg_isready" in database["healthcheck"]["test"][1]
    assert api["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert api["healthcheck"]["test"] == ["CMD", *image.health]
    assert {volume.partition(":")[2] for volume in api["volumes"]} == set(image.written)
    known = {name.upper() for name in Settings.model_fields} | {"LOG_LEVEL"}
    assert set(api["environment"]) <= known
    assert "@database:5432/" in api["environment"]["DATABASE_URL"]
    assert api["environment"]["ENVIRONMENT"] == "production"
    # `:?` ends the start where the name is unset or empty, and says why.
    assert api["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert database["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert "${POSTGRES_PASSWORD:?" in api["environment"]["DATABASE_URL"]
