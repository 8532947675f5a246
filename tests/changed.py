"""A table written in another way, or changed so little that its segments should stay."""

from collections.abc import Callable

import numpy as np
import pandas as pd

Written = tuple[bytes, np.ndarray]
"""A file, and for each of its rows the place of the same customer in the frame."""

Change = Callable[[pd.DataFrame, int], Written]
"""Another file of a frame, by a seed."""

THOUSAND = 1_000


def written(frame: pd.DataFrame, rows: np.ndarray | None = None, sep: str = ",") -> Written:
    places = np.arange(len(frame)) if rows is None else rows
    return frame.iloc[places].to_csv(index=False, sep=sep).encode(), places


def numbers_of(frame: pd.DataFrame) -> list[str]:
    """Name the columns of numbers that are no whole numbers of few values, nor identifiers."""
    numeric = frame.select_dtypes("number")
    return [
        name
        for name in numeric
        if numeric[name].nunique() > 20 and "id" not in str(name).casefold()
    ]


def rows_shuffled(frame: pd.DataFrame, seed: int) -> Written:
    return written(frame, np.random.default_rng(seed).permutation(len(frame)))


def columns_shuffled(frame: pd.DataFrame, seed: int) -> Written:
    return written(frame[list(np.random.default_rng(seed).permutation(frame.columns))])


def renamed(frame: pd.DataFrame, seed: int) -> Written:
    return written(frame.rename(columns=lambda name: f"our {name}"))


def by_semicolons(frame: pd.DataFrame, seed: int) -> Written:
    return written(frame, sep=";")


def by_tabs(frame: pd.DataFrame, seed: int) -> Written:
    return written(frame, sep="\t")


def all_at_once(frame: pd.DataFrame, seed: int) -> Written:
    rng = np.random.default_rng(seed)
    columns = list(rng.permutation(frame.columns))
    other = frame[columns].rename(columns=lambda name: f"our {name}")
    return written(other, rng.permutation(len(frame)), sep=";")


def in_thousandths(frame: pd.DataFrame, seed: int) -> Written:
    name = _drawn(frame, seed)
    return written(frame.assign(**{name: frame[name] * THOUSAND}))


def copied(frame: pd.DataFrame, seed: int) -> Written:
    return written(frame, np.tile(np.arange(len(frame)), 2))


def with_a_far_value(frame: pd.DataFrame, seed: int) -> Written:
    rng, name = np.random.default_rng(seed), _drawn(frame, seed)
    values = frame[name].astype(float).to_numpy().copy()
    values[rng.integers(len(values))] = 1e6
    return written(frame.assign(**{name: values}))


def with_gaps(frame: pd.DataFrame, seed: int) -> Written:
    rng = np.random.default_rng(seed)
    names = [name for name in frame if "id" not in str(name).casefold()]
    gaps = rng.random((len(frame), len(names))) < 0.01
    return written(
        frame.assign(**{name: frame[name].mask(gaps[:, i]) for i, name in enumerate(names)})
    )


def bent(frame: pd.DataFrame, seed: int) -> Written:
    """Take the square root of one column: a monotone transform."""
    name = _drawn(frame, seed)
    shifted = frame[name] - frame[name].min()
    return written(frame.assign(**{name: np.sqrt(shifted).round(6)}))


EXACT: tuple[Change, ...] = (rows_shuffled, columns_shuffled, renamed, by_semicolons, by_tabs)
SLIGHT: tuple[Change, ...] = (with_a_far_value, with_gaps, bent)


def _drawn(frame: pd.DataFrame, seed: int) -> str:
    names = numbers_of(frame)
    return names[seed % len(names)]
