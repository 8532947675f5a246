"""How a text cuts its rows into fields, and where its table begins, from its first lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO

from app.segmentation.errors import TableError
from app.segmentation.tables import sniffing
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.encoding import read_head, recognise_encoding
from app.segmentation.tables.layout import Layout
from app.segmentation.tables.letters import Letters
from app.segmentation.tables.separators import UNIT, recognise_separated, with_one_character
from app.segmentation.tables.surroundings import recognise_layout


@dataclass(frozen=True, kw_only=True)
class OpenedText:
    """A text whose rows can be read.

    Attributes
    ----------
    source
        Its bytes, or where several characters set its fields apart a copy in which one does.
    head
        The beginning of that.
    dialect, layout
        How that is cut into fields, and where its table begins.
    letters
        The letters of the text itself.
    separator
        The several characters that `UNIT` stands for; ``""`` where it stands for none.
    """

    source: BinaryIO
    head: str
    dialect: Dialect
    layout: Layout
    letters: Letters
    separator: str = ""

    @property
    def written(self) -> Dialect:
        """The dialect of the text itself."""
        if not self.separator:
            return self.dialect
        encoding, errors = self.letters.encoding, self.letters.errors
        return replace(self.dialect, delimiter=self.separator, encoding=encoding, errors=errors)


def open_text(source: BinaryIO, options: ReadOptions) -> OpenedText:
    """Recognise a text's letters, how it is cut into fields, and where its table begins.

    Raises
    ------
    TableError
        It is no text, or has no row.
    """
    letters = told = recognise_encoding(source, options.encoding)
    separated = recognise_separated(source, letters, options.delimiter)
    mark, separator = separated.fields if separated is not None else "", ""
    if separated is not None and separated.rewritten:
        source, letters = with_one_character(source, letters, separated), Letters(encoding="utf-8")
        mark, separator = UNIT, mark
    head = read_head(source, letters, delimiter=mark)
    known = replace(options, delimiter=mark) if mark else options
    dialect, layout = recognise_dialect(head, letters, known)
    return OpenedText(
        source=source,
        head=head,
        dialect=dialect,
        layout=layout,
        letters=told,
        separator=separator,
    )


def recognise_dialect(head: str, letters: Letters, options: ReadOptions) -> tuple[Dialect, Layout]:
    """Recognise how a text is cut into fields, and where its table begins.

    Raises
    ------
    TableError
        The text has no row.
    """
    declared, text = sniffing.declared_delimiter(head)
    quotechar = '"' if options.quotechar is None else options.quotechar
    delimiter = options.delimiter or declared or sniffing.recognise_delimiter(text, quotechar)
    if options.quotechar is None:
        quotechar = sniffing.recognise_quote(text, delimiter)
    escaped = sniffing.escapes_quotes(text, delimiter, quotechar)
    escapechar = "\\" if escaped else None
    spaced = sniffing.spaces_before_quotes(text, delimiter, quotechar)
    numbered = sniffing.numbered_rows(
        text, delimiter or UNIT, quotechar, escapechar, skip_spaces=spaced
    )
    above = head[: len(head) - len(text)].count("\n")
    skipped = options.skipped_lines
    numbered = [(line + above, row) for line, row in numbered if line + above not in skipped]
    if not numbered:
        raise TableError("the file is empty")
    layout = recognise_layout(
        numbered,
        has_header=options.has_header,
        header_row=options.header_row,
        recognised=options.skip_rows is None,
    )
    dialect = Dialect(
        format="csv",
        delimiter=delimiter,
        encoding=letters.encoding,
        errors=letters.errors,
        quotechar=quotechar,
        escapechar=escapechar,
        skip_spaces=spaced,
        has_header=layout.names is not None,
    )
    return dialect, layout
