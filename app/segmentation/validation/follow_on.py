"""Whether rows follow on from one another in their file, as what moves over time does."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.stats import rankdata

FEWEST_ROWS = 40

FOLLOWING = 0.4
"""Correlation of neighbours in the file from which a column follows on. What changes slowly is
taken out first: where a file is sorted by one column, others may go with it."""

TURNS = 0.25
"""Share of the values at which a column turns between rising and falling, at least: a file sorted
by two columns has stretches without any."""

_WINDOWS, _LEAST_WINDOW = 10, 20


def follows_on(values: NDArray[np.float64]) -> bool:
    """Say whether each value is near the one before, as in a course over time.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        A column in the order of its file; NaN where not known.

    Notes
    -----
    The serial correlation of ranks after subtraction of a moving average (R. L. Anderson 1942,
    "Distribution of the serial correlation coefficient", Ann. Math. Statist. 13). It is about 0 for
    rows in no order, in an order of groups, and sorted by another column.
    """
    known = values[~np.isnan(values)]
    if len(known) < FEWEST_ROWS:
        return False
    steps = np.sign(np.diff(known))
    steps = steps[steps != 0]
    if len(steps) < len(known) / 2 or np.mean(steps[1:] != steps[:-1]) < TURNS:
        return False
    ranks = rankdata(known)
    rest = ranks - uniform_filter1d(
        ranks, max(_LEAST_WINDOW, len(ranks) // _WINDOWS), mode="nearest"
    )
    spread = float(np.square(rest).sum())
    return spread > 0 and float((rest[1:] * rest[:-1]).sum()) >= FOLLOWING * spread
