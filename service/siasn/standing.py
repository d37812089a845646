"""How each certificate stands in SIASN, as far as its answers tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.records import CertificateState
from service.store import Store
from service.store.sendings import Outcome

_GONE = "Sertifikat ini tidak berlaku lagi, sedangkan SIASN masih memuatnya; hapus di sana."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`state`: not_sent, accepted, refused, unknown, or to_remove (ended here and not replaced there)."""

    number: str
    nip: str
    living: bool
    state: str
    at: dt.datetime | None
    register_id: str | None
    message: str

    @property
    def to_send(self) -> bool:
        """Whether a sending would try it; an unknown one is looked for there first."""
        return self.living and self.state != "accepted"

    def told(self) -> dict[str, Any]:
        """As the command tells it."""
        at = self.at.isoformat() if self.at else None
        return {
            "number": self.number,
            "nip": self.nip,
            "outcome": self.state,
            "at": at,
            "register_id": self.register_id,
            "message": self.message,
        }


def standing_of(year: int, store: Store) -> Iterator[Standing]:
    """Every certificate of the year that is living, or was sent and has ended since; in their order."""
    with store.reading() as tx:
        rows = list(tx.sendings.of_year(year))
        replaced = {sending.register_id for each, sending in rows if sending and _holds(each.state, sending.outcome)}
    for certificate, sending in rows:
        living = certificate.state is CertificateState.ISSUED
        if sending is None:
            state, message = "not_sent", ""
        elif living:
            state = "unknown" if sending.outcome is Outcome.STARTED else sending.outcome.value
            message = _message(sending.answer) if state == "refused" else ""
        else:
            # A newer certificate that took over the entry over there leaves nothing to remove.
            left = sending.outcome is not Outcome.REFUSED and sending.register_id not in replaced
            state, message = ("to_remove", _GONE) if left else ("not_sent", "")
        if living or state == "to_remove":
            yield Standing(
                number=certificate.number,
                nip=certificate.nip,
                living=living,
                state=state,
                at=sending.at if sending else None,
                register_id=sending.register_id if sending else None,
                message=message,
            )


def _holds(state: CertificateState, outcome: Outcome) -> bool:
    return state is CertificateState.ISSUED and outcome is Outcome.ACCEPTED


def _message(answer: Any) -> str:
    told = answer.get("message") or answer.get("text") if isinstance(answer, dict) else None
    return str(told or "")
