"""Decide which letters the bytes of a text mean, by what the text becomes in each encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import chardet

_CANDIDATES = (
    "cp1252", "iso8859-1", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "iso8859-2", "iso8859-5", "iso8859-7", "koi8-r", "koi8-u", "gb18030", "big5", "cp932", "euc-jp",
    "cp949", "cp874", "cp850", "cp852", "cp866", "mac-roman",
)  # fmt: skip
_USUAL_NAMES = {
    "big5hkscs": ("big5",),
    "cp932": ("shift_jis",),
    "shift_jis_2004": ("shift_jis", "cp932"),
    "shift_jisx0213": ("shift_jis", "cp932"),
    "euc_jis_2004": ("euc_jp",),
    "cp949": ("euc_kr",),
    "johab": (),
}
"""The names people know, for encodings that a larger one contains."""

_WESTERN = "cp1252"
_PREFERRED = (_WESTERN, "iso8859-1", "cp1250", "cp1251", "cp1253", "cp1254", "koi8-r")
"""Among encodings that read a text alike."""

_WESTERN_LETTERS = re.compile("[äöüÄÖÜßéèêëàâáãåæøœçñíìîïóòôõúùûÉÈÊÀÁÂÃÅÆØŒÇÑÍÎÓÔÕÚ]")
_WESTERN_HABIT = 1.25
"""How much better another alphabet must fit than the most frequent one on short texts."""

_BY_PAIRS = ("big5", "gb18030", "cp932", "shift_jis", "euc", "cp949")
_PAIRED = 0.04
"""From this confidence on bytes are halves of letters rather than signs."""

_DOUBTFUL = 0.75
_NO_LETTER_THERE = re.compile(r"[^\W\d_][\x80-\x9f\xa1-\xbf\u2500-\u25ff]+[^\W\d_]")
_CONTROL = re.compile(r"[\x80-\x9f]")
_CAPITAL_INSIDE = re.compile(r"[a-zß-öø-ÿа-яёα-ωά-ώ][À-ÖØ-ÞŠŽА-ЯΑ-Ω]")
_MIXED = re.compile(r"[A-Za-z][\u0370-\u1eff\u2e80-\uffef]|[\u0370-\u1eff\u2e80-\uffef][A-Za-z]")
_UNUSUAL = 0.5
"""What is left of a reading's score for each of these that holds in a tenth of its words."""

_SAMPLE_BYTES = 64 * 1024
_SHORT = 4
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
# What the right letters of a text say of its stray ones.
_STRAY_BY_LETTERS = (
    ("cp1251", re.compile("[\u0400-\u04ff]")),
    ("cp1253", re.compile("[\u0370-\u03ff]")),
    ("cp1255", re.compile("[\u0590-\u05ff]")),
    ("cp1256", re.compile("[\u0600-\u06ff]")),
    ("cp1254", re.compile("[şŞğĞıİ]")),
    ("cp1250", re.compile("[łŁąĄęĘśŚćĆżŻźŹńŃěĚřŘůŮőŐűŰčČšŠžŽđĐ]")),
)


@dataclass(frozen=True, kw_only=True)
class Letters:
    """The encoding of a text that is not plain UTF-8.

    Attributes
    ----------
    encoding
        A codec's name.
    others
        Encodings in which the text reads as well, or nearly.
    errors
        The codec's error handler: other than ``strict`` where single letters were written in
        another encoding.
    stray_lines
        The lines that hold such letters, the first hundred, counted from 1.
    n_stray
        How many bytes they are.
    """

    encoding: str
    others: tuple[str, ...] = ()
    errors: str = "strict"
    stray_lines: tuple[int, ...] = ()
    n_stray: int = 0


def recognise_letters(source: BinaryIO) -> Letters:
    """Tell the encoding of a text that is no UTF-8 throughout.

    Where most of its accented letters are right in UTF-8, it is UTF-8 with stray letters. The
    rest is decided by the lines with letters beyond ASCII, since only these differ.
    """
    sample, n_right, n_stray, stray_lines, right = _look_through(source)
    if n_right >= n_stray and n_right:
        stray = next((name for name, letters in _STRAY_BY_LETTERS if letters.search(right)), None)
        return Letters(
            encoding="utf-8",
            errors=f"stray-{stray or _WESTERN}",
            stray_lines=tuple(stray_lines),
            n_stray=n_stray,
        )
    ranked = _ranked(sample)
    if not ranked:
        return Letters(encoding=_WESTERN)
    encoding, best = ranked[0]
    words = len(set(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", sample)))
    near = _DOUBTFUL if words > _SHORT else _DOUBTFUL / 2
    others = [name for name, score in ranked[1:] if score >= near * best]
    return Letters(encoding=encoding, others=tuple(others[:2]))


def _look_through(source: BinaryIO) -> tuple[bytes, int, int, list[int], str]:
    """Sample the lines beyond ASCII, and count the letters right in UTF-8 and the stray bytes."""
    source.seek(0)
    sample, right = bytearray(), ""
    n_right = n_stray = 0
    stray_lines: list[int] = []
    for number, line in enumerate(source, start=1):
        if line.isascii():
            continue
        found = _UTF8.findall(line)
        rest = len(_HIGH.findall(_UTF8.sub(b"", line)))
        n_right += len(found)
        n_stray += rest
        if rest and len(stray_lines) < 100:
            stray_lines.append(number)
        if len(sample) < _SAMPLE_BYTES:
            sample += line[:4096]
            right += b"".join(found).decode()
    source.seek(0)
    return bytes(sample), n_right, n_stray, stray_lines, right


def _ranked(sample: bytes) -> list[tuple[str, float]]:
    """Rank the encodings by how usual the text's letters are in each, each text once.

    The detector knows languages from running text. What it cannot know of a table is mended by
    what no table holds: control characters, signs and capitals inside words, mixed alphabets.
    """
    found = chardet.detect_all(
        sample, include_encodings=_CANDIDATES, compat_names=False, ignore_threshold=True
    )
    western = _decoded(sample, _WESTERN)
    if western is not None and not _letters_beyond_ascii(western):
        # Prices, degrees and quotation marks need no other alphabet, if they are no halves.
        pairs = [e["confidence"] for e in found if (e["encoding"] or "").startswith(_BY_PAIRS)]
        if max(pairs, default=0.0) < _PAIRED:
            return [(_WESTERN, 1.0)]
    scores: dict[str, tuple[str, float]] = {}
    for each in found:
        name = each["encoding"]
        text = None if name is None else _decoded(sample, name)
        if name is None or text is None:
            continue
        known_name, known = scores.get(text, (name, 0.0))
        preferred = min(name, known_name, key=_preference)
        scores[text] = (preferred, max(each["confidence"], known))
    ranked = [
        (_usual_name(sample, name), score * _plausibility(name, text))
        for text, (name, score) in scores.items()
    ]
    return sorted(ranked, key=lambda item: -item[1])


def _letters_beyond_ascii(text: str) -> list[str]:
    return [c for c in text if not c.isascii() and c.isalpha() and c not in "ªº"]


def _preference(name: str) -> int:
    return _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED)


def _plausibility(name: str, text: str) -> float:
    words = re.findall(r"[^\s;,|\t\"0-9]*[^\x00-\x7f][^\s;,|\t\"0-9]*", text)
    limit = 0.1 * len(words)
    factor = 1.0
    for unusual in (_NO_LETTER_THERE, _CONTROL, _CAPITAL_INSIDE, _MIXED):
        if sum(bool(unusual.search(word)) for word in words) > limit:
            factor *= _UNUSUAL
    letters = _letters_beyond_ascii(text)
    usual = sum(bool(_WESTERN_LETTERS.match(letter)) for letter in letters)
    if name in (_WESTERN, "iso8859-1") and usual >= 0.9 * len(letters):
        factor *= _WESTERN_HABIT
    return factor


def _usual_name(sample: bytes, name: str) -> str:
    for usual in _USUAL_NAMES.get(name, ()):
        if _decoded(sample, usual) is not None:
            return usual
    return "latin-1" if name == "iso8859-1" else codecs.lookup(name).name


def _decoded(sample: bytes, name: str) -> str | None:
    try:
        return sample.decode(name)
    except (UnicodeError, LookupError):
        return None


def _stray_handler(encoding: str) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        stray = error.object[error.start : error.end]
        return stray.decode(encoding, "replace"), error.end

    return handle


def _register() -> Iterator[str]:
    for encoding in (_WESTERN, *(name for name, _ in _STRAY_BY_LETTERS)):
        codecs.register_error(f"stray-{encoding}", _stray_handler(encoding))
        yield encoding


STRAY_ENCODINGS = tuple(_register())
"""Encodings whose single letters are read among UTF-8."""
