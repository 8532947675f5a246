"""Whether each segment comes back when the customers are resampled."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from app.segmentation.errors import DegenerateDataError
from app.segmentation.threads import single_threaded
from app.segmentation.validation.resampling import Refit, Resamples, resample

Band = Literal["dissolved", "doubtful", "moderate", "stable", "highly stable"]

_BANDS: tuple[tuple[float, Band, str], ...] = (
    (0.85, "highly stable", "comes back almost unchanged when the customers are resampled"),
    (0.75, "stable", "comes back when the customers are resampled"),
    (0.60, "moderate", "comes back as a pattern, but who belongs to it is uncertain"),
    (0.50, "doubtful", "is unreliable: it often changes when the customers are resampled"),
    (-1.0, "dissolved", "does not come back when the customers are resampled"),
)


@dataclass(frozen=True)
class SegmentStability:
    """How well one segment survives resampling.

    Attributes
    ----------
    segment : int
        Its label.
    jaccard : float
        Mean over the resamples of the best Jaccard similarity, 0 to 1.
    recovered : float
        Share of the resamples with a similarity above 0.75.
    dissolved : float
        Share of the resamples with a similarity of 0.5 or less.
    band : str
        ``highly stable`` from 0.85, ``stable`` from 0.75, ``moderate`` from 0.6, ``doubtful``
        from 0.5, else ``dissolved``.
    sentence : str
        The band in plain words.
    """

    segment: int
    jaccard: float
    recovered: float
    dissolved: float
    band: Band
    sentence: str


@dataclass(frozen=True)
class Stability:
    """Stability of every segment of one partition.

    Attributes
    ----------
    per_segment : tuple of SegmentStability, length n_clusters
        In the order of the labels.
    weakest : float
        The lowest Jaccard among them.
    n_resamples : int
        Resamples that could be clustered and were compared.
    n_failed : int
        Resamples left out because the method refused them.
    """

    per_segment: tuple[SegmentStability, ...]
    weakest: float
    n_resamples: int
    n_failed: int


def assess_stability(
    X: NDArray[np.floating],
    labels: NDArray[np.integer],
    refit: Refit,
    *,
    n_resamples: int = 100,
    random_state: int = 0,
) -> Stability:
    """Cluster bootstrap samples and see which segments are found again.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    labels : ndarray of shape (n_samples,)
        The partition in question, 0 to n_clusters - 1, -1 for noise.
    refit : callable
        The method that made it, as ``refit(rows, seed) -> labels``; see `kmeans_refit`. It may
        raise `DegenerateDataError` for a draw it cannot cluster.
    n_resamples : int
        Bootstrap samples; a mean of 100 has a standard error of about 0.03 where a segment
        comes and goes, far less where it is stable.
    random_state : int
        Seeds the draws and the refits.

    Returns
    -------
    Stability

    Raises
    ------
    DegenerateDataError
        There is no segment to assess, or no draw could be clustered.

    Notes
    -----
    Each draw takes n_samples rows with replacement. For every segment the figure is the
    highest Jaccard similarity |A and B| / |A or B| between its drawn rows and one of the new
    clusters, each drawn row counted once, averaged over the draws. A draw without a row of the
    segment takes no part in its mean.

    High stability is not yet proof of a group: a continuum cut in two may be cut at the same
    place every time. `assess_structure` answers that.

    References
    ----------
    C. Hennig (2007), "Cluster-wise assessment of cluster stability", Comput. Stat. Data Anal. 52.
    """
    draws = resample(X, refit, n_resamples=n_resamples, random_state=random_state)
    return stability_of(labels, draws, n_failed=n_resamples - len(draws))


def stability_of(labels: NDArray[np.integer], draws: Resamples, *, n_failed: int = 0) -> Stability:
    """Compare a partition with those of draws that are at hand; see `assess_stability`.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        Of the rows that were drawn from.
    draws : Resamples
    n_failed : int
        Draws that could not be clustered.
    """
    original = np.asarray(labels)
    n_segments = int(original.max(initial=-1)) + 1
    if n_segments < 1:
        raise DegenerateDataError("There is no segment whose stability could be assessed.")
    if len(draws) == 0:
        raise DegenerateDataError("No resample of these customers could be clustered.")
    table = np.vstack(
        [
            best_jaccard(original[rows], found, n_segments=n_segments)
            for rows, found in draws.distinct()
        ]
    )
    per_segment = tuple(_summary(segment, table[:, segment]) for segment in range(n_segments))
    return Stability(
        per_segment=per_segment,
        weakest=min(segment.jaccard for segment in per_segment),
        n_resamples=len(draws),
        n_failed=n_failed,
    )


def kmeans_refit(n_clusters: int, *, n_init: int = 5) -> Refit:
    """Build the refit of a K-means partition.

    Parameters
    ----------
    n_clusters : int
    n_init : int
        Restarts; with one, an unlucky start counts against a segment that is there.

    Returns
    -------
    callable
        ``refit(rows, seed) -> labels``, raising `DegenerateDataError` where the rows hold fewer
        distinct ones than clusters.
    """

    def refit(rows: NDArray[np.float64], seed: int) -> NDArray[np.integer]:
        if len(np.unique(rows, axis=0)) < n_clusters:
            raise DegenerateDataError("Fewer distinct rows than clusters were drawn.")
        with single_threaded():
            model = KMeans(n_clusters=n_clusters, n_init=n_init, random_state=seed).fit(rows)
        return np.asarray(model.labels_)

    return refit


def best_jaccard(
    original: NDArray[np.integer], found: NDArray[np.integer], *, n_segments: int
) -> NDArray[np.float64]:
    """Compare each segment with the cluster that resembles it most.

    Parameters
    ----------
    original, found : ndarray of shape (n_samples,)
        Two labellings of the same rows; -1 belongs to no cluster.
    n_segments : int
        Segments of ``original``.

    Returns
    -------
    ndarray of shape (n_segments,)
        Highest Jaccard similarity, NaN for a segment without rows.
    """
    n_found = int(found.max(initial=-1)) + 1
    # A row and a column more for noise, so that it counts in the unions and nowhere else.
    joint = np.bincount(
        (original + 1) * (n_found + 1) + found + 1,
        minlength=(n_segments + 1) * (n_found + 1),
    ).reshape(n_segments + 1, n_found + 1)
    overlap = joint[1:, 1:]
    sizes = joint[1:].sum(axis=1)
    union = sizes[:, None] + joint[:, 1:].sum(axis=0)[None, :] - overlap
    best = (overlap / np.maximum(union, 1)).max(axis=1, initial=0.0)
    return np.where(sizes > 0, best, np.nan)


def _summary(segment: int, similarities: NDArray[np.float64]) -> SegmentStability:
    seen = similarities[~np.isnan(similarities)]
    if len(seen) == 0:
        raise DegenerateDataError(f"Segment {segment} has no customers to assess.")
    jaccard = float(seen.mean())
    band, words = next((band, words) for edge, band, words in _BANDS if jaccard >= edge)
    return SegmentStability(
        segment=segment,
        jaccard=jaccard,
        recovered=float((seen > 0.75).mean()),
        dissolved=float((seen <= 0.5).mean()),
        band=band,
        sentence=f"This segment {words}.",
    )
