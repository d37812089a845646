"""Answers that are not what was signed, for a person to see them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.catalog import find_form
from parsers.acroform import raw_answers
from parsers.errors import ParsersError


def differing_answers(content: bytes, then: bytes | None, told: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Label, value in `then` (an earlier state of the file), value now; nothing where either cannot be read."""
    if then is None or told["form"] is None:
        return ()
    try:
        signed, received = raw_answers(then), raw_answers(content)
    except ParsersError:
        return ()
    form = find_form(told["form"]["id"], told["form"]["version"])
    return tuple(
        (each.label, signed.get(each.name, ""), received.get(each.name, ""))
        for each in form.fields
        if signed.get(each.name, "") != received.get(each.name, "")
    )
