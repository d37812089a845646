"""A form goes back to the employee with a reason, or off its way altogether; signatures on it are void then."""

from __future__ import annotations

from service.circulation.drafts import another_blank, answers_of, begin, end, own, request_of
from service.circulation.errors import Stale, not_found, not_now
from service.circulation.history import note
from service.circulation.turns import Means, hears, require_turn
from service.errors import BadInput, NotGranted
from service.notifications.messages import tell_again, tell_returned, tell_waiting
from service.store import WriteTransaction
from service.store.circulations import OPEN, WITH_EMPLOYEE, Circulation, State

_LONGEST_REASON = 2000


def return_to_employee(serial: str, *, reason: str, revision: int, means: Means, actor: str) -> Circulation:
    """Send it back: its serial is withdrawn, and what was typed stands on a fresh blank that says why.

    A signed form is never edited and never unsigned; a new blank keeps the two from being mistaken for each other.
    Gives the new one. Only whose turn it is may.
    """
    reason = reason.strip()
    if not reason or len(reason) > _LONGEST_REASON:
        raise BadInput(
            "Alasan pengembalian kosong atau terlalu panjang.", "Tuliskan apa yang perlu diperbaiki, secukupnya."
        )
    with means.store.reading() as tx:
        kept = require_turn(tx, serial, actor, now=means.clock(), zone=means.zone).circulation
        entry = tx.blanks.find(serial)
    if kept.state in WITH_EMPLOYEE:
        raise not_now(kept.state)
    if kept.revision != revision:
        raise Stale(kept)
    answers = answers_of(kept, means)
    blank = another_blank(request_of(entry, serial), answers, means=means, actor=actor)
    with means.store.transaction() as tx:
        detail = {"reason": reason, "continues": blank.entry.serial}
        end(tx, kept, revision=revision, means=means, actor=actor, returned=(actor, reason), detail=detail)
        begun = begin(
            tx,
            blank,
            means=means,
            actor=actor,
            state=State.RETURNED,
            answers=answers,
            replaces=serial,
            returned=(actor, reason),
        )
        tell_returned(
            tx,
            employee_nip=begun.employee_nip,
            serial=begun.serial,
            by_nip=actor,
            revision=begun.revision,
            now=means.clock(),
        )
        return begun


def withdraw(serial: str, *, revision: int, means: Means, actor: str) -> None:
    """The employee takes an open form off its way for good; what was typed stays readable."""
    with means.store.transaction() as tx:
        kept = own(tx, serial, actor)
        if kept.state not in OPEN or kept.state is State.COMPLETE:
            raise not_now(kept.state)
        end(tx, kept, revision=revision, means=means, actor=actor)


# --- Telling people that a form waits for them: when their turn comes, and again when somebody asks


def tell_next(tx: WriteTransaction, kept: Circulation, means: Means) -> None:
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
