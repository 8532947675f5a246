"""How deep the valley between two groups is."""

import numpy as np
from numpy.typing import NDArray

_GRID = 129


def valley_depth(values: NDArray[np.float64]) -> float:
    """Depth of the deepest valley between two peaks of a sample, 0 to 1.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)

    Returns
    -------
    float
        One minus the density at the valley over that at the lower of the peaks on its sides,
        each side holding at least a tenth of the sample. The density is a Gaussian kernel's,
        its width by Silverman's rule from the scatter within the two sides.
    """
    ordered = np.sort(values)
    n = len(ordered)
    sums, squares = np.cumsum(ordered), np.cumsum(ordered**2)
    left = np.arange(1, n)
    within = squares[-1] - sums[:-1] ** 2 / left - (sums[-1] - sums[:-1]) ** 2 / (n - left)
    spread = np.sqrt(max(within.min(), 0.0) / n)
    if spread <= 1e-12 * max(abs(ordered[0]), abs(ordered[-1])):
        return 1.0 if ordered[-1] > ordered[0] else 0.0
    width = 1.06 * spread * n**-0.2
    low, high = np.quantile(ordered, [0.1, 0.9])
    grid = np.linspace(ordered[0], ordered[-1], _GRID)
    density = np.exp(-0.5 * ((grid[:, None] - ordered) / width) ** 2).sum(axis=1)
    lower_peak = np.minimum(
        np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
    )
    depth = 1 - density / lower_peak
    inner = (grid >= low) & (grid <= high)
    return float(depth[inner].max(initial=0.0))
