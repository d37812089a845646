"""The draft: what the employee has typed, kept as it is, checked when asked, shown as the PDF it will become."""

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
from service.circulation.turns import Means
from service.errors import BadInput, NotGranted
from service.identifiers import short_id
from service.records import BlankEntry, Decision, Status
from service.store import Transaction, WriteTransaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, State
from service.store.errors import RowExists
from service.verification.reasons import Reason, Verdict
from service.verification.register_checks import against_calendar, against_earlier, facts_of

# Chosen when the form began; choosing otherwise takes a fresh blank (`again`).
_CHOSEN = ("pertemuan_ke", "jenis_kegiatan", "tingkat", "nama_pembimbing", "nip_pembimbing")
TYPED = tuple(each.name for each in LAMPIRAN_I_V1.fields if each.name not in {*READ_ONLY, *_CHOSEN})
_MOST = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All problems at once, by field; `reasons` are what the proof would say of the activity (already reported ...)."""

    problems: tuple[Problem, ...]
    reasons: tuple[Reason, ...]
    record: ActivityRecord | None

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """The reasons for which the finished form would be refused, whoever signs it."""
        return tuple(each for each in self.reasons if each.weight is Verdict.FAILED)


def typed_only(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers an employee types; what the house fills in is left out."""
    return {name: answers[name] for name in TYPED if answers.get(name)}


def save_draft(serial: str, answers: Mapping[str, str], *, revision: int, means: Means, actor: str) -> Circulation:
    """Keep what was typed, right or wrong; Stale when another window saved first.

    The log tells of a stretch of writing once, not of every time a page saves by itself.
    """
    _refuse_too_much(answers)
    now = means.clock()
    with means.store.transaction() as tx:
        kept = editable(tx, serial, actor)
        # Who writes on has set aside a file that waited for an enrolment; its bytes stay.
        typed = {name: value for name, value in answers.items() if value}
        changed = replace(kept, answers=typed, unsettled_digest=None, changed_at=now)
        if not tx.circulations.change(replace(changed, revision=revision)):
            raise Stale(kept, answers)
        newest = tx.events.list(serial, limit=1)
        if not newest or newest[0].action != "circulation.saved":
            note(tx, means, actor, "saved", serial)
    return replace(changed, revision=revision + 1)


def check(serial: str, answers: Mapping[str, str], *, means: Means) -> Checked:
    """What is wrong with these answers, by the validators of an uploaded form, and what does not fit its boxes."""
    _refuse_too_much(answers)
    with means.store.reading() as tx:
        entry = _entry(tx, serial)
    form, blank = _blank(entry, means)
    told = {**read(blank).answers, **answers}
    built = build(told, form)
    problems = list(built.problems)
    try:
        fill(form, blank, answers)
    except Unfillable as error:
        named = {each.field for each in problems}
        more = [each for each in error.problems if each.field not in named]
        problems += [Problem(field=each.field, code=each.code, message=each.message, hint=each.hint) for each in more]
    reasons: tuple[Reason, ...] = ()
    if built.record is not None:
        with means.store.reading() as tx:
            reasons = against_calendar(built.record, {}, now=means.clock(), zone=means.zone)
            reasons += against_earlier(facts_of(built.record, serial), tx, excluding=None)
    return Checked(problems=tuple(problems), reasons=reasons, record=built.record)


def preview(serial: str, answers: Mapping[str, str], *, means: Means) -> bytes:
    """The PDF with these answers in it, as it would be signed; Unfillable for what does not fit."""
    _refuse_too_much(answers)
    with means.store.reading() as tx:
        entry = _entry(tx, serial)
    form, blank = _blank(entry, means)
    return fill(form, blank, {name: value for name, value in answers.items() if value})


def finished(circulation: Circulation, *, means: Means) -> bytes:
    """The filled form of a draft that may be signed; Unready with everything for which it would be refused."""
    checked = check(circulation.serial, circulation.answers, means=means)
    if checked.problems or checked.refusals:
        raise Unready(checked.problems, checked.refusals)
    return preview(circulation.serial, circulation.answers, means=means)


def editable(tx: Transaction, serial: str, actor: str) -> Circulation:
    """The form, if it is the actor's own and nobody has signed it."""
    found = tx.circulations.get(serial)
    if found is None:
        raise not_found(serial)
    if found.employee_nip != actor:
        raise not_yours()
    if found.state not in WITH_EMPLOYEE:
        raise not_now(found.state)
    return found


def _blank(entry: BlankEntry, means: Means) -> tuple[Form, bytes]:
    return find_form(entry.form_id, entry.form_version), means.store.document(entry.digest)


def _entry(tx: Transaction, serial: str) -> BlankEntry:
    entry = tx.blanks.find(serial)
    if entry is None:
        raise not_found(serial)
    return entry


def _refuse_too_much(answers: Mapping[str, str]) -> None:
    strange = sorted(set(answers) - set(TYPED))
    if strange:
        raise BadInput(
            f"Kolom {', '.join(strange[:5])} tidak diisi di sini.",
            "Untuk mengganti jenis kegiatan atau pembimbing, buat ulang formulirnya; isian Anda ikut dibawa.",
        )
    if sum(len(value.encode("utf-8", "surrogatepass")) for value in answers.values()) > _MOST:
        raise BadInput("Isian itu melebihi 64 KB.", "Ringkas isiannya; formulir memuat satu halaman.")


# --- A form begins its way: a fresh blank, kept as a document, and a draft; also when it continues an earlier one

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
    tx: WriteTransaction,
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
    tx: WriteTransaction,
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
