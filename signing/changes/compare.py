"""Compare two versions of an object by value, whatever their spelling."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

_STRINGS = (TextStringObject, ByteStringObject)
_NUMBERS = (NumberObject, FloatObject)
_DEEPEST = 200


def equal_objects(one: Any, other: Any, depth: int = 0) -> bool:
    """Tell whether two values are equal; references when they name the same object, streams when their bytes are."""
    if depth > _DEEPEST:
        raise ValueError("an object is nested too deeply")
    if one is other:
        return True
    if one is None or other is None or isinstance(one, NullObject) or isinstance(other, NullObject):
        return all(value is None or isinstance(value, NullObject) for value in (one, other))
    if isinstance(one, IndirectObject) or isinstance(other, IndirectObject):
        return isinstance(one, IndirectObject) and isinstance(other, IndirectObject) and _ref(one) == _ref(other)
    if isinstance(one, _STRINGS):
        return isinstance(other, _STRINGS) and one.original_bytes == other.original_bytes
    if isinstance(one, _NUMBERS):
        return isinstance(other, _NUMBERS) and float(one) == float(other)
    if isinstance(one, NameObject | BooleanObject):
        return type(one) is type(other) and bool(one == other)
    if isinstance(one, ArrayObject):
        return (
            isinstance(other, ArrayObject)
            and len(one) == len(other)
            and all(equal_objects(one.raw_get(i), other.raw_get(i), depth + 1) for i in range(len(one)))
        )
    if isinstance(one, DictionaryObject):
        return _equal_dictionaries(one, other, depth)
    return False


def equal_except(one: Any, other: Any, keys: Collection[str]) -> bool:
    """Tell whether two dictionaries are equal apart from these keys."""
    if not isinstance(one, DictionaryObject) or not isinstance(other, DictionaryObject):
        return False
    if isinstance(one, StreamObject) or isinstance(other, StreamObject):
        return False
    if one is other:
        return True
    compared = (one.keys() | other.keys()) - set(keys)
    return all(
        equal_objects(one.raw_get(key) if key in one else None, other.raw_get(key) if key in other else None)
        for key in compared
    )


def _equal_dictionaries(one: DictionaryObject, other: Any, depth: int) -> bool:
    if not isinstance(other, DictionaryObject) or one.keys() != other.keys():
        return False
    if isinstance(one, StreamObject) != isinstance(other, StreamObject):
        return False
    if isinstance(one, StreamObject) and one.encoded_data != getattr(other, "encoded_data", None):
        return False
    return all(equal_objects(one.raw_get(key), other.raw_get(key), depth + 1) for key in one)


def _ref(reference: IndirectObject) -> tuple[int, int]:
    return reference.idnum, reference.generation
