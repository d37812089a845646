"""Telling people that a form waits for them: when their turn comes, and again when somebody asks."""

from __future__ import annotations

from service.circulation.errors import not_found, not_now
from service.circulation.hears import hears
from service.circulation.log import note
from service.circulation.means import Means
from service.errors import NotGranted
from service.store import Writing
from service.store.circulations import Circulation, State
from service.telling import tell_again, tell_waiting


def tell_next(tx: Writing, kept: Circulation, means: Means) -> None:
    """Whoever signs next, and whoever may sign for them, hears of it once."""
    now = means.clock()
    for nip in hears(tx, kept, now=now, zone=means.zone):
        tell_waiting(
            tx,
            nip=nip,
            serial=kept.serial,
            role=kept.awaits or "",
            employee_nip=kept.employee_nip,
            revision=kept.revision,
            now=now,
        )


def remind(serial: str, *, means: Means, actor: str) -> None:
    """Tell whoever it waits for once more, at most once a day. NotGranted when nobody's signature is awaited."""
    now = means.clock()
    today = now.astimezone(means.zone).date()
    with means.store.transaction() as tx:
        kept = tx.circulations.get(serial)
        if kept is None:
            raise not_found(serial)
        if kept.state is not State.AWAITING:
            raise not_now(kept.state)
        told = [each for each in tx.events.list(serial) if each.action == "circulation.reminded"]
        if told and told[0].at.astimezone(means.zone).date() == today:
            raise NotGranted("Pengingat untuk formulir ini sudah dikirim hari ini.", "Coba lagi besok.")
        for nip in hears(tx, kept, now=now, zone=means.zone):
            tell_again(
                tx,
                nip=nip,
                serial=serial,
                role=kept.awaits or "",
                employee_nip=kept.employee_nip,
                day=today,
                now=now,
            )
        note(tx, means, actor, "reminded", serial, whom=kept.awaits_nip)
