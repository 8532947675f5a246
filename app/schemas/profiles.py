"""Saved customer profiles, as they come in and go out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints, model_validator

from app.schemas.base import STORABLE, Incoming, Outgoing
from app.schemas.predictions import EXAMPLE_CUSTOMER, Age, Frequency, Income, Sex, SpendingScore

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), STORABLE
]
ProfileSort = Literal[
    "name", "age", "annual_income", "spending_score", "purchase_frequency", "updated_at"
]
Notes = Annotated[str, StringConstraints(max_length=10_000), STORABLE]


class _ProfileFields(Incoming):
    sex: Sex | None = None
    age: Age | None = None
    annual_income: Income | None = None
    spending_score: SpendingScore | None = None
    purchase_frequency: Frequency | None = None
    notes: Notes | None = None


class ProfileCreate(_ProfileFields):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Regular at the corner shop", **EXAMPLE_CUSTOMER, "notes": ""}
        }
    )

    name: Name


class ProfileUpdate(_ProfileFields):
    model_config = ConfigDict(json_schema_extra={"example": {"spending_score": 80}})

    name: Name | None = None

    @model_validator(mode="after")
    def _name_stays(self) -> "ProfileUpdate":
        if "name" in self.model_fields_set and self.name is None:
            raise ValueError("name cannot be removed; leave it out to keep it")
        return self


class ProfileOut(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 4,
                "user_id": 7,
                "name": "Regular at the corner shop",
                **EXAMPLE_CUSTOMER,
                "notes": "",
                "created_at": "2026-03-02T09:15:00Z",
                "updated_at": "2026-03-02T09:15:00Z",
            }
        }
    )

    id: int
    user_id: int
    name: str
    sex: str | None
    age: int | None
    annual_income: float | None
    spending_score: int | None
    purchase_frequency: int | None
    notes: str | None
    created_at: datetime
    updated_at: datetime
