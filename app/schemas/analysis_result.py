"""The result of an analysis of posted records; `camel` derives what goes out."""

from typing import Annotated, Any

from pydantic import AliasChoices, ConfigDict, Field, JsonValue

from app.schemas.analysis import EXAMPLE_RECORDS
from app.schemas.base import CautionOut, Outgoing
from app.schemas.recipes import RecipeOut
from app.schemas.run_views import CategoryShareOut
from app.schemas.validation import StructureOut, ValidationOut

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
            "probability": [0.99, 0.98],
            "centroid": {"income": income},
            "categories": {},
            "characteristics": [characteristic],
            "middle": None,
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
    "recipe": {
        "name": "auto",
        "sentence": "Columns, algorithm and number of segments were chosen automatically.",
        "values": {"algorithm": "auto"},
    },
    "warnings": [],
    "cautions": [],
}


class EvidenceOut(Outgoing):
    """A measured difference from the rest: means of a number, or shares of a category."""

    feature: Annotated[str, Field(validation_alias=AliasChoices("feature", "column"))]
    level: str | None
    value: float
    rest: float
    effect: float


class AnalysedCluster(Outgoing):
    """`confidence` has each customer's, in the order of `customers`."""

    cluster_id: int
    cluster_name: str
    size: int
    share: float
    customers: list[dict[str, Any]]
    confidence: list[int] | None
    probability: Annotated[
        list[float] | None,
        Field(description="Of each customer, calibrated, as for a single prediction."),
    ]
    centroid: dict[str, float | None]
    categories: dict[str, list[CategoryShareOut]]
    characteristics: list[str]
    middle: Annotated[
        str | None, Field(description="The first characteristic, if it lies between the others")
    ]
    evidence: list[EvidenceOut]
    silhouette: float | None


class AttemptOut(Outgoing):
    """`score` is the silhouette with customers in no segment counted as 0."""

    algorithm: str
    n_clusters: int | None
    silhouette: float | None
    noise_share: float
    score: float | None
    remark: str | None


class ComparedCounts(Outgoing):
    n_clusters: list[int]
    silhouette: list[float]


class Selection(Outgoing):
    algorithm: str | None
    reason: str
    tried: list[AttemptOut]
    k_means_by_count: ComparedCounts | None


class ColumnsUsed(Outgoing):
    """The columns used, and for each other column why it was left out.

    `unrelated to the columns that show groups`: it only blurs groups which others show clearly.
    """

    used: list[str]
    left_out: dict[str, str]
    principal_components: int | None
    values_filled: int


class AnalysisResult(Outgoing):
    """`accuracy` and `featureImportance` come from small trees that reproduce the segments."""

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
    structure: StructureOut | None
    validation: ValidationOut | None
    recipe: RecipeOut
    warnings: list[str]
    cautions: list[CautionOut]
