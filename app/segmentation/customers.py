"""The core's table: customers with four features, from a file as people really write it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import SegmentationError, TableError
from app.segmentation.recipe import FEATURES
from app.segmentation.tables.cells import Cells, read_cells
from app.segmentation.tables.dialect import ReadOptions
from app.segmentation.tables.naming import refuse_repeated
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.numbers import read_columns
from app.segmentation.tables.quality import Place
from app.segmentation.tables.table import build_table
from app.segmentation.tables.values import MISSING_MARKS, Strings, to_strings

MIN_CUSTOMERS = 3
MAX_AGE = 150
MAX_SCORE = 100
MAX_VALUE = 1e12
"""Beyond this a value is a slip of the pen, and its square would swamp every other's."""

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("customerid", "customer", "customer_number", "id"),
    "sex": ("gender",),
    "age": ("age_years", "years"),
    "annual_income": ("annualincome", "income", "yearly_income"),
    "spending_score": ("spendingscore", "spending", "score"),
    "purchase_frequency": ("purchasefrequency", "frequency", "purchases"),
}
_SEXES = {"male": "Male", "m": "Male", "female": "Female", "f": "Female"}


@dataclass(frozen=True)
class CustomerTable:
    """Customers, with every blank filled.

    Attributes
    ----------
    features : ndarray of shape (n_customers, 4)
        In the order of ``FEATURES``; blanks hold the median of their column.
    known : ndarray of bool, shape (n_customers, 4)
        False where there was a blank.
    customer_ids : tuple of str
        As written; empty where the table has no such column.
    sex : tuple of str or None
        Male or Female, any other word as written, None where it is not known.
    imputed : mapping of str to int
        Feature to the number of blanks that were filled.
    medians : mapping of str to float
        Feature to the median of the values that were there.
    others : DataFrame of shape (n_customers, any)
        The further columns, typed as those of any table.
    """

    features: NDArray[np.float64]
    known: NDArray[np.bool_]
    customer_ids: tuple[str, ...]
    sex: tuple[str | None, ...]
    imputed: Mapping[str, int]
    medians: Mapping[str, float]
    others: pd.DataFrame = field(default_factory=pd.DataFrame)

    def frame(self) -> pd.DataFrame:
        """Return the customers with all of their columns, blanks left blank."""
        frame = pd.DataFrame(index=pd.RangeIndex(len(self.features)))
        if self.customer_ids:
            frame["customer_id"] = pd.Series(self.customer_ids, dtype="str").replace("", None)
        if any(self.sex):
            frame["sex"] = pd.Series(self.sex, dtype="str")
        for i, feature in enumerate(FEATURES):
            frame[feature] = np.where(self.known[:, i], self.features[:, i], np.nan)
        return pd.concat([frame, self.others], axis=1)


def read_customers(source: BinaryIO) -> CustomerTable:
    """Read the core's table from a seekable binary stream.

    Names of columns are understood in any case, with spaces, with a unit in brackets and under
    their usual other names; further columns play no part, and ``customer_id`` and ``sex`` may
    be absent. Blanks and the usual marks for a missing value are filled by the median.

    Raises
    ------
    TableError
        The file is empty or no table, lacks a column, has one twice or all blank, has fewer
        than ``MIN_CUSTOMERS`` rows, or holds text, an infinite or an impossible value among
        its numbers; the message names the row as a spreadsheet shows it, and the column.
    """
    cells = read_cells(source, overrides=ReadOptions(has_header=True))
    refuse_repeated(cells.repeated)
    columns = find_columns(list(cells.frame.columns))
    n_rows = len(cells.frame)
    if n_rows < MIN_CUSTOMERS:
        raise TableError(f"The table has {n_rows} customers; at least {MIN_CUSTOMERS} are needed.")
    features = np.empty((n_rows, len(FEATURES)))
    known = np.empty((n_rows, len(FEATURES)), dtype=np.bool_)
    imputed, medians = {}, {}
    strings = {feature: to_strings(cells.frame[columns[feature]]) for feature in FEATURES}
    read = read_columns(strings, delimiter=cells.dialect.delimiter)
    for i, feature in enumerate(FEATURES):
        column = Place(column=columns[feature], unit="Row", line_of=cells.line_of)
        values = _checked(column, strings[feature], read[feature], feature)
        blank = np.isnan(values)
        if blank.all():
            raise TableError(f"Column {columns[feature]!r} holds no value; fill it in.")
        medians[feature] = float(np.median(values[~blank]))
        imputed[feature] = int(blank.sum())
        features[:, i] = np.where(blank, medians[feature], values)
        known[:, i] = ~blank
    return CustomerTable(
        features=features,
        known=known,
        customer_ids=_read_ids(cells.frame, columns.get("customer_id")),
        sex=_read_sex(cells.frame, columns.get("sex")),
        imputed=imputed,
        medians=medians,
        others=_read_others(cells, set(columns.values())),
    )


def find_columns(names: list[str]) -> dict[str, str]:
    """Map the core's names to the table's own; ``customer_id`` and ``sex`` may be missing.

    Raises
    ------
    TableError
        A feature has no column, or two columns answer to one name.
    """
    found: dict[str, str] = {}
    for wanted, aliases in _ALIASES.items():
        exact = [name for name in names if _plain(name) == wanted]
        candidates = exact or [name for name in names if _plain(name) in aliases]
        if len(candidates) > 1:
            listed = ", ".join(repr(name) for name in candidates)
            raise TableError(f"Columns {listed} all mean {wanted!r}; keep one of them.")
        if candidates:
            found[wanted] = candidates[0]
    missing = [feature for feature in FEATURES if feature not in found]
    if missing:
        wanting = ", ".join(repr(name) for name in missing)
        listed = ", ".join(repr(name) for name in names[:20])
        raise TableError(
            f"The table has no column {wanting}; its columns are {listed}. "
            "Rename the column you mean."
        )
    return found


def known_sex(text: str) -> str | None:
    """Male or Female, however it is written; None where it is neither."""
    return _SEXES.get(text.strip().casefold())


def _plain(name: str) -> str:
    without_unit = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", name)
    return re.sub(r"[^a-z0-9]+", "_", without_unit.casefold()).strip("_")


def _checked(
    place: Place, strings: Strings, read: Numbers | None, feature: str
) -> NDArray[np.float64]:
    """Give a feature's values, NaN where missing; refuse what is no number or an impossible one."""
    n_rows = len(strings.missing)
    values = np.full(n_rows, np.nan) if read is None else read.values
    doubtful = np.zeros(n_rows, dtype=np.bool_) if read is None else read.doubtful

    def refuse(at_fault: NDArray[np.bool_], fault: str) -> None:
        if at_fault.any():
            row = int(np.argmax(at_fault))
            raise TableError(
                f"Row {place.line_of(row)}, column {place.column!r}: "
                f"{strings.values[row].as_py()[:40]!r} {fault}"
            )

    refuse(np.isnan(values) & ~strings.missing, "is not a number; correct it, or leave it blank.")
    refuse(doubtful, "could be read in two ways; write it without a thousands separator.")
    refuse(np.abs(values) > MAX_VALUE, "is too large; correct it, or leave it blank.")
    if feature == "age":
        refuse((values < 0) | (values > MAX_AGE), f"is not an age; enter 0 to {MAX_AGE}.")
    else:
        refuse(values < 0, "is below 0; correct it, or leave it blank.")
    if feature == "spending_score":
        refuse(values > MAX_SCORE, f"is not a score; enter 1 to {MAX_SCORE}.")
    return values


def _read_ids(frame: pd.DataFrame, column: str | None) -> tuple[str, ...]:
    return () if column is None else tuple(frame[column].str.strip())


def _read_sex(frame: pd.DataFrame, column: str | None) -> tuple[str | None, ...]:
    if column is None:
        return (None,) * len(frame)
    meanings: dict[str, str | None] = {
        text: None
        if text.strip().casefold() in MISSING_MARKS
        else _SEXES.get(text.strip().casefold(), text.strip())
        for text in frame[column].unique()
    }
    return tuple(meanings[text] for text in frame[column])


def _read_others(cells: Cells, known: set[str]) -> pd.DataFrame:
    """Type the further columns; what cannot be typed stays as it was written."""
    others = {name: column for name, column in cells.columns.items() if name not in known}
    if others:
        with suppress(SegmentationError):
            return build_table(replace(cells, columns=others, doubts=())).frame
    return cells.frame[list(others)]
