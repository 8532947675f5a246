"""Customers, predictions, trainings and history, as they come in and go out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import Incoming, Outgoing, Real, Whole

Sex = Literal["Male", "Female"]
Age = Annotated[Whole, Field(ge=18, le=100, description="Years")]
Income = Annotated[Real, Field(ge=0, le=1e9, description="Thousands a year")]
SpendingScore = Annotated[Whole, Field(ge=1, le=100)]
Frequency = Annotated[Whole, Field(ge=0, le=1_000_000_000, description="Purchases a year")]

EXAMPLE_CUSTOMER: dict[str, JsonValue] = {
    "sex": "Female",
    "age": 34,
    "annual_income": 65.5,
    "spending_score": 72,
    "purchase_frequency": 18,
}


class Customer(Incoming):
    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE_CUSTOMER})

    sex: Sex
    age: Age
    annual_income: Income
    spending_score: SpendingScore
    purchase_frequency: Frequency

    def features(self) -> tuple[float, float, float, float]:
        return (self.age, self.annual_income, self.spending_score, self.purchase_frequency)


class Prediction(Outgoing):
    cluster: int
    cluster_name: str
    confidence: Annotated[int, Field(ge=0, le=100)]
    customer_data: Customer
    distances: list[float]
    outlier: bool
    model_version: int


class TrainRequest(Incoming):
    model_config = ConfigDict(json_schema_extra={"example": {"n_clusters": 5}})

    n_clusters: Annotated[Whole, Field(ge=2, le=15)] | None = None
    activate: Annotated[
        bool, Field(strict=True, description="false trains a candidate; needs an analyst")
    ] = True


class TrainResult(Outgoing):
    message: str
    version: int
    is_active: bool
    n_clusters: int
    silhouette_score: float
    inertia: float
    n_customers: int
    imputed: dict[str, int]
    warnings: list[str]
    created_at: datetime


class ClusterSummary(Outgoing):
    cluster_id: int
    cluster_name: str
    size: int
    share: float
    avg_age: float
    avg_income: float
    avg_spending_score: float
    avg_purchase_frequency: float


class Clusters(Outgoing):
    total_customers: int
    n_clusters: int
    model_version: int
    clusters: list[ClusterSummary]


class Elbow(Outgoing):
    optimal_k: int
    k_range: list[int]
    inertias: list[float | None]
    silhouette_scores: list[float | None]


class HistoryRow(Outgoing):
    id: int
    customer_data: dict[str, Any]
    cluster: int
    cluster_name: str
    confidence: int
    created_at: datetime
    model_version: int


class History(Outgoing):
    history: list[HistoryRow]
    total: int


class Deleted(Outgoing):
    message: str
    deleted: int
