"""Drafts: begin a form, keep and check what the employee typed, show it as the PDF it will become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from forms.catalog import LAMPIRAN_I_V1, find_form
from forms.errors import Unfillable
from forms.fill import fill
from forms.schema import Form
from parsers.build import build
from parsers.parse import read
from parsers.records import ActivityRecord, Problem
from parsers.values import coerce, indonesian_date
from service.blanks import READ_ONLY, Blank, Request, prepare
from service.circulation.errors import Stale, Unready, not_found, not_now, not_yours
from service.circulation.history import note
from service.circulation.turns import CirculationContext
from service.errors import BadInput, NotGranted
from service.identifiers import short_id
from service.language.bridge import SENTENCE
from service.names import cleaned_paragraphs
from service.records import BlankEntry, Decision, Status
from service.store import Transaction, WriteTransaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, State
from service.store.errors import RowExists
from service.verification.reasons import Reason, Verdict
from service.verification.register_checks import against_calendar, against_earlier, facts_of

# Chosen when the form began; another choice takes a fresh blank (`again`).
_CHOSEN = ("pertemuan_ke", "jenis_kegiatan", "tingkat", "nama_pembimbing", "nip_pembimbing")
TYPED = tuple(field.name for field in LAMPIRAN_I_V1.fields if field.name not in {*READ_ONLY, *_CHOSEN})
_MOST = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All problems at once, by field; `reasons` are those the proof would give (already reported, for example)."""

    problems: tuple[Problem, ...]
    reasons: tuple[Reason, ...]
    record: ActivityRecord | None

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """Return the reasons for which the finished form would be refused, even if signed by everybody."""
        return tuple(reason for reason in self.reasons if reason.weight is Verdict.FAILED)


def typed_only(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers an employee types, without those the service fills in."""
    return {name: answers[name] for name in TYPED if answers.get(name)}


def save_draft(
    serial: str, answers: Mapping[str, str], *, revision: int, context: CirculationContext, actor: str
) -> Circulation:
    """Keep what was typed, right or wrong; Stale when another window saved first.

    The log has one event for consecutive saves, not one for every time a page saves by itself.
    """
    _refuse_too_much(answers)
    now = context.clock()
    with context.store.transaction() as tx:
        circulation = editable(tx, serial, actor)
        # Typing on discards a file that waited for an enrolment; its bytes stay.
        typed = {name: text for name, value in answers.items() if (text := cleaned_paragraphs(value))}
        changed = replace(circulation, answers=typed, unsettled_digest=None, changed_at=now)
        if not tx.circulations.change(replace(changed, revision=revision)):
            raise Stale(circulation, answers)
        newest = tx.events.list(serial, limit=1)
        if not newest or newest[0].action != "circulation.saved":
            note(tx, context, actor, "saved", serial)
    return replace(changed, revision=revision + 1)


def check(serial: str, answers: Mapping[str, str], *, context: CirculationContext) -> Checked:
    """Check answers with the validators of an uploaded form, and whether they fit their boxes."""
    _refuse_too_much(answers)
    with context.store.reading() as tx:
        entry = _entry(tx, serial)
    form, blank = _blank(entry, context)
    built = build({**read(blank).answers, **answers}, form)
    problems = list(built.problems)
    try:
        fill(form, blank, answers)
    except Unfillable as error:
        named = {problem.field for problem in problems}
        more = [problem for problem in error.problems if problem.field not in named]
        problems += [
            Problem(
                field=problem.field,
                code=problem.code,
                wording=SENTENCE,
                params={"sentence": problem.message, "hint": problem.hint},
            )
            for problem in more
        ]
    reasons: tuple[Reason, ...] = ()
    if built.record is not None:
        with context.store.reading() as tx:
            reasons = against_calendar(built.record, {}, now=context.clock(), zone=context.zone)
            reasons += against_earlier(facts_of(built.record, serial), tx, excluding=None)
    return Checked(problems=tuple(problems), reasons=reasons, record=built.record)


def preview(serial: str, answers: Mapping[str, str], *, context: CirculationContext) -> bytes:
    """Return the PDF with these answers, as it would be signed; Unfillable for what does not fit."""
    _refuse_too_much(answers)
    with context.store.reading() as tx:
        entry = _entry(tx, serial)
    form, blank = _blank(entry, context)
    return fill(form, blank, {name: value for name, value in answers.items() if value})


def finished(circulation: Circulation, *, context: CirculationContext) -> bytes:
    """Return the filled form of a draft that may be signed; Unready with everything that speaks against it."""
    checked = check(circulation.serial, circulation.answers, context=context)
    if checked.problems or checked.refusals:
        raise Unready(checked.problems, checked.refusals)
    return preview(circulation.serial, circulation.answers, context=context)


def editable(tx: Transaction, serial: str, actor: str) -> Circulation:
    """Return the form if it is the actor's own and nobody has signed it."""
    circulation = tx.circulations.get(serial)
    if circulation is None:
        raise not_found(serial)
    if circulation.employee_nip != actor:
        raise not_yours()
    if circulation.state not in WITH_EMPLOYEE:
        raise not_now(circulation.state)
    return circulation


def _blank(entry: BlankEntry, context: CirculationContext) -> tuple[Form, bytes]:
    return find_form(entry.form_id, entry.form_version), context.store.document(entry.digest)


def _entry(tx: Transaction, serial: str) -> BlankEntry:
    entry = tx.blanks.find(serial)
    if entry is None:
        raise not_found(serial)
    return entry


def _refuse_too_much(answers: Mapping[str, str]) -> None:
    unknown = sorted(set(answers) - set(TYPED))
    if unknown:
        raise BadInput("answers_not_typed_here", fields=unknown[:5])
    if sum(len(value.encode("utf-8", "surrogatepass")) for value in answers.values()) > _MOST:
        raise BadInput("answers_too_long", limit=_MOST // 1024)


# --- Beginning a form

_DAY = next(field for field in LAMPIRAN_I_V1.fields if field.name == "tanggal")


def start(request: Request, *, context: CirculationContext, actor: str) -> Circulation:
    """Begin a draft for one activity of the actor's own; the request's day, if any, is filled in."""
    _require_own(request, actor)
    blank = fresh_blank(request, context=context, actor=actor)
    answers = {"tanggal": indonesian_date(request.day)} if request.day else {}
    with context.store.transaction() as tx:
        return begin(tx, blank, context=context, actor=actor, answers=answers)


def again(
    serial: str, *, revision: int, request: Request | None = None, context: CirculationContext, actor: str
) -> Circulation:
    """Put what was typed on a fresh blank: for another kind or pembimbing, or after a refusal or rejection.

    An open form is withdrawn and linked; one that was refused or rejected stays as it ended. Signatures are not kept.
    """
    with context.store.reading() as tx:
        old = own(tx, serial, actor)
        entry = tx.blanks.find(serial)
    if old.revision != revision:
        raise Stale(old)
    wanted = request or request_of(entry, serial)
    _require_own(wanted, actor)
    answers = answers_of(old, context)
    blank = another_blank(wanted, answers, context=context, actor=actor)
    try:
        with context.store.transaction() as tx:
            circulation = own(tx, serial, actor)
            if circulation.state in {State.SUBMITTED, State.COMPLETE, State.WITHDRAWN}:
                _require_refused(tx, circulation)
            else:
                end(tx, circulation, revision=revision, context=context, actor=actor)
            return begin(tx, blank, context=context, actor=actor, answers=answers, replaces=serial)
    except RowExists:  # twice at once
        raise _continued() from None


def fresh_blank(request: Request, *, context: CirculationContext, actor: str) -> Blank:
    """Prepare a blank and keep its bytes as a document before anything refers to them."""
    blank = prepare(
        request,
        store=context.store,
        blank_context=context.blank_context,
        now=context.clock(),
        randomness=context.randomness,
        actor=actor,
    )
    context.store.keep_document(blank.content)
    return blank


def another_blank(request: Request, answers: Mapping[str, str], *, context: CirculationContext, actor: str) -> Blank:
    """Prepare a fresh blank for an activity that circulates already, as of the typed day, or of today without one.

    A person who has moved since would otherwise get a form of the new unit and its supervisor for an older activity.
    """
    day = coerce(answers.get("tanggal", ""), _DAY)
    if isinstance(day, dt.date):
        # A mistyped day, before they were employed, must not prevent sending the form back.
        with suppress(BadInput):
            return fresh_blank(replace(request, day=day), context=context, actor=actor)
    return fresh_blank(request, context=context, actor=actor)


def begin(
    tx: WriteTransaction,
    blank: Blank,
    *,
    context: CirculationContext,
    actor: str,
    state: State = State.DRAFT,
    answers: Mapping[str, str] | None = None,
    replaces: str | None = None,
    returned: tuple[str, str] | None = None,
) -> Circulation:
    """Add a new circulation; `returned` is by whom and why, when it continues a form that was sent back."""
    now, entry = context.clock(), blank.entry
    new = Circulation(
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
    tx.circulations.add(new)
    for attachment in tx.attachments.of(replaces) if replaces else ():
        tx.attachments.add(replace(attachment, id=short_id("A", context.randomness), serial=entry.serial))
    note(tx, context, actor, "started", entry.serial, replaces=replaces)
    return new


def end(
    tx: WriteTransaction,
    old: Circulation,
    *,
    revision: int,
    context: CirculationContext,
    actor: str,
    returned: tuple[str, str] | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Withdraw an open form, or send it back (`returned`: by whom, why). Stale when it has moved."""
    ended = replace(
        old,
        state=State.WITHDRAWN,
        awaits=None,
        awaits_nip=None,
        unsettled_digest=None,
        revision=revision,
        returned_by=returned[0] if returned else old.returned_by,
        return_reason=returned[1] if returned else old.return_reason,
        changed_at=context.clock(),
    )
    if not tx.circulations.change(ended):
        raise Stale(old)
    note(tx, context, actor, "returned" if returned else "withdrawn", old.serial, **(detail or {}))


def own(tx: Transaction, serial: str, actor: str) -> Circulation:
    """Return the form if it is the actor's own."""
    circulation = tx.circulations.get(serial)
    if circulation is None:
        raise not_found(serial)
    if circulation.employee_nip != actor:
        raise not_yours()
    return circulation


def answers_of(old: Circulation, context: CirculationContext) -> dict[str, str]:
    """Return what was typed into a form, here or (once it is signed) in the program that filled the file."""
    typed = dict(old.answers)
    if old.signed:
        typed |= context.read(context.store.document(old.digest))
    return typed_only(typed)


def request_of(entry: BlankEntry | None, serial: str) -> Request:
    """Return the request a blank came from, without a day."""
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
    """Require that an ended form failed, and was not continued before."""
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
        raise NotGranted("form_begun_for_another")


def _continued() -> NotGranted:
    return NotGranted("form_continued")
