"""New rows of a table, typed as the rows of a segmentation were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from app.segmentation.caution import Caution
from app.segmentation.errors import TableError
from app.segmentation.preparation.columns import CategoricalColumn, to_texts
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.tables import Cells, ColumnFormat, Kind, build_table, new_row_options
from app.segmentation.tables.affix_words import same_unit
from app.segmentation.tables.derived import has_value
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.numbers import doubtful_fractions
from app.segmentation.tables.recency import DaysSince
from app.segmentation.tables.spellings import as_known, known_spellings
from app.segmentation.tables.values import to_strings

_REFUSED = {"mixed_types", "mixed_units", "ambiguous_number", "ambiguous_unit"}
"""Warnings that leave open what a new row's number is."""

_EXPECTED = {
    "scale", "sentinel", "serial_date", "debit_credit", "two_digit_years", "duration",
    "time_of_day", "ordinal", "signs", "capped", "calendar",
}  # fmt: skip
"""What was said of the run's table already."""


@dataclass(frozen=True, eq=False)
class NewRows:
    """New rows, typed; ``remarks`` say what is missing in them or was never seen before."""

    frame: pd.DataFrame
    remarks: tuple[str, ...]


def rows_as_fitted(
    encoder: Encoder | None, cells: Cells, formats: Mapping[str, ColumnFormat] | None = None
) -> NewRows:
    """Type the fitted columns of new rows as they were typed when the run was made.

    A missing number is NaN, to be filled as the fitted ones were.

    Parameters
    ----------
    encoder : Encoder or None
    cells : Cells
    formats : mapping of str to ColumnFormat, optional
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
    made = {name: formats[name] for name in kinds if name in formats and formats[name].source}
    for name, each in made.items():
        if each.source not in cells.frame.columns:
            raise TableError(f"the rows lack {each.source}, of which {name} is made")
        kinds.setdefault(each.source, Kind(each.source_kind))
        formats = {each.source: each, **formats}
    given = {
        name: kind
        for name, kind in kinds.items()
        if name in cells.frame.columns and name not in made
    }
    blank = [
        name
        for name, kind in given.items()
        if kind in (Kind.NUMERIC, Kind.DATE) and to_strings(cells.frame[name]).missing.all()
    ]
    for name in given:
        _refuse_doubtful_marks(name, cells, formats.get(name))
    typed = build_table(
        cells,
        overrides=new_row_options(
            {name: kind for name, kind in given.items() if name not in blank}, formats
        ),
    )
    remarks = [
        Caution(f"{name}: no number in any row, filled as in the run", "no_number")
        for name in blank
    ]
    for warning in typed.warnings:
        if warning.column not in given:
            continue
        if warning.code in _REFUSED:
            raise TableError(f"{warning.message}; correct it, or leave the cell empty")
        if warning.code in _EXPECTED:
            continue
        if warning.code == "mixed_marks" and cells.dialect.format != "csv":
            # A number that was no text has a point, whatever mark the run's table had.
            continue
        remarks.append(Caution(warning.message, warning.code))
    for column in typed.columns:
        known, seen = formats.get(column.name), column.format
        if known and seen and known.unit and seen.unit and not same_unit(known.unit, seen.unit):
            raise TableError(
                f"{column.name}: counted in {seen.unit!r}, and in {known.unit!r} in the run's "
                "table; convert the values"
            )
    frame = typed.frame.assign(**dict.fromkeys(blank, np.nan))
    for category in encoder.categorical:
        if category.name in given:
            known_as = formats.get(category.name)
            frame[category.name] = _as_known(frame[category.name], category, known_as)
    frame = frame.assign(
        **{name: made_from(frame[each.source], each) for name, each in made.items()}
    )
    remarks += [
        Caution(_unseen(column, frame), "unseen_category") for column in encoder.categorical
    ]
    return NewRows(frame, tuple(remark for remark in remarks if remark))


def stored_as_fitted(
    encoder: Encoder | None, frame: pd.DataFrame, formats: Mapping[str, ColumnFormat]
) -> pd.DataFrame:
    """Make what was fitted of rows that are typed already, as those of a kept table are.

    Raises
    ------
    TableError
        A column is absent, or holds no numbers where the run's did; the message names it.
    """
    if encoder is None:
        return frame
    absent = [name for name in encoder.columns if name not in frame]
    missing = [each for each in columns_needed(absent, formats) if each not in frame]
    if missing:
        raise TableError(f"the table lacks {', '.join(missing)}")
    made = {name: formats[name] for name in absent}
    frame = frame.assign(
        **{name: made_from(frame[each.source], each) for name, each in made.items()}
    )
    for column in encoder.numeric:
        if not is_numeric_dtype(frame[column.name]):
            raise TableError(f"{column.name} holds no numbers in this table")
    known = {
        column.name: _as_known(frame[column.name], column, formats.get(column.name))
        for column in encoder.categorical
    }
    return frame.assign(**known)


@dataclass(frozen=True, eq=False)
class PlainRows:
    """Rows whose values need no reading: numbers, and codes of categories, by fitted column."""

    values: Mapping[str, Sequence[float | str]]
    numbers: Sequence[NDArray[np.float64]]
    codes: Sequence[NDArray[np.int64]]


def plain_rows(
    encoder: Encoder | None,
    records: Sequence[Mapping[str, object]],
    formats: Mapping[str, ColumnFormat],
) -> PlainRows | None:
    """Type records as `rows_as_fitted` does, where nothing about them needs to be found out.

    That is where every number came as one and stands for none that is missing, every category is
    one that was fitted, and no column is made from another.

    Returns
    -------
    PlainRows or None
        None where a value has to be read first, or something is to be said of it.
    """
    if encoder is None or any(
        each.source or each.marks or each.scale or each.form
        for each in (formats[name] for name in encoder.columns if name in formats)
    ):
        return None
    values: dict[str, list[float | str]] = {}
    for numeric in encoder.numeric:
        numbers = [each.get(numeric.name) for each in records]
        values[numeric.name] = [float(each) for each in numbers if type(each) in (int, float)]  # type: ignore[arg-type]
    for category in encoder.categorical:
        texts = [each.get(category.name) for each in records]
        values[category.name] = [
            each for each in texts if type(each) is str and each in category.kept
        ]
    if any(len(each) < len(records) for each in values.values()):
        return None
    found = [np.array(values[each.name], dtype=np.float64) for each in encoder.numeric]
    if not all(np.isfinite(each).all() for each in found):
        return None
    codes = [
        np.array([each.kept[text] for text in texts], dtype=np.int64)  # type: ignore[index]
        for each, texts in ((each, values[each.name]) for each in encoder.categorical)
    ]
    return PlainRows(values, found, codes)


def columns_needed(columns: Sequence[str], formats: Mapping[str, ColumnFormat]) -> tuple[str, ...]:
    """Name what new rows must hold: of columns that are made from others, the others."""
    sources = ((formats[name].source if name in formats else "") or name for name in columns)
    return tuple(dict.fromkeys(sources))


def _as_known(
    values: pd.Series, column: CategoricalColumn, known: ColumnFormat | None
) -> pd.Series:
    """Write categories as the run's table wrote them."""
    spellings = known_spellings(column.levels, known.spellings if known is not None else {})
    return values.map(lambda text: as_known(text, spellings), na_action="ignore").astype("str")


def made_from(values: pd.Series, known: ColumnFormat) -> pd.Series:
    """Make a column from its source as it was made when the run was."""
    if not known.newest:
        return has_value(values)
    newest = pd.Timestamp(known.newest)
    days = DaysSince(column=known.source, newest=newest, by_default=True)
    return pd.Series(days.transform(pd.to_datetime(values)), index=values.index)


def _refuse_doubtful_marks(name: str, cells: Cells, known: ColumnFormat | None) -> None:
    """Refuse three digits behind a mark that the run's table never had there: 21.500, 1,234."""
    if known is None or known.decimal is None:
        return
    strings = to_strings(cells.frame[name])
    doubtful = np.zeros(len(strings.missing), dtype=np.bool_)
    if known.inferred:
        doubtful |= doubtful_fractions(strings, known.decimal)
    group: Mark = "," if known.decimal == "." else "."
    if known.thousands != group:
        doubtful |= doubtful_fractions(strings, group)
    if doubtful.any():
        row = int(np.argmax(doubtful))
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
