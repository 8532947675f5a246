"""Processes with the application's libraries at hand, whose import takes seconds each time.

They are forked from one process that has imported them, and are otherwise what they are in
production. Where the start itself is tested, and in a deployment of several workers, processes
start as they do there.
"""

import multiprocessing
import os
import runpy
import sys
from functools import cache
from multiprocessing import forkserver
from pathlib import Path

CONTEXT = multiprocessing.get_context("forkserver")
# All but `app.main`, which reads the settings when it is imported.
_LIBRARIES = [
    *("app.routes", "app.services.resources", "app.services.job_work"),
    *("app.documentation", "app.logs", "app.web_app", "fastapi_offline"),
    *("uvicorn.main", "uvloop", "httptools"),
]


@cache
def start() -> None:
    """Start the one process that all others are forked from, jobs' too, before a job does."""
    CONTEXT.set_forkserver_preload(_LIBRARIES)
    forkserver.ensure_running()


class PreparedProcess:
    """The part of `subprocess.Popen` that the tests' servers use."""

    def __init__(
        self, arguments: tuple[str, ...], *, folder: Path, environment: dict[str, str], log: Path
    ) -> None:
        start()
        self._process = CONTEXT.Process(
            target=_run_module, args=(arguments, folder, environment, log)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        assert code is not None, f"the process did not end within {timeout} s"
        return code

    def terminate(self) -> None:
        self._process.terminate()


def _run_module(
    arguments: tuple[str, ...], folder: Path, environment: dict[str, str], log: Path
) -> None:
    """Do what `python -m` does with the arguments, in a session of its own."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.path.insert(0, "")
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
