"""The customers of a segmentation: a list of them, and one with why they are where they are."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import Outgoing, Probability

Values = dict[str, JsonValue]
SegmentId = Annotated[
    int | None, Field(description="The segment's id, constant over versions; null in no segment")
]
EXAMPLE_CUSTOMER: dict[str, JsonValue] = {
    "row": 17,
    "identifier": "C017",
    "segment": 1,
    "segment_name": "Higher income",
    "confidence": 81,
    "probability": 0.97,
    "outlier": False,
    "values": {"age": 34, "annual_income": 82.5},
}


class ListedCustomer(Outgoing):
    """`identifier` is the row's number where the table has no identifier column."""

    row: int
    identifier: str
    segment: SegmentId
    segment_name: str
    confidence: int | None
    probability: Probability
    outlier: bool
    values: Values


class CustomerPage(Outgoing):
    """`total` counts what the filters leave; `next_cursor` is null on the last page."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "identified_by": "customer_id",
                "total": 180,
                "next_cursor": None,
                "items": [EXAMPLE_CUSTOMER],
            }
        }
    )

    version: int
    identified_by: str | None
    total: int
    next_cursor: str | None
    items: list[ListedCustomer]


class SegmentChance(Outgoing):
    """How near a segment is; only the customer's own probability is calibrated.

    The others share what it leaves, the more the nearer their center.
    """

    segment: int
    segment_name: str
    probability: float | None
    distance: float


class SpeakingColumn(Outgoing):
    """A column that speaks for the customer's segment, against the nearest other one.

    `here` and `there` are the two segments' means, or their most frequent categories; `share` is
    the column's part in all that speaks for the segment.
    """

    column: str
    value: JsonValue
    here: JsonValue
    there: JsonValue
    share: float


class ChangeToMove(Outgoing):
    """The smallest change of one column after which the customer would be in another segment.

    `size` is the distance moved, for a number in standard deviations as a rule. With `exact` no
    smaller change within the column's values would do; otherwise some were tried.
    """

    column: str
    from_: Annotated[JsonValue, Field(alias="from")]
    to: JsonValue
    segment: SegmentId
    segment_name: str
    size: float
    exact: bool

    model_config = ConfigDict(populate_by_name=True, from_attributes=True)


class VersionPlace(Outgoing):
    """Where the customer was; `segment_name` is null where the version did not have them."""

    version: int
    segment: SegmentId
    segment_name: str | None


class CustomerView(Outgoing):
    """One customer, and why they are where they are.

    `same_identifier` counts the rows with this identifier, of which the first is shown.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "identified_by": "customer_id",
                "customer": EXAMPLE_CUSTOMER,
                "same_identifier": 1,
                "probabilities": [
                    {
                        "segment": 1,
                        "segment_name": "Higher income",
                        "probability": 0.97,
                        "distance": 0.6,
                    },
                    {
                        "segment": 2,
                        "segment_name": "Lower income",
                        "probability": 0.03,
                        "distance": 2.3,
                    },
                ],
                "compared_with": 2,
                "speaks_for": [
                    {
                        "column": "annual_income",
                        "value": 82.5,
                        "here": 82.1,
                        "there": 40.3,
                        "share": 0.9,
                    }
                ],
                "smallest_change": {
                    "column": "annual_income",
                    "from": 82.5,
                    "to": 61,
                    "segment": 2,
                    "segment_name": "Lower income",
                    "size": 0.8,
                    "exact": True,
                },
                "history": [{"version": 2, "segment": 1, "segment_name": "Higher income"}],
            }
        }
    )

    version: int
    identified_by: str | None
    customer: ListedCustomer
    same_identifier: int
    probabilities: list[SegmentChance]
    compared_with: SegmentId
    speaks_for: list[SpeakingColumn]
    smallest_change: ChangeToMove | None
    history: list[VersionPlace]
