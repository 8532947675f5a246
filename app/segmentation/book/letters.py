"""Customers' texts as they can be printed: no control characters, bounded, and breakable."""

import re
import unicodedata

_DROPPED = frozenset({"Cc", "Cs", "Cn"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows; without an end they turn the rest of a line."""

_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 4
"""Accents that a letter of any language may carry; piled up, they run over the lines above."""

_LONG_WORD = re.compile(r"\S{24,}")
_PIECE = 12
_GLUED = frozenset({"Mn", "Me", "Mc", "Cf", "Sk"})
BREAK = "\u200b"
"""Where a line may end, without a sign for it."""


def printed(text: str, *, most: int) -> str:
    """Keep what can be printed of a text, on one line and in so many characters.

    Parameters
    ----------
    text : str
        Anything: names of segments, columns and categories are their owners'.
    most : int
        Characters; the last is an ellipsis where more are cut off.
    """
    kept: list[str] = []
    n_marks = 0
    for character in text:
        category = unicodedata.category(character)
        n_marks = n_marks + 1 if category in _MARKS else 0
        if character.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
        elif category in _DROPPED or character in _TURNING or n_marks > _MOST_MARKS:
            continue
        else:
            kept.append(character)
        if len(kept) > most + 1:
            break
    short = "".join(kept).rstrip()
    return short if len(short) <= most else short[: most - 1].rstrip() + "…"


def breakable(text: str) -> str:
    """Let a line end within words that are longer than any of a language."""
    return _LONG_WORD.sub(lambda word: _in_pieces(word[0]), text)


def _in_pieces(word: str) -> str:
    parts: list[str] = []
    length = 0
    for before, character in zip(" " + word, word, strict=False):
        glued = unicodedata.category(character) in _GLUED or before == "\u200d"
        if length >= _PIECE and not glued:
            parts.append(BREAK)
            length = 0
        parts.append(character)
        length += 1
    return "".join(parts)
