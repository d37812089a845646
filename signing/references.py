"""The references inside one object, whether anybody follows them or not."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject

Ref = tuple[int, int]
_DEEPEST = 200  # levels of arrays and dictionaries inside one object


def collect(value: Any, found: set[Ref], depth: int = 0) -> None:
    """Add every reference inside a value, without following any."""
    if depth > _DEEPEST:
        raise ValueError("an object is nested too deeply")
    if isinstance(value, IndirectObject):
        found.add((value.idnum, value.generation))
    elif isinstance(value, DictionaryObject):
        for key in value:
            collect(value.raw_get(key), found, depth + 1)
    elif isinstance(value, ArrayObject):
        for index in range(len(value)):
            collect(value.raw_get(index), found, depth + 1)
