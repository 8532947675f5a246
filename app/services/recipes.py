"""What a request asks for, as a recipe of the engine; and a recipe, told to a person."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.schemas.analysis import AnalysisOptions
from app.schemas.clustering import RunRequest
from app.schemas.recipes import RecipeOut
from app.segmentation.recipe import AUTO, CONTRACT, CORE, Recipe

SWITCHES = (
    "sparse",
    "blanks",
    "extremes",
    "relevance",
    "redundancy",
    "projection",
    "category_weight",
)
"""Decisions that a caller may take by name at every door."""

_RUN_FIELDS = (
    "linkage",
    "transform",
    "categorical_limit",
    "eps",
    "min_samples",
    "min_cluster_size",
    *SWITCHES,
)
_AUTOMATIC = (
    "Named options follow the contract: numbers are standardised, categories count in full, every "
    "usable column is used. Automatic segmentation (algorithm and n_clusters auto) would fill gaps "
    "from similar customers, straighten skewed numbers, give categories half weight, draw in "
    "single extreme values, set unrelated columns aside, and choose the algorithm by its score."
)
_SENTENCES = {
    "auto": "Columns, algorithm and number of segments were chosen automatically.",
    "contract": _AUTOMATIC,
    "core": "Age, income, spending and frequency, standardised, by K-means.",
}


def of_run(form: RunRequest) -> Recipe:
    """Take the contract's recipe, or the automatic one where the algorithm is left to it."""
    base = AUTO if form.algorithm == "auto" else CONTRACT
    given = {
        name: getattr(form, name)
        for name in _RUN_FIELDS
        if name in form.model_fields_set and getattr(form, name) is not None
    }
    if form.use_pca:
        given["projection"] = form.pca_components
    return replace(
        base,
        **given,
        algorithm=form.algorithm,
        columns=None if form.columns is None else tuple(form.columns),
        exclude=tuple(form.exclude or ()),
        n_clusters=None if form.n_clusters == "auto" else form.n_clusters,
        validation="full" if form.with_validation else base.validation,
    )


def of_analysis(options: AnalysisOptions) -> Recipe:
    """Take the automatic recipe, with what the options ask for."""
    given = {name: getattr(options, name) for name in SWITCHES}
    return replace(
        AUTO,
        **{name: value for name, value in given.items() if value is not None},
        algorithm=options.algorithm,
        columns=None if options.columns is None else tuple(options.columns),
        exclude=tuple(options.exclude),
        transform=options.transform,
        n_clusters=options.n_clusters,
        validation="full" if options.with_validation else AUTO.validation,
        seed=options.seed,
    )


def stored(options: Mapping[str, Any]) -> Recipe:
    """Read the recipe of a stored run; the oldest have the request's options instead."""
    if "seed" in options:
        return Recipe.from_dict(options)
    components = options["pca_components"]
    return replace(
        CONTRACT,
        algorithm=options["algorithm"],
        linkage=options["linkage"],
        n_clusters=options["n_clusters"],
        columns=None if options["columns"] is None else tuple(options["columns"]),
        transform=options["transform"],
        categorical_limit=options["categorical_limit"],
        projection="none" if components is None else components,
        eps=options["eps"],
        min_samples=options["min_samples"],
        min_cluster_size=options["min_cluster_size"],
        validation="full" if options.get("with_validation") else "none",
    )


def described(recipe: Recipe) -> RecipeOut:
    """Name a recipe, give its values, and say what another would do differently."""
    name = name_of(recipe)
    return RecipeOut(name=name, sentence=_SENTENCES[name], values=recipe.to_dict())


def name_of(recipe: Recipe) -> str:
    if recipe.vocabulary == CORE.vocabulary:
        return "core"
    return "auto" if recipe.undivided == AUTO.undivided else "contract"
