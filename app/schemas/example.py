"""The example's segments, as they go out."""

from pydantic import ConfigDict

from app.schemas.base import Outgoing


class ExampleSegment(Outgoing):
    cluster_id: int
    cluster_name: str
    share: float


class Example(Outgoing):
    """Generated customers, one list per column; `cluster` has their segment ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "n_customers": 2,
                "segments": [
                    {"cluster_id": 0, "cluster_name": "Budget Conscious", "share": 0.5},
                    {"cluster_id": 1, "cluster_name": "High Value Customers", "share": 0.5},
                ],
                "annual_income": [21.0, 65.5],
                "spending_score": [18, 72],
                "cluster": [0, 1],
            }
        }
    )

    n_customers: int
    segments: list[ExampleSegment]
    annual_income: list[float]
    spending_score: list[float]
    cluster: list[int]
