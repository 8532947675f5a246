"""The recipe that a run was made by, as it is stored and as it is described."""

from collections.abc import Mapping

from app.schemas.recipes import RecipeOut
from app.segmentation.recipe import AUTO, CONTRACT, CORE, Recipe

_OLDEST = (
    "algorithm",
    "linkage",
    "n_clusters",
    "columns",
    "transform",
    "categorical_limit",
    "eps",
    "min_samples",
    "min_cluster_size",
)
_AUTOMATIC = (
    "Named options follow the contract: numbers are standardised, categories count in full, every "
    "usable column is used. Automatic segmentation (algorithm and n_clusters auto) would fill gaps "
    "from similar customers, straighten skewed numbers, draw in single extreme values, and set "
    "sparse, repeated and unrelated columns aside; it would look for groups of any shape and "
    "number, and only where there are none choose the algorithm and the number by score."
)
_SENTENCES = {
    "auto": "Columns, algorithm and number of segments were chosen automatically.",
    "contract": _AUTOMATIC,
    "core": "Age, income, spending and frequency, standardised, by K-means.",
}


def stored(options: Mapping[str, object]) -> Recipe:
    """Read the recipe of a stored run; the oldest have the request's options instead."""
    if "seed" in options:
        return Recipe.from_dict(options)
    components = options["pca_components"]
    return Recipe.from_dict(
        {
            **CONTRACT.to_dict(),
            **{name: options[name] for name in _OLDEST},
            "projection": "none" if components is None else components,
            "validation": "full" if options.get("with_validation") else "none",
        }
    )


def described(recipe: Recipe) -> RecipeOut:
    """Name a recipe, give its values, and say what another would do differently."""
    name = name_of(recipe)
    return RecipeOut(name=name, sentence=_SENTENCES[name], values=recipe.to_dict())


def name_of(recipe: Recipe) -> str:
    if recipe.vocabulary == CORE.vocabulary:
        return "core"
    return "auto" if recipe.undivided == AUTO.undivided else "contract"
