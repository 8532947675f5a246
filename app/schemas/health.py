"""How the service says it is."""

from typing import Literal

from app.schemas.base import Outgoing


class Health(Outgoing):
    status: Literal["healthy"]
    version: str
    model_version: int | None
    docs: str


class ApiHealth(Outgoing):
    status: Literal["healthy"]
    version: str
    docs: str


class Liveness(Outgoing):
    status: Literal["alive"]


class Readiness(Outgoing):
    status: Literal["ready", "not ready"]
    detail: str
    database: bool
    schema_revision: bool
    model: bool
