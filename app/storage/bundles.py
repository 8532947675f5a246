"""A directory with `manifest.json` and `arrays.npz`: whole or not there, and checked when read."""

import hashlib
import io
import json
import secrets
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.storage.codec import Json
from app.storage.files import sync_directory, write_atomically

MANIFEST, ARRAYS = "manifest.json", "arrays.npz"


class DamagedArtefact(Exception):
    """The files are missing, changed, or hold something else than they should."""


@dataclass(frozen=True)
class Bundle:
    """What was read: the number of its format, what it is, its document and its arrays."""

    format: int
    kind: str
    document: Json
    arrays: Mapping[str, NDArray[Any]]


def write_files(directory: Path, bundle: Bundle) -> str:
    """Write both files into a directory, and return the SHA-256 over them."""
    manifest = {"format": bundle.format, "kind": bundle.kind, "value": bundle.document}
    # Numbers are written so that they are read to the last bit; NaN has a name of its own.
    text = json.dumps(manifest, allow_nan=False, separators=(",", ":")).encode()
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **bundle.arrays)
    write_atomically(directory / ARRAYS, lambda file: file.write(packed.getbuffer()))
    write_atomically(directory / MANIFEST, lambda file: file.write(text))
    return _digest(text, packed.getbuffer())


def write_bundle(directory: Path, bundle: Bundle) -> str:
    """Write a directory that appears when all is on the disk; return the SHA-256 of its files."""
    unfinished = directory.with_name(f".{directory.name}.{secrets.token_hex(4)}")
    try:
        unfinished.mkdir(parents=True)
        checksum = write_files(unfinished, bundle)
        unfinished.rename(directory)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    sync_directory(directory.parent)
    return checksum


def read_bundle(directory: Path, checksum: str) -> Bundle:
    """Read what was written.

    Raises
    ------
    DamagedArtefact
        A file is missing or differs from what was written, or is no such file.
    """
    try:
        text = (directory / MANIFEST).read_bytes()
        packed = (directory / ARRAYS).read_bytes()
    except NotADirectoryError as error:
        raise DamagedArtefact("an earlier release stored it, and it was not converted") from error
    except OSError as error:
        raise DamagedArtefact(f"its files, {directory.name}, are not there") from error
    if _digest(text, packed) != checksum:
        raise DamagedArtefact(f"its files, {directory.name}, are not those that were written")
    try:
        manifest = json.loads(text)
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        return Bundle(manifest["format"], manifest["kind"], manifest["value"], found)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise DamagedArtefact(f"its files, {directory.name}, cannot be read") from error


def remove_bundle(directory: Path) -> None:
    """Remove a bundle, at once for its readers; one that is gone already is fine."""
    going = directory.with_name(f".{directory.name}.{secrets.token_hex(4)}")
    try:
        directory.rename(going)
    except FileNotFoundError:
        return
    shutil.rmtree(going, ignore_errors=True)


def size_of(directory: Path) -> int:
    return sum(file.stat().st_size for file in directory.iterdir())


def _digest(text: bytes, packed: bytes | memoryview) -> str:
    digest = hashlib.sha256()
    for name, content in ((MANIFEST, text), (ARRAYS, packed)):
        digest.update(f"{name}:{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
