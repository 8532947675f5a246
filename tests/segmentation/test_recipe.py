import json
from dataclasses import fields, replace

import pytest

from app.segmentation.errors import RecipeError
from app.segmentation.recipe import AUTO, CONTRACT, CORE, Recipe


@pytest.mark.parametrize("recipe", [AUTO, CONTRACT, CORE, replace(AUTO, projection=3, eps=0.4)])
def test_a_recipe_is_the_same_after_a_journey_through_json(recipe: Recipe) -> None:
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


def test_every_decision_is_written_down() -> None:
    assert set(AUTO.to_dict()) == {field.name for field in fields(Recipe)}


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(RecipeError, match="blnaks") as refused:
        Recipe.from_dict({"blnaks": "median"})
    assert refused.value.field == "blnaks"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("blanks", "mean"),
        ("algorithm", "birch"),
        ("n_clusters", 1),
        ("projection", "some"),
        ("projection", 0),
        ("category_weight", 0),
        ("k_range", [5, 3]),
    ],
)
def test_a_value_that_a_field_cannot_have_names_the_field(field: str, value: object) -> None:
    with pytest.raises(RecipeError) as refused:
        Recipe.from_dict({field: value})
    assert refused.value.field == field
