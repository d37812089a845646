"""Calls of which a worker may still find out by itself: when it looks, how often, and when it is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from service.errors import NotGranted
from service.gateway.calls import Desk, Order, Signed, taken
from service.records import Event
from service.store import Transaction, WriteTransaction
from service.store.gateway_calls import CallOutcome, GatewayCall
from signing.errors import SigningError
from signing.keys.bsre import Secret, Signatory

# So long after the call ended; a gateway that is restarted, or away for a night, is found again.
AFTER = tuple(dt.timedelta(minutes=each) for each in (2, 10, 60, 360, 1440))
_LOOKED, _OVER = "gateway.looked", "gateway.looked_in_vain"
_MOST_EVENTS = 1000  # of one form; more than any has


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A call to look after now. `kept`: its signed file is here already, and only its form was not moved."""

    call: GatewayCall
    looked: int

    @property
    def kept(self) -> bool:
        return self.call.digest_after is not None

    @property
    def last(self) -> bool:
        """Whether no other look follows this one."""
        return self.looked + 1 >= len(AFTER)


def lost_calls(tx: Transaction, now: dt.datetime) -> Sequence[Lost]:
    """Those it is time to look after: the gateway keeps a copy, or whoever asked was killed before the form moved.

    The log of events counts the looks, so that all workers together look no oftener than this, whatever is restarted.
    """
    copies = [each for each in tx.gateway_calls.unknown() if each.document_id and not _changed(tx, each)]
    found = [Lost(call=each, looked=_looked(tx, each)) for each in (*copies, *tx.gateway_calls.unmoved())]
    return [each for each in found if each.looked < len(AFTER) and _since(each.call) + AFTER[each.looked] <= now]


def note_look(tx: WriteTransaction, lost: Lost, *, now: dt.datetime, actor: str) -> None:
    """Kept before anything is asked: who is killed while asking has asked."""
    _note(tx, _LOOKED, lost, now, actor)


def note_over(tx: WriteTransaction, lost: Lost, *, now: dt.datetime, actor: str) -> None:
    """There is nothing to be found any more: nobody looks again."""
    _note(tx, _OVER, lost, now, actor)


def is_looked_after(tx: Transaction, call: GatewayCall) -> bool:
    """Whether a worker will still ask for it by itself."""
    return call.document_id is not None and not _changed(tx, call) and _looked(tx, call) < len(AFTER)


def _since(call: GatewayCall) -> dt.datetime:
    return call.ended_at or call.started_at


def _changed(tx: Transaction, call: GatewayCall) -> bool:
    """Whether the form is another one by now: a person went on with it, and nothing overtakes what they did.

    A control card is no form on its way: its officer asks for it, or hands the file in.
    """
    form = tx.circulations.get(call.subject)
    return form is None or form.changed_at > call.started_at


def _looked(tx: Transaction, call: GatewayCall) -> int:
    mine = [each.action for each in tx.events.list(call.subject, _MOST_EVENTS) if each.detail.get("call") == call.id]
    return len(AFTER) if _OVER in mine else mine.count(_LOOKED)


def _note(tx: WriteTransaction, action: str, lost: Lost, now: dt.datetime, actor: str) -> None:
    tx.events.append(
        Event(at=now, actor=actor, action=action, subject=lost.call.subject, detail={"call": lost.call.id})
    )


# --- Calls of unknown outcome cleared up by looking at files: one the gateway kept, or one somebody hands in

_NOBODY = Signatory(nik=Secret(""))


def fetch(*, desk: Desk, subject: str) -> tuple[Signed, ...]:
    """Files the gateway kept of a form's or card's calls whose answer was lost: each can be had once.

    What is refused or cannot be reached stays unknown, and is asked for again another time.
    """
    with desk.store.reading() as tx:
        left = [each for each in tx.gateway_calls.unknown(subject) if each.document_id]
    found = []
    for call in left:
        with suppress(SigningError, NotGranted):
            found.append(fetch_copy(call, desk=desk))
    return tuple(found)


def fetch_copy(call: GatewayCall, *, desk: Desk) -> Signed:
    """The copy the gateway kept of one call; it signs nothing. GatewayRefused, GatewayUnreachable, or NotTaken."""
    before = desk.store.document(call.digest_before)
    order = Order(content=before, role=call.role, actor=call.nip, signatory=_NOBODY)
    content = desk.gateway.download(call.document_id or "").content
    return taken(call, content, order, warnings=(), desk=desk, good=CallOutcome.SETTLED)
