"""Values come back from JSON and arrays as they were, to the last bit, or not at all."""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.storage.codec import Codec, Malformed


class Pair(NamedTuple):
    word: str
    number: float


@dataclass(frozen=True)
class Leaf:
    rule: Literal["left", "right"]
    share: float | None
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, eq=False)
class Node:
    leaf: Leaf
    other: Leaf | Pair | None
    by_count: Mapping[int, Leaf]
    details: Mapping[str, object]
    labels: NDArray[np.int32]
    fixed: tuple[int, str]


CODEC = Codec({"pair": Pair, "leaf": Leaf, "node": Node})
LABELS = np.array([[0, -1, 2]], dtype=np.int32)


def node(**changes: Any) -> Node:
    values: dict[str, Any] = {
        "leaf": Leaf("left", 0.1),
        "other": None,
        "by_count": {},
        "details": {},
        "labels": LABELS,
        "fixed": (1, "a"),
    }
    return Node(**(values | changes))


def there_and_back(value: Node) -> Node:
    document, arrays = CODEC.encode(value)
    return CODEC.decode(Node, json.loads(json.dumps(document, allow_nan=False)), arrays)


def bits(number: float) -> bytes:
    # Not a number is one number here: which of its many bit patterns it has says nothing.
    return struct.pack("d", math.nan if math.isnan(number) else number)


@given(st.floats())
def test_a_number_comes_back_to_the_last_bit(number: float) -> None:
    found = there_and_back(node(leaf=Leaf("left", number), details={"n": np.float64(number)}))
    assert found.leaf.share is not None
    assert bits(found.leaf.share) == bits(number)
    assert bits(found.details["n"]) == bits(number)  # type: ignore[arg-type]


@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
            lambda inner: (
                st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner)
            ),
            max_leaves=8,
        ),
    )
)
def test_details_of_any_plain_kind_come_back(details: dict[str, object]) -> None:
    found = there_and_back(node(details=details)).details
    assert found == details
    assert repr(found) == repr(details)


@given(st.text(), st.integers())
def test_texts_and_keys_come_back_as_they_are(text: str, key: int) -> None:
    leaf = Leaf("right", None, (Pair(text, -0.0),))
    found = there_and_back(node(other=Pair(text, 1.5), by_count={key: leaf}))
    assert found.by_count == {key: leaf}
    assert found.other == Pair(text, 1.5)
    assert isinstance(found.other, Pair)


@pytest.mark.parametrize("text", ["\ud800", "\0", "is", "array", "entries"])
def test_odd_texts_are_texts(text: str) -> None:
    leaf = Leaf("left", None, (Pair(text, 0.0),))
    found = there_and_back(node(leaf=leaf, details={text: {text: text}}))
    assert (found.leaf, found.details) == (leaf, {text: {text: text}})


def test_arrays_keep_their_type_and_shape_and_one_array_is_kept_once() -> None:
    shared = np.arange(3.0)
    document, arrays = CODEC.encode(node(details={"a": shared, "b": shared}))
    assert len(arrays) == 2
    found = CODEC.decode(Node, document, arrays)
    np.testing.assert_array_equal(found.labels, LABELS)
    assert (found.labels.dtype, found.labels.shape) == (np.dtype(np.int32), (1, 3))
    assert found.details["a"] is found.details["b"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("leaf", "is"), "branch", "leaf is not a leaf"),
        (("leaf", "is"), "pair", "leaf is not a leaf"),
        (("leaf", "new"), 1, "other fields than a leaf: new"),
        (("leaf", "rule"), "up", "leaf.rule is not one of"),
        (("leaf", "share"), "0.1", "leaf.share is not of float"),
        (("leaf", "share"), True, "leaf.share is not of float"),
        (("leaf", "share"), {"float": "1"}, "leaf.share is not a number"),
        (("leaf", "pairs"), None, "leaf.pairs is not a list"),
        (("fixed",), [1], "fixed is not a list of 2"),
        (("fixed",), [1.0, "a"], "fixed.0 is not of int"),
        (("by_count",), {"entries": [["1", None]]}, "by_count.0.0 is not of int"),
        (("details",), {"entries": [["x", {"is": "os.system"}]]}, "is not of a known tag"),
        (("labels", "array"), "elsewhere", "labels is an array that is not there"),
        (("labels", "dtype"), "<i8", "labels is not as kept"),
        (("labels", "shape"), [3], "labels is not as kept"),
        (("other",), {"is": "node"}, "other"),
    ],
)
def test_anything_else_is_refused_by_its_place(
    path: tuple[str, ...], value: object, told: str
) -> None:
    document: Any
    document, arrays = CODEC.encode(node())
    at = document
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    with pytest.raises(Malformed, match=told):
        CODEC.decode(Node, document, arrays)


def test_a_field_too_few_and_an_array_of_another_type_are_refused() -> None:
    document: Any
    document, arrays = CODEC.encode(node(labels=LABELS.astype(float)))
    with pytest.raises(Malformed, match="labels is not an array of int32"):
        CODEC.decode(Node, document, arrays)
    del document["fixed"], document["leaf"]["pairs"]
    with pytest.raises(Malformed, match="other fields than a node: fixed"):
        CODEC.decode(Node, document, arrays)


def test_a_field_that_is_absent_has_its_default() -> None:
    document: Any
    document, arrays = CODEC.encode(node())
    del document["leaf"]["pairs"]
    assert CODEC.decode(Node, document, arrays).leaf == Leaf("left", 0.1)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", np.array([object()]), print])
def test_what_cannot_be_read_again_is_not_written(value: object) -> None:
    with pytest.raises(TypeError, match=r"details\.0\.1"):
        CODEC.encode(node(details={"x": value}))
