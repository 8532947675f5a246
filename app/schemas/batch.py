"""Many customers at once."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, WithJsonSchema

from app.schemas.base import Incoming, Outgoing, Probability
from app.schemas.predictions import EXAMPLE_CUSTOMER

MAX_BATCH_CUSTOMERS = 10_000


# Said in place: the body's schema is written into the route's, where no reference would lead.
_Record = Annotated[JsonValue, WithJsonSchema({"type": "object"})]


class BatchRequest(Incoming):
    """Customers as in `/predict`; each one is validated separately."""

    model_config = ConfigDict(json_schema_extra={"example": {"customers": [EXAMPLE_CUSTOMER]}})

    customers: Annotated[list[_Record], Field(min_length=1, max_length=MAX_BATCH_CUSTOMERS)]


class BatchPrediction(Outgoing):
    row: int
    cluster: int
    cluster_name: str
    confidence: int
    probability: Probability
    outlier: bool


class BatchProblem(Outgoing):
    row: int
    reason: str


class BatchResult(Outgoing):
    """Rows are counted from 1, in the order of the request."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "model_version": 3,
                "n_customers": 2,
                "predictions": [
                    {
                        "row": 1,
                        "cluster": 2,
                        "cluster_name": "High Value Customers",
                        "confidence": 81,
                        "probability": 0.99,
                        "outlier": False,
                    }
                ],
                "problems": [
                    {"row": 2, "reason": "age: Input should be greater than or equal to 18"}
                ],
            }
        }
    )

    model_version: int
    n_customers: int
    predictions: list[BatchPrediction]
    problems: list[BatchProblem]
