"""How useful segments are: what they tell about a column that they were not made from."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.schemas.base import Outgoing


class SegmentOutcomeOut(Outgoing):
    """A share or mean in one segment, with its 95% interval; `lift` is its ratio to `overall`.

    `cluster` is -1 for customers in no segment, and `lasting_id` the segment's id in every version.
    The interval is null for a single customer's mean,
    and the lift where values may be below 0.
    """

    cluster: int
    lasting_id: int | None
    cluster_name: str
    size: int
    value: float
    low: float | None
    high: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None


class UsefulnessOut(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run_id": 8,
                "column": "churn",
                "kind": "category",
                "value": "Yes",
                "n_customers": 400,
                "n_missing": 0,
                "overall": 0.25,
                "segments": [
                    {
                        "cluster": 0,
                        "lasting_id": 1,
                        "cluster_name": "Higher income",
                        "size": 180,
                        "value": 0.1,
                        "low": 0.06,
                        "high": 0.15,
                        "lift": 0.4,
                        "lift_low": 0.26,
                        "lift_high": 0.61,
                    }
                ],
                "measure": "cramers_v",
                "association": 0.31,
                "association_held_out": 0.3,
                "explained_by_segments": 0.09,
                "explained_by_model": 0.17,
                "p_value": 0.001,
                "sample_size": 400,
                "sentence": "churn: Yes ranges from 10% in Higher income to 37% in Lower income.",
            }
        }
    )

    run_id: int | None
    column: str
    kind: Literal["category", "number"]
    value: str | None = Field(description="The category whose share is compared.")
    n_customers: int = Field(description="Those whose value is known.")
    n_missing: int
    overall: float = Field(description="The share, or the mean, of all of them.")
    segments: list[SegmentOutcomeOut]
    measure: Literal["cramers_v", "eta_squared"]
    association: float = Field(description="The measure on all customers.")
    association_held_out: float = Field(
        description="The same on customers whose values were not used."
    )
    explained_by_segments: float = Field(
        description="Share of the column's variance that the segments explain, held out."
    )
    explained_by_model: float = Field(
        description="The same by a decision tree on the columns that the segments were made from."
    )
    p_value: float = Field(description="By permutation.")
    sample_size: int = Field(description="Customers the last four figures were measured on.")
    sentence: str
