"""The circulation's lines in the log of events: one word for what happened, the form as subject."""

from __future__ import annotations

from service.circulation.means import Means
from service.records import Event
from service.store import Writing


def note(tx: Writing, means: Means, actor: str, what: str, serial: str, **detail: object) -> None:
    """`circulation.<what>` happened to the form now."""
    told = {name: value for name, value in detail.items() if value is not None}
    event = Event(at=means.clock(), actor=actor, action=f"circulation.{what}", subject=serial, detail=told)
    tx.events.append(event)
