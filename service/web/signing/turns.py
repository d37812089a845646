"""Whose turn it is, and whether the document was shown before it is signed."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from service.circulation.draft import preview
from service.circulation.errors import Stale
from service.circulation.who import require_turn
from service.errors import NotGranted
from service.gateway.lost import is_looked_after
from service.store.circulations import WITH_EMPLOYEE, Listed
from service.store.gateway_calls import GatewayCall
from service.web.desk import desk
from service.web.signing.shown import was_shown
from service.web.visitor import signed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A form it is the visitor's turn to sign; `instead_of` is the official they stand in for.

    `doubt`: a call to the gateway for this signature whose outcome is not known yet; `looked_after`: a worker asks.
    """

    listed: Listed
    role: str
    instead_of: str | None
    doubt: GatewayCall | None = None
    looked_after: bool = False

    @property
    def mark(self) -> str:
        """The form as it is now: what has to have been shown."""
        return f"{self.listed.circulation.serial}:{self.listed.circulation.revision}"


def turn_of(serial: str) -> Turn:
    """NotGranted, with whose turn it is, when it is not the visitor's; BadInput for a form that is not there."""
    means, who = desk().means, signed_in()
    with means.store.reading() as tx:
        mover = require_turn(tx, serial, who.nip, now=means.clock(), zone=means.zone)
        listed = tx.circulations.listed(serial)
        kept = mover.circulation
        role = "pegawai" if kept.state in WITH_EMPLOYEE else kept.awaits or ""
        doubts = [each for each in tx.gateway_calls.unknown(serial) if each.role == role]
        looked_after = any(is_looked_after(tx, each) for each in doubts)
    assert listed is not None
    return Turn(
        listed=listed,
        role=role,
        instead_of=listed.awaits_name if mover.delegation else None,
        doubt=doubts[-1] if doubts else None,
        looked_after=looked_after,
    )


def content_of(turn: Turn) -> bytes:
    """The document as it will be signed: a draft filled with what was typed, else the newest bytes."""
    kept = turn.listed.circulation
    if kept.state in WITH_EMPLOYEE:
        return preview(kept.serial, kept.answers, means=desk().means)
    return desk().store.document(kept.digest)


def require_shown(turn: Turn, revision: int) -> None:
    """Stale when the form moved since the page was made, NotGranted when its document was never opened."""
    if turn.listed.circulation.revision != revision:
        raise Stale(turn.listed.circulation)
    if not was_shown(turn.mark):
        raise NotGranted(
            _("Dokumen %(serial)s belum Anda buka.", serial=turn.listed.circulation.serial),
            _("Buka dan baca dokumennya lebih dahulu, lalu tanda tangani."),
        )
