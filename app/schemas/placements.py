"""Customers placed in a version of a segmentation, and the form of what that takes."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, JsonValue

from app.schemas.base import CautionOut, Outgoing, Probability
from app.schemas.clustering import PlacementRule


class FormColumn(Outgoing):
    """A column of a customer to place; `typical` is the median, or the most frequent choice.

    `choices` are the most frequent categories, at most 50. A column that only its owner may see
    has neither range nor choices.
    """

    name: str
    kind: Literal["number", "category", "yes_no", "date"]
    unit: str | None
    low: float | str | None
    high: float | str | None
    typical: float | str | None
    choices: list[str]


class PlacementForm(Outgoing):
    """What a customer needs to be placed in a version."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "identifier": "customer_id",
                "columns": [
                    {
                        "name": "annual_income",
                        "kind": "number",
                        "unit": "k$",
                        "low": 15,
                        "high": 137,
                        "typical": 61.5,
                        "choices": [],
                    }
                ],
            }
        }
    )

    version: int
    identifier: str | None
    columns: list[FormColumn]


class PlacedOut(Outgoing):
    """`segment` is -1 in no segment, as for noise; `lasting_id` is the same over versions."""

    row: int
    segment: int
    lasting_id: int | None
    segment_name: str
    confidence: int | None
    probability: Probability
    outlier: bool
    role: Literal["core", "border", "noise"] | None


class VersionPlacements(Outgoing):
    """Where customers were placed, and what is missing in them or was never seen before."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "segmentation_id": 3,
                "version": 2,
                "rule": "nearest_center",
                "n_rows": 1,
                "warnings": [],
                "placements": [
                    {
                        "row": 1,
                        "segment": 0,
                        "lasting_id": 4,
                        "segment_name": "Our best",
                        "confidence": 77,
                        "probability": 0.98,
                        "outlier": False,
                        "role": None,
                    }
                ],
            }
        }
    )

    segmentation_id: int
    version: int
    rule: PlacementRule
    n_rows: int
    warnings: list[CautionOut]
    placements: list[PlacedOut]


class PlacedCustomerOut(Outgoing):
    """`customer` has the columns that the version used, as they were understood."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 15,
                "at": "2026-03-02T09:15:00Z",
                "by": "maria",
                "version": 2,
                "segment": 0,
                "segment_name": "Our best",
                "confidence": 77,
                "customer": {"age": 34, "annual_income": 65.5},
            }
        }
    )

    id: int
    at: datetime
    by: str
    version: int
    segment: int
    segment_name: str
    confidence: int | None
    customer: dict[str, JsonValue]
