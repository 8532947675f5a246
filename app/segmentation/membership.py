"""Which rule puts rows into the segments of a partition, chosen by how well it agrees with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.density import DensityModel
from app.segmentation.clustering.nearest_rows import VOTERS, NearestRows, vote
from app.segmentation.clustering.result import Clustering
from app.segmentation.known_rows import (
    ASKED_ROWS,
    KnownRows,
    Sample,
    digests_of,
    draw_sample,
    known_rows,
)
from app.segmentation.probability import ProbabilityScale, chance_of_own_group, fit_scale
from app.segmentation.scoring import Scorer
from app.segmentation.validation.resampling import Refit, Resamples, resample

Rule = Literal["nearest_center", "nearest_row", "nearest_rows", "density"]

RULES: Mapping[Rule, str] = {
    "nearest_center": "by the nearest center",
    "nearest_row": "by the nearest customer",
    "nearest_rows": "by the majority of the nearest customers",
    "density": "by the dense regions within reach",
}
"""Each rule in words."""

TRUSTED = 0.9
"""Agreement below which a placement is a guess, and is said to be one."""

AS_GOOD = 0.005
"""Agreement that a rule must gain over a plainer one to be taken."""

RESAMPLED_ROWS = 2_000
"""Rows that are drawn again, at most."""

N_RESAMPLES = 10

VOTES = (1, 5, VOTERS)


@dataclass(frozen=True, eq=False, kw_only=True)
class Membership:
    """How rows come into the segments of one partition.

    Attributes
    ----------
    rule : {"nearest_center", "nearest_row", "nearest_rows", "density"}
        For rows that the table did not have. Those that it had keep their segments.
    n_voters : int
        Nearest rows that vote; 0 for the other rules.
    agreement : float
        Share of rows, each held out in turn, that the rule puts where the partition has them.
    kept : NearestRows or None
        What votes.
    known : KnownRows or None
        None where the rule puts every row of the table where it is.
    scale : ProbabilityScale or None
    """

    rule: Rule
    n_voters: int
    agreement: float
    kept: NearestRows | None = None
    known: KnownRows | None = None
    scale: ProbabilityScale | None = None


def choose_rule(
    sample: Sample, labels: NDArray[np.integer], distances: NDArray[np.float64] | None
) -> tuple[Rule, int, float]:
    """Take the plainest rule among those that agree best with a partition.

    Parameters
    ----------
    sample : Sample
    labels : ndarray of shape (n_kept,)
        Of the sample's rows.
    distances : ndarray of shape (n_kept, n_clusters), or None
        To the centers; None where there are fewer than two.

    Returns
    -------
    rule : str
    n_voters : int
    agreement : float
    """
    n_asked = len(sample.neighbours)
    asked, voters = labels[:n_asked], labels[sample.neighbours].astype(np.int64)
    found: list[tuple[Rule, int, float]] = []
    if distances is not None:
        nearest = distances[:n_asked].argmin(axis=1)
        found.append(("nearest_center", 0, float((nearest == asked).mean())))
    for n_voters in VOTES:
        if n_voters <= voters.shape[1]:
            rule: Rule = "nearest_row" if n_voters == 1 else "nearest_rows"
            agreement = float((vote(voters, n_voters) == asked).mean())
            found.append((rule, n_voters, agreement))
    best = max(agreement for _, _, agreement in found)
    return next(each for each in found if each[2] >= best - AS_GOOD)


def fit_membership(
    X: NDArray[np.float64],
    clustering: Clustering,
    refit: Refit,
    *,
    scorer: Scorer | None,
    density: DensityModel | None = None,
    random_state: int = 0,
) -> Membership:
    """Learn how rows come into the clusters of these; see `membership_of`.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    clustering : Clustering
    refit : callable
        How other rows are clustered alike.
    scorer : Scorer or None
    density : DensityModel or None
    random_state : int
    """
    by_center = clustering.method == "kmeans" and scorer is not None
    sample = draw_sample(X, random_state=random_state, alone=by_center or density is not None)
    drawn = sample.rows[:RESAMPLED_ROWS]
    exact = (
        by_center
        and scorer is not None
        and np.array_equal(scorer.score_many(X).clusters, clustering.labels)
    )
    return membership_of(
        sample,
        clustering.labels[sample.places],
        resample(drawn, refit, n_resamples=N_RESAMPLES, random_state=random_state),
        scorer=scorer,
        density=density,
        by_center=by_center,
        known=None if exact else known_rows(digests_of(X), clustering.labels),
    )


def membership_of(
    sample: Sample,
    labels: NDArray[np.int32],
    draws: Resamples,
    *,
    scorer: Scorer | None,
    density: DensityModel | None = None,
    by_center: bool = False,
    known: KnownRows | None,
) -> Membership:
    """Choose how rows come into the segments of a partition, and learn what it is worth.

    Parameters
    ----------
    sample : Sample
    labels : ndarray of int32, shape (n_kept,)
        Of the sample's rows.
    draws : Resamples
        Of the sample's first rows.
    scorer : Scorer or None
        Of the partition's centers.
    density : DensityModel or None
        Where it made the partition, it places rows.
    by_center : bool
        Whether the partition is made of what is nearest to each center.
    known : KnownRows or None
    """
    distances = scorer.distances(sample.rows) if scorer is not None else None
    rule: Rule
    voters = None
    if density is not None:
        rule, n_voters, agreement = "density", 0, _agreement_of(density, sample, labels)
    elif by_center and distances is not None:
        rule, n_voters = "nearest_center", 0
        agreement = float((distances.argmin(axis=1) == labels).mean())
    else:
        rule, n_voters, agreement = choose_rule(sample, labels, distances)
    drawn = slice(0, draws.drawn.shape[1])
    if n_voters:
        voters = labels[sample.neighbours[drawn]]
    of_drawn = None if distances is None else distances[drawn]
    margins = None if of_drawn is None else own_and_other(of_drawn, labels[drawn])
    clear = clarity(
        sample.rows[drawn], labels[drawn], voters=voters, margins=margins, density=density
    )
    theirs = np.ones(len(clear))
    if of_drawn is not None:
        rivals = rivals_of(of_drawn, labels[drawn])
        theirs = chance_of_own_group(sample.rows[drawn], labels[drawn], rivals)
    return Membership(
        rule=rule,
        n_voters=n_voters,
        agreement=agreement,
        kept=NearestRows(sample.rows, labels.astype(np.int64)) if n_voters else None,
        known=known,
        scale=fit_scale(clear, labels[drawn], theirs, draws),
    )


def _agreement_of(density: DensityModel, sample: Sample, labels: NDArray[np.int32]) -> float:
    """Share of rows that the other core rows put where they are."""
    asked = sample.places[:ASKED_ROWS]
    distances, found = density.nearest_cores(density.rows[asked], 2)
    itself = density.is_core[asked].astype(np.intp)[:, None]
    distance = np.take_along_axis(distances, itself, axis=1)[:, 0]
    label = np.take_along_axis(found, itself, axis=1)[:, 0]
    return float((np.where(distance <= density.eps, label, -1) == labels[:ASKED_ROWS]).mean())


def clarity(
    X: NDArray[np.float64],
    labels: NDArray[np.integer],
    *,
    voters: NDArray[np.integer] | None,
    margins: NDArray[np.float64] | None,
    density: DensityModel | None,
) -> NDArray[np.float64]:
    """Score how clearly rows are in their segments, on their rule's own scale.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
    voters : ndarray of shape (n_samples, n_voters), optional
        Where rows vote.
    margins : ndarray of shape (n_samples,), optional
        As `own_and_other`; None where there are fewer than two centers.
    density : DensityModel, optional
        Where it places rows.

    Returns
    -------
    ndarray of shape (n_samples,)
        At most 1: the share of the voters that say so; or the distance from the edge of the
        dense regions, in reaches; or as `own_and_other`.
    """
    if voters is not None:
        return np.asarray((voters == labels[:, None]).mean(axis=1))
    if density is not None:
        nearest = density.nearest_cores(X)[0][:, 0]
        return np.minimum(np.abs(1 - nearest / density.eps), 1.0)
    return np.ones(len(X)) if margins is None else margins


def own_and_other(
    distances: NDArray[np.float64], labels: NDArray[np.integer]
) -> NDArray[np.float64]:
    """1 - distance to the own center / distance to the nearest other, for each row."""
    rows = np.arange(len(distances))
    own_segment = np.where(labels >= 0, labels, np.argmin(distances, axis=1))
    own = distances[rows, own_segment]
    others = distances.copy()
    others[rows, own_segment] = np.inf
    other = others.min(axis=1)
    ratio = np.divide(own, other, out=np.ones_like(own), where=other > 0)
    return np.asarray(1 - ratio, dtype=np.float64)


def rivals_of(distances: NDArray[np.float64], labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """Find the nearest center that is not the own one, for each row."""
    others = distances.copy()
    inside = np.flatnonzero(labels >= 0)
    others[inside, labels[inside]] = np.inf
    return np.asarray(others.argmin(axis=1), dtype=np.int64)
