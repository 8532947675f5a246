"""Find a text's encoding, and refuse what is no text."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import BinaryIO

from app.segmentation.errors import TableError
from app.segmentation.tables.letters import Letters, recognise_letters

HEAD_BYTES = 256 * 1024
"""How much of a file is looked at to recognise its dialect."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_ZEROS = 0.2
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")


def recognise_encoding(source: BinaryIO, encoding: str | None = None) -> Letters:
    """Find the encoding in which the whole of ``source`` decodes, in bounded memory.

    UTF-8 is told by its strictness, UTF-16 and UTF-32 by their mark or their zeros; anything
    else by its letters, or it is Latin-1 where no other encoding has a letter for every byte.

    Raises
    ------
    TableError
        A given encoding does not decode (names the line), or the text holds NUL characters.
    """
    head = source.read(4096)
    source.seek(0)
    seen = next((name for bom, name in _BOMS if head.startswith(bom)), None) or _zeros(head)
    if encoding is not None:
        # The same family by its mark or its zeros says more: the order of bytes, a mark to drop.
        same = seen is not None and seen.split("-")[1] == encoding.partition("-")[2][:2].rstrip("-")
        given = seen if same and seen is not None else encoding
        return _first_that_decodes(source, [Letters(encoding=given)])
    if (seen or "").startswith(("utf-16", "utf-32")):
        return _first_that_decodes(source, [Letters(encoding=seen or "")])
    if _decode_fault(source, seen or "utf-8") is None:
        return Letters(encoding=seen or "utf-8")
    told = recognise_letters(source)
    if seen and told.encoding == "utf-8":
        told = replace(told, encoding=seen)
    return _first_that_decodes(
        source, [told, Letters(encoding="cp1252"), Letters(encoding="latin-1")]
    )


def _first_that_decodes(source: BinaryIO, candidates: list[Letters]) -> Letters:
    fault: int | None = None
    for candidate in candidates:
        fault = _decode_fault(source, candidate.encoding, candidate.errors)
        if fault is None:
            return candidate
    raise TableError(
        f"line {fault} does not decode as {candidates[-1].encoding}; "
        "give the encoding the file was saved in"
    )


def _zeros(head: bytes) -> str | None:
    """Tell UTF-16 and UTF-32 without a mark by the zeros beside digits and delimiters."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    used = tuple(any(head[i : len(head) // 4 * 4 : 4]) for i in range(4))
    if used == (True, False, False, False):
        return "utf-32-le"
    if used == (False, False, False, True):
        return "utf-32-be"
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > _ZEROS * pairs and even < 0.02 * pairs:
        return "utf-16-le"
    if even > _ZEROS * pairs and odd < 0.02 * pairs:
        return "utf-16-be"
    return None


def _decode_fault(source: BinaryIO, encoding: str, errors: str = "strict") -> int | None:
    """Line number of the first byte that does not decode, or None; NUL is refused at once."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    # Until the first other letter, ASCII decodes to itself.
    plain, n_plain = encoding in ("utf-8", "cp1252", "latin-1"), 0
    source.seek(0)
    try:
        line = 1
        while True:
            chunk = source.read(_CHUNK)
            if chunk and plain and chunk.isascii() and b"\0" not in chunk:
                n_plain += len(chunk)
                continue
            plain = False
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(encoding, "ignore").count("\n")
                return line + _line_ends(source, n_plain)
            except UnicodeError:
                return line + _line_ends(source, n_plain)
            if "\0" in text:
                line += text[: text.index("\0")].count("\n") + _line_ends(source, n_plain)
                raise TableError(f"line {line} holds a NUL character: not a text table")
            line += text.count("\n")
            if not chunk:
                return None
    finally:
        source.seek(0)


def _line_ends(source: BinaryIO, n_bytes: int) -> int:
    """Count the lines that end among the first bytes."""
    source.seek(0)
    sizes = (min(_CHUNK, n_bytes - start) for start in range(0, n_bytes, _CHUNK))
    return sum(source.read(size).count(b"\n") for size in sizes)


def read_head(source: BinaryIO, letters: Letters, *, delimiter: str = "") -> str:
    """Decode the beginning of ``source``, up to its last whole line.

    ``delimiter`` is a control character that sets its fields apart, where one does.

    Raises
    ------
    TableError
        It holds nothing, or control characters that no text has.
    """
    raw = source.read(HEAD_BYTES)
    source.seek(0)
    errors = "ignore" if letters.errors == "strict" else letters.errors
    text = codecs.getincrementaldecoder(letters.encoding)(errors).decode(raw)
    if len(raw) == HEAD_BYTES:
        cut = max(text.rfind("\n"), text.rfind("\r"))
        text = text[: cut + 1] if cut > 0 else text
    if not text.strip("\ufeff \t\r\n"):
        raise TableError("the file is empty")
    if control := _CONTROLS.search(text.replace(delimiter, "") if delimiter else text):
        line = text[: control.start()].count("\n") + 1
        raise TableError(
            f"line {line} has the control character {control[0]!r}, so this is no table of text; "
            "export it as CSV, Excel or Parquet"
        )
    return text
