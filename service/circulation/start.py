"""A form begins its way: a fresh blank, kept as a document, and a draft; also when it continues an earlier one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from forms.catalog import LAMPIRAN_I_V1
from parsers.values import coerce, indonesian_date
from service.circulation.draft import typed_only
from service.circulation.errors import Stale, not_found, not_now, not_yours
from service.circulation.log import note
from service.circulation.means import Means
from service.errors import BadInput, NotGranted
from service.numbers import short_id
from service.prepare import Blank, Request, prepare
from service.records import BlankEntry, Decision, Status
from service.store import Transaction, Writing
from service.store.circulations import Circulation, State
from service.store.errors import RowExists

_DAY = next(each for each in LAMPIRAN_I_V1.fields if each.name == "tanggal")


def start(request: Request, *, means: Means, actor: str) -> Circulation:
    """A draft for one activity of the actor's own; it begins with the activity's day when the request names it."""
    _require_own(request, actor)
    blank = fresh_blank(request, means=means, actor=actor)
    answers = {"tanggal": indonesian_date(request.day)} if request.day else {}
    with means.store.transaction() as tx:
        return begin(tx, blank, means=means, actor=actor, answers=answers)


def again(serial: str, *, revision: int, request: Request | None = None, means: Means, actor: str) -> Circulation:
    """What was typed, on a fresh blank: for another kind or pembimbing, or after a refusal or rejection.

    An open form is withdrawn and linked; one that was refused or rejected keeps its end. Signatures do not carry over.
    """
    with means.store.reading() as tx:
        old = own(tx, serial, actor)
        entry = tx.blanks.find(serial)
    if old.revision != revision:
        raise Stale(old)
    wanted = request or request_of(entry, serial)
    _require_own(wanted, actor)
    answers = answers_of(old, means)
    blank = another_blank(wanted, answers, means=means, actor=actor)
    try:
        with means.store.transaction() as tx:
            kept = own(tx, serial, actor)
            if kept.state in {State.SUBMITTED, State.COMPLETE, State.WITHDRAWN}:
                _require_refused(tx, kept)
            else:
                end(tx, kept, revision=revision, means=means, actor=actor)
            return begin(tx, blank, means=means, actor=actor, answers=answers, replaces=serial)
    except RowExists:  # twice at once
        raise _continued() from None


def fresh_blank(request: Request, *, means: Means, actor: str) -> Blank:
    """A blank whose bytes are kept as a document before anybody refers to them."""
    blank = prepare(
        request, store=means.store, press=means.press, now=means.clock(), randomness=means.randomness, actor=actor
    )
    means.store.keep_document(blank.content)
    return blank


def another_blank(request: Request, answers: Mapping[str, str], *, means: Means, actor: str) -> Blank:
    """A fresh blank for an activity that is on its way already: of the day that is typed, of today while none is.

    Who moved since then would get a form of the new unit, with its supervisor, for what was done in the old one.
    """
    day = coerce(answers.get("tanggal", ""), _DAY)
    if isinstance(day, dt.date):
        # A mistyped day, on which they were not with us yet, keeps nobody from sending the form back.
        with suppress(BadInput):
            return fresh_blank(replace(request, day=day), means=means, actor=actor)
    return fresh_blank(request, means=means, actor=actor)


def begin(
    tx: Writing,
    blank: Blank,
    *,
    means: Means,
    actor: str,
    state: State = State.DRAFT,
    answers: Mapping[str, str] | None = None,
    replaces: str | None = None,
    returned: tuple[str, str] | None = None,
) -> Circulation:
    """The row of a new form on its way; `returned` is by whom and why, when it continues one that was sent back."""
    now, entry = means.clock(), blank.entry
    begun = Circulation(
        serial=entry.serial,
        employee_nip=entry.employee_nip,
        state=state,
        answers=dict(answers or {}),
        digest=entry.digest,
        revision=1,
        created_at=now,
        changed_at=now,
        replaces=replaces,
        returned_by=returned[0] if returned else None,
        return_reason=returned[1] if returned else None,
    )
    tx.circulations.add(begun)
    for each in tx.attachments.of(replaces) if replaces else ():
        tx.attachments.add(replace(each, id=short_id("A", means.randomness), serial=entry.serial))
    note(tx, means, actor, "started", entry.serial, replaces=replaces)
    return begun


def end(
    tx: Writing,
    old: Circulation,
    *,
    revision: int,
    means: Means,
    actor: str,
    returned: tuple[str, str] | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Withdraw an open form, or send it back (`returned`: by whom, why). Stale when it moved on."""
    ended = replace(
        old,
        state=State.WITHDRAWN,
        awaits=None,
        awaits_nip=None,
        unsettled_digest=None,
        revision=revision,
        returned_by=returned[0] if returned else old.returned_by,
        return_reason=returned[1] if returned else old.return_reason,
        changed_at=means.clock(),
    )
    if not tx.circulations.change(ended):
        raise Stale(old)
    note(tx, means, actor, "returned" if returned else "withdrawn", old.serial, **(detail or {}))


def own(tx: Transaction, serial: str, actor: str) -> Circulation:
    """The form, if it is the actor's own."""
    found = tx.circulations.get(serial)
    if found is None:
        raise not_found(serial)
    if found.employee_nip != actor:
        raise not_yours()
    return found


def answers_of(old: Circulation, means: Means) -> dict[str, str]:
    """What was typed into it, here or (once it was signed) in whatever program filled the file."""
    typed = dict(old.answers)
    if old.signed:
        typed |= means.read(means.store.document(old.digest))
    return typed_only(typed)


def request_of(entry: BlankEntry | None, serial: str) -> Request:
    """The request a blank came from, of no day."""
    if entry is None:
        raise not_found(serial)
    return Request(
        kind=entry.kind,
        scope=entry.scope,
        meeting=entry.meeting,
        employee_nip=entry.employee_nip,
        pembimbing_nip=None if entry.kind == "coaching" else entry.pembimbing_nip,
    )


def _require_refused(tx: Transaction, old: Circulation) -> None:
    """An ended form is only continued when nothing came of it, and once."""
    submission = tx.submissions.get(old.submission_id) if old.submission_id else None
    failed = submission is not None and (
        submission.status is Status.REFUSED or submission.decision is Decision.REJECTED
    )
    if not failed and old.state is not State.WITHDRAWN:
        raise not_now(old.state)
    if tx.circulations.successor(old.serial) is not None:
        raise _continued()


def _require_own(request: Request, actor: str) -> None:
    if request.employee_nip != actor:
        raise NotGranted("Formulir hanya dibuat oleh pegawai yang melapor.", "Masuklah dengan akun pegawai itu.")


def _continued() -> NotGranted:
    return NotGranted("Formulir ini sudah diteruskan pada formulir lain.", "Lanjutkan pada formulir penggantinya.")
