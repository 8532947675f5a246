"""What a downloaded file is called: words for what it holds, in every alphabet."""

import unicodedata
from datetime import date
from urllib.parse import quote

_KEPT = ("L", "N", "M")
_PART_BYTES, _NAME_BYTES = 120, 200
"""File systems take 255 bytes for a name, of which a letter has up to four."""


def attachment(*parts: str | date, ending: str) -> dict[str, str]:
    """Return the header that has a browser save an answer under this name.

    `attachment("Telco churn", "4 segments", day, ending="xlsx")` saves
    `telco-churn-4-segments-2026-11-28.xlsx`. Older clients, and those without other alphabets,
    get the name in ASCII letters, without what has none.
    """
    return disposition(f"{_joined(parts) or 'file'}.{ending}")


def segments_file(title: str, n_segments: int, made_on: date, *, ending: str) -> dict[str, str]:
    """Return the header for a file of segments: whose, how many, and when they were made."""
    count = f"{n_segments} segment{'' if n_segments == 1 else 's'}"
    return attachment(title, count, made_on, ending=ending)


def disposition(name: str) -> dict[str, str]:
    """Return the header for a name that is used as it is, such as that of an uploaded file."""
    stem, dot, ending = name.rpartition(".")
    plain = f"{_ascii(stem) or 'file'}{dot}{_ascii(ending)}" if dot else _ascii(name) or "file"
    value = f'attachment; filename="{plain}"'
    if plain != name:
        value += f"; filename*=UTF-8''{quote(name, safe='')}"
    return {"Content-Disposition": value}


def _joined(parts: tuple[str | date, ...]) -> str:
    slugs = [_slug(each if isinstance(each, str) else each.isoformat()) for each in parts]
    return _cut("-".join(slug for slug in slugs if slug), _NAME_BYTES)


def _slug(text: str) -> str:
    """Join a text's words by hyphens, in small letters."""
    letters = unicodedata.normalize("NFKC", text[: 4 * _PART_BYTES]).casefold()
    spaced = "".join(each if unicodedata.category(each)[0] in _KEPT else " " for each in letters)
    return _cut("-".join(spaced.split()), _PART_BYTES)


def _cut(text: str, n_bytes: int) -> str:
    return text.encode()[:n_bytes].decode(errors="ignore").rstrip("-")


def _ascii(text: str) -> str:
    """Leave accents off, and whatever else has no letter in ASCII."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = "".join(each if each.isalnum() or each in " -_.()" else "-" for each in plain)
    while "--" in kept:
        kept = kept.replace("--", "-")
    return kept.strip("- ")
