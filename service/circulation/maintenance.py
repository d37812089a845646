"""What a worker does for forms on their way: hand in what is complete, look again at what waited for an enrolment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from service.circulation.intake import Outcome, reconsider, settle, take_signed
from service.circulation.turns import Means
from service.gateway.calls import GatewayContext, NotTaken
from service.gateway.recovery import Lost, fetch_copy, lost_calls, note_look, note_over
from service.notifications.messages import notify_signature_found, notify_signature_unknown
from service.store import Store
from signing.errors import SigningError
from signing.keys.bsre import GatewayRefused

# A form that is complete is being handed in by whoever signed last; after this long, nobody is.
_LEFT = dt.timedelta(minutes=2)


@dataclass(slots=True, kw_only=True)
class Upkeep:
    """`opened` gives the means, for as long as there is something to do; one for each worker."""

    store: Store
    clock: Callable[[], dt.datetime]
    opened: Callable[[], AbstractContextManager[Means]]
    actor: str = "cmb:worker"
    _looked_at: dt.datetime | None = None

    def round(self) -> bool:
        """Whether anything was moved. Files of unknown signers are read again only after somebody was enrolled."""
        now = self.clock()
        with self.store.reading() as tx:
            left = [each for each in tx.circulations.complete() if each.circulation.changed_at <= now - _LEFT]
            unsettled = bool(tx.circulations.unsettled())
            newest = tx.signers.newest() if unsettled else None
        anew = newest is not None and (self._looked_at is None or newest >= self._looked_at)
        if not (left or anew):
            return False
        self._looked_at = now
        with self.opened() as means:
            moved = settle(means=means, actor=self.actor) if left else 0
            moved += len(reconsider(means=means, actor=self.actor)) if anew else 0
        return moved > 0


# --- What a worker finds out of signatures whose answer was lost: it asks for the copy, never for another one

_EVERY = dt.timedelta(minutes=1)
_GONE = 4044  # the provider's word for a copy it does not have any more


@dataclass(slots=True, kw_only=True)
class Recovery:
    """`opened` gives the means and the gateway, for as long as there is something to look after."""

    store: Store
    clock: Callable[[], dt.datetime]
    opened: Callable[[], AbstractContextManager[tuple[Means, GatewayContext]]]
    actor: str = "cmb:worker"
    _looked_at: dt.datetime | None = None

    def round(self) -> bool:
        """Whether there was anything to look after; looked for once a minute."""
        now = self.clock()
        if self._looked_at is not None and now - self._looked_at < _EVERY:
            return False
        self._looked_at = now
        with self.store.reading() as tx:
            found = lost_calls(tx, now)
        if not found:
            return False
        with self.opened() as (means, desk):
            for each in found:
                self._look(each, means, desk)
        return True

    def _look(self, lost: Lost, means: Means, desk: GatewayContext) -> None:
        with self.store.transaction() as tx:
            note_look(tx, lost, now=self.clock(), actor=self.actor)
        over = lost.last
        try:
            content = self._content(lost, desk)
        except GatewayRefused as error:
            over |= error.code == _GONE
        except NotTaken:
            over = True
        except SigningError:
            pass  # away for now
        else:
            call = lost.call
            taken = take_signed(content, f"{call.subject}.pdf", means=means, actor=call.nip, serial=call.subject)
            if taken.moved or taken.outcome is Outcome.UNKNOWN_SIGNER:
                with self.store.transaction() as tx:
                    notify_signature_found(tx, nip=call.nip, serial=call.subject, call=call.id, now=self.clock())
                return
        if over:
            with self.store.transaction() as tx:
                note_over(tx, lost, now=self.clock(), actor=self.actor)
                notify_signature_unknown(
                    tx, nip=lost.call.nip, serial=lost.call.subject, call=lost.call.id, now=self.clock()
                )

    def _content(self, lost: Lost, desk: GatewayContext) -> bytes:
        if lost.call.digest_after is not None:
            return self.store.document(lost.call.digest_after)
        return fetch_copy(lost.call, desk=desk).content
