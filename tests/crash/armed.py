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
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import joblib
from sklearn.cluster import KMeans
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.main import app as application
from app.routes.predictions import get_arrival
from app.storage.models import KMEANS_FILE, SCALER_FILE, ModelStore

_STEP_FILE = Path(os.environ["CRASH_STEP_FILE"])
_renamed_by: set[int] = set()
"""Threads that put a model's directory in place; their next commit is that of its row."""


def reach(step: str) -> None:
    if _STEP_FILE.exists() and _STEP_FILE.read_text() == step:
        _STEP_FILE.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def _wrap_dump() -> None:
    dump = joblib.dump

    def dump_armed(value: Any, file: BinaryIO) -> Any:
        if isinstance(value, KMeans):
            reach("before the model file is written")
            if _STEP_FILE.exists():
                content = io.BytesIO()
                dump(value, content)
                file.write(content.getvalue()[: content.tell() // 2])
                file.flush()
                reach("during the write of the model file")
                file.seek(0)
        else:
            reach("between the model's two files")
        return dump(value, file)

    joblib.dump = dump_armed


def _wrap_paths() -> None:
    replace, rename = Path.replace, Path.rename

    def replace_armed(self: Path, target: Path) -> Path:
        in_new_version = target.parent.name.startswith(".")
        if target.name == KMEANS_FILE:
            reach(
                "after the fsync, before the file's rename"
                if in_new_version
                else "before the first published file"
            )
        elif target.name == SCALER_FILE and not in_new_version:
            reach("between the two published files")
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


_wrap_dump()
_wrap_paths()
_wrap_commit()
_wrap_publish()
application.dependency_overrides[get_arrival] = _note_arrival
app = NamesItsProcess(application)
