"""Files are whole or not there."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.storage.files import signing_key, write_atomically


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "folder" / "file"
    write_atomically(file, lambda stream: stream.write(b"old"))

    def fail(stream) -> None:
        stream.write(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_atomically(file, fail)
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_a_signing_key_is_made_once_for_its_owner_alone(tmp_path):
    file = tmp_path / "key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: signing_key(file), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_key_that_is_there_is_kept(tmp_path):
    file = tmp_path / "key"
    file.write_text("a key of one's own\n")
    assert signing_key(file) == "a key of one's own"
