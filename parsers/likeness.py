"""Compares what a page shows with what a field holds, forgiving only what setting type does to text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_HYPHENS = "-\N{HYPHEN}\N{SOFT HYPHEN}"


def shows(shown: str, values: Iterable[str]) -> bool:
    """Tell whether the shown lines say one of the values, whole: white space, ligatures and line-end hyphens aside."""
    lines = [_plain(line) for line in shown.splitlines()]
    return any(_says(lines, _plain(value)) for value in values)


def _says(lines: list[str], value: str) -> bool:
    at = 0
    for number, line in enumerate(lines):
        kept = line
        # A hyphen at the end of a line is the typesetter's unless the value has it there too.
        if number < len(lines) - 1 and line.endswith(tuple(_HYPHENS)) and not value.startswith(line, at):
            kept = line[:-1]
        if not value.startswith(kept, at):
            return False
        at += len(kept)
    return at == len(value)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("\N{SOFT HYPHEN}", "").split())
