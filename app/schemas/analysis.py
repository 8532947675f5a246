"""Posted records and their analysis; in camel case, as this interface's clients expect."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field, JsonValue, WithJsonSchema
from pydantic.alias_generators import to_camel

from app.errors import FieldProblem
from app.schemas import validation
from app.schemas.base import NUMBER, Outgoing, Text
from app.schemas.noticed import Noticing, closed, nearest

EXAMPLE_RECORDS: list[JsonValue] = [
    {"id": 1, "age": 35, "gender": "Male", "income": 75000, "purchases": 12, "region": "North"},
    {"id": 2, "age": 52, "gender": "Female", "income": 48000, "purchases": 4, "region": "South"},
    {"id": 3, "age": 29, "gender": "Female", "income": 71000, "purchases": 15, "region": "North"},
    {"id": 4, "age": 57, "gender": "Male", "income": 45500, "purchases": 3, "region": "South"},
]


EXAMPLE_ANALYSIS: dict[str, JsonValue] = {
    "nCustomers": 4,
    "nClusters": 2,
    "algorithm": "kmeans",
    "clusters": [
        {
            "clusterId": number,
            "clusterName": name,
            "size": 2,
            "share": 0.5,
            "customers": customers,
            "confidence": [88, 85],
            "centroid": {"income": income},
            "categories": {},
            "characteristics": [characteristic],
            "evidence": [
                {
                    "feature": "income",
                    "level": None,
                    "value": income,
                    "rest": rest,
                    "effect": effect,
                }
            ],
            "silhouette": 0.71,
        }
        for number, name, customers, income, rest, effect, characteristic in (
            (0, "Higher income", EXAMPLE_RECORDS[::2], 73000, 46750, 8.2, "Higher income bracket"),
            (1, "Lower income", EXAMPLE_RECORDS[1::2], 46750, 73000, -8.2, "Lower income bracket"),
        )
    ],
    "unassigned": [],
    "featureImportance": {"income": 0.8, "age": 0.2},
    "accuracy": 1.0,
    "accuracyByChance": 0.5,
    "silhouette": 0.71,
    "silhouetteSampleSize": 4,
    "selection": None,
    "columns": {
        "used": ["age", "income"],
        "leftOut": {"id": "identifier"},
        "principalComponents": None,
        "valuesFilled": 0,
    },
    "structure": None,
    "validation": None,
    "warnings": [],
}


class Camel(BaseModel):
    """Fields in camel case outside, in snake case inside."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True
    )


# Looked through by `cell_problems`: a call for each of a million cells would take seconds.
Cell = Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]
Record = dict[str, Cell]
# The first that is no record ends it: a problem for each of a million would take minutes.
Records = Annotated[list[Record], FailFast()]
AnalysisAlgorithm = Literal["auto", "kmeans", "hierarchical", "dbscan"]
ColumnNames = Annotated[list[Text], Field(max_length=10_000)]


class AnalysisOptions(Camel, Noticing):
    """All optional. `nClusters` is chosen by silhouette unless given; `columns` uses all it names.

    Columns that blur the groups which others show are set aside, unless `columns` names them. An
    option that is not known is ignored, with a warning in the answer.
    """

    algorithm: AnalysisAlgorithm = "auto"
    n_clusters: Annotated[int, Field(ge=2, le=15), NUMBER] | None = None
    columns: (
        Annotated[
            ColumnNames,
            Field(min_length=1, description="Segment by all of these, and by no others"),
        ]
        | None
    ) = None
    exclude: ColumnNames = []
    transform: Literal["none", "log", "auto"] = "auto"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), NUMBER] = 42
    # A model's own `validate` is taken by its base class.
    with_validation: Annotated[
        bool, Field(alias="validate", description="Stability, certainty and rules too")
    ] = False


def _with_example(schema: dict[str, Any]) -> None:
    closed(schema)
    schema["example"] = {"customerData": EXAMPLE_RECORDS}


class AnalysisRequest(Camel, Noticing):
    """Records of any shape: further columns are welcome, values may be missing."""

    model_config = ConfigDict(json_schema_extra=_with_example)

    customer_data: Annotated[Records, Field(min_length=2)]
    options: AnalysisOptions | None = None

    def remarks(self) -> list[str]:
        """Say which options are not known, and which were meant.

        They are no error: a client may be written for a server that knows other ones too.
        """
        options, found = AnalysisOptions.names(), []
        for name in self.options.unknown() if self.options else ():
            meant = nearest(name, options)
            hint = f"did you mean {meant!r}?" if meant else f"known are {', '.join(options)}"
            found.append(f"The option {name!r} is not known and was ignored: {hint}")
        for name in self.unknown():
            if nearest(name, ["options"]):
                found.append(f"{name!r} is not known and was ignored: did you mean 'options'?")
            elif nearest(name, options):
                found.append(f"{name!r} was ignored: options stand within 'options'")
        return found


class Structure(Camel, validation.Structure):
    """See the interface of runs; the same in camel case, as all that follow."""


class SegmentStability(Camel, validation.SegmentStability):
    pass


class Stability(Camel, validation.Stability):
    segments: list[SegmentStability]  # type: ignore[assignment]


class Criterion(Camel, validation.Criterion):
    pass


class Certainty(Camel, validation.Certainty):
    criteria: list[Criterion]  # type: ignore[assignment]


class Rule(Camel, validation.Rule):
    pass


class Validation(Camel, validation.Validation):
    structure: Structure
    stability: Stability | None
    certainty: Certainty | None
    rules: list[Rule]  # type: ignore[assignment]


class Evidence(Camel, Outgoing):
    """A measured difference from the rest: means of a number, or shares of a category."""

    feature: str
    level: str | None
    value: float
    rest: float
    effect: float


class LevelShare(Camel, Outgoing):
    level: str
    share: float


class AnalysedCluster(Camel, Outgoing):
    """`confidence` has each customer's, in the order of `customers`."""

    cluster_id: int
    cluster_name: str
    size: int
    share: float
    customers: list[dict[str, Any]]
    confidence: list[int] | None
    centroid: dict[str, float | None]
    categories: dict[str, list[LevelShare]]
    characteristics: list[str]
    evidence: list[Evidence]
    silhouette: float | None


class Attempt(Camel, Outgoing):
    """`score` is the silhouette with customers in no segment counted as 0."""

    algorithm: str
    n_clusters: int | None
    silhouette: float | None
    noise_share: float
    score: float | None
    remark: str | None


class ComparedCounts(Camel, Outgoing):
    n_clusters: list[int]
    silhouette: list[float]


class Selection(Camel, Outgoing):
    algorithm: str | None
    reason: str
    tried: list[Attempt]
    k_means_by_count: ComparedCounts | None


class ColumnsUsed(Camel, Outgoing):
    """What the segments were made from, and of each other column why it was left out.

    `unrelated to the columns that show groups`: it only blurs groups which others show clearly.
    """

    used: list[str]
    left_out: dict[str, str]
    principal_components: int | None
    values_filled: int


class AnalysisResult(Camel, Outgoing):
    """`accuracy` and `featureImportance` are of a small tree that reproduces the segments."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE_ANALYSIS})

    n_customers: int
    n_clusters: int
    algorithm: str | None
    clusters: list[AnalysedCluster]
    unassigned: list[dict[str, Any]]
    feature_importance: dict[str, float]
    accuracy: float
    accuracy_by_chance: float | None
    silhouette: float | None
    silhouette_sample_size: int | None
    selection: Selection | None
    columns: ColumnsUsed
    structure: Structure | None
    validation: Validation | None
    warnings: list[str]


def cell_problems(
    records: Sequence[dict[str, Any]], *path: str | int, most: int = 100
) -> list[FieldProblem]:
    """Find the values that no cell of a table can hold, each by its path."""
    found: list[FieldProblem] = []
    for row, name, message in _unusable(records):
        found.append({"type": "value_error", "loc": ["body", *path, row, name], "msg": message})
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
