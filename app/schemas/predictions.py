"""Customers, predictions, trainings and history, as they come in and go out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import (
    NUMBER,
    ClusterCount,
    Flag,
    Incoming,
    NullAsDefault,
    Outgoing,
    Probability,
)

Sex = Literal["Male", "Female"]
Age = Annotated[int, Field(ge=18, le=100, description="Years"), NUMBER]
Income = Annotated[
    float, Field(ge=0, le=1e9, description="Thousands per year", allow_inf_nan=False), NUMBER
]
SpendingScore = Annotated[int, Field(ge=1, le=100), NUMBER]
Frequency = Annotated[int, Field(ge=0, le=1_000_000_000, description="Purchases per year"), NUMBER]

EXAMPLE_CUSTOMER: dict[str, JsonValue] = {
    "sex": "Female",
    "age": 34,
    "annual_income": 65.5,
    "spending_score": 72,
    "purchase_frequency": 18,
}


EXAMPLE_SEGMENT: dict[str, JsonValue] = {
    "cluster_id": 2,
    "cluster_name": "High Value Customers",
    "size": 1043,
    "share": 0.2086,
    "avg_age": 36.2,
    "avg_income": 71.4,
    "avg_spending_score": 76.9,
    "avg_purchase_frequency": 19.8,
}
EXAMPLE_ELBOW: dict[str, JsonValue] = {
    "optimal_k": 5,
    "k_range": [2, 3, 4, 5, 6, 7, 8, 9, 10],
    "inertias": [14210.4, 9950.7, 6880.2, 4310.9, 3900.6, 3610.3, 3380.8, 3190.1, 3010.5],
    "silhouette_scores": [0.31, 0.38, 0.46, 0.55, 0.5, 0.45, 0.4, 0.37, 0.35],
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
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "cluster": 2,
                "cluster_name": "High Value Customers",
                "confidence": 81,
                "probability": 0.99,
                "customer_data": EXAMPLE_CUSTOMER,
                "distances": [2.71, 3.9, 0.62, 3.14, 3.35],
                "outlier": False,
                "model_version": 3,
            }
        }
    )

    cluster: int
    cluster_name: str
    confidence: Annotated[int, Field(ge=0, le=100)]
    probability: Probability
    customer_data: Customer
    distances: list[float]
    outlier: bool
    model_version: int


class TrainRequest(Incoming):
    model_config = ConfigDict(json_schema_extra={"example": {"n_clusters": 5}})

    n_clusters: ClusterCount | None = None
    activate: Annotated[
        Flag,
        Field(description="`false` trains a candidate; requires the analyst role"),
        NullAsDefault(),
    ] = True


class TrainResult(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "message": "Model trained successfully",
                "version": 3,
                "is_active": True,
                "n_clusters": 5,
                "silhouette_score": 0.55,
                "inertia": 4310.9,
                "n_customers": 5000,
                "imputed": {
                    "age": 0,
                    "annual_income": 12,
                    "spending_score": 0,
                    "purchase_frequency": 0,
                },
                "warnings": [],
                "created_at": "2026-03-02T09:15:00Z",
            }
        }
    )

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
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "total_customers": 5000,
                "n_clusters": 1,
                "model_version": 3,
                "clusters": [EXAMPLE_SEGMENT],
            }
        }
    )

    total_customers: int
    n_clusters: int
    model_version: int
    clusters: list[ClusterSummary]


class Elbow(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE_ELBOW})

    optimal_k: int
    k_range: list[int]
    inertias: list[float | None]
    silhouette_scores: list[float | None]


HistorySort = Literal["created_at", "cluster_name", "confidence"]


class HistoryRow(Outgoing):
    id: int
    customer_data: dict[str, Any]
    cluster: int
    cluster_name: str
    confidence: int
    created_at: datetime
    model_version: int


class History(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "history": [
                    {
                        "id": 15,
                        "customer_data": EXAMPLE_CUSTOMER,
                        "cluster": 2,
                        "cluster_name": "High Value Customers",
                        "confidence": 81,
                        "created_at": "2026-03-02T09:15:00Z",
                        "model_version": 3,
                    }
                ],
                "total": 1,
            }
        }
    )

    history: list[HistoryRow]
    total: int


class Deleted(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "message": "History deleted successfully",
                "deleted": 42,
            }
        }
    )

    message: str
    deleted: int
