"""How wide a neighbourhood is, read from the distances between rows."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from app.segmentation.errors import DegenerateDataError

K_DISTANCE_SAMPLE_ROWS = 5_000
MIN_SAMPLES_FLOOR = 4
MIN_SAMPLES_CEILING = 20
_SMALLEST_REGION_SHARE = 0.02


def default_min_samples(X: NDArray[np.floating]) -> int:
    """Twice the columns, from 4 to 20, and less where that would be over 2% of the rows.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)

    References
    ----------
    J. Sander, M. Ester, H.-P. Kriegel and X. Xu (1998), "Density-based clustering in spatial
    databases: the algorithm GDBSCAN and its applications", Data Min. Knowl. Discov. 2, for
    twice the columns; the ceiling is for one-hot tables, whose columns are not dimensions.
    """
    share = int(_SMALLEST_REGION_SHARE * len(X))
    wanted: int = max(MIN_SAMPLES_FLOOR, min(2 * X.shape[1], MIN_SAMPLES_CEILING, share))
    return min(wanted, len(X))


def find_eps(
    X: NDArray[np.float64],
    *,
    min_samples: int,
    random_state: int = 0,
    algorithm: Literal["kd_tree", "brute"] = "brute",
) -> float:
    """Find the reach of a neighbourhood at the knee of the sorted k-distances.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    min_samples : int
        The k, the row itself included.
    random_state : int
        Seeds the rows measured, where there are more than 5,000.
    algorithm : {"kd_tree", "brute"}
        How neighbours are searched.

    Returns
    -------
    float
        Rounded up to three digits: a reach that equals a distance in the data would leave it
        to the last bit whether that row is inside.

    Raises
    ------
    DegenerateDataError
        Every row has so many equals that all k-distances are 0.

    References
    ----------
    M. Ester et al. (1996), KDD, section 4.2, for the k-distance graph; V. Satopää, J. Albrecht,
    D. Irwin and B. Raghavan (2011), "Finding a 'kneedle' in a haystack", ICDCS workshops, for
    the knee as the point farthest from the chord.
    """
    rng = np.random.default_rng(random_state)
    drawn = np.sort(rng.choice(len(X), min(len(X), K_DISTANCE_SAMPLE_ROWS), replace=False))
    search = NearestNeighbors(n_neighbors=min_samples, algorithm=algorithm).fit(X)
    distances = search.kneighbors(X[drawn])[0][:, -1]
    # Equal rows say nothing about how far apart unlike ones are.
    rising = np.sort(distances[distances > 0])
    if len(rising) == 0:
        raise DegenerateDataError(
            f"Every customer has {min_samples} or more duplicates, so the distances suggest no "
            "eps; set eps, or choose K-means."
        )
    span = rising[-1] - rising[0]
    height = (rising - rising[0]) / span if span > 0 else np.zeros(len(rising))
    knee = int(np.argmax(np.linspace(0, 1, len(rising)) - height))
    return _round_up(float(rising[knee]))


def _round_up(value: float) -> float:
    """Round up to three significant digits."""
    digits = 2 - math.floor(math.log10(value))
    unit = 10.0**-digits
    return round(math.ceil(value / unit) * unit, max(digits, 0))
