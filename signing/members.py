"""Short objects: most of them stand, byte for byte, in every form made from the same blank.

What such bytes say is read once and kept between files. Only what is wholly told by an object's own bytes is kept, so
that keeping changes nothing but time; a test holds both ways against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, Reference

from signing.quick import followed, read_brackets
from signing.scan import plain_references
from signing.shared import shared

Ref = tuple[int, int]
_KEPT, _LONGEST = 1024, 2048  # objects and their bytes: some 20 MB when a stranger does his worst
_NOBODY = Reference(1, 0, None)
_CLOSING = re.compile(rb"endobj|stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What plain bytes say: an array or dictionary (`signing.shared`), where it ends in them, what it refers to."""

    value: Any = field(repr=False)
    end: int
    references: frozenset[Ref] | None


def read_member(content: bytes, begin: int, end: int, reference: Reference) -> Any:
    """The array or dictionary at `begin`, with the next object at `end`; None when it is not told by these bytes."""
    value = shared_member(content, begin, end)
    return None if value is None else belonging_to(value, reference)


def shared_member(content: bytes, begin: int, end: int) -> Any:
    """The same, not to be changed, and belonging to no file."""
    said = _said(content, begin, end)
    if said is None or followed(content, said.value, begin + said.end, packed=True) is None:
        return None
    return said.value


def member_references(content: bytes, begin: int, end: int) -> frozenset[Ref] | None:
    """What the object refers to; None when it is not told by these bytes."""
    said = _said_by(content[begin:end]) if 0 <= begin < end <= begin + _LONGEST else None
    return None if said is None else said.references


def said_apart(content: bytes, at: int) -> Said | None:
    """What an object of its own says whose array or dictionary begins at `at`; None when it is long or not plain.

    A cut inside of it, where one of its strings holds such a word, leaves it without its last bracket: not plain.
    """
    closing = _CLOSING.search(content, at, at + _LONGEST)
    return None if closing is None else _said_by(content[at : closing.start()])


def _said(content: bytes, begin: int, end: int) -> Said | None:
    return _said_by(content[begin:end]) if 0 <= begin < end <= begin + _LONGEST else None


@lru_cache(maxsize=_KEPT)
def _said_by(written: bytes) -> Said | None:
    read = read_brackets(written, 0, _NOBODY)
    if read is None:
        return None
    return Said(value=shared(read[0]), end=read[1], references=plain_references(written, 0))


def belonging_to(value: Any, reference: Reference) -> Any:
    """The same for one file: containers and references are its own, names and texts nobody changes are shared."""
    if isinstance(value, DictionaryObject):
        dictionary = DictionaryObject()
        dict.update(dictionary, {key: belonging_to(each, reference) for key, each in value.items()})
        dictionary.container_ref = reference
        return dictionary
    if isinstance(value, ArrayObject):
        array = ArrayObject(belonging_to(value.raw_get(index), reference) for index in range(len(value)))
        array.container_ref = reference
        return array
    if isinstance(value, IndirectObject):
        return IndirectObject(value.idnum, value.generation, reference.pdf)
    return value
