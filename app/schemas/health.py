"""Health of the service."""

from typing import Literal

from pydantic import ConfigDict

from app.schemas.base import Outgoing
from app.schemas.users import SignInProvider


class Health(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "healthy",
                "version": "1.0.0",
                "model_version": 3,
                "docs": "/docs",
            }
        }
    )

    status: Literal["healthy"]
    version: str
    model_version: int | None
    docs: str


class ApiHealth(Outgoing):
    """And how people get in: who may register, and the provider that signs in, if there is one."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "healthy",
                "version": "1.0.0",
                "docs": "/docs",
                "registration": "open",
                "sign_in_provider": None,
            }
        }
    )

    status: Literal["healthy"]
    version: str
    docs: str
    registration: Literal["open", "invitation"]
    sign_in_provider: SignInProvider | None


class Liveness(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "alive",
            }
        }
    )

    status: Literal["alive"]


class Readiness(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "ready",
                "detail": "Ready",
                "threads": True,
                "database": True,
                "schema_revision": True,
                "model": True,
                "disk": True,
                "workers": True,
            }
        }
    )

    status: Literal["ready", "not ready"]
    detail: str
    threads: bool
    database: bool
    schema_revision: bool
    model: bool
    disk: bool
    workers: bool
