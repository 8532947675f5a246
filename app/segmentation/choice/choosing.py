"""Which algorithm and how many segments suit a table, and why."""

from dataclasses import dataclass, replace

from app.segmentation.choice.attempts import Attempt, Fitted, Step, attempt_of, fit, refused
from app.segmentation.choice.chance import few_distinct
from app.segmentation.choice.counting import TIE
from app.segmentation.choice.trees import MeasuredTree
from app.segmentation.clustering.density import DensityModel
from app.segmentation.clustering.hierarchical import MEMORY_LIMIT_BYTES
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import Sweep
from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.recipe import Recipe
from app.segmentation.silhouette import Silhouette

AUTO_ROWS = 10_000
"""Rows up to which all algorithms are tried; past it K-means alone, unless asked for."""

DENSITY_ROWS = 100
"""Rows from which a density can be told from chance."""

_TITLES = {
    "kmeans": "K-means",
    "hierarchical": "hierarchical (Ward)",
    "dbscan": "DBSCAN",
    "hdbscan": "HDBSCAN",
}
_TRIED = ("kmeans", "hierarchical", "dbscan")


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice:
    """What was tried, what was taken and why.

    Attributes
    ----------
    clustering : Clustering or None
        None where nothing could split the customers.
    algorithm : str or None
    reason : str
        In a sentence.
    attempts : tuple of Attempt
    measure : Silhouette or None
        Of the clustering.
    sweep : Sweep or None
        The numbers of segments that the algorithm taken was compared at.
    kmeans_sweep : Sweep or None
        K-means over k, with its partitions, where it was run.
    tree : MeasuredTree or None
    density : DensityModel or None
    """

    clustering: Clustering | None
    algorithm: str | None
    reason: str
    attempts: tuple[Attempt, ...]
    measure: Silhouette | None = None
    sweep: Sweep | None = None
    kmeans_sweep: Sweep | None = None
    tree: MeasuredTree | None = None
    density: DensityModel | None = None


def choose(
    space: FeatureSpace,
    recipe: Recipe,
    *,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    on_step: Step | None = None,
) -> Choice:
    """Cluster by the algorithm of the recipe, or try those that fit and take the best score.

    Within a standard error of the highest silhouette the fewest segments win for one algorithm,
    and within `TIE` of the best score, between algorithms, the one made for the columns:
    K-means for numbers, hierarchical for mixed ones.

    Parameters
    ----------
    space : FeatureSpace
    recipe : Recipe
    memory_limit_bytes : int
        What distances may take.
    on_step : callable, optional
        As `sweep_kmeans`.

    Raises
    ------
    SegmentationError
        What was asked for cannot be done with these rows, or nothing divides them and the recipe
        has no answer for that.
    """
    few = few_distinct(space)
    asked = recipe.algorithm != "auto"
    names = (recipe.algorithm,) if asked else _fitting(len(space.matrix), recipe, few=few)
    found: dict[str, Fitted] = {}
    attempts: list[Attempt] = []
    for name in names:
        try:
            found[name] = fit(
                name, space, recipe, memory_limit_bytes=memory_limit_bytes, on_step=on_step
            )
        except SegmentationError as error:
            if asked and (recipe.undivided == "refuse" or recipe.n_clusters is not None):
                raise
            attempts.append(refused(name, str(error)))
        else:
            attempts.append(attempt_of(name, found[name]))
    kmeans = found.get("kmeans")
    kmeans_sweep = kmeans.sweep if kmeans is not None else None
    if not asked:
        attempts += _left_out(len(space.matrix), names, few=few)
    mixed = bool(space.encoder.categorical)
    if asked and recipe.undivided == "refuse":
        best: Attempt | None = attempts[0]
    else:
        best = _best(attempts, mixed=mixed)
    if best is None:
        return _nothing(attempts, recipe, kmeans_sweep)
    taken = found[best.algorithm]
    return Choice(
        clustering=taken.clustering,
        algorithm=best.algorithm,
        reason=_reason(best, attempts, recipe, mixed=mixed) + _why_fewer(best, kmeans_sweep),
        attempts=tuple(attempts),
        measure=replace(taken.measure, per_sample=None) if taken.measure is not None else None,
        sweep=taken.sweep,
        kmeans_sweep=kmeans_sweep,
        tree=taken.tree,
        density=taken.density,
    )


def _nothing(attempts: list[Attempt], recipe: Recipe, sweep: Sweep | None) -> Choice:
    if recipe.n_clusters is not None or recipe.undivided == "refuse":
        raise DegenerateDataError(attempts[0].remark or "No split was found.")
    told = "; ".join(
        f"{_TITLES[each.algorithm]}: {(each.remark or '').rstrip('.')}" for each in attempts
    )
    return Choice(
        clustering=None,
        algorithm=None,
        reason=f"No algorithm could split these customers ({told})",
        attempts=tuple(attempts),
        kmeans_sweep=sweep,
    )


def _fitting(n_rows: int, recipe: Recipe, *, few: bool) -> tuple[str, ...]:
    if n_rows > AUTO_ROWS:
        return ("kmeans",)
    by_count = recipe.n_clusters is not None or n_rows < DENSITY_ROWS or few
    return ("kmeans", "hierarchical") if by_count else _TRIED


def _left_out(n_rows: int, tried: tuple[str, ...], *, few: bool) -> list[Attempt]:
    reasons = {}
    if n_rows > AUTO_ROWS:
        reasons = dict.fromkeys(
            ("hierarchical", "dbscan"), f"not tried on more than {AUTO_ROWS:,} customers"
        )
    elif n_rows < DENSITY_ROWS:
        reasons = {"dbscan": f"not tried on fewer than {DENSITY_ROWS} customers"}
    elif few:
        reasons = {"dbscan": "not tried: with so few distinct values, each one is dense by itself"}
    elif "dbscan" not in tried:
        reasons = {"dbscan": "not tried: it finds the number of segments itself"}
    return [refused(name, reason) for name, reason in reasons.items()]


def _best(attempts: list[Attempt], *, mixed: bool) -> Attempt | None:
    scored = [one for one in attempts if one.score is not None]
    rivals = [one for one in scored if one.sound] or scored
    if not rivals:
        return None
    highest = max(one.score or 0.0 for one in rivals)
    made_for = "hierarchical" if mixed else "kmeans"
    equal = [one for one in rivals if (one.score or 0.0) >= highest - TIE]
    return max(equal, key=lambda one: (one.algorithm == made_for, one.score or 0.0))


def _reason(best: Attempt, attempts: list[Attempt], recipe: Recipe, *, mixed: bool) -> str:
    title = _TITLES[best.algorithm]
    if best.algorithm == "hierarchical":
        title = f"hierarchical ({recipe.linkage.capitalize()})"
    told = f"{title} with {best.n_clusters} segments"
    if recipe.algorithm != "auto":
        return f"{told[:1].upper()}{told[1:]}: the algorithm was requested."
    others = [one for one in attempts if one is not best]
    rivals = "; ".join(_rival(one) for one in others)
    figure = f"{best.score:.3f}"
    why = f"the best score, {figure}"
    if any(one.sound and (one.score or -1.0) > (best.score or 0.0) for one in others):
        kind = "mixed" if mixed else "numeric"
        why = f"score {figure}, as good as the best within {TIE}, and it suits {kind} columns"
    return f"{told[:1].upper()}{told[1:]}: {why}" + (f" (vs {rivals})." if rivals else ".")


def _why_fewer(best: Attempt, sweep: Sweep | None) -> str:
    """Say why not the number of segments with the highest silhouette was taken."""
    if best.algorithm != "kmeans" or sweep is None or best.n_clusters not in sweep.k_range:
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
        f" With {k} segments the silhouette is {highest:.3f}, not clearly above {taken:.3f}; "
        "the smallest number that scores as well is used."
    )


def _rival(one: Attempt) -> str:
    if one.score is None:
        return f"{_TITLES[one.algorithm]}: {one.remark}"
    share = "under 1%" if one.noise_share < 0.01 else f"{one.noise_share:.0%}"
    noise = f", {share} in no segment" if one.noise_share else ""
    remark = f", but {one.remark}" if one.remark else ""
    return f"{_TITLES[one.algorithm]} {one.score:.3f} with {one.n_clusters}{noise}{remark}"
