"""The example's segments, as they go out."""

from app.schemas.base import Outgoing


class ExampleSegment(Outgoing):
    cluster_id: int
    cluster_name: str
    share: float


class Example(Outgoing):
    """Generated customers, one list a column; `cluster` has their segments' ids."""

    n_customers: int
    segments: list[ExampleSegment]
    annual_income: list[float]
    spending_score: list[float]
    cluster: list[int]
