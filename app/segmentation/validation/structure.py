"""Whether customers form distinct groups at all, or a continuum that any segmentation cuts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.threads import single_threaded
from app.segmentation.validation.evidence_rows import (
    Spike,
    distinct_evidence,
    find_spikes,
    usable_columns,
    without_spikes,
)
from app.segmentation.validation.hold_out import (
    ALPHA,
    CERTAIN,
    LEAST_SCORE,
    STRONG_P_VALUE,
    Evidence,
    evidence_of,
    hold_out,
    is_borderline,
)
from app.segmentation.validation.scales import (
    graded_columns,
    johnson_scale,
    principal_axes,
    spread_ties,
    to_unit_range,
)
from app.segmentation.validation.structure_words import (
    BENT,
    Verdict,
    notes_of,
    too_little,
    verdict_in_words,
)

Matrix = NDArray[np.float64]
WayRound = Callable[[Matrix], float | None]
"""The depth of the way round in rows along one line that bends; None of other rows."""

MIN_ROWS = 40
"""Under this many rows half a sample is too small to show a gap, and the verdict is none."""

UNTESTED = 1.0
"""The p-value where there was nothing to test; that of a test is below it."""

MAX_ROWS = 2_000
"""Rows drawn from a larger table, which bounds the cost."""

STRONG_SEPARATION = 0.5
"""A strong verdict needs the valley between two groups at half their lower peak or deeper."""


@dataclass(frozen=True)
class Structure:
    """Answer of the test against "no structure".

    Attributes
    ----------
    verdict : {"strong", "weak", "none"}
        ``none`` where ``p_value`` exceeds alpha; ``strong`` where it is at most 0.01 and
        ``separation`` at least 0.5; else ``weak``.
    p_value : float
        Chance, at most, of so clear a gap in customers without groups.
    separation : float
        Depth of the valley between the two groups that stand furthest apart, as a share of the
        lower peak, on rows the gap was not searched in: 0 no valley, 1 an empty gap. Median
        over the splits.
    score : float
        Mean normal score of the held-out dip tests, on the scale that says least.
    n_samples : int
        Rows the test used.
    sampled : bool
        Whether they are a random sample of those given.
    n_columns : int
        Columns the test used; constant ones and those of two values cannot show a gap.
    sentence : str
        The verdict in plain words.
    borderline : bool
        Whether the p-value is within a factor of two of a border between verdicts.
    n_repeated : int
        Rows left out because they repeat others.
    spikes : tuple of Spike
        Usual values, by column of the matrix.
    notes : tuple of str
        What was not taken for groups, in plain words.
    bent : bool
        Whether the rows lie along one line that bends; the verdict is none.
    """

    verdict: Verdict
    p_value: float
    separation: float
    score: float
    n_samples: int
    sampled: bool
    n_columns: int
    sentence: str
    borderline: bool = False
    n_repeated: int = 0
    spikes: tuple[Spike, ...] = ()
    notes: tuple[str, ...] = ()
    bent: bool = False


def assess_structure(
    X: NDArray[np.floating],
    *,
    names: Sequence[str] = (),
    random_state: int = 0,
    n_splits: int = 10,
    alpha: float = ALPHA,
    max_rows: int = MAX_ROWS,
    way_round: WayRound | None = None,
) -> Structure:
    """Test whether the rows fall into groups with a gap between them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite values, one column for each feature, in the units that they were given in: a gap
        that straightening makes is none. Their scales do not matter.
    names : sequence of str, optional
        Of the features, by which notes speak of them.
    random_state : int
        Seeds the draw, the splits and the spreading of ties.
    n_splits : int
        Random halvings, each used both ways; twice as many where the answer is on a border.
    alpha : float
        Level of the test.
    max_rows : int
        Rows drawn from a larger table.
    way_round : callable, optional
        Asked of rows that show a gap, without ties and usual values.

    Returns
    -------
    Structure

    Raises
    ------
    DegenerateDataError
        ``X`` is not a matrix, or holds values that are missing or infinite.

    Notes
    -----
    On one half of the rows the cut is sought along which they are furthest from unimodal
    (`suspect`); on the other half Hartigan's dip test judges that one cut. The null hypothesis
    is a log-concave density (Gaussian, uniform, exponential and all their linear maps), or one
    of the heavier-tailed kin for which the same theorem holds: its projection, within a convex
    region chosen without these rows, is unimodal (Prékopa 1973; Borell 1975, whose s-concave
    densities include the multivariate t). The dip's own reference is the uniform, the hardest
    unimodal shape (Hartigan and Hartigan 1985), so that p-values err upward.

    A group of few rows makes a dip too shallow to tell from chance. Beside the dip the widest gap
    is sought, and judged by what every unimodal density obeys: of three intervals of one width,
    the middle one holds no fewer rows than the emptier of the others, which is a binomial test.
    The dip has four fifths of the level, the gap the rest.

    Copies of rows are no further customers, as `distinct_evidence` tells them from rows that are
    equal by chance. A spike, such as a third of all customers at 0, is reported as one: in the test
    its rows take values of the others. Skewed and heavy-tailed columns, whose product need
    not be such a density, are tested again with their tails drawn in, and the larger p-value
    counts: a dip must show on both scales.

    A bend, such as a parabola or an L, is no such density, and shows a gap though it holds no
    groups. Where ``way_round`` finds none on the way around it, the p-value is the chance of the
    straight gap in such rows, which is next to 1, and the separation that of the way round.

    The p-values of the halves, 2 ``n_splits`` of them, become normal scores, and their mean
    is compared with the normal distribution as if every two had correlation 0.25 (Stouffer's
    method under dependence, Hartung 1999). Measured on uniform clouds, the least favourable
    here, that correlation is smaller; docs/structure.md has the false alarms and the power.
    After two and after four splits the rest are spared where the p-value is under 0.0001, or
    over 0.8 and 0.5.

    References
    ----------
    J. A. and P. M. Hartigan (1985), "The dip test of unimodality", Ann. Statist. 13. A. Prékopa
    (1973), Acta Sci. Math. 34. C. Borell (1975), Period. Math. Hungar. 6. J. Hartung (1999), "A
    note on combining dependent tests of significance", Biom. J. 41.
    """
    if X.ndim != 2 or not np.isfinite(X).all():
        raise DegenerateDataError(
            "Structure needs a table of finite numbers; fill or remove missing values first."
        )
    rng = np.random.default_rng(random_state)
    rows = to_unit_range(np.asarray(X, dtype=np.float64))
    counting = distinct_evidence(rows)
    n_repeated = len(X) - len(counting)
    sampled = len(counting) > max_rows
    if sampled:
        counting = np.sort(rng.choice(counting, size=max_rows, replace=False))
    rows = rows[counting]
    spikes = find_spikes(rows)
    columns = graded_columns(rows) & usable_columns(rows, spikes)
    n_columns = int(columns.sum())
    testable, bent = len(counting) >= MIN_ROWS and n_columns > 0, False
    evidence = Evidence(LEAST_SCORE, 0.0, UNTESTED)
    if testable:
        with single_threaded():
            spread = spread_ties(without_spikes(rows, spikes, rng=rng)[:, columns], rng=rng)
            evidence = _evidence(spread, n_splits, alpha, rng)
        if way_round is not None and evidence.p_value <= alpha:
            depth = way_round(spread)
            if bent := depth is not None:
                evidence = replace(evidence, separation=depth, p_value=CERTAIN)
    verdict = _verdict(evidence, alpha) if testable else "none"
    return Structure(
        verdict=verdict,
        p_value=evidence.p_value,
        separation=evidence.separation,
        score=evidence.score,
        n_samples=len(counting),
        sampled=sampled,
        n_columns=n_columns,
        sentence=BENT
        if bent
        else verdict_in_words(verdict, evidence.p_value)
        if testable
        else too_little(
            len(X),
            len(counting),
            spikes,
            graded=bool(graded_columns(rows).any()),
            needed=MIN_ROWS,
        ),
        borderline=testable and is_borderline(evidence.p_value),
        n_repeated=n_repeated,
        spikes=spikes,
        notes=notes_of(n_repeated, spikes, counting, X, names),
        bent=bent,
    )


def _evidence(spread: Matrix, n_splits: int, alpha: float, rng: np.random.Generator) -> Evidence:
    """Test rows, and by the dip once more with heavy tails drawn in."""
    by_dip, by_gap = hold_out(principal_axes(spread), n_splits, rng)
    if by_dip.p_value <= alpha and (drawn_in := johnson_scale(spread)) is not None:
        other, _ = hold_out(principal_axes(drawn_in), n_splits, rng)
        by_dip = max(by_dip, other, key=lambda tally: tally.p_value)
    return evidence_of(by_dip, by_gap)


def _verdict(evidence: Evidence, alpha: float) -> Verdict:
    if evidence.p_value > alpha:
        return "none"
    if evidence.p_value <= STRONG_P_VALUE and evidence.separation >= STRONG_SEPARATION:
        return "strong"
    return "weak"
