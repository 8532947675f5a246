"""What goes into an archive while others go on writing and deleting."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from app.storage import archives


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tree of some files, and of some that are no part of a backup."""
    root = tmp_path / "datasets"
    for name in ("a/one", "a/deeper/two", "b/three", ".lock", "a/.unfinished/four"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def parts_of(tmp_path: Path, folder: Path, number: int = 0) -> set[str]:
    with archives.writing(tmp_path / f"{number}.tar") as (archive, _):
        archive.add_tree("datasets", folder)
        archive.finish({})
        return set(archive.parts)


def test_holds_the_files_that_are_not_hidden(tmp_path: Path, folder: Path) -> None:
    assert parts_of(tmp_path, folder) == {
        "datasets/a/one",
        "datasets/a/deeper/two",
        "datasets/b/three",
    }


def test_folders_that_are_deleted_meanwhile_are_left_out(tmp_path: Path, folder: Path) -> None:
    over = threading.Event()

    def come_and_go(name: str) -> None:
        while not over.is_set():
            for number in range(20):
                (folder / f"{name}{number}" / "inner").mkdir(parents=True, exist_ok=True)
            for number in range(20):
                shutil.rmtree(folder / f"{name}{number}")

    others = [threading.Thread(target=come_and_go, args=(name,)) for name in "xyz"]
    for each in others:
        each.start()
    try:
        for number in range(60):
            assert "datasets/b/three" in parts_of(tmp_path, folder, number)
    finally:
        over.set()
        for each in others:
            each.join()


def test_a_folder_that_cannot_be_read_is_no_folder_without_files(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As root one may read everything, so the refusal is made here.
    scandir = os.scandir

    def refused(path: str | int) -> object:
        if path == str(folder / "b"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("os.scandir", refused)
    with pytest.raises(PermissionError):
        parts_of(tmp_path, folder)
