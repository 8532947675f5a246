"""What the lines of the bench work on: made from fixed seeds, the same for every way."""

import io
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import generate_customers

Matrix = NDArray[np.float64]
N_COLUMNS = 10


def customers(n_rows: int) -> Matrix:
    """The contract's four columns, standardised."""
    frame = generate_customers(n_rows)[list(FEATURES)]
    return np.asarray(StandardScaler().fit_transform(frame.to_numpy(dtype=float)))


def groups(n_rows: int) -> Matrix:
    """Six Gaussian groups in ten columns, the largest eight times the smallest."""
    rng = np.random.default_rng(0)
    shares = np.array([8, 6, 4, 3, 2, 1]) / 24
    centers = rng.normal(scale=3.0, size=(len(shares), N_COLUMNS))
    group = rng.choice(len(shares), size=n_rows, p=shares)
    return centers[group] + rng.normal(size=(n_rows, N_COLUMNS))


def few_columns(n_rows: int) -> Matrix:
    """The first four columns of the groups: density does not carry further."""
    return np.ascontiguousarray(groups(n_rows)[:, :4])


def ten_tables(n_rows: int) -> list[Matrix]:
    """Ten tables of overlapping groups, each with another number of them."""
    tables = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        centers = rng.normal(scale=1.5, size=(3 + seed, 5))
        tables.append(centers[rng.integers(0, len(centers), n_rows)] + rng.normal(size=(n_rows, 5)))
    return tables


def six_columns(n_rows: int, *, german: bool = False) -> pd.DataFrame:
    """An id, two counts, money, a date and a category."""
    rng = np.random.default_rng(0)
    income = rng.lognormal(10, 1, n_rows).round(2)
    days = pd.Series(np.datetime64("2015-01-01") + rng.integers(0, 4000, n_rows))
    swapped = str.maketrans(",.", ".,")
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:07d}" for i in range(n_rows)],
            "age": rng.integers(18, 90, n_rows),
            "income": [f"{x:,.2f} EUR".translate(swapped) for x in income] if german else income,
            "visits": rng.poisson(4, n_rows),
            "since": days.dt.strftime("%d.%m.%Y" if german else "%Y-%m-%d"),
            "region": rng.choice(["North", "South", "East"], n_rows),
        }
    )


def six_columns_as_csv(n_rows: int) -> Path:
    return _written(six_columns(n_rows))


def ten_columns_as_csv(n_rows: int) -> Path:
    """Five groups that overlap, in eight numbers and two categories, beside an id."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 5, n_rows)
    columns: dict[str, object] = {"customer_id": [f"C{i:08d}" for i in range(n_rows)]}
    for i in range(8):
        columns[f"measure_{i}"] = rng.normal(rng.normal(0, 2, 5)[group], 1).round(3)
    columns["region"] = rng.choice(["North", "South", "East", "West"], n_rows)
    columns["plan"] = np.where(rng.random(n_rows) < 0.2 + 0.15 * group, "gold", "basic")
    return _written(pd.DataFrame(columns))


def mixed_as_csv(n_rows: int) -> Path:
    """Seventeen columns as a bank keeps them: eight numbers, nine categories, four groups."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 4, n_rows)
    columns: dict[str, object] = {"customer_id": [f"C{i:08d}" for i in range(n_rows)]}
    for i in range(7):
        centers = rng.normal(0, 1.5, 4)
        columns[f"balance {i}"] = np.exp(rng.normal(centers[group], 1)).round(2)
    for i in range(9):
        levels = np.array([f"level {each}" for each in range(2 + i)])
        tilted = np.where(rng.random(n_rows) < 0.4, group % len(levels), 0)
        columns[f"kind {i}"] = levels[
            np.where(tilted > 0, tilted, rng.integers(0, len(levels), n_rows))
        ]
    return _written(pd.DataFrame(columns))


def records(n_rows: int) -> list[dict[str, object]]:
    """Four groups that overlap, in eight columns beside the id, with a gap here and there."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 4, n_rows)
    frame = pd.DataFrame(
        {
            "id": range(n_rows),
            "age": rng.normal(30 + 10 * group, 6).round(),
            "gender": rng.choice(["Female", "Male"], n_rows),
            "income": rng.normal(20_000 + 15_000 * (group % 2), 8_000).round(),
            "purchases": rng.poisson(3 + 4 * (group // 2)),
            "region": rng.choice(["North", "South", "East", "West"], n_rows),
            "score": rng.normal(50, 10, n_rows).round(1),
            "tenure": rng.exponential(3, n_rows).round(2),
            "visits": rng.poisson(5 + 5 * (group % 3)),
        },
        dtype=object,
    )
    frame.loc[rng.random(n_rows) < 0.03, "income"] = None
    return [{str(k): v for k, v in each.items()} for each in frame.to_dict("records")]


def many_customers(n_rows: int) -> Matrix:
    """Customers near those that a model of 5,000 was trained on, in the units of the contract."""
    rng = np.random.default_rng(0)
    known = trained_on()
    return known[rng.integers(0, len(known), n_rows)] + rng.normal(0, 3, (n_rows, len(FEATURES)))


def trained_on() -> Matrix:
    return np.asarray(generate_customers(5_000)[list(FEATURES)].to_numpy(dtype=float))


def many_customers_as_csv(n_rows: int) -> bytes:
    """The same customers within the contract's ranges, as a file."""
    frame = generate_customers(5_000)
    rng = np.random.default_rng(0)
    drawn = frame.iloc[rng.integers(0, len(frame), n_rows)]
    text = io.StringIO()
    drawn.to_csv(text, index=False)
    return text.getvalue().encode()


def _written(frame: pd.DataFrame) -> Path:
    path = Path(tempfile.mkdtemp(prefix="bench-")) / "customers.csv"
    frame.to_csv(path, index=False)
    return path
