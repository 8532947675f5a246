"""What a file may be, by its owner's role: the role user brings less, for some days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.config import ROLE_RANK, Role, Settings
from app.errors import TooLarge


@dataclass(frozen=True)
class AllowedFile:
    """None is without a limit."""

    max_bytes: int
    max_rows: int | None = None
    kept_days: int | None = None

    def kept_until(self, now: datetime) -> datetime | None:
        return None if self.kept_days is None else now + timedelta(days=self.kept_days)


def limits_of(role: Role, settings: Settings) -> AllowedFile:
    """Return an analyst's limits, or those of posted records for anyone below."""
    if ROLE_RANK[role] >= ROLE_RANK["analyst"]:
        return AllowedFile(settings.max_upload_bytes)
    return AllowedFile(
        max_bytes=min(settings.max_upload_bytes, settings.max_analysis_bytes),
        max_rows=settings.max_analysis_records,
        kept_days=settings.records_kept_days or None,
    )


def check_rows(n_rows: int, most: int | None) -> None:
    if most is not None and n_rows > most:
        raise TooLarge(
            f"The table has {n_rows:,} rows, and yours may have at most {most:,} "
            "(MAX_ANALYSIS_RECORDS). Try a part of it, or ask an administrator for the role "
            "analyst, which has no such limit",
            code="too_many_rows",
        )
