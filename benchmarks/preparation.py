"""Our preparation of columns next to scikit-learn's: what each takes, and whether they agree.

    python -m benchmarks.preparation [--rows 1000 10000 100000]

The last column says why scikit-learn's was not taken. How gaps are filled changes the groups found,
too: ``python -m benchmarks.defaults --parts added`` measures that.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.impute import KNNImputer
from sklearn.preprocessing import OneHotEncoder, PowerTransformer

from app.segmentation.preparation.columns import CategoricalColumn, NumericColumn
from app.segmentation.preparation.fitting import fit_features
from app.segmentation.threads import single_threaded

GAPS = 0.2
FITTED = 5_000
"""Rows past which KNNImputer takes minutes."""


def customers(n_rows: int) -> pd.DataFrame:
    """Four numbers in three groups, with gaps, a skewed amount and a city of 60."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 3, n_rows)
    numbers = 8 * np.eye(4)[group] + rng.normal(size=(n_rows, 4))
    frame = pd.DataFrame(numbers, columns=["a", "b", "c", "d"])
    frame = frame.mask(rng.random(frame.shape) < GAPS)
    frame["spent"] = rng.lognormal(3, 1, n_rows)
    frame["city"] = rng.choice([f"city {i}" for i in range(60)], n_rows)
    return frame


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def filled(frame: pd.DataFrame) -> tuple[float, float | None]:
    numeric = ["a", "b", "c", "d"]

    def theirs() -> NDArray[np.float64]:
        found: NDArray[np.float64] = KNNImputer(n_neighbors=5).fit_transform(frame[numeric])
        return found

    ours = seconds(lambda: fit_features(frame, numeric=numeric, blanks="neighbours"))
    return ours, seconds(theirs) if len(frame) <= FITTED else None


def straightened(frame: pd.DataFrame) -> tuple[float, float, float]:
    column, power = NumericColumn.fit(frame["spent"], transform="auto"), PowerTransformer()
    ours = seconds(
        lambda: NumericColumn.fit(frame["spent"], transform="auto").transform(frame["spent"])
    )
    theirs = seconds(lambda: PowerTransformer().fit_transform(frame[["spent"]]))
    apart = column.transform(frame["spent"]) - power.fit_transform(frame[["spent"]])[:, 0]
    return ours, theirs, float(np.abs(apart).max())


def encoded(frame: pd.DataFrame) -> tuple[float, float, float]:
    def hot() -> NDArray[np.float64]:
        encoder = OneHotEncoder(
            max_categories=21, handle_unknown="infrequent_if_exist", sparse_output=False
        )
        found: NDArray[np.float64] = encoder.fit_transform(frame[["city"]])
        return found

    def own() -> NDArray[np.float64]:
        column = CategoricalColumn.fit(frame["city"], limit=20)
        return np.eye(len(column.levels))[column.codes(frame["city"])]

    shares = np.sort(own().mean(axis=0)) - np.sort(hot().mean(axis=0))
    return seconds(own), seconds(hot), float(np.abs(shares).max())


WHY = {
    "gaps": "means of neighbours lie between groups; time grows with the square of the rows",
    "skew": "PowerTransformer takes all values for its parameter; fences and gaps come before",
    "categories": "blanks are a level of their own; ties by name, not by release",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 5_000, 50_000])
    lines = ["| step | rows | ours, s | scikit-learn, s | largest difference | why ours |"]
    lines.append("|---|---|---|---|---|---|")
    with single_threaded():
        for n_rows in parser.parse_args().rows:
            frame = customers(n_rows)
            own, other = filled(frame)
            shown = "minutes" if other is None else f"{other:.2f}"
            lines.append(f"| gaps | {n_rows:,} | {own:.2f} | {shown} | by design | {WHY['gaps']} |")
            for step, measure in (("skew", straightened), ("categories", encoded)):
                own, other, apart = measure(frame)
                lines.append(
                    f"| {step} | {n_rows:,} | {own:.3f} | {other:.3f} | {apart:.1e} | {WHY[step]} |"
                )
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
