"""Answers short enough to be kept for each of thousands of items; the whole one is the submission's own."""

from __future__ import annotations

from collections.abc import Mapping

from service.works.kind import Json


def brief(answer: Mapping[str, object]) -> Json:
    """Of an answer of `submit`: everything a list or a table shows."""
    kept = ("file", "sha256", "status", "verdict", "reasons", "submission")
    return {
        **{name: answer[name] for name in kept if name in answer},
        "form": _of(answer.get("form"), "id", "version", "serial"),
        "record": _of(answer.get("record"), "employee", "kind", "date", "minutes", "title"),
    }


def _of(whole: object, *names: str) -> Json | None:
    return {name: whole.get(name) for name in names} if isinstance(whole, Mapping) else None
