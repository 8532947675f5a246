"""A warning: a sentence for people, and a code for programs."""

from typing import Self

NOTE = "note"
"""The code of a sentence that came without one, as those that earlier releases stored."""


class Caution(str):
    """A sentence with a code that stays when the sentence is reworded."""

    code: str

    def __new__(cls, sentence: str, code: str = NOTE) -> Self:
        caution = super().__new__(cls, sentence)
        caution.code = code
        return caution


def code_of(sentence: str) -> str:
    return sentence.code if isinstance(sentence, Caution) else NOTE
