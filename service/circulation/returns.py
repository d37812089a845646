"""Send a form back to its employee, withdraw it, and tell people whose turn it is; its signatures are void then."""

from __future__ import annotations

from service.circulation.drafts import another_blank, answers_of, begin, end, own, request_of
from service.circulation.errors import Stale, not_found, not_now
from service.circulation.history import note
from service.circulation.turns import CirculationContext, recipients, require_turn
from service.errors import BadInput, NotGranted
from service.names import cleaned_paragraphs
from service.notifications.messages import notify_reminder, notify_returned, notify_waiting
from service.store import WriteTransaction
from service.store.circulations import OPEN, WITH_EMPLOYEE, Circulation, State

_LONGEST_REASON = 2000


def return_to_employee(
    serial: str, *, reason: str, revision: int, context: CirculationContext, actor: str
) -> Circulation:
    """Send a form back and return its successor: the serial is withdrawn, the answers stand on a fresh blank.

    A signed form is never edited and never unsigned; a new blank keeps the two from being mistaken for each other.
    Only the person whose turn it is may do this.
    """
    reason = cleaned_paragraphs(reason)
    if not reason or len(reason) > _LONGEST_REASON:
        raise BadInput("return_reason_wrong")
    with context.store.reading() as tx:
        circulation = require_turn(tx, serial, actor, now=context.clock(), zone=context.zone).circulation
        entry = tx.blanks.find(serial)
    if circulation.state in WITH_EMPLOYEE:
        raise not_now(circulation.state)
    if circulation.revision != revision:
        raise Stale(circulation)
    answers = answers_of(circulation, context)
    blank = another_blank(request_of(entry, serial), answers, context=context, actor=actor)
    with context.store.transaction() as tx:
        detail = {"reason": reason, "continues": blank.entry.serial}
        end(tx, circulation, revision=revision, context=context, actor=actor, returned=(actor, reason), detail=detail)
        begun = begin(
            tx,
            blank,
            context=context,
            actor=actor,
            state=State.RETURNED,
            answers=answers,
            replaces=serial,
            returned=(actor, reason),
        )
        notify_returned(
            tx,
            employee_nip=begun.employee_nip,
            serial=begun.serial,
            by_nip=actor,
            revision=begun.revision,
            now=context.clock(),
        )
        return begun


def withdraw(serial: str, *, revision: int, context: CirculationContext, actor: str) -> None:
    """Withdraw the employee's own open form for good; what was typed stays readable."""
    with context.store.transaction() as tx:
        circulation = own(tx, serial, actor)
        if circulation.state not in OPEN or circulation.state is State.COMPLETE:
            raise not_now(circulation.state)
        end(tx, circulation, revision=revision, context=context, actor=actor)


# --- Messages


def notify_next(tx: WriteTransaction, circulation: Circulation, context: CirculationContext) -> None:
    """Notify the next signer, and everyone who may sign for them, once."""
    now = context.clock()
    for nip in recipients(tx, circulation, now=now, zone=context.zone):
        notify_waiting(
            tx,
            nip=nip,
            serial=circulation.serial,
            role=circulation.awaits or "",
            employee_nip=circulation.employee_nip,
            revision=circulation.revision,
            now=now,
        )


def remind(serial: str, *, context: CirculationContext, actor: str) -> None:
    """Remind the awaited signer, at most once a day. Raises NotGranted when nobody's signature is awaited."""
    now = context.clock()
    today = now.astimezone(context.zone).date()
    with context.store.transaction() as tx:
        circulation = tx.circulations.get(serial)
        if circulation is None:
            raise not_found(serial)
        if circulation.state is not State.AWAITING:
            raise not_now(circulation.state)
        reminders = [event for event in tx.events.list(serial) if event.action == "circulation.reminded"]
        if reminders and reminders[0].at.astimezone(context.zone).date() == today:
            raise NotGranted("reminded_today")
        for nip in recipients(tx, circulation, now=now, zone=context.zone):
            notify_reminder(
                tx,
                nip=nip,
                serial=serial,
                role=circulation.awaits or "",
                employee_nip=circulation.employee_nip,
                day=today,
                now=now,
            )
        note(tx, context, actor, "reminded", serial, whom=circulation.awaits_nip)
