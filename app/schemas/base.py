"""The base of every schema: strict about text and numbers, forgiving about extra fields."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticUseDefault, core_schema

from app.segmentation.caution import code_of

MAX_DATABASE_ID = 2**63 - 1


def storable(text: str) -> str:
    """Return the text, or refuse what a database or an encoder would choke on later."""
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must not contain half of a surrogate pair")
    return text


def _number(value: Any) -> Any:
    if isinstance(value, bool | str | bytes):
        raise ValueError("must be a number")
    return value


# Limits stand before these: after them they would count a text's "items", and the schema would
# not know a number's.
RowIs = Literal["customer", "order", "order_line", "event", "customer_month", "item"]
STORABLE = AfterValidator(storable)
NUMBER = BeforeValidator(_number)
Text = Annotated[str, STORABLE]
Whole = Annotated[int, NUMBER]
Real = Annotated[float, Field(allow_inf_nan=False), NUMBER]
ClusterCount = Annotated[int, Field(ge=2, le=15), NUMBER]
Flag = Annotated[bool, Field(strict=True)]
Probability = Annotated[
    float | None,
    Field(
        description="Calibrated chance that the customer belongs to this segment: of those given "
        "0.7 to 0.8, 70 to 80% do. Null in no segment, and "
        "where it is not known."
    ),
]


class NullAsDefault:
    """Takes null for an option as if it was not given; to stand last, around all that checks it."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_or_default, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "null"}]}


def _or_default(value: Any) -> Any:
    if value is None:
        raise PydanticUseDefault
    return value


class Incoming(BaseModel):
    """A request body. Fields that are not in the contract are ignored."""

    model_config = ConfigDict(extra="ignore")


class Outgoing(BaseModel):
    """An answer. It has no defaults, so that a generated client has no needless optionals."""

    model_config = ConfigDict(from_attributes=True)


class Message(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "message": "Deleted successfully",
            }
        }
    )

    message: str


class CautionOut(Outgoing):
    """A warning; `code` is stable, for programs, and `message` is for people."""

    code: str
    message: str

    @classmethod
    def of(cls, sentence: str) -> Self:
        return cls(code=code_of(sentence), message=sentence)


class ErrorOut(Outgoing):
    """The shape of every error that is not a field error.

    `code` is stable, for programs; `detail` is for people. `field` names the field at fault.
    """

    detail: str
    code: str
    field: str | None


class FieldProblemOut(Outgoing):
    """What is wrong with one field; `loc` is the path to it, from `body`, `query` or `path`.

    `code` repeats `type`, and `field` is the path as a name: `options.columns`.
    """

    type: str
    loc: list[str | int]
    msg: str
    code: str
    field: str | None


class FieldProblemsOut(Outgoing):
    """Every field error; `field` is that of the first."""

    detail: list[FieldProblemOut]
    code: Literal["invalid_fields"]
    field: str | None
