"""What looks wrong in a table or could be read otherwise, as it goes out."""

from typing import Any

from pydantic import model_validator

from app.schemas.base import Outgoing


class AlternativeOut(Outgoing):
    """Another reading, and the overrides that select it with `PATCH`."""

    reading: str
    overrides: dict[str, Any]


class TableWarningOut(Outgoing):
    """One thing that looks wrong or could be read otherwise.

    A dataset's warnings are in order: those that would change most come first. `count` rows are
    concerned, `line` is the first, `rows` the first 50. `reading` is what was
    taken where there are `alternatives`.
    """

    code: str
    message: str
    column: str | None
    count: int
    line: int | None
    rows: list[int]
    reading: str | None
    alternatives: list[AlternativeOut]

    @model_validator(mode="before")
    @classmethod
    def _from_older_readings(cls, values: Any) -> Any:
        """Datasets read by earlier releases kept less of a warning."""
        later: dict[str, object] = {"rows": [], "reading": None, "alternatives": []}
        return {**later, **values} if isinstance(values, dict) else values
