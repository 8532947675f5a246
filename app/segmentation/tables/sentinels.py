"""Numbers and dates that stand for "no value": 999, -1, 9999-12-31."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.tables.roles import plain_name

_FEWEST_ROWS = 10
_FEWEST_MARKS = 2
_FEWEST_OTHERS = 4
_GAP = 2.0
"""How many times the range of the other values lies between them and a mark."""

_SMALL_MARKS = (-1, -8, -9)
"""Where nothing else is below zero."""

_NEAR_GAP = 0.8
_SOME_GAP = 0.3
_OFTEN = 3
_SINGLE_GAP = 5.0
_LEAST_SINGLE = 999
_FEW = 0.1
_QUANTITIES = """
age alter edad eta idade leeftijd wiek возраст 年龄 年齢 income einkommen salary gehalt
lohn salaire sueldo stipendio salario wage доход зарплата 收入 年収 height weight bmi
glucose bloodpressure pressure grosse gewicht taille poids peso altura körpergröße
"""
_NEVER_ZERO = frozenset(_QUANTITIES.split())
_ZERO_GAP = 0.15
"""How far from zero the smallest other value lies, in medians."""


def sentinel_numbers(name: str, numbers: NDArray[np.float64]) -> tuple[float, ...]:
    """Find the numbers that are marks for "no value", by their gap from the rest.

    Parameters
    ----------
    name
        The column's name.
    numbers
        (n_rows,) the column, NaN where missing.

    Returns
    -------
    tuple of float
        9, 99, 999, ... and their negatives where they repeat and lie more than twice the range
        of the other values away; -1 where nothing else is below zero; 0 where no other value is
        near and the column's name rules it out, or it is rare.
    """
    present = numbers[~np.isnan(numbers)]
    if len(present) < _FEWEST_ROWS:
        return ()
    low, high = float(present.min()), float(present.max())
    found = []
    if _of_nines(high):
        # Surveys number why there is no answer: 9997, 9998, 9999.
        family = np.unique(present[present >= high - 2])
        if len(family) > 1 and _apart(np.where(present >= high - 2, high, present), high):
            found += family.tolist()
        elif _apart(present, high):
            found.append(high)
    if not found and _of_nines(high) and _most_frequent(present, high):
        found.append(high)
    if low < 0 and (_of_nines(-low) or low in _SMALL_MARKS) and _below(present, low):
        found.append(low)
    if low == 0 and _never_zero(name, present):
        found.append(0.0)
    return tuple(found)


def _of_nines(value: float) -> bool:
    return value >= 99 and value == round(value) and set(str(int(value))) in ({"9"}, {"8"})


def _others(present: NDArray[np.float64], mark: float) -> NDArray[np.float64] | None:
    others: NDArray[np.float64] = present[present != mark]
    if len(present) - len(others) < _FEWEST_MARKS or len(np.unique(others)) < _FEWEST_OTHERS:
        return None
    return others


def _apart(present: NDArray[np.float64], mark: float) -> bool:
    others = _others(present, mark)
    if others is None:
        return False
    spread = max(float(others.max() - others.min()), 1.0)
    return mark - float(others.max()) > _GAP * spread and mark > _GAP * float(others.max())


def _most_frequent(present: NDArray[np.float64], mark: float) -> bool:
    """Whether no value is as frequent as a mark that lies nearly a range away from the rest."""
    others = _others(present, mark)
    if others is None:
        return False
    spread = float(others.max() - others.min())
    most = int(np.unique(others, return_counts=True)[1].max())
    far = mark - float(others.max()) > _NEAR_GAP * max(spread, 1.0)
    return far and len(present) - len(others) > most


def possible_marks(numbers: NDArray[np.float64]) -> tuple[float, ...]:
    """Find numbers of nines that lie far from the rest, or often apart: marks, or real ones."""
    present = numbers[~np.isnan(numbers)]
    if len(present) < _FEWEST_ROWS:
        return ()
    found = []
    for value in (float(present.max()), float(present.min())):
        if not _of_nines(abs(value)):
            continue
        others = np.abs(present[present != value])
        if len(np.unique(others)) < _FEWEST_OTHERS:
            continue
        far = abs(value) >= _LEAST_SINGLE and abs(value) > _SINGLE_GAP * float(others.max())
        if far or _often_apart(present, value):
            found.append(value)
    return tuple(found)


def _often_apart(present: NDArray[np.float64], value: float) -> bool:
    """Whether a number is twice as frequent as any other, and some way from the rest."""
    others = present[present != value]
    most = int(np.unique(others, return_counts=True)[1].max())
    gap = float(np.min(np.abs(others - value)))
    often = len(present) - len(others) >= max(_OFTEN, 2 * most)
    return often and gap > _SOME_GAP * max(float(np.ptp(others)), 1.0)


def _below(present: NDArray[np.float64], mark: float) -> bool:
    others = _others(present, mark)
    if others is None or others.min() < 0:
        return False
    if mark in _SMALL_MARKS:
        whole = bool(np.all(others == np.round(others)))
        return whole and float(others.max()) >= _FEWEST_OTHERS
    return float(others.min()) - mark > max(float(others.max() - others.min()), 1.0)


def _never_zero(name: str, present: NDArray[np.float64]) -> bool:
    named = bool(_NEVER_ZERO & set(plain_name(name).split()))
    rare = bool(np.count_nonzero(present == 0) <= _FEW * len(present))
    if not (named or rare):
        return False
    others = _others(present, 0.0)
    if others is None or others.min() <= 0:
        return False
    apart = float(others.min()) > float(others.max() - others.min())
    far = float(others.min()) >= _ZERO_GAP * float(np.median(others))
    return (named and far) or (apart and rare and len(np.unique(others)) >= _FEWEST_ROWS)


_LAST_DAYS = ("2099-12-31", "2099-01-01", "2100-01-01", "2100-12-31", "2199-12-31", "2500-12-31")
_FAR_YEARS = 20
_DAY = 86_400_000_000
"""In microseconds, as dates are read."""

_MOST_DAYS = 4_000_000
_NO_YEAR = 2999


def _counted(dates: pd.Series) -> pd.Series:
    """Count each date; by days where all are days, which are few and quickly counted."""
    days = dates.to_numpy().view("i8")
    there = days[days != np.iinfo(np.int64).min]
    if len(there) and not np.any(there % _DAY):
        whole = there // _DAY
        first = int(whole.min())
        if int(whole.max()) - first < _MOST_DAYS:
            counts = np.bincount(whole - first)
            found = np.flatnonzero(counts)
            instants = ((found + first) * _DAY).view(dates.to_numpy().dtype)
            return pd.Series(counts[found], index=pd.DatetimeIndex(instants))
    return dates.dropna().value_counts()


def sentinel_dates(dates: pd.Series) -> tuple[pd.Timestamp, ...]:
    """Find the days that are marks for "no date": 9999-12-31, and the first of a calendar."""
    counts = _counted(dates)
    if counts.sum() < _FEWEST_OTHERS:
        return ()
    counts = counts.groupby(pd.DatetimeIndex(counts.index).normalize()).sum()
    days = pd.DatetimeIndex(counts.index)
    years = days.year
    found = list(days[years >= _NO_YEAR])
    for last in map(pd.Timestamp, _LAST_DAYS):
        others = days[(days != last) & (years < _NO_YEAR)]
        repeated = counts.get(last, 0) >= _FEWEST_MARKS and len(others) > 0
        if repeated and others.max() < last - pd.Timedelta(days=365 * _FAR_YEARS):
            found.append(last)
    for first, later in (("1900-01-01", 1920), ("1970-01-01", 1980), ("1899-12-30", 1920)):
        day = pd.Timestamp(first)
        if counts.get(day, 0) >= _FEWEST_MARKS and (years[days != day] >= later).all():
            found.append(day)
    return tuple(pd.Timestamp(day) for day in found)
