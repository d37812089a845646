"""A form goes back to the employee with a reason, or off its way altogether; signatures on it are void then."""

from __future__ import annotations

from service.circulation.errors import Stale, not_now
from service.circulation.means import Means
from service.circulation.start import another_blank, answers_of, begin, end, own, request_of
from service.circulation.who import require_turn
from service.errors import BadInput
from service.store.circulations import OPEN, WITH_EMPLOYEE, Circulation, State
from service.telling import tell_returned

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
