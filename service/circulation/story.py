"""What comes next for a form and by whom, as values; the words are the pages'."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.records import Decision, Status, Submission
from service.store import Transaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, State


class Action(StrEnum):
    """What is to be done.

    FILL: finish and sign the draft (after a return: improve it); SIGN; ENROL: somebody confirms whose certificate it
    is; WAIT: the house is at work; LOOK and VALIDATE: Biro SDM; AGAIN: begin once more from what was typed; CONTINUE:
    see the form that replaces this one; NOTHING.
    """

    FILL = "fill"
    SIGN = "sign"
    ENROL = "enrol"
    WAIT = "wait"
    LOOK = "look"
    VALIDATE = "validate"
    AGAIN = "again"
    CONTINUE = "continue"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """By whom: `nip` is the person, None for Biro SDM or the house; `mine` when it is the viewer's to do.

    `role` of the signature that is awaited, `serial` of the form to continue with.
    """

    action: Action
    nip: str | None = None
    role: str | None = None
    serial: str | None = None
    mine: bool = False


def next_step(tx: Transaction, circulation: Circulation, viewer: str, *, may_sign: bool = False) -> NextStep:
    """What is to be done by whom. `may_sign`: the viewer signs for whoever it waits for (`who.stands_in`)."""
    employee = circulation.employee_nip
    if circulation.unsettled_digest:
        return NextStep(action=Action.ENROL)
    if circulation.state in WITH_EMPLOYEE:
        return NextStep(action=Action.FILL, nip=employee, mine=viewer == employee)
    if circulation.state is State.AWAITING:
        nip = circulation.awaits_nip
        return NextStep(action=Action.SIGN, nip=nip, role=circulation.awaits, mine=may_sign or viewer == nip)
    if circulation.state is State.COMPLETE:
        return NextStep(action=Action.WAIT)
    successor = tx.circulations.successor(circulation.serial)
    if successor is not None:
        return NextStep(
            action=Action.CONTINUE, nip=employee, serial=successor.serial, mine=viewer == successor.employee_nip
        )
    submission = tx.submissions.get(circulation.submission_id) if circulation.submission_id else None
    return _after(submission, employee, viewer)


def _after(submission: Submission | None, employee: str, viewer: str) -> NextStep:
    again = NextStep(action=Action.AGAIN, nip=employee, mine=viewer == employee)
    if submission is None or submission.status is Status.REFUSED or submission.decision is Decision.REJECTED:
        return again
    if submission.decision is Decision.APPROVED:
        return NextStep(action=Action.NOTHING)
    actions = {Status.RECEIVED: Action.WAIT, Status.REVIEW: Action.LOOK}
    return NextStep(action=actions.get(submission.status, Action.VALIDATE))
