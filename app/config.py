"""Every setting of the program, read from the process environment or a `.env` file."""

import os
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv import dotenv_values
from pydantic import (
    AliasChoices,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.tracing import Collector

Role = Literal["user", "analyst", "admin"]
ROLE_RANK: dict[Role, int] = {"user": 0, "analyst": 1, "admin": 2}

PUBLISHED_PASSWORDS = frozenset({"admin123", "test123"})
SECRET_SETTINGS = (
    "secret_key",
    "previous_secret_key",
    "admin_password",
    "oidc_client_secret",
    "database_url",
)
"""What no log and no answer may show; the last may have a password in it."""
_MINIMUM_KEY_LENGTH = 32
_PLACEHOLDER_KEYS = ("change", "your-", "your_", "secret-key", "example", "default", "placeholder")


_MINIMUM_KEY_VARIETY = 10
_SHORTEST_REPEATED_KEY = 16


def _is_weak(key: str) -> bool:
    """Whether a key can be guessed: too short, a placeholder, or a few characters repeated."""
    # A text that repeats a part of itself is found in its double before its end.
    period = (key + key).find(key, 1)
    return (
        len(key) < _MINIMUM_KEY_LENGTH
        or any(word in key.lower() for word in _PLACEHOLDER_KEYS)
        or len(set(key)) < _MINIMUM_KEY_VARIETY
        or period < _SHORTEST_REPEATED_KEY
    )


class Settings(BaseSettings):
    """Settings by name; each is described in `.env.example` and the README."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
    )

    environment: Literal["development", "production"] = "development"
    secret_key: str | None = Field(None, repr=False)
    previous_secret_key: str | None = Field(None, repr=False)
    secret_key_file: Path = Path(".secret_key")
    algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    access_token_expire_minutes: int = Field(30, ge=1, le=60 * 24 * 365)
    reauthentication_minutes: int = Field(10, ge=0)
    bcrypt_rounds: int = Field(12, ge=4, le=16)
    login_failures: int = Field(20, ge=1, le=1000)
    login_names_per_address: int = Field(100, ge=0)
    registration: Literal["open", "invitation"] = "open"
    registrations_per_hour: int = Field(100, ge=0)
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = Field(None, repr=False)
    oidc_name: str = Field("Single sign-on", max_length=50)
    oidc_role: Role = "user"
    admin_password: str | None = Field(None, repr=False)
    train_access: Literal["public", "user", "analyst", "admin"] | None = None
    anonymous_role: Literal["user", "analyst"] | None = None

    database_url: str = "sqlite:///./customer_segmentation.db"
    sqlite_synchronous: Literal["OFF", "NORMAL", "FULL", "EXTRA"] = "NORMAL"
    worker_threads: int = Field(40, ge=1, le=1000)
    lock_timeout_seconds: float = Field(10, ge=0, le=3600)
    statement_timeout_seconds: float = Field(30, ge=0, le=3600)
    idle_in_transaction_timeout_seconds: float = Field(30, ge=0, le=3600)

    customers_file: Path = Path("data/customers.csv")
    rfm_rules_file: Path = Path("data/rfm.toml")
    models_dir: Path = Path("models")
    datasets_dir: Path = Path("data/datasets")
    max_upload_bytes: int = Field(200_000_000, ge=1_000)
    max_orders_bytes: int = Field(2_000_000_000, ge=1_000)
    max_columns: int = Field(2_000, ge=1)
    max_datasets_per_user: int = Field(50, ge=0)
    max_rows_in_request: int = Field(10_000, ge=0)
    linkage_memory_mb: int = Field(2_048, ge=1)
    jobs_kept_days: int = Field(90, ge=0)
    records_kept_days: int = Field(30, ge=0)
    history_kept_days: int = Field(0, ge=0)
    max_stored_bytes_per_user: int = Field(20_000_000_000, ge=0)
    max_uploads_per_user: int = Field(4, ge=0)
    max_jobs_per_user: int = Field(20, ge=0)
    max_running_jobs_per_user: int = Field(0, ge=0)
    compute_seconds_per_hour: int = Field(7_200, ge=0)
    job_timeout_seconds: int = Field(3_600, ge=0)
    job_workers: int = Field(2, ge=1, le=64)
    job_memory_mb: int = Field(4_096, ge=512)
    server_memory_mb: int = Field(600, ge=0)
    compute_address: str | None = Field(None, pattern=r"^(tcp|tls)://\S+:\d+$")

    cors_origins: Annotated[list[str], NoDecode] = [
        "http://localhost:5173",
        "http://localhost:3000",
    ]
    allowed_hosts: Annotated[list[str], NoDecode] = []
    max_body_bytes: int = Field(1_000_000, ge=1_000)
    body_idle_seconds: float = Field(30, gt=0, le=3600)
    body_total_seconds: float = Field(3600, gt=0, le=86_400)
    max_batch_bytes: int = Field(2_000_000_000, ge=1_000)
    max_analysis_records: int = Field(50_000, ge=2)
    max_analysis_bytes: int = Field(50_000_000, ge=1_000)
    analysis_cache_bytes: int = Field(100_000_000, ge=0)
    metrics: bool = False
    otel_exporter_otlp_endpoint: str | None = Field(None, pattern=r"^https?://[^\s/]+\S*$")
    otel_service_name: str = Field("customer-segmentation", min_length=1, max_length=100)
    max_page_size: int = Field(1_000, ge=1)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", validation_alias=AliasChoices("LOG_LEVEL", "FASTMCP_LOG_LEVEL")
    )

    @field_validator("cors_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        if isinstance(value, str):
            return [each.strip().rstrip("/") for each in value.split(",") if each.strip()]
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if not self.in_production:
            return self
        keys = {
            "SECRET_KEY": self.secret_key or "",
            "PREVIOUS_SECRET_KEY": self.previous_secret_key,
        }
        for name, key in keys.items():
            if key is not None and _is_weak(key.strip()):
                raise ValueError(
                    f"{name} is missing, a placeholder, shorter than {_MINIMUM_KEY_LENGTH} "
                    "characters, or repeats a few of them, and ENVIRONMENT is production; "
                    "make one with: openssl rand -hex 32"
                )
        if self.oidc_issuer is not None and not self.oidc_issuer.startswith("https://"):
            raise ValueError("OIDC_ISSUER must begin with https:// when ENVIRONMENT is production")
        if self.bcrypt_rounds < 12:
            raise ValueError("BCRYPT_ROUNDS must be 12 or more when ENVIRONMENT is production")
        return self

    @model_validator(mode="after")
    def _a_cluster_shares_its_database(self) -> Self:
        if self.compute_address is not None and self.database_url.startswith("sqlite"):
            raise ValueError(
                "COMPUTE_ADDRESS needs PostgreSQL: workers on other machines cannot share an "
                "SQLite file; set DATABASE_URL, or leave COMPUTE_ADDRESS out"
            )
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError("OIDC_ISSUER and OIDC_CLIENT_ID are set together or not at all")
        return self

    @property
    def collector(self) -> Collector | None:
        """Where traces are sent."""
        endpoint = self.otel_exporter_otlp_endpoint
        return None if endpoint is None else Collector(endpoint, self.otel_service_name)

    @property
    def in_production(self) -> bool:
        return self.environment == "production"

    @property
    def effective_train_access(self) -> Literal["public", "user", "analyst", "admin"]:
        return self.train_access or ("analyst" if self.in_production else "public")


_GONE = {
    "LOGIN_FAILURE_LIMIT": "LOGIN_FAILURES took its place",
    "RATE_LIMIT_STORAGE": "failed sign-ins are counted in the database",
}
_CLOSE = 0.85
"""How alike two names are, of 1, before one is taken for the other misspelt."""


def unknown_names(names: Iterable[str]) -> list[str]:
    """Return a line for each name that is almost a setting's, or was one."""
    known = {name.upper() for name in Settings.model_fields} | {"FASTMCP_LOG_LEVEL"}
    lines = []
    for name in sorted({name.upper() for name in names} - known):
        alike = get_close_matches(name, known, n=1, cutoff=_CLOSE)
        if name in _GONE:
            lines.append(f"settings: {name} has no effect any more: {_GONE[name]}")
        elif alike:
            lines.append(f"settings: {name} is not a setting; did you mean {alike[0]}?")
    return lines


def load_settings() -> Settings:
    """Return the settings of the environment, or end the program with a line for each fault.

    Names that are almost a setting's are named on the way, as they have no effect.
    """
    for line in unknown_names([*os.environ, *dotenv_values(".env")]):
        sys.stderr.write(f"{line}\n")
    try:
        return Settings()
    except ValidationError as error:
        faults = "\n".join(
            f"settings: {'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            if fault["loc"]
            else f"settings: {fault['msg']}"
            for fault in error.errors()
        )
        sys.exit(f"{faults}\n  what to do: correct .env or the environment; see .env.example")
