"""The sample office at the simulated gateway: circulating forms, and the outcomes of calls."""

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
from support.bsre import PASSPHRASE, SimulatedGateway, signatory
from support.circulating_forms import CirculatingForms
from support.office import Office


@dataclass(slots=True, kw_only=True)
class GatewayForms:
    """Circulating forms signed at a gateway; `later` moves the clock of the calls."""

    rounds: CirculatingForms
    simulated: SimulatedGateway
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
        options: dict[str, Any] = {"signatory": signatory(nip)} | changed
        return SigningOrder(content=content, role=role, actor=nip, **options)

    def signs(
        self, nip: str, *serials: str, passphrase: str = PASSPHRASE, again: Sequence[str] = (), **changed: Any
    ) -> Sequence[SigningResult]:
        choices = [(serial, self.rounds.kept(serial).revision) for serial in serials]
        options: dict[str, Any] = {"signatory": signatory(nip, passphrase), "again": frozenset(again)} | changed
        wanted = GatewayRequest(choices=choices, **options)
        return sign_through_gateway(
            wanted, context=self.rounds.context, gateway_context=self.gateway_context, actor=nip
        )

    def calls(self, serial: str) -> list[tuple[str, str]]:
        """Return role and outcome of every call for a form, sorted, as the clock does not move."""
        return sorted((call.role, call.outcome.value) for call in self.kept(serial))

    def kept(self, serial: str) -> Sequence[GatewayCall]:
        with self.office.store.reading() as tx:
            return tx.gateway_calls.of(serial)

    def _moment(self) -> Moment:
        at = self.office.moment.now + self.later
        return replace(self.office.moment, now=at, trust=replace(self.office.moment.trust, moment=at))
