"""Refusals of the circulation; each says what to do, and none loses what was typed or uploaded."""

from __future__ import annotations

from collections.abc import Mapping

from parsers.records import Problem
from service.errors import BadInput, NotGranted
from service.language import Message
from service.store.circulations import Circulation, State
from service.verification.reasons import Reason


class Stale(NotGranted):
    """Somebody changed the form meanwhile. `current` is what is kept now, `typed` what came too late."""

    def __init__(self, current: Circulation, typed: Mapping[str, str] | None = None) -> None:
        super().__init__("form_changed_meanwhile")
        self.current = current
        self.typed = dict(typed or {})


class Unready(BadInput):
    """The draft cannot be signed yet: all `problems` by field, and the `reasons` why it would be refused."""

    def __init__(self, problems: tuple[Problem, ...], reasons: tuple[Reason, ...] = ()) -> None:
        found = [*map(Message.of, reasons), *map(Message.of, problems)]
        super().__init__("form_unready", count=len(found), first=_together(found[:3]))
        self.problems = problems
        self.reasons = reasons


def _together(sentences: list[Message]) -> Message:
    """Return up to three sentences, one after the other, as one message."""
    together = sentences[0] if sentences else Message("form_unready_nothing")
    for sentence in sentences[1:]:
        together = Message("form_unready_also", before=together, after=sentence)
    return together


def not_found(serial: str) -> BadInput:
    return BadInput("form_unknown", serial=serial)


def not_yours() -> NotGranted:
    return NotGranted("form_not_yours")


def not_now(state: State) -> NotGranted:
    """The form is not in a state in which that can be done."""
    return NotGranted(f"form_state_forbids.{state.value}")
