"""How a column was read: kept with a run, so that new rows are read alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.segmentation.tables.number_column import NumberFormat


@dataclass(frozen=True, kw_only=True)
class ColumnFormat(NumberFormat):
    """How a column of any kind was read.

    Attributes
    ----------
    spellings
        Ways of writing its categories, each to the one that is kept.
    date_order
        ``dmy`` or ``mdy``; None where its dates leave no choice.
    newest_year
        The latest year that two digits mean in it.
    date_marks
        Days, as ISO writes them, that stand for "no date" in it.
    source
        The column that it is made from; ``""`` where it stands in the table.
    source_kind
        What that column holds.
    newest
        The day, as ISO writes it, up to which its days are counted; ``""`` where it holds none.
    """

    spellings: Mapping[str, str] = field(default_factory=dict)
    date_order: Literal["dmy", "mdy"] | None = None
    newest_year: int | None = None
    date_marks: tuple[str, ...] = ()
    source: str = ""
    source_kind: str = ""
    newest: str = ""
