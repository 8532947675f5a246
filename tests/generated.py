"""Tables of customers, another one for each seed."""

import numpy as np
import pandas as pd


def generated(seed: int) -> pd.DataFrame:
    """Groups on some columns, noise on others, gaps, categories: other ones for each seed."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(40, 160)), int(rng.integers(1, 5))
    group = rng.integers(0, k, n)
    columns: dict[str, object] = {"customer_id": range(1, n + 1)}
    for i in range(int(rng.integers(1, 4))):
        columns[f"n{i}"] = rng.normal(rng.uniform(0, 60, k)[group], 3).round(1)
    if rng.random() < 0.6:
        columns["plan"] = np.array(["a", "b", "c", "d", "e"])[(group + rng.integers(0, 2, n)) % 5]
    if rng.random() < 0.5:
        columns["noise"] = rng.lognormal(2, 1, n).round(2)
    frame = pd.DataFrame(columns)
    made = [name for name in frame if name != "customer_id"]
    gaps = rng.random((n, len(made))) < 0.05
    return frame.assign(**{name: frame[name].mask(gaps[:, i]) for i, name in enumerate(made)})
