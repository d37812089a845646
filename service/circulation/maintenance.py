"""What a worker does for circulating forms: hand in complete ones, retry files that waited, recover signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from service.circulation.intake import Outcome, accept_signed_file, resume_handovers, retry_unsettled
from service.circulation.turns import CirculationContext
from service.gateway.calls import GatewayContext, NotAccepted
from service.gateway.recovery import UnresolvedCall, fetch_copy, record_attempt, record_end, unresolved_calls
from service.notifications.messages import notify_signature_found, notify_signature_unknown
from service.store import Store
from signing.errors import SigningError
from signing.keys.bsre import GatewayRefused

# A complete form is handed in by the process of its last signature; after this long, that process is gone.
_ABANDONED_AFTER = dt.timedelta(minutes=2)


@dataclass(slots=True, kw_only=True)
class Upkeep:
    """Hands in complete forms and retries files of unknown signers; `opened` gives the context while it is needed."""

    store: Store
    clock: Callable[[], dt.datetime]
    opened: Callable[[], AbstractContextManager[CirculationContext]]
    actor: str = "cmb:worker"
    _looked_at: dt.datetime | None = None

    def round(self) -> bool:
        """Return whether anything moved. Files of unknown signers are read again only after somebody was enrolled."""
        now = self.clock()
        with self.store.reading() as tx:
            complete = [
                listed
                for listed in tx.circulations.complete()
                if listed.circulation.changed_at <= now - _ABANDONED_AFTER
            ]
            unsettled = bool(tx.circulations.unsettled())
            newest = tx.signers.newest() if unsettled else None
        enrolled_since = newest is not None and (self._looked_at is None or newest >= self._looked_at)
        if not (complete or enrolled_since):
            return False
        self._looked_at = now
        with self.opened() as context:
            moved = resume_handovers(context=context, actor=self.actor) if complete else 0
            moved += len(retry_unsettled(context=context, actor=self.actor)) if enrolled_since else 0
        return moved > 0


# --- Recovery of lost signatures

_EVERY = dt.timedelta(minutes=1)
_GONE = 4044  # the provider's code for a copy it does not have any more


@dataclass(slots=True, kw_only=True)
class Recovery:
    """Asks the gateway for copies of lost signatures; `opened` gives both contexts while they are needed."""

    store: Store
    clock: Callable[[], dt.datetime]
    opened: Callable[[], AbstractContextManager[tuple[CirculationContext, GatewayContext]]]
    actor: str = "cmb:worker"
    _looked_at: dt.datetime | None = None

    def round(self) -> bool:
        """Return whether there was anything to recover; asked once a minute."""
        now = self.clock()
        if self._looked_at is not None and now - self._looked_at < _EVERY:
            return False
        self._looked_at = now
        with self.store.reading() as tx:
            found = unresolved_calls(tx, now)
        if not found:
            return False
        with self.opened() as (context, gateway_context):
            for unresolved in found:
                self._recover(unresolved, context, gateway_context)
        return True

    def _recover(
        self, unresolved: UnresolvedCall, context: CirculationContext, gateway_context: GatewayContext
    ) -> None:
        with self.store.transaction() as tx:
            record_attempt(tx, unresolved, now=self.clock(), actor=self.actor)
        over = unresolved.is_last_attempt
        try:
            content = self._content(unresolved, gateway_context)
        except GatewayRefused as error:
            over |= error.number == _GONE
        except NotAccepted:
            over = True
        except SigningError:
            pass  # away for now
        else:
            call = unresolved.call
            result = accept_signed_file(
                content, f"{call.subject}.pdf", context=context, actor=call.nip, serial=call.subject
            )
            if result.moved or result.outcome is Outcome.UNKNOWN_SIGNER:
                with self.store.transaction() as tx:
                    notify_signature_found(tx, nip=call.nip, serial=call.subject, call=call.id, now=self.clock())
                return
        if over:
            with self.store.transaction() as tx:
                record_end(tx, unresolved, now=self.clock(), actor=self.actor)
                notify_signature_unknown(
                    tx,
                    nip=unresolved.call.nip,
                    serial=unresolved.call.subject,
                    call=unresolved.call.id,
                    now=self.clock(),
                )

    def _content(self, unresolved: UnresolvedCall, gateway_context: GatewayContext) -> bytes:
        if unresolved.call.digest_after is not None:
            return self.store.document(unresolved.call.digest_after)
        return fetch_copy(unresolved.call, gateway_context=gateway_context).content
