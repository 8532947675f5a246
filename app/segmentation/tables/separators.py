"""Separators that no reader of delimited text takes: of several characters, or of records."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import BinaryIO

from app.segmentation.tables.letters import Letters

UNIT = "\x1f"
"""ASCII's own separator of fields, which stands for one of several characters in between."""

_RECORD = "\x1e"
_CONTROLS = ("\x1f", "\x1e", "\x01", "\x02", "\x1c", "\x1d")
_SEVERAL = (
    "||||", "|||", "|~|", "~|~", "^|^", "|^|", "|;|", "<|>", "~^~", ":::", "@|@", "#|#", "|#|",
    "*|*", "|*|", "||", "::", "~~", "^^", "##", "@@", "$$", "&&", "%%", ";;", "<>", "=>", "->",
    "!!", "¦¦", "§§", "¬",
)  # fmt: skip
_HEAD = 64 * 1024
_LINES = 200
_ALIKE = 0.9
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Separated:
    """How a file sets its fields and records apart, in its own characters.

    Attributes
    ----------
    fields
        What stands between two fields.
    records
        What stands between two records; ``""`` where lines do.
    """

    fields: str
    records: str = ""

    @property
    def rewritten(self) -> bool:
        """Whether the text is to be rewritten with a separator of one character."""
        return len(self.fields) > 1 or bool(self.records)


def recognise_separated(
    source: BinaryIO, letters: Letters, delimiter: str | None
) -> Separated | None:
    """Find a separator of several characters or of control characters; None where none is used.

    Parameters
    ----------
    delimiter
        The one that is given, of any length.
    """
    raw = source.read(_HEAD)
    source.seek(0)
    errors = "ignore" if letters.errors == "strict" else letters.errors
    head = codecs.getincrementaldecoder(letters.encoding)(errors).decode(raw)
    if delimiter is not None:
        unusual = delimiter in _CONTROLS or (len(delimiter) > 1 and delimiter in head)
        return Separated(fields=delimiter) if unusual else None
    if _RECORD in head and UNIT in head:
        return Separated(fields=UNIT, records=_RECORD)
    lines = [line for line in head.splitlines()[:_LINES] if line.strip()]
    control = [mark for mark in _CONTROLS if mark in head]
    lines = [line for line in head.split("\n")[:_LINES] if line.strip()] if control else lines
    for mark in (*control, *_SEVERAL):
        if mark in head and _sets_apart(mark, lines):
            return Separated(fields=mark)
    return None


def _sets_apart(mark: str, lines: list[str]) -> bool:
    """Whether a mark stands as often in nearly all lines, and its characters nowhere else."""
    counts = [line.count(mark) for line in lines]
    if len(counts) < 2 or not counts[0]:
        return False
    alike = sum(count == counts[0] for count in counts) >= _ALIKE * len(counts)
    whole = len(set(mark)) > 1 or all(
        line.count(mark[0]) == len(mark) * count for line, count in zip(lines, counts, strict=True)
    )
    return alike and whole


def with_one_character(source: BinaryIO, letters: Letters, separated: Separated) -> BinaryIO:
    """Rewrite a text as UTF-8, its fields set apart by one character and its records by lines."""
    source.seek(0)
    errors = letters.errors
    decoder = codecs.getincrementaldecoder(letters.encoding)(errors)
    rewritten = io.BytesIO()
    held = ""
    while chunk := source.read(_CHUNK):
        held += decoder.decode(chunk)
        # A separator may be cut by the end of the chunk.
        at = max(0, len(held) - 2 * len(separated.fields) - 2)
        while at and held[at - 1] in separated.fields + separated.records + "\n":
            at -= 1
        rewritten.write(_rewritten(held[:at], separated))
        held = held[at:]
    rewritten.write(_rewritten(held + decoder.decode(b"", final=True), separated))
    rewritten.seek(0)
    return rewritten


def _rewritten(text: str, separated: Separated) -> bytes:
    if separated.records:
        text = text.replace(separated.records + "\n", separated.records)
        text = text.replace(separated.records, "\n")
    return text.replace(separated.fields, UNIT).encode()
