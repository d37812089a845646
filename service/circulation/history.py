"""The history of an activity in the log of events, and the events that circulation appends."""

from __future__ import annotations

from service.circulation.turns import CirculationContext
from service.records import Event
from service.store import Transaction, WriteTransaction

# Forms that continue one another, and events of each: more than anybody makes by hand.
_LONGEST_LINE, _MOST_EVENTS = 20, 1000


def timeline(tx: Transaction, serial: str) -> tuple[Event, ...]:
    """Return the events of an activity, oldest first: of this form, those it continues, and its submission."""
    found: list[Event] = []
    following: str | None = serial
    for _ in range(_LONGEST_LINE):
        if following is None:
            break
        circulation = tx.circulations.get(following)
        lines = [*reversed(tx.events.list(following, limit=_MOST_EVENTS))]
        if circulation is not None and circulation.submission_id:
            lines += reversed(tx.events.list(circulation.submission_id, limit=_MOST_EVENTS))
        found = lines + found
        following = circulation.replaces if circulation else None
    return tuple(sorted(found, key=lambda event: event.at))


# --- Appending events

KEPT = "kept"


def note(
    tx: WriteTransaction, context: CirculationContext, actor: str, what: str, serial: str, **detail: object
) -> None:
    """Append `circulation.<what>` of the form, now."""
    known = {name: value for name, value in detail.items() if value is not None}
    event = Event(at=context.clock(), actor=actor, action=f"circulation.{what}", subject=serial, detail=known)
    if what == KEPT:
        tx.events.append_once(event)  # a file handed in by two at once, or again, is kept once
    else:
        tx.events.append(event)
