"""What an object of an opened file is, said so that code reads it without asking twice."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Object


def dictionary(value: object) -> Object | None:
    """Give a dictionary (not a stream); None for anything else."""
    return value if isinstance(value, Dictionary) else None


def listed(value: object) -> list[Any]:
    """Give the members of an array; anything else is an empty list."""
    return list(value) if isinstance(value, Array) else []
