"""Posted records and analysis options; in camel case, as clients of this API expect."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field, JsonValue, WithJsonSchema

from app.errors import FieldProblem, problem_at
from app.schemas.base import NUMBER, ClusterCount, NullAsDefault, RowIs
from app.schemas.camel import Camel
from app.schemas.noticed import Noticing, closed, nearest
from app.schemas.recipes import RecipeOptions
from app.segmentation.caution import Caution
from app.segmentation.recipe import AUTO, Recipe, Transform

EXAMPLE_RECORDS: list[JsonValue] = [
    {"id": 1, "age": 35, "gender": "Male", "income": 75000, "purchases": 12, "region": "North"},
    {"id": 2, "age": 52, "gender": "Female", "income": 48000, "purchases": 4, "region": "South"},
    {"id": 3, "age": 29, "gender": "Female", "income": 71000, "purchases": 15, "region": "North"},
    {"id": 4, "age": 57, "gender": "Male", "income": 45500, "purchases": 3, "region": "South"},
]


# Looked through by `cell_problems`: a call for each of a million cells would take seconds.
Cell = Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]
Record = dict[str, Cell]
# The first that is no record ends it: a problem for each of a million would take minutes.
Records = Annotated[list[Record], FailFast()]
UNKNOWN = "unknown_option"
AnalysisAlgorithm = Literal["auto", "kmeans", "hierarchical", "dbscan"]


class AnalysisOptions(RecipeOptions, Camel, Noticing):
    """All optional; null means not given. Without `nClusters`, the silhouette decides.

    `relevance`, `extremes`, `blanks`, `sparse`, `redundancy`, `projection` and `categoryWeight`
    switch single decisions. `columns` uses all it names. Columns that blur the groups which others
    show are set aside, unless `columns` names them. An option that is not known is ignored, with a
    warning in the answer.
    """

    algorithm: Annotated[AnalysisAlgorithm, NullAsDefault()] = "auto"
    n_clusters: ClusterCount | None = None
    transform: Annotated[Transform, NullAsDefault()] = "auto"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), NUMBER, NullAsDefault()] = 42

    def recipe(self) -> Recipe:
        return self.laid_over(AUTO)


def _with_example(schema: dict[str, Any]) -> None:
    closed(schema)
    schema["example"] = {"customerData": EXAMPLE_RECORDS}


class AnalysisRequest(Camel, Noticing):
    """Records of any shape: further columns are welcome, values may be missing."""

    model_config = ConfigDict(json_schema_extra=_with_example)

    customer_data: Annotated[Records, Field(min_length=2)]
    options: AnalysisOptions | None = None
    one_row_is: RowIs | None = None

    def remarks(self) -> list[str]:
        """Say which options are not known, and which were meant.

        They are no error: a client may be written for a server that knows other ones too.
        """
        options = AnalysisOptions.names()
        found: list[str] = []
        for name in self.options.unknown() if self.options else ():
            meant = nearest(name, options)
            hint = f"did you mean {meant!r}?" if meant else f"known are {', '.join(options)}"
            sentence = f"The option {name!r} is not known and was ignored: {hint}"
            found.append(Caution(sentence, UNKNOWN))
        for name in self.unknown():
            if nearest(name, ["options"]):
                sentence = f"{name!r} is not known and was ignored: did you mean 'options'?"
                found.append(Caution(sentence, UNKNOWN))
            elif nearest(name, options):
                sentence = f"{name!r} was ignored: options belong in 'options'"
                found.append(Caution(sentence, UNKNOWN))
        return found


def cell_problems(
    records: Sequence[dict[str, Any]], *path: str | int, most: int = 100
) -> list[FieldProblem]:
    """Find the values that no cell of a table can hold, each by its path."""
    found: list[FieldProblem] = []
    for row, name, message in _unusable(records):
        found.append(problem_at(message, *path, row, name))
        if len(found) == most:
            break
    return found


def _unusable(records: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str, str]]:
    for row, record in enumerate(records):
        for name, value in record.items():
            kind = type(value)
            if kind is str:
                if "\0" in value:
                    yield row, name, "must not contain the NUL character"
            elif kind is float:
                if not math.isfinite(value):
                    yield row, name, "must be a finite number"
            elif kind is dict or kind is list:
                yield row, name, "must be a number, a text, true, false or null: nothing nested"
            if "\0" in name:
                yield row, name.replace("\0", ""), "must not contain the NUL character in its name"


def inlined_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Write a model's schema without references, which lead nowhere from within a route's."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def inline(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return inline(definitions[node["$ref"].rpartition("/")[2]])
            return {key: inline(value) for key, value in node.items()}
        return [inline(each) for each in node] if isinstance(node, list) else node

    inlined: dict[str, Any] = inline(schema)
    return inlined
