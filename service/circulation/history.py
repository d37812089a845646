"""What happened to an activity, from the log: to its form, to those it continues, and to what was handed in."""

from __future__ import annotations

from service.circulation.turns import Means
from service.records import Event
from service.store import Transaction, WriteTransaction

# Forms that continue one another, and events of each: more than anybody makes by hand.
_LONGEST_LINE, _MOST_EVENTS = 20, 1000


def timeline(tx: Transaction, serial: str) -> tuple[Event, ...]:
    """What happened to the activity, oldest first: to this form, those it continues, and its submission."""
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
    return tuple(sorted(found, key=lambda each: each.at))


# --- The circulation's lines in the log of events: one word for what happened, the form as subject


def note(tx: WriteTransaction, means: Means, actor: str, what: str, serial: str, **detail: object) -> None:
    """`circulation.<what>` happened to the form now."""
    told = {name: value for name, value in detail.items() if value is not None}
    event = Event(at=means.clock(), actor=actor, action=f"circulation.{what}", subject=serial, detail=told)
    tx.events.append(event)
