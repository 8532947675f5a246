"""Camel case outside, snake case inside: for the interface of posted records alone."""

import operator
from copy import copy
from functools import cache, reduce
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model
from pydantic.alias_generators import to_camel

Schema = TypeVar("Schema", bound=BaseModel)

SHARED = "Out"
"""Ends the names of schemas that other interfaces have too, in snake case."""


class Camel(BaseModel):
    """Fields in camel case outside, in snake case inside."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True
    )


def camel(schema: type[Schema]) -> type[Schema]:
    """Derive a schema whose fields, and all those within them, are in camel case outside."""
    return cast(type[Schema], _made(schema))


@cache
def _made(schema: type[BaseModel]) -> type[BaseModel]:
    name = schema.__name__
    fields: dict[str, Any] = {}
    for field_name, field in schema.model_fields.items():
        derived = _derived(field.annotation)
        if derived is not field.annotation:
            fields[field_name] = (derived, copy(field))
    return create_model(
        f"Camel{name}" if name.endswith(SHARED) else name,
        __base__=(Camel, schema),
        __doc__=schema.__doc__,
        __module__=__name__,
        **fields,
    )


def _derived(annotation: Any) -> Any:
    """Put derived schemas in the place of those that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return camel(annotation)
    within = get_args(annotation)
    derived = tuple(map(_derived, within))
    if all(new is old for new, old in zip(derived, within, strict=True)):
        return annotation
    origin = get_origin(annotation)
    return reduce(operator.or_, derived) if origin in (Union, UnionType) else origin[derived]
