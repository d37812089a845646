"""What an object of an opened file is, said so that code reads it without asking twice."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Object


def dictionary(value: object) -> Object | None:
    """Give a dictionary (not a stream); None for anything else."""
    return value if isinstance(value, Dictionary) else None


def name_of(value: object) -> str:
    """Give a name with its slash; "" for anything else, a string that only looks like one included.

    Viewers pass over a string where a name belongs (ISO 32000-1 7.3.5): a /Subtype (/Widget) is no widget to them.
    """
    return str(value) if isinstance(value, Name) else ""


def listed(value: object) -> list[Any]:
    """Give the members of an array; anything else is an empty list."""
    return list(value) if isinstance(value, Array) else []
