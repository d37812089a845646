"""Calls of unknown outcome: when a worker asks the gateway for its copy, how often, and when it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from service.errors import NotGranted
from service.gateway.calls import GatewayContext, SignedFile, SigningOrder, accept
from service.records import Event
from service.store import Transaction, WriteTransaction
from service.store.gateway_calls import CallOutcome, GatewayCall
from signing.errors import SigningError
from signing.keys.bsre import Secret, Signatory

# Counted from the end of the call: a gateway that restarts, or is away for a night, is still asked.
ATTEMPTS_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (2, 10, 60, 360, 1440))
_ATTEMPT, _END = "gateway.looked", "gateway.looked_in_vain"
_MOST_EVENTS = 1000  # of one form; more than any has


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedCall:
    """A call of unknown outcome, and how often a worker has asked for it."""

    call: GatewayCall
    attempts: int

    @property
    def is_last_attempt(self) -> bool:
        """Tell whether no other attempt follows this one."""
        return self.attempts + 1 >= len(ATTEMPTS_AFTER)

    def is_due(self, now: dt.datetime) -> bool:
        """Tell whether it is time for the next attempt."""
        ended = self.call.ended_at or self.call.started_at
        return self.attempts < len(ATTEMPTS_AFTER) and ended + ATTEMPTS_AFTER[self.attempts] <= now


def unresolved_calls(tx: Transaction, now: dt.datetime) -> Sequence[UnresolvedCall]:
    """Return the calls that are due: the gateway keeps a copy, or a process was killed before the form moved.

    The log of events counts the attempts of all workers together, so a restart does not begin them again.
    """
    copies = [call for call in tx.gateway_calls.unknown() if call.document_id and not _changed(tx, call)]
    found = [UnresolvedCall(call=call, attempts=_attempts(tx, call)) for call in (*copies, *tx.gateway_calls.unmoved())]
    return [unresolved for unresolved in found if unresolved.is_due(now)]


def record_attempt(tx: WriteTransaction, unresolved: UnresolvedCall, *, now: dt.datetime, actor: str) -> None:
    """Record an attempt before the gateway is asked: a worker that is killed meanwhile has asked."""
    _note(tx, _ATTEMPT, unresolved, now, actor)


def record_end(tx: WriteTransaction, unresolved: UnresolvedCall, *, now: dt.datetime, actor: str) -> None:
    """Record that nothing can be found any more, so that no worker asks again."""
    _note(tx, _END, unresolved, now, actor)


def is_looked_up_again(tx: Transaction, call: GatewayCall) -> bool:
    """Tell whether a worker will ask for this call again by itself."""
    return call.document_id is not None and not _changed(tx, call) and _attempts(tx, call) < len(ATTEMPTS_AFTER)


def _changed(tx: Transaction, call: GatewayCall) -> bool:
    """Tell whether a person has moved the form since the call; what they did must not be overtaken.

    A control card does not circulate: its officer asks for it, or hands the file in.
    """
    form = tx.circulations.get(call.subject)
    return form is None or form.changed_at > call.started_at


def _attempts(tx: Transaction, call: GatewayCall) -> int:
    mine = [event.action for event in tx.events.list(call.subject, _MOST_EVENTS) if event.detail.get("call") == call.id]
    return len(ATTEMPTS_AFTER) if _END in mine else mine.count(_ATTEMPT)


def _note(tx: WriteTransaction, action: str, unresolved: UnresolvedCall, now: dt.datetime, actor: str) -> None:
    tx.events.append(
        Event(at=now, actor=actor, action=action, subject=unresolved.call.subject, detail={"call": unresolved.call.id})
    )


# --- Copies the gateway kept

_NOBODY = Signatory(nik=Secret(""))


def fetch_copies(*, gateway_context: GatewayContext, subject: str) -> tuple[SignedFile, ...]:
    """Return the files the gateway kept of a form's or card's unresolved calls; each can be downloaded once.

    A call that is refused or cannot be reached stays unresolved, and is asked for again another time.
    """
    with gateway_context.store.reading() as tx:
        left = [call for call in tx.gateway_calls.unknown(subject) if call.document_id]
    found = []
    for call in left:
        with suppress(SigningError, NotGranted):
            found.append(fetch_copy(call, gateway_context=gateway_context))
    return tuple(found)


def fetch_copy(call: GatewayCall, *, gateway_context: GatewayContext) -> SignedFile:
    """Return the copy the gateway kept of one call; nothing is signed.

    Raises GatewayRefused, GatewayUnreachable, or NotAccepted.
    """
    before = gateway_context.store.document(call.digest_before)
    order = SigningOrder(content=before, role=call.role, actor=call.nip, signatory=_NOBODY)
    content = gateway_context.gateway.download(call.document_id or "").content
    return accept(call, content, order, warnings=(), gateway_context=gateway_context, good=CallOutcome.SETTLED)
