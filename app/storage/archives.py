"""One file that holds a whole installation, with a digest of each part."""

import io
import json
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from app.storage.files import sync_directory

MANIFEST = "manifest.json"
_BLOCK = 1 << 20


class DamagedArchive(Exception):
    """The file is no backup, or not as it was written."""


class ArchiveWriter:
    """Adds parts to an archive, and notes what each of them is."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: dict[str, dict[str, Any]] = {}

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self._add(name, file, os.fstat(file.fileno()).st_size)

    def add_tree(self, name: str, folder: Path) -> None:
        """Add the files below a folder, but for hidden ones, which are locks and unfinished."""
        for path in _files_below(folder):
            try:
                self.add_file("/".join((name, *path.relative_to(folder).parts)), path)
            except FileNotFoundError:
                # Deleted since it was listed; whether it is missed, the database tells.
                continue

    def _add(self, name: str, file: BinaryIO, size: int) -> None:
        reader = _Digesting(file)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, cast(BinaryIO, reader))
        self.parts[name] = {"bytes": size, "sha256": reader.digest.hexdigest()}

    def finish(self, told: Mapping[str, Any]) -> None:
        text = json.dumps({**told, "parts": self.parts}, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        self._tar.addfile(info, io.BytesIO(text))


def _files_below(folder: Path) -> Iterator[Path]:
    """Go through the files of a folder, which others may change meanwhile."""

    def failed(error: OSError) -> None:
        # A folder may be deleted before its turn comes.
        if not isinstance(error, FileNotFoundError):
            raise error

    for root, folders, files in os.walk(folder, onerror=failed):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for each in sorted(files):
            path = Path(root, each)
            if not each.startswith(".") and path.is_file():
                yield path


class _Digesting:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


@contextmanager
def writing(target: Path) -> Iterator[tuple[ArchiveWriter, Path]]:
    """Write an archive that is there once it is whole; gives a folder for what is made on the way.

    Its owner alone may read it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, TemporaryDirectory(dir=target.parent) as folder:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar), Path(folder)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        sync_directory(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def opened(source: Path, beside: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Unpack an archive and check every part of it; gives what it tells, and the folder.

    Raises
    ------
    DamagedArchive
        A part is missing, added or other than it was.
    """
    beside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".backup-", dir=beside) as name:
        folder = Path(name)
        try:
            with tarfile.open(source) as tar:
                _unpack(tar, folder)
        except (tarfile.TarError, EOFError) as error:
            raise DamagedArchive(f"{source} is no backup, or was cut off: {error}") from error
        yield _checked(source, folder), folder


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    # Plain files below the folder alone; Python 3.11.2 has no filter that would see to it.
    for member in tar:
        path = PurePosixPath(member.name)
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or path.is_absolute() or ".." in path.parts:
            raise tarfile.TarError(f"{member.name} is no part of a backup")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        with target.open("wb") as file:
            shutil.copyfileobj(content, file)


def _checked(source: Path, folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        parts: dict[str, dict[str, Any]] = manifest["parts"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedArchive(f"{source} is no backup, or was cut off") from error
    found = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {MANIFEST}
    for name in sorted(found ^ parts.keys()):
        raise DamagedArchive(f"{source}: {name} is {'missing' if name in parts else 'foreign'}")
    for name, part in parts.items():
        if _digest_of(folder / name) != part["sha256"]:
            raise DamagedArchive(f"{source}: {name} is damaged")
    return manifest


def _digest_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def is_empty(folder: Path) -> bool:
    """Whether there is nothing, or nothing but notes on what belongs there and hidden files."""
    kept = {"README.md"}
    return not folder.exists() or all(
        path.name in kept or path.name.startswith(".") for path in folder.iterdir()
    )


def put(source: Path, target: Path) -> None:
    """Move unpacked files to where they belong, each under its name there."""
    if not source.exists():
        return
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
        return
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        shutil.move(path, target / path.name)
