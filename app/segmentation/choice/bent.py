"""Rows along one line that bends: a straight cut shows a gap, and the way round has none."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.columns_apart import ColumnsApart
from app.segmentation.choice.mixtures import best_mixture
from app.segmentation.choice.valleys import components_of, valleys
from app.segmentation.clustering.mixture import Mixture
from app.segmentation.threads import single_threaded
from app.segmentation.validation.scales import johnson_scale, principal_axes

Matrix = NDArray[np.float64]

EMPTY = 0.98
"""Depth of the valley on the straight line between two parts, from which nobody is between them."""

SHALLOW = 0.7
"""Depth of the valleys on the way round, up to which they are no gap. Those between components that
a smooth bend is described by are shallower, and groups 4 standard deviations apart in an arc have
deeper ones (0.69 or more in 52 samples)."""

APART = 0.95
"""Depth of the valleys on the way round, from which the first description settles that there is a
gap: it was at most 0.76 in 36 samples of an L, a parabola and an arc, and over 0.99 in groups."""

_FEWEST_PARTS = 3
_STARTS = 3
_STEPS = 21


def way_round(spread: Matrix) -> float | None:
    """Measure the deepest valley on the way round, where rows lie along one line that bends.

    Parameters
    ----------
    spread : ndarray of shape (n_samples, n_features)
        Graded columns without ties, in random order.

    Returns
    -------
    float or None
        Depth, 0 to `SHALLOW`; None where the rows do not lie so.

    Notes
    -----
    A mixture describes the density. Between two of its components the straight line between their
    means is looked at, and the way over other components that stays highest (a minimax path): a
    step goes no lower than the lower of its ends, less the valley between the rows of the two
    (`valleys`). Groups have a valley either way. Heavy tails are looked at drawn in as well, and
    several starts: a description by other components has its valleys elsewhere.
    """
    scales = [each for each in (spread, johnson_scale(spread)) if each is not None]
    found: list[tuple[float, float]] = []
    with single_threaded():
        for scale, start in product(scales, range(_STARTS)):
            both = _valleys(_standardised(scale), start)
            if both is not None:
                found.append(both)
            if len(found) == 1 and found[0][1] >= APART:
                return None
    if max((straight for straight, _ in found), default=0.0) < EMPTY:
        return None
    return min((around for _, around in found if around <= SHALLOW), default=None)


def _standardised(scale: Matrix) -> Matrix:
    scores = principal_axes(scale)
    return np.asarray(scores / scores.std(axis=0), dtype=np.float64)


def _valleys(X: Matrix, random_state: int) -> tuple[float, float] | None:
    """Give the deepest valleys on straight lines and on the ways round, of three parts or more."""
    rows = ColumnsApart(X, X, ())
    mixture = best_mixture(rows, random_state=random_state)
    labels, joint, kept = components_of(mixture, rows)
    if len(kept) < _FEWEST_PARTS:
        return None
    means = mixture.means[kept]
    heights = _log_density(mixture, means)
    lower = np.minimum(heights[:, None], heights)
    steps = np.linspace(0, 1, _STEPS)[:, None, None, None]
    lines = means[:, None] * (1 - steps) + means[None] * steps
    straight = _log_density(mixture, lines.reshape(-1, X.shape[1]))
    straight = straight.reshape(_STEPS, len(kept), len(kept)).min(axis=0)
    between = lower + np.log(np.maximum(1 - valleys(rows, labels, joint), 1e-9))
    around = _highest_way(between)
    return float(1 - np.exp((straight - lower).min())), float(1 - np.exp((around - lower).min()))


def _log_density(mixture: Mixture, X: Matrix) -> Matrix:
    return np.asarray(np.logaddexp.reduce(mixture.log_joint(X, ()), axis=1), dtype=np.float64)


def _highest_way(heights: Matrix) -> Matrix:
    """Give the lowest point of the way between each two places that stays highest."""
    reached = heights.copy()
    for through in range(len(reached)):
        over = np.minimum(reached[:, through, None], reached[through])
        reached = np.maximum(reached, over)
    return reached
