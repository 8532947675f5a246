"""How a text cuts its rows into fields, and where its table begins, from its first lines."""

from __future__ import annotations

from app.segmentation.errors import TableError
from app.segmentation.tables import sniffing
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.layout import Layout
from app.segmentation.tables.letters import Letters
from app.segmentation.tables.separators import UNIT
from app.segmentation.tables.surroundings import recognise_layout


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
