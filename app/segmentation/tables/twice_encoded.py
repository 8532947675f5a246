"""Letters that a program wrote as UTF-8, read as Western European and wrote again: ``MÃ¼ller``."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from app.segmentation.tables.quality import Alternative, TableWarning

_BYTES = {bytes([code]).decode("cp1252", "replace"): code for code in range(128, 256)}
_BYTES.pop("\ufffd", None)
_BYTES |= {chr(code): code for code in range(0x80, 0x100)}
"""Each sign to the byte that it was, by cp1252 or, where that has none, Latin-1."""

_RUN = re.compile("[" + re.escape("".join(_BYTES)) + "]{2,}")
_LEAD = re.compile("[ÂÃÄÅÐÑ]")
_FEWEST = 2
_NEARLY_ALL = 0.8


def is_twice_encoded(text: str) -> bool:
    """Whether all of a text's unusual letters, two at least, become others when taken for bytes."""
    runs = _RUN.findall(text)
    restored = [run for run in runs if _restored(run) != run]
    leads = len(_LEAD.findall(text))
    explained = sum(len(_LEAD.findall(run)) for run in restored)
    return len(restored) >= _FEWEST and leads <= explained / _NEARLY_ALL


def restore(text: str) -> str:
    """Give the letters that were written first."""
    return _RUN.sub(lambda match: _restored(match[0]), text)


def restore_column(values: Any) -> Any:
    """Restore (n_rows,) texts, each different one once."""
    if pc.all(pc.string_is_ascii(values), min_count=0).as_py():
        return values
    known = pc.unique(values)
    known = known.combine_chunks() if isinstance(known, pa.ChunkedArray) else known
    better = pa.array([restore(text) for text in known.to_pylist()], type=pa.large_string())
    return pc.take(better, pc.index_in(values, value_set=known))


def twice_warning() -> TableWarning:
    """Say that letters were restored, and how to leave them."""
    return TableWarning(
        code="twice_encoded",
        message="The letters were encoded as UTF-8 twice (MÃ¼ller for Müller) and were restored",
        reading="letters restored",
        alternatives=(
            Alternative(reading="letters as they are written", overrides={"encoding": "utf-8"}),
        ),
    )


def _restored(run: str) -> str:
    try:
        return bytes(_BYTES[letter] for letter in run).decode("utf-8")
    except UnicodeDecodeError:
        return run
