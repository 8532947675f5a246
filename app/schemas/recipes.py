"""How a table was segmented, told with the answer, and the decisions that can be taken by name."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from app.schemas.base import NUMBER, Outgoing

Sparse = Literal["keep", "aside"]
Projection = Literal["none", "auto"]
Blanks = Literal["median", "neighbours"]
Extremes = Literal["keep", "fences"]
Relevance = Literal["all", "related"]
Redundancy = Literal["keep", "once"]
CategoryWeight = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False), NUMBER]


class RecipeOut(Outgoing):
    """`sentence` says what the automatic way would do differently."""

    name: str
    sentence: str
    values: dict[str, JsonValue]
