"""New rows of a table, typed as the rows of a segmentation were."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.segmentation.errors import TableError
from app.segmentation.preparation.columns import CategoricalColumn, to_texts
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.tables import Cells, Kind, NumberFormat, build_table, new_row_options
from app.segmentation.tables.affix_words import same_unit
from app.segmentation.tables.numbers import doubtful_fractions
from app.segmentation.tables.values import to_strings

_REFUSED = {"mixed_types", "mixed_units", "ambiguous_number", "ambiguous_unit"}
"""Warnings that leave open what a new row's number is."""


@dataclass(frozen=True, eq=False)
class NewRows:
    """New rows, typed; ``remarks`` say what is missing in them or was never seen before."""

    frame: pd.DataFrame
    remarks: tuple[str, ...]


def rows_as_fitted(
    encoder: Encoder | None, cells: Cells, formats: Mapping[str, NumberFormat] | None = None
) -> NewRows:
    """Type the fitted columns of new rows as they were typed when the run was made.

    A missing number is NaN, to be filled as the fitted ones were.

    Parameters
    ----------
    encoder : Encoder or None
    cells : Cells
    formats : mapping of str to NumberFormat, optional
        How the run's table wrote its columns of numbers.

    Raises
    ------
    TableError
        A column of numbers holds something else, could be read in two ways, or counts in
        another unit than the run's; the message names it and the row.
    """
    if encoder is None:
        return NewRows(cells.frame, ())
    formats = formats or {}
    kinds = {column.name: Kind.NUMERIC for column in encoder.numeric}
    kinds |= {column.name: Kind.CATEGORICAL for column in encoder.categorical}
    given = {name: kind for name, kind in kinds.items() if name in cells.frame.columns}
    blank = [
        name
        for name, kind in given.items()
        if kind is Kind.NUMERIC and to_strings(cells.frame[name]).missing.all()
    ]
    for name in given:
        _refuse_doubtful_fractions(name, cells, formats.get(name))
    typed = build_table(
        cells,
        overrides=new_row_options(
            {name: kind for name, kind in given.items() if name not in blank}, formats
        ),
    )
    remarks = [f"{name}: no number in any row, filled as in the run" for name in blank]
    for warning in typed.warnings:
        if warning.column not in given:
            continue
        if warning.code in _REFUSED:
            raise TableError(f"{warning.message}; correct it, or leave the cell empty")
        if warning.code == "mixed_marks" and cells.dialect.format != "csv":
            # A number that was no text has a point, whatever mark the run's table had.
            continue
        remarks.append(warning.message)
    for column in typed.columns:
        known, seen = formats.get(column.name), column.format
        if known and seen and known.unit and seen.unit and not same_unit(known.unit, seen.unit):
            raise TableError(
                f"{column.name}: counted in {seen.unit!r}, and in {known.unit!r} in the run's "
                "table; convert the values"
            )
    remarks += [_unseen(column, typed.frame) for column in encoder.categorical]
    frame = typed.frame.assign(**dict.fromkeys(blank, np.nan))
    return NewRows(frame, tuple(remark for remark in remarks if remark))


def _refuse_doubtful_fractions(name: str, cells: Cells, known: NumberFormat | None) -> None:
    """Refuse 21.500 where the run's table never had a fraction, and grouped digits by commas."""
    if known is None or known.decimal is None or not known.inferred:
        return
    doubtful = np.flatnonzero(doubtful_fractions(to_strings(cells.frame[name]), known.decimal))
    if len(doubtful):
        row = int(doubtful[0])
        written = str(cells.frame[name].iloc[row])[:40]
        raise TableError(
            f"{name}: {written!r} could be read in two ways, {cells.dialect.unit} "
            f"{cells.line_of(row)}; write it without a mark between thousands"
        )


def _unseen(column: CategoricalColumn, frame: pd.DataFrame) -> str:
    if column.name not in frame:
        return ""
    texts, blank = to_texts(frame[column.name])
    unseen = np.flatnonzero(~texts.isin(column.levels).to_numpy() & ~blank)
    if len(unseen) == 0 or column.has_other:
        return ""
    first = str(texts.iloc[unseen[0]])[:40]
    return (
        f"{column.name}: {len(unseen):,} of the rows hold a category that the run has not seen "
        f"({first!r}), first row {unseen[0] + 1}; they are treated as having no category"
    )
