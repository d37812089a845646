"""The draft: what the employee has typed, kept as it is, checked when asked, shown as the PDF it will become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from forms.catalog import LAMPIRAN_I_V1, find_form
from forms.errors import Unfillable
from forms.fill import fill
from forms.schema import Form
from parsers.build import build
from parsers.parse import read
from parsers.records import ActivityRecord, Problem
from service.circulation.errors import Stale, Unready, not_found, not_now, not_yours
from service.circulation.log import note
from service.circulation.means import Means
from service.errors import BadInput
from service.prepare import READ_ONLY
from service.proof.circumstances import against_calendar, against_earlier, facts_of
from service.proof.reasons import Reason, Verdict
from service.records import BlankEntry
from service.store import Transaction
from service.store.circulations import WITH_EMPLOYEE, Circulation

# Chosen when the form began; choosing otherwise takes a fresh blank (`start.again`).
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
