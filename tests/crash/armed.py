"""The application with a trigger: the process kills itself where a training reaches a named step.

A test names the step in the file `CRASH_STEP_FILE`; the process that reaches it removes the file,
so that one kill is one kill. The parts are wrapped where they meet the disk and the database; the
application does not know. Beside that file stands `arrivals`, with a line for each call that asked
for a training.
"""

import io
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.main import app as application
from app.routes.predictions import get_arrival
from app.storage import bundles
from app.storage.models import KMEANS_FILE, SCALER_FILE, ModelStore

_STEP_FILE = Path(os.environ["CRASH_STEP_FILE"])
_renamed_by: set[int] = set()
"""Threads that put a model's directory in place; their next commit is that of its row."""


def reach(step: str) -> None:
    if _STEP_FILE.exists() and _STEP_FILE.read_text() == step:
        _STEP_FILE.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def _wrap_write() -> None:
    write_atomically = bundles.write_atomically

    def write_armed(path: Path, write: Callable[[BinaryIO], object]) -> None:
        def write_half(file: BinaryIO) -> None:
            content = io.BytesIO()
            write(content)
            file.write(content.getvalue()[: content.tell() // 2])
            file.flush()
            reach("during the write of the model file")
            file.seek(0)
            write(file)

        if path.name == bundles.MANIFEST:
            reach("between the model's two files")
            write_atomically(path, write)
        else:
            reach("before the model file is written")
            write_atomically(path, write_half)

    bundles.write_atomically = write_armed  # type: ignore[attr-defined]


def _wrap_paths() -> None:
    replace, rename = Path.replace, Path.rename

    def replace_armed(self: Path, target: Path) -> Path:
        steps = {
            bundles.ARRAYS: "after the fsync, before the file's rename",
            KMEANS_FILE: "before the first published file",
            SCALER_FILE: "between the two published files",
        }
        reach(steps.get(target.name, "another file"))
        return replace(self, target)

    def rename_armed(self: Path, target: Path) -> Path:
        reach("before the directory's rename")
        result = rename(self, target)
        _renamed_by.add(threading.get_ident())
        return result

    Path.replace = replace_armed  # type: ignore[method-assign]
    Path.rename = rename_armed  # type: ignore[method-assign]


def _wrap_commit() -> None:
    commit = Session.commit

    def commit_armed(self: Session) -> None:
        if threading.get_ident() in _renamed_by:
            reach("after the rename, before the commit")
            _renamed_by.discard(threading.get_ident())
        commit(self)

    Session.commit = commit_armed  # type: ignore[method-assign]


def _wrap_publish() -> None:
    publish = ModelStore.publish

    def publish_armed(self: ModelStore, stored: Any) -> None:
        reach("after the commit, before publishing")
        publish(self, stored)
        reach("after publishing, before the answer")

    ModelStore.publish = publish_armed  # type: ignore[method-assign]


async def _note_arrival() -> datetime:
    arrived = await get_arrival()
    with _STEP_FILE.with_name("arrivals").open("a") as file:
        file.write("arrived\n")
    return arrived


class NamesItsProcess:
    """Adds the id of the answering process to every answer."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-process", b"%d" % os.getpid())]
            await send(message)

        await self._inner(scope, receive, send_named)


_wrap_write()
_wrap_paths()
_wrap_commit()
_wrap_publish()
application.dependency_overrides[get_arrival] = _note_arrival
app = NamesItsProcess(application)
