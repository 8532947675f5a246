"""The decisions of a recipe that a request may take by name, and a recipe as it is answered."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, JsonValue

from app.schemas.base import NUMBER, Flag, NullAsDefault, Outgoing, RowIs, Text
from app.segmentation.recipe import Blanks, Derived, Extremes, Recipe, Redundancy, Relevance, Sparse

ColumnNames = Annotated[list[Text], Field(max_length=10_000)]


class RecipeOptions(BaseModel):
    """What every interface that segments a table lets a caller decide; null leaves it open."""

    columns: (
        Annotated[
            ColumnNames,
            Field(min_length=1, description="Use all of these columns and no others"),
        ]
        | None
    ) = None
    exclude: ColumnNames | None = None
    sparse: Sparse | None = None
    blanks: Blanks | None = None
    extremes: Extremes | None = None
    relevance: Relevance | None = None
    redundancy: Redundancy | None = None
    derived: Derived | None = None
    projection: Literal["none", "auto"] | None = None
    category_weight: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False), NUMBER] | None = None
    one_row_is: (
        Annotated[RowIs, Field(description="`customer` for rows that look like something else")]
        | None
    ) = None
    # A model's own `validate` is taken by its base class.
    with_validation: Annotated[
        Flag,
        Field(alias="validate", description="Also compute stability, certainty and rules"),
        NullAsDefault(),
    ] = False

    def laid_over(self, base: Recipe) -> Recipe:
        """Take what was given, by the names of a recipe's fields, and the rest from another one."""
        values = base.to_dict()
        for name in self.model_fields_set & values.keys():
            given: object = getattr(self, name)
            if given is not None:
                values[name] = None if (name, given) == ("n_clusters", "auto") else given
        if self.with_validation:
            values["validation"] = "full"
        return Recipe.from_dict(values)


class RecipeOut(Outgoing):
    """`sentence` says what the automatic way would do differently."""

    name: str
    sentence: str
    values: Mapping[str, JsonValue]
