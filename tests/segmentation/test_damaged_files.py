"""Files that were damaged at random are tables or errors that say so, in memory that is bounded."""

import io

import pytest

from app.jobs.executor import ProcessExecutor
from app.segmentation.errors import TableError
from app.segmentation.tables import read_table
from tests.segmentation.damaging import bomb, read_damaged


@pytest.fixture(scope="module")
def workers():
    executor = ProcessExecutor(workers=1, memory_bytes=512 << 20)
    yield executor
    executor.shutdown(cancel_futures=True)


def test_each_is_a_table_or_says_what_is_wrong(workers, request):
    """The reader's process, whose memory is bounded, lives on too."""
    n_files, at_once = request.config.getoption("--damaged-files"), 500
    for first in range(0, n_files, at_once):
        seeds = range(first, min(first + at_once, n_files))
        assert workers.submit(read_damaged, seeds).result() == [], seeds


def test_a_kilobyte_that_unpacks_to_gigabytes_ends_at_the_worker_s_bound(workers):
    content = bomb(2_000, 1 << 20)
    assert len(content) < 20_000
    with pytest.raises((MemoryError, TableError)):
        workers.submit(read_table, io.BytesIO(content), max_columns=50).result()
