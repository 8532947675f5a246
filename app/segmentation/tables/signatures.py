"""Tell what a file is by its first bytes, and refuse what is no table by name."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

from app.segmentation.errors import FormatError, TableError
from app.segmentation.tables.dialect import Format

PARQUET = b"PAR1"
_UNKNOWN = 1 << 62
"""Of a value written as text, with what separates it from the next."""

_REFUSED = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel (.xls) or Office file; save it as .xlsx"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
_MARKUP = (
    (re.compile(r"<(!--|\?php)", re.IGNORECASE), "an HTML or XML document"),
    (re.compile(r"<svg\b", re.IGNORECASE), "an SVG image"),
    (re.compile(r"<\?xml\b", re.IGNORECASE), "an XML document"),
    (
        re.compile(
            r"<(!doctype|html|head|body|title|meta|link|base|script|style|div|span|p|br|hr|h[1-6]"
            r"|b|i|a|font|center|pre|img|form|table|tr|ul|ol|main|header|section|article|nav)"
            r"(\s[^,;\t|]*)?/?>|<!doctype\b|<html\b|<(meta|link|script|table|body)\s",
            re.IGNORECASE,
        ),
        "an HTML page",
    ),
)


def recognise_format(source: BinaryIO) -> Format:
    """Tell csv, xlsx and parquet apart by content; the file's name is not asked.

    Raises
    ------
    TableError
        The file is empty.
    FormatError
        It is something else than a table: the message says what.
    """
    head = source.read(1024)
    source.seek(0)
    if not head:
        raise TableError("the file is empty")
    for signature, what in _REFUSED:
        if head.startswith(signature):
            raise FormatError(f"not a table: this is {what}")
    if picture := _by_fields(head):
        raise FormatError(f"not a table: this is {picture}")
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "xlsx"
    if head.startswith(PARQUET):
        return "parquet"
    text = head.replace(b"\x00", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n")
    for markup, what in _MARKUP:
        if markup.match(text):
            raise FormatError(f"not a table: this is {what}")
    opening, rest = text[:1], text[1:].lstrip()
    # A header may be written [id],[name], so that a bracket alone tells nothing.
    if (opening == "{" and rest.startswith(('"', "}"))) or (
        opening == "[" and rest.startswith(("{", "[", '"', "]"))
    ):
        raise FormatError("not a table: this is a JSON document")
    return "csv"


def unpacked_bytes(source: BinaryIO, *, size_bytes: int) -> int:
    """Estimate what a table's file holds as text: a packed one may be a hundredth of that.

    A damaged file is as large as it is; reading it says what is wrong. What a Parquet file holds
    is known when it is unpacked: one long value that is repeated takes next to nothing.
    """
    head = source.read(4)
    source.seek(0)
    try:
        if head == PARQUET:
            return _UNKNOWN
        if head == b"PK\x03\x04":
            with zipfile.ZipFile(source) as book:
                return max(size_bytes, sum(part.file_size for part in book.infolist()))
    except (OSError, zipfile.BadZipFile):
        return size_bytes
    return size_bytes


def _by_fields(head: bytes) -> str | None:
    """Recognise what begins with letters a header could begin with, by the fields behind them."""
    if head.startswith(b"RIFF"):
        return "a WebP image" if head[8:12] == b"WEBP" else "a media file"
    # Two reserved fields of zeros, then where the pixels start: no text has such bytes.
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "a BMP image"
    if head.startswith(b"\x00\x00") and head[4:8] == b"ftyp":
        return "an image or a film (HEIC, AVIF or MP4)"
    return None
