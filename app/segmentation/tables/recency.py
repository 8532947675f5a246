"""Dates as days before the newest one: how recent a purchase is, how old an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.date_names import means_activity

_DAY = 86_400.0


def days_since(column: str) -> str:
    """Name the column of days since the dates of another one."""
    return f"days since {column}"


@dataclass(frozen=True, kw_only=True)
class DaysSince:
    """Turns a column of dates into days before a day that is kept, so that new rows agree.

    Attributes
    ----------
    column
        The column of dates.
    newest
        The newest date of the table it was made from.
    by_default
        Whether its name is that of a sign-up or a last purchase, which tell customers apart.
    """

    column: str
    newest: pd.Timestamp
    by_default: bool

    @classmethod
    def fit(cls, dates: pd.Series) -> Self:
        """Take the newest of some dates.

        Parameters
        ----------
        dates
            (n_rows,) datetime64, NaT where missing.

        Raises
        ------
        TableError
            There is no date among them.
        """
        newest = dates.max()
        if pd.isna(newest):
            raise TableError(f"column {str(dates.name)!r} holds no date to count days from")
        name = str(dates.name)
        return cls(column=name, newest=newest, by_default=means_activity(name))

    @property
    def name(self) -> str:
        """What the column of days is called."""
        return days_since(self.column)

    def transform(self, dates: pd.Series) -> NDArray[np.float64]:
        """Count the days from each date to the newest: NaN where missing, below 0 after it."""
        return np.asarray((self.newest - dates).dt.total_seconds() / _DAY, dtype=np.float64)
