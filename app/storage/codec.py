"""Nested frozen dataclasses to plain JSON with arrays beside it, and back; reading runs no code."""

import dataclasses
import math
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import (
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value")
Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Arrays = Mapping[str, NDArray[Any]]

TAG, ARRAY, FLOAT, ENTRIES = "is", "array", "float", "entries"
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class Malformed(ValueError):
    """A document is not one of the value that was expected; the message says where."""


class Codec:
    """Writes values of the classes it was given, each under a tag that outlives its name.

    A class is a dataclass or a named tuple. Its fields hold None, numbers, text, tuples, mappings,
    arrays and further such classes, as their type hints say; the hints are what is checked.
    A field that is absent has its default, so that a class may get another one of those; any other
    change of its fields is another format.
    """

    def __init__(self, tags: Mapping[str, type]) -> None:
        self._class_of = dict(tags)
        self._tag_of = {each: tag for tag, each in tags.items()}
        self._hints: dict[type, dict[str, Any]] = {}

    def encode(self, value: object) -> tuple[Json, dict[str, NDArray[Any]]]:
        """Return the document, and the arrays by the path that it names them by."""
        return encode(value, self._described)

    def decode(self, expected: type[Value], document: Json, arrays: Arrays) -> Value:
        """Return the value again, equal to the last bit.

        Raises
        ------
        Malformed
            An unknown tag, a field too many or too few, or a value that its hint does not allow.
        """
        value: Value = self._decoded(expected, document, arrays, "")
        return value

    def fields_of(self, tag: str) -> dict[str, Any]:
        """Return the fields of a tag's class with their type hints."""
        return self._fields(self._class_of[tag])

    def _described(self, value: object) -> tuple[str, dict[str, object]] | None:
        tag = self._tag_of.get(type(value))
        if tag is None:
            return None
        return tag, {name: getattr(value, name) for name in self._fields(type(value))}

    def _fields(self, cls: type) -> dict[str, Any]:
        if cls not in self._hints:
            named = (
                [each.name for each in dataclasses.fields(cls)]
                if dataclasses.is_dataclass(cls)
                else cls._fields  # type: ignore[attr-defined]
            )
            hints = get_type_hints(cls)
            self._hints[cls] = {name: hints[name] for name in named}
        return self._hints[cls]

    def _required(self, cls: type) -> set[str]:
        if not dataclasses.is_dataclass(cls):
            return set(cls._fields) - set(cls._field_defaults)  # type: ignore[attr-defined]
        missing = dataclasses.MISSING
        return {
            each.name
            for each in dataclasses.fields(cls)
            if each.default is missing and each.default_factory is missing
        }

    def _decoded(self, hint: Any, found: Json, arrays: Arrays, at: str) -> Any:
        origin, options = get_origin(hint), get_args(hint)
        if hint is Any or hint is object:
            return self._plain(found, arrays, at)
        if origin in (Union, types.UnionType):
            return self._one_of(options, found, arrays, at)
        if origin is Literal:
            return _checked(found, found in options, at, f"one of {options}")
        if origin is np.ndarray:
            return _array(found, get_args(options[1])[0], arrays, at)
        if origin is tuple:
            return self._tuple(options, found, arrays, at)
        if origin in (Sequence, list):
            return list(self._items(options[0], found, arrays, at))
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(options, found, arrays, at)
        if hint in self._tag_of:
            return self._object(hint, found, arrays, at)
        return _scalar(hint, found, at)

    def _one_of(self, options: Iterable[Any], found: Json, arrays: Arrays, at: str) -> Any:
        if found is None:
            return _checked(None, type(None) in options, at, "given")
        refused = []
        for option in options:
            if option is type(None):
                continue
            try:
                return self._decoded(option, found, arrays, at)
            except Malformed as error:
                refused.append(str(error))
        raise Malformed(", nor ".join(refused))

    def _object(self, cls: type, found: Json, arrays: Arrays, at: str) -> Any:
        tag = self._tag_of[cls]
        given = dict(found) if isinstance(found, dict) else {}
        _checked(found, given.pop(TAG, None) == tag, at, f"a {tag}")
        fields = self._fields(cls)
        odd = (given.keys() - fields.keys()) | (self._required(cls) - given.keys())
        if odd:
            raise Malformed(f"{_named(at)} has other fields than a {tag}: {', '.join(sorted(odd))}")
        return cls(
            **{
                name: self._decoded(fields[name], each, arrays, _below(at, name))
                for name, each in given.items()
            }
        )

    def _tuple(self, options: Sequence[Any], found: Json, arrays: Arrays, at: str) -> Any:
        if options[-1] is Ellipsis:
            return tuple(self._items(options[0], found, arrays, at))
        items = found if isinstance(found, list) else []
        _checked(found, len(items) == len(options), at, f"a list of {len(options)}")
        return tuple(
            self._decoded(hint, each, arrays, _below(at, number))
            for number, (hint, each) in enumerate(zip(options, items, strict=True))
        )

    def _items(self, hint: Any, found: Json, arrays: Arrays, at: str) -> Iterable[Any]:
        for number, each in enumerate(_checked(found, isinstance(found, list), at, "a list")):
            yield self._decoded(hint, each, arrays, _below(at, number))

    def _mapping(self, options: Sequence[Any], found: Json, arrays: Arrays, at: str) -> Any:
        entries = found.get(ENTRIES) if isinstance(found, dict) else None
        _checked(found, isinstance(entries, list), at, "a mapping")
        pairs = self._items(tuple[options[0], options[1]], entries, arrays, at)  # type: ignore[valid-type]
        return dict(pairs)

    def _plain(self, found: Json, arrays: Arrays, at: str) -> Any:
        if isinstance(found, list):
            return tuple(self._items(object, found, arrays, at))
        if not isinstance(found, dict):
            return found
        if FLOAT in found:
            return _scalar(float, found, at)
        if ENTRIES in found:
            return self._mapping((object, object), found, arrays, at)
        if ARRAY in found:
            return _array(found, np.generic, arrays, at)
        tag = found.get(TAG)
        _checked(found, tag in self._class_of, at, "of a known tag")
        return self._object(self._class_of[str(tag)], found, arrays, at)


def encode(value: object, described: Any) -> tuple[Json, dict[str, NDArray[Any]]]:
    """Write a value; `described` gives the tag and the fields of an object, or None."""
    arrays: dict[str, NDArray[Any]] = {}
    places: dict[int, str] = {}

    def written(value: object, at: str) -> Json:
        match value:
            case None | bool() | str():
                return value
            case np.bool_() | np.integer():
                plain: bool | int = value.item()
                return plain
            case int():
                return value
            case float() | np.floating():
                number = float(value)
                if math.isfinite(number):
                    return number
                return {FLOAT: _name(number)}
            case np.ndarray():
                return kept(value, at)
            case Mapping():
                pairs = enumerate(value.items())
                return {ENTRIES: [written(pair, _below(at, number)) for number, pair in pairs]}
        found = described(value)
        if found is not None:
            tag, fields = found
            return {TAG: tag} | {
                name: written(each, _below(at, name)) for name, each in fields.items()
            }
        if isinstance(value, tuple | list):
            return [written(each, _below(at, number)) for number, each in enumerate(value)]
        raise TypeError(f"{_named(at)} is of {type(value)}, which has no tag")

    def kept(array: NDArray[Any], at: str) -> Json:
        if array.dtype.hasobject:
            raise TypeError(f"{_named(at)} is an array of objects")
        # The same array may be seen from two places; it is written once.
        place = places.setdefault(id(array), at or "value")
        arrays[place] = array
        return {ARRAY: place, "dtype": array.dtype.str, "shape": list(array.shape)}

    return written(value, ""), arrays


def _array(found: Json, scalar: type, arrays: Arrays, at: str) -> NDArray[Any]:
    reference = found if isinstance(found, dict) else {}
    array = arrays.get(str(reference.get(ARRAY)))
    if array is None:
        raise Malformed(f"{_named(at)} is an array that is not there")
    as_written = [array.dtype.str, list(array.shape)]
    _checked(found, as_written == [reference.get("dtype"), reference.get("shape")], at, "as kept")
    _checked(found, issubclass(array.dtype.type, scalar), at, f"an array of {scalar.__name__}")
    return array


def _scalar(hint: Any, found: Json, at: str) -> Any:
    if hint is None or hint is type(None):
        return _checked(found, found is None, at, "nothing")
    if hint is float and isinstance(found, dict):
        named = str(found.get(FLOAT))
        return _NOT_FINITE[_checked(named, named in _NOT_FINITE, at, "a number")]
    kinds = {bool: (bool,), int: (int,), float: (float, int), str: (str,)}.get(hint)
    if kinds is None:
        raise Malformed(f"{_named(at)} is of {hint}, which has no tag")
    fits = isinstance(found, kinds) and (hint is bool or not isinstance(found, bool))
    return _checked(found, fits, at, f"of {hint.__name__}")


def _checked(found: Any, is_right: bool, at: str, wanted: str) -> Any:
    if not is_right:
        raise Malformed(f"{_named(at)} is not {wanted}: {str(found)[:60]!r}")
    return found


def _below(at: str, name: object) -> str:
    return f"{at}.{name}" if at else str(name)


def _named(at: str) -> str:
    return at or "the document"


def _name(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"
