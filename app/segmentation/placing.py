"""New rows of a table into the segments of a finished run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.columns import CategoricalColumn, to_texts
from app.segmentation.errors import TableError
from app.segmentation.fitting import FittedRun
from app.segmentation.tables import Cells, Kind, NumberFormat, build_table, new_row_options
from app.segmentation.tables.affixes import same_unit
from app.segmentation.tables.values import to_strings

Rule = Literal["nearest_center", "density"]

_REFUSED = {"mixed_types", "mixed_units", "ambiguous_number", "ambiguous_unit"}
"""Warnings that leave open what a new row's number is."""


@dataclass(frozen=True, eq=False)
class Placements:
    """Where new rows belong.

    Attributes
    ----------
    labels : ndarray of int32, shape (n_samples,)
        -1 for noise.
    confidences : ndarray of int32, shape (n_samples,), or None
        As `Scorer` has them; None for the density rule.
    outliers : ndarray of bool, shape (n_samples,)
        Farther from every center than 99% of the fitted rows; noise for the density rule.
    roles : ndarray of str, shape (n_samples,), or None
        ``core``, ``border`` or ``noise`` for the density rule.
    rule : str
        A tree and HDBSCAN have no rule of their own for rows they have not seen: the nearest
        center decides.
    """

    labels: NDArray[np.int32]
    confidences: NDArray[np.int32] | None
    outliers: NDArray[np.bool_]
    roles: NDArray[np.str_] | None
    rule: Rule


@dataclass(frozen=True, eq=False)
class NewRows:
    """New rows, typed; ``remarks`` say what is missing in them or was never seen before."""

    frame: pd.DataFrame
    remarks: tuple[str, ...]


def rows_as_fitted(
    run: FittedRun, cells: Cells, formats: Mapping[str, NumberFormat] | None = None
) -> NewRows:
    """Type the fitted columns of new rows as they were typed when the run was made.

    A missing number is NaN, to be imputed by the fitted median.

    Parameters
    ----------
    run : FittedRun
    cells : Cells
    formats : mapping of str to NumberFormat, optional
        How the run's table wrote its columns of numbers.

    Raises
    ------
    TableError
        A column of numbers holds something else, could be read in two ways, or counts in
        another unit than the run's; the message names it and the row.
    """
    formats = formats or {}
    kinds = {column.name: Kind.NUMERIC for column in run.encoder.numeric}
    kinds |= {column.name: Kind.CATEGORICAL for column in run.encoder.categorical}
    given = {name: kind for name, kind in kinds.items() if name in cells.frame.columns}
    blank = [
        name
        for name, kind in given.items()
        if kind is Kind.NUMERIC and to_strings(cells.frame[name]).missing.all()
    ]
    typed = build_table(
        cells,
        overrides=new_row_options(
            {name: kind for name, kind in given.items() if name not in blank}, formats
        ),
    )
    remarks = [f"{name}: no number in any row, filled by the run's median" for name in blank]
    for warning in typed.warnings:
        if warning.column not in given:
            continue
        if warning.code in _REFUSED:
            raise TableError(f"{warning.message}; correct it, or leave the cell empty")
        remarks.append(warning.message)
    for column in typed.columns:
        known, seen = formats.get(column.name), column.format
        if known and seen and known.unit and seen.unit and not same_unit(known.unit, seen.unit):
            raise TableError(
                f"{column.name}: counted in {seen.unit!r}, and in {known.unit!r} in the run's "
                "table; convert the values"
            )
    remarks += [_unseen(column, typed.frame) for column in run.encoder.categorical]
    frame = typed.frame.assign(**dict.fromkeys(blank, np.nan))
    return NewRows(frame, tuple(remark for remark in remarks if remark))


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
        f"({first!r}), first row {unseen[0] + 1}; they count as of no category"
    )


def place_rows(run: FittedRun, frame: pd.DataFrame) -> Placements:
    """Give each row its segment.

    Parameters
    ----------
    run : FittedRun
    frame : DataFrame of shape (n_samples, any)
        Holds the columns the run was fitted on; blanks are filled as they were then.

    Raises
    ------
    SegmentationError
        A column is absent or holds what it cannot, or a value is too large.
    """
    X = run.encoder.transform(frame)
    if run.density is not None:
        placed = run.density.predict(X)
        return Placements(placed.labels, None, placed.labels < 0, placed.roles, "density")
    if run.scorer is None:
        labels = np.full(len(X), run.clustering.n_clusters - 1, dtype=np.int32)
        return Placements(labels, None, labels < 0, None, "nearest_center")
    scores = run.scorer.score_many(X)
    return Placements(scores.clusters, scores.confidences, scores.outliers, None, "nearest_center")
