"""Write files so that a reader, or a crash, never meets half of one."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO


def write_atomically(path: Path, write: Callable[[BinaryIO], object], *, mode: int = 0o600) -> None:
    """Write a file beside `path`, sync it, and move it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_directory(path.parent)


def keep_files_private() -> int:
    """Let what this process and its workers make be its owner's alone; return what held before."""
    return os.umask(0o077)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def scratch_file() -> BinaryIO:
    """Open a file that has no name, and is gone when it is closed."""
    return TemporaryFile()


def signing_key(path: Path) -> str:
    """Return the key in a file only its owner may read; made on first use.

    Several processes may start together: the file that came first is the one they all read.
    """
    if not path.exists():
        temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        write_atomically(temporary, lambda f: f.write(secrets.token_hex(32).encode()), mode=0o600)
        try:
            os.link(temporary, path)
        except FileExistsError:
            # Another process was first; its key is as good.
            return signing_key(path)
        finally:
            temporary.unlink()
    return path.read_text().strip()
