"""The office's gateway_context at the simulated gateway: forms on their way, and what became of calls."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.circulation.signing import GatewayRequest, SigningResult, sign_through_gateway
from service.gateway.calls import GatewayContext, SigningOrder
from service.store.gateway_calls import GatewayCall
from service.verification.prove import Moment
from support.bsre import PASSPHRASE, Simulated, signatory
from support.circulating_forms import Rounds
from support.office import Office


@dataclass(slots=True, kw_only=True)
class Remote:
    """Forms on their way in an office, signed through a gateway; `later` moves the clock of the gateway_context."""

    rounds: Rounds
    simulated: Simulated
    version: str = "auto"
    patience: float = 20.0
    later: dt.timedelta = dt.timedelta()

    @property
    def office(self) -> Office:
        return self.rounds.office

    @property
    def gateway_context(self) -> GatewayContext:
        return GatewayContext(
            store=self.office.store,
            gateway=self.simulated.gateway(self.version, patience=self.patience),
            moment=self._moment,
            randomness=secrets.token_bytes,
            sandboxed=lambda job, *args: job(*args),
        )

    def order(self, content: bytes, role: str, nip: str, **changed: Any) -> SigningOrder:
        told: dict[str, Any] = {"signatory": signatory(nip)} | changed
        return SigningOrder(content=content, role=role, actor=nip, **told)

    def signs(
        self, nip: str, *serials: str, passphrase: str = PASSPHRASE, again: Sequence[str] = (), **changed: Any
    ) -> Sequence[SigningResult]:
        choices = [(serial, self.rounds.kept(serial).revision) for serial in serials]
        told: dict[str, Any] = {"signatory": signatory(nip, passphrase), "again": frozenset(again)} | changed
        wanted = GatewayRequest(choices=choices, **told)
        return sign_through_gateway(
            wanted, context=self.rounds.context, gateway_context=self.gateway_context, actor=nip
        )

    def calls(self, serial: str) -> list[tuple[str, str]]:
        """Role and outcome of every call for a form, by word (the clock stands still)."""
        return sorted((call.role, call.outcome.value) for call in self.kept(serial))

    def kept(self, serial: str) -> Sequence[GatewayCall]:
        with self.office.store.reading() as tx:
            return tx.gateway_calls.of(serial)

    def _moment(self) -> Moment:
        at = self.office.moment.now + self.later
        return replace(self.office.moment, now=at, trust=replace(self.office.moment.trust, moment=at))
