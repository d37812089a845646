"""Reading PDF objects without surprises: absent, null and wrongly typed values are said, never raised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    PdfObject,
    StreamObject,
)

__all__ = ["entry", "is_stream", "members", "raw_entry", "raw_members", "resolved"]


def resolved(value: Any) -> Any:
    """The object behind a reference (None for null)."""
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return None if isinstance(value, NullObject) else value


def entry(owner: Any, key: str) -> Any:
    """The value under a key, resolved; None when absent, null, or `owner` is no dictionary."""
    return resolved(raw_entry(owner, key))


def raw_entry(owner: Any, key: str) -> Any:
    """The value under a key as written, perhaps a reference; None when absent."""
    owner = resolved(owner)
    return owner.raw_get(key) if isinstance(owner, DictionaryObject) and key in owner else None


def members(value: Any) -> Iterator[Any]:
    """The members of an array, resolved; nothing when it is no array."""
    return (resolved(each) for each in raw_members(value))


def raw_members(value: Any) -> Iterator[PdfObject]:
    """The members of an array as written; nothing when it is no array."""
    value = resolved(value)
    return iter([value.raw_get(index) for index in range(len(value))] if isinstance(value, ArrayObject) else [])


def is_stream(value: Any) -> bool:
    """Whether the object (resolved) is a stream."""
    return isinstance(resolved(value), StreamObject)
