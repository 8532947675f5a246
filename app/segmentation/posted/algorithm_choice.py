"""Which algorithm suits a table: each tried, scored alike, and the choice explained."""

from dataclasses import dataclass

import pandas as pd

from app.segmentation.column_choice import ColumnChoice
from app.segmentation.errors import DegenerateDataError
from app.segmentation.features import FeatureSpace
from app.segmentation.fitting import FitOptions, FittedRun, fit_run
from app.segmentation.posted.analysis_columns import AnalysisOptions
from app.segmentation.posted.attempts import TIE, Attempt, Trial, refused
from app.segmentation.posted.chance import few_distinct
from app.segmentation.selection import Sweep

AUTO_ROWS = 10_000
"""Rows up to which all algorithms are tried; past it K-means alone, unless asked for."""

DENSITY_ROWS = 100
"""Rows from which a density can be told from chance."""

_TITLES = {"kmeans": "K-means", "hierarchical": "hierarchical (Ward)", "dbscan": "DBSCAN"}


@dataclass(frozen=True, eq=False, kw_only=True)
class Selection:
    """What was tried, what was taken and why; ``sweep`` is K-means over k where it was run."""

    attempts: tuple[Attempt, ...]
    algorithm: str | None
    reason: str
    sweep: Sweep | None


@dataclass(frozen=True, eq=False)
class Selected:
    """The fitted choice; no run where nothing could split the customers."""

    run: FittedRun | None
    selection: Selection


def select_algorithm(
    frame: pd.DataFrame, space: FeatureSpace, choice: ColumnChoice, options: AnalysisOptions
) -> Selected:
    """Try the algorithms that fit, and take the one with the best score.

    Within a standard error of the highest silhouette the fewest segments win for one algorithm,
    and within `TIE` of the best score, between algorithms, the one made for the columns:
    K-means for numbers, hierarchical for mixed ones.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
    space : FeatureSpace
    choice : ColumnChoice
    options : AnalysisOptions

    Raises
    ------
    SegmentationError
        The one algorithm that was asked for refuses the rows or the options.
    """
    trial = Trial(space, options)
    asked = options.algorithm != "auto"
    few = few_distinct(space)
    names = (options.algorithm,) if asked else _fitting(len(space.matrix), options, few=few)
    attempts = tuple(trial.attempt(name, strict=asked) for name in names)
    if not asked:
        attempts += _left_out(len(space.matrix), names, few=few)
    mixed = bool(space.encoder.categorical)
    best = _best(attempts, mixed=mixed)
    if best is None or best.n_clusters is None or best.n_clusters < 2:
        if options.n_clusters is not None:
            raise DegenerateDataError(attempts[0].remark or "No split was found.")
        told = "; ".join(
            f"{_TITLES[each.algorithm]}: {(each.remark or '').rstrip('.')}" for each in attempts
        )
        reason = f"No algorithm could split these customers ({told})"
        return Selected(None, Selection(attempts=attempts, algorithm=None, reason=reason,
                                        sweep=trial.sweep))  # fmt: skip
    run = fit_run(
        frame,
        space,
        choice,
        FitOptions(
            algorithm=best.algorithm,  # type: ignore[arg-type]
            n_clusters=None if best.algorithm == "dbscan" else best.n_clusters,
            random_state=options.random_state,
        ),
        measured_tree=trial.tree if best.algorithm == "hierarchical" else None,
    )
    reason = _reason(best, attempts, options, mixed=mixed) + _why_fewer(best, trial.sweep)
    selection = Selection(
        attempts=attempts, algorithm=best.algorithm, reason=reason, sweep=trial.sweep
    )
    return Selected(run, selection)


def _fitting(n_rows: int, options: AnalysisOptions, *, few: bool) -> tuple[str, ...]:
    if n_rows > AUTO_ROWS:
        return ("kmeans",)
    by_count = options.n_clusters is not None or n_rows < DENSITY_ROWS or few
    return ("kmeans", "hierarchical") if by_count else tuple(_TITLES)


def _left_out(n_rows: int, tried: tuple[str, ...], *, few: bool) -> tuple[Attempt, ...]:
    reasons = {}
    if n_rows > AUTO_ROWS:
        reasons = dict.fromkeys(
            ("hierarchical", "dbscan"), f"not tried on more than {AUTO_ROWS:,} customers"
        )
    elif n_rows < DENSITY_ROWS:
        reasons = {"dbscan": f"not tried on fewer than {DENSITY_ROWS} customers"}
    elif few:
        reasons = {"dbscan": "not tried: each of so few different values is dense by itself"}
    elif "dbscan" not in tried:
        reasons = {"dbscan": "not tried: it finds the number of segments itself"}
    return tuple(refused(name, reason) for name, reason in reasons.items())


def _best(attempts: tuple[Attempt, ...], *, mixed: bool) -> Attempt | None:
    scored = [one for one in attempts if one.score is not None]
    rivals = [one for one in scored if one.sound] or scored
    if not rivals:
        return None
    highest = max(one.score or 0.0 for one in rivals)
    made_for = "hierarchical" if mixed else "kmeans"
    equal = [one for one in rivals if (one.score or 0.0) >= highest - TIE]
    return max(equal, key=lambda one: (one.algorithm == made_for, one.score or 0.0))


def _reason(
    best: Attempt, attempts: tuple[Attempt, ...], options: AnalysisOptions, *, mixed: bool
) -> str:
    told = f"{_TITLES[best.algorithm]} with {best.n_clusters} segments"
    if options.algorithm != "auto":
        return f"{told[:1].upper()}{told[1:]}: the algorithm was asked for."
    others = [one for one in attempts if one is not best]
    against = "; ".join(_against(one) for one in others)
    figure = f"{best.score:.3f}"
    why = f"the best score, {figure}"
    if any(one.sound and (one.score or -1.0) > (best.score or 0.0) for one in others):
        kind = "mixed" if mixed else "numeric"
        why = f"score {figure}, as good as the best within {TIE}, and it suits {kind} columns"
    return f"{told[:1].upper()}{told[1:]}: {why}" + (f" (against {against})." if against else ".")


def _why_fewer(best: Attempt, sweep: Sweep | None) -> str:
    """Say why not the number of segments with the highest silhouette was taken."""
    if best.algorithm != "kmeans" or sweep is None or best.n_clusters is None:
        return ""
    taken = sweep.silhouettes[sweep.k_range.index(best.n_clusters)]
    sound = [
        (score, k)
        for k, score, degenerate in zip(
            sweep.k_range, sweep.silhouettes, sweep.degenerate, strict=True
        )
        if not degenerate
    ]
    highest, k = max(sound, default=(taken, best.n_clusters))
    if highest <= taken:
        return ""
    return (
        f" With {k} segments the silhouette is {highest:.3f}, not clearly above {taken:.3f}, and "
        "the fewest are taken that are as good."
    )


def _against(one: Attempt) -> str:
    if one.score is None:
        return f"{_TITLES[one.algorithm]}: {one.remark}"
    share = "under 1%" if one.noise_share < 0.01 else f"{one.noise_share:.0%}"
    noise = f", {share} in no segment" if one.noise_share else ""
    remark = f", but {one.remark}" if one.remark else ""
    return f"{_TITLES[one.algorithm]} {one.score:.3f} with {one.n_clusters}{noise}{remark}"
