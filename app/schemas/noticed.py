"""Fields that are not known: ignored, but not without a word."""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict

MOST_UNKNOWN = 20
_SHOWN = 60


def closed(schema: dict[str, Any]) -> None:
    """Describe a model without the fields that it does not know."""
    schema.pop("additionalProperties", None)


class Noticing(BaseModel):
    """Keeps the names of unknown fields, to be remarked on."""

    model_config = ConfigDict(extra="allow", json_schema_extra=closed)

    def known(self) -> dict[str, Any]:
        """Give what is known, as plain values."""
        return self.model_dump(mode="json", by_alias=False, include=set(type(self).model_fields))

    def unknown(self) -> list[str]:
        """Name what is not known, the first of many, without what no database keeps."""
        names = islice(self.model_extra or (), MOST_UNKNOWN)
        return [name.replace("\0", "")[:_SHOWN] for name in names]

    @classmethod
    def names(cls) -> list[str]:
        """Name the fields as they stand in a request."""
        return [field.alias or name for name, field in cls.model_fields.items()]


def nearest(name: str, known: Sequence[str]) -> str | None:
    """Find the name that a misspelt one stands for, as far as one is near."""
    by_case = {each.casefold(): each for each in known}
    near = get_close_matches(name.casefold().replace("_", ""), by_case, n=1)
    return by_case[near[0]] if near else None
