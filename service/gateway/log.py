"""The gateway's lines in the log of events: what came of a call, the form or card as subject; never who typed what."""

from __future__ import annotations

from service.gateway.desk import Desk
from service.records import Event
from service.store import Writing
from service.store.gateway_calls import GatewayCall


def note(tx: Writing, call: GatewayCall, desk: Desk) -> None:
    """`gateway.<outcome>` happened to the form or card now."""
    told = {"call": call.id, "role": call.role, "before": call.digest_before, "after": call.digest_after}
    told |= {"message": call.message}
    detail = {name: value for name, value in told.items() if value is not None}
    event = Event(
        at=desk.moment().now,
        actor=call.nip,
        action=f"gateway.{call.outcome.value}",
        subject=call.subject,
        detail=detail,
    )
    tx.events.append(event)
