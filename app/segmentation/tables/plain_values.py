"""Typed values as plain ones, for what goes out."""

from __future__ import annotations

import math

import pandas as pd


def plain_rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Give a typed frame's rows as plain values: None where missing, ISO dates."""
    columns = [[_plain(value) for value in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    return None if value is pd.NaT else value
