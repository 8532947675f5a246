"""The chance that a customer belongs to the segment it was put in, calibrated on other draws."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata
from sklearn.isotonic import isotonic_regression

from app.segmentation.choice.valleys import depth_between
from app.segmentation.identity import match_segments
from app.segmentation.validation.resampling import Resamples

LEVELS = 20
"""Points of the scale at most."""

FEWEST_PER_LEVEL = 20
"""Rows that a point of the scale is the mean of, at least."""

VALLEY = 0.1
"""Depth of the valley from which two segments are two groups that overlap, and a customer between
them may be the other's; without one the border is a cut, and only the cut may move."""

MISFIT = 0.85
"""Kolmogorov's distance times the root of the rows, past which two Gaussians are no account of
two segments, and their overlap is not believed."""

_ROUNDS = 60
_FEWEST = 10
_RIDGE = 1e-3


@dataclass(frozen=True)
class ProbabilityScale:
    """What a score of membership has meant on other draws of the same customers.

    Attributes
    ----------
    scores : tuple of float
        Rising.
    probabilities : tuple of float
        Of belonging to the segment, at each score; they never fall.
    """

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def at(self, score: float) -> float:
        """Read off the probability of one score."""
        return float(np.interp(score, self.scores, self.probabilities))

    def of(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Read off the probabilities of scores, between the points and level beyond them."""
        return np.asarray(np.interp(scores, self.scores, self.probabilities), dtype=np.float64)


def fit_scale(
    scores: NDArray[np.floating],
    labels: NDArray[np.integer],
    theirs: NDArray[np.floating],
    draws: Resamples,
) -> ProbabilityScale | None:
    """Learn how often customers with a score belong to their segment.

    Parameters
    ----------
    scores : ndarray of shape (n_samples,)
        How clearly each row is in its segment, the higher the clearer.
    labels : ndarray of shape (n_samples,)
        Segments, -1 for none.
    theirs : ndarray of shape (n_samples,)
        As `chance_of_own_group`.
    draws : Resamples
        Of these rows.

    Returns
    -------
    ProbabilityScale or None
        None where no draw could be clustered.

    Notes
    -----
    A row's chance is the smaller of two: that a draw puts it into the cluster that matches its
    segment, over the draws that hold it, and ``theirs``. The means along the score are made to
    rise by isotonic regression (Zadrozny and Elkan 2002, "Transforming classifier scores into
    accurate multiclass probability estimates", KDD).
    """
    times, stayed = np.zeros(len(labels)), np.zeros(len(labels))
    for rows, found in draws.distinct():
        times[rows] += 1
        stayed[rows] += _translated(found, labels[rows]) == labels[rows]
    seen = np.flatnonzero(times)
    if len(seen) == 0:
        return None
    chances = np.minimum(stayed[seen] / times[seen], theirs[seen])
    order = np.argsort(scores[seen], kind="stable")
    ordered, chances = scores[seen][order], chances[order]
    n_levels = max(1, min(LEVELS, len(ordered) // FEWEST_PER_LEVEL))
    points = [
        (float(part.mean()), float(chances[at].mean()), len(part))
        for part, at in _levels(ordered, n_levels)
    ]
    at, means, weights = (np.array(each) for each in zip(*points, strict=True))
    rising = isotonic_regression(means, sample_weight=weights, y_min=0, y_max=1)
    return ProbabilityScale(tuple(at.tolist()), tuple(rising.tolist()))


def chance_of_own_group(
    X: NDArray[np.floating],
    labels: NDArray[np.integer],
    rivals: NDArray[np.integer],
) -> NDArray[np.float64]:
    """Estimate how likely each row is of the group that its segment stands for.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    labels : ndarray of shape (n_samples,)
        Segments, -1 for none.
    rivals : ndarray of shape (n_samples,)
        The other segment that each row is nearest to.

    Returns
    -------
    ndarray of shape (n_samples,)
        1 in no segment, and where no valley divides it from the rival.

    Notes
    -----
    Two segments are seen along the line that tells them best apart (Fisher 1936). A border cuts
    off the tails of two overlapping groups, which a mixture of two Gaussians, fitted from the
    segments by expectation and maximisation (Dempster, Laird and Rubin 1977), puts back.
    """
    chances = np.ones(len(X))
    n_segments = int(labels.max(initial=-1)) + 1
    for first in range(n_segments):
        for second in range(first):
            facing = ((labels == first) & (rivals == second)) | (
                (labels == second) & (rivals == first)
            )
            if not facing.any():
                continue
            members = [labels == first, labels == second]
            if min(int(each.sum()) for each in members) < _FEWEST:
                continue
            line = _line(X[members[0]], X[members[1]])
            at = X @ line
            if depth_between(at[members[0]], at[members[1]]) < VALLEY:
                continue
            both = members[0] | members[1]
            of_first = _posterior(at[both], members[0][both])
            if of_first is None:
                continue
            chances[both & facing] = np.where(members[0][both], of_first, 1 - of_first)[
                facing[both]
            ]
    return chances


def _translated(found: NDArray[np.integer], labels: NDArray[np.integer]) -> NDArray[np.integer]:
    """Name a draw's clusters by the segments that they match; -2 is a cluster without a match."""
    n_found, n_segments = int(found.max(initial=-1)) + 1, int(labels.max(initial=-1)) + 1
    names = np.full(n_found + 1, -2)
    names[-1] = -1
    inside = (found >= 0) & (labels >= 0)
    if n_found and n_segments:
        for match in match_segments(
            labels[inside], found[inside], n_old=n_segments, n_new=n_found, threshold=0
        ):
            names[match.new_id] = match.old_id
    return np.asarray(names[found])


def _line(first: NDArray[np.floating], second: NDArray[np.floating]) -> NDArray[np.float64]:
    n_features = first.shape[1]
    scatter = np.zeros((n_features, n_features))
    for part in (first, second):
        scatter += np.cov(part, rowvar=False).reshape(n_features, n_features)
    ridge = _RIDGE * max(float(np.trace(scatter)) / n_features, 1e-12) * np.eye(n_features)
    return np.asarray(np.linalg.solve(scatter + ridge, second.mean(axis=0) - first.mean(axis=0)))


def _posterior(
    values: NDArray[np.floating], start: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """Chance of the first of two Gaussians, fitted from a division in two; None if they misfit."""
    of_first = start.astype(np.float64)
    least = 1e-3 * values.std()
    for _ in range(_ROUNDS):
        likelihoods, below = [], np.zeros(len(values))
        for weights in (of_first, 1 - of_first):
            total = max(float(weights.sum()), 1e-12)
            mean = weights @ values / total
            spread = max(float(np.sqrt(weights @ (values - mean) ** 2 / total)), least)
            likelihoods.append(np.log(total) + norm.logpdf(values, mean, spread))
            below += total / len(values) * norm.cdf(values, mean, spread)
        of_first = 1 / (1 + np.exp(np.clip(likelihoods[1] - likelihoods[0], -500, 500)))
    ranks = (rankdata(values) - 0.5) / len(values)
    misfit = float(np.abs(below - ranks).max()) * np.sqrt(len(values))
    return of_first if misfit <= MISFIT else None


def _levels(
    ordered: NDArray[np.floating], n_levels: int
) -> list[tuple[NDArray[np.floating], slice]]:
    """Cut rising scores into parts of about as many, equal ones in the same part."""
    edges = [round(len(ordered) * i / n_levels) for i in range(1, n_levels)]
    cuts = sorted({int(np.searchsorted(ordered, ordered[edge])) for edge in edges} - {0})
    bounds = [0, *cuts, len(ordered)]
    return [(ordered[low:high], slice(low, high)) for low, high in pairwise(bounds)]
