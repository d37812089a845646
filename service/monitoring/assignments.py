"""Assignments (circular 5.f.6): the head of unit sends an employee who is behind to a course, or asks for CMB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from forms.dossier import Dossier, Section, Signing, Table
from forms.indonesian import long_date, spaced_nip
from forms.render import Renderer
from service.errors import BadInput, NotGranted
from service.identifiers import as_typed, short_id
from service.language import Message
from service.law.outlook import period_end
from service.monitoring.evaluation import EvaluatedPerson, Evaluation, evaluate
from service.monitoring.wording import CIRCULAR, MARKS, PERIODS, jp, suggestion
from service.monitoring.wording import KINDS as KIND_LABELS
from service.names import cleaned, cleaned_paragraphs
from service.notifications.messages import notify_assigned
from service.records import EmployeeEntry, Event
from service.store import Store, Transaction
from service.store.monitoring import Assignment, State

KINDS = ("workshop", "sosialisasi", "pelatihan", "cmb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an employee is to do until when; `head_nip` is the head of the unit, in whose name it is assigned."""

    nip: str
    year: int
    period: int
    kind: str
    title: str
    due: dt.date
    reason: str
    head_nip: str


def assign(
    request: Request,
    *,
    store: Store,
    renderer: Renderer,
    place: str,
    now: dt.datetime,
    today: dt.date,
    randomness: Callable[[int], bytes],
    actor: str,
) -> Assignment:
    """Keep the letter and open the assignment. NotGranted when `head_nip` does not head the employee's unit."""
    _require(request, today)
    with store.reading() as tx:
        person, head = _people(request, tx)
        # An employee who changed units since is evaluated in the unit of the period's end.
        tenure = tx.employees.as_of(request.nip, period_end(request.year, request.period))
        unit = tenure.unit if tenure is not None and tenure.present else None
        evaluation = evaluate(request.year, request.period, tx, today=today, unit=unit) if unit else None
    people = evaluation.people if evaluation else ()
    evaluated = next((someone for someone in people if someone.nip == request.nip), None)
    if evaluation is None or evaluated is None:
        raise NotGranted("assignment_not_evaluated", name=person.name)
    number = short_id("T", randomness)
    letter = assignment_letter(
        number, evaluated, evaluation, head=head, request_kind=request.kind, title=request.title, due=request.due,
        reason=request.reason, place=place, day=today,
    )  # fmt: skip
    assignment = Assignment(
        id=number,
        nip=person.nip,
        unit=person.unit,
        year=request.year,
        period=request.period,
        kind=request.kind,
        title=cleaned(request.title),
        due=request.due,
        reason=cleaned_paragraphs(request.reason),
        digest=store.keep_document(renderer.dossier(letter)),
        made_at=now,
        made_by=request.head_nip,
    )
    with store.transaction() as tx:
        tx.assignments.add(assignment)
        notify_assigned(tx, nip=person.nip, assignment=number, due=request.due, now=now)
        tx.events.append(Event(at=now, actor=actor, action="assignment.made", subject=number))
    return assignment


def end(assignment_id: str, state: State, *, store: Store, now: dt.datetime, actor: str) -> Assignment:
    """End an assignment as done or cancelled, once; NotGranted when it had ended."""
    with store.transaction() as tx:
        assignment = tx.assignments.get(as_typed(assignment_id))
        if assignment is None:
            raise BadInput("assignment_unknown", assignment=assignment_id)
        if not tx.assignments.end(assignment.id, state, now):
            raise NotGranted("assignment_ended", assignment=assignment.id)
        tx.events.append(Event(at=now, actor=actor, action=f"assignment.{state.value}", subject=assignment.id))
        return tx.assignments.get(assignment.id) or assignment


def _require(request: Request, today: dt.date) -> None:
    errors: list[Message] = []
    if request.kind not in KINDS:
        errors.append(Message("assignment_kind_unknown", kind=request.kind, kinds=tuple(KINDS)))
    if not cleaned(request.title):
        errors.append(Message("assignment_without_title"))
    if not cleaned(request.reason):
        errors.append(Message("assignment_without_reason"))
    if request.due < today:
        errors.append(Message("assignment_late"))
    if errors:
        raise BadInput("assignment_refused", problems=errors)


def _people(request: Request, tx: Transaction) -> tuple[EmployeeEntry, EmployeeEntry]:
    person, head = _known(request.nip, tx), _known(request.head_nip, tx)
    if "pimpinan" not in head.roles or head.unit != person.unit:
        raise NotGranted("assignment_by_no_head", name=head.name, unit=person.unit)
    return person, head


def _known(nip: str, tx: Transaction) -> EmployeeEntry:
    entry = tx.employees.get(nip)
    if entry is None:
        raise BadInput("nip_unknown.to_check", nip=nip)
    return entry


# --- The letter

WHAT = {
    "workshop": "mengikuti workshop",
    "sosialisasi": "mengikuti sosialisasi",
    "pelatihan": "mengikuti pelatihan",
    "cmb": "melaksanakan Coaching, Mentoring, dan Belajar Mandiri",
}


def assignment_letter(
    number: str,
    person: EvaluatedPerson,
    evaluation: Evaluation,
    *,
    head: EmployeeEntry,
    request_kind: str,
    title: str,
    due: dt.date,
    reason: str,
    place: str,
    day: dt.date,
) -> Dossier:
    """Return the letter: one page, signed by the head of unit, with the figures it rests on."""
    by_kind = tuple(person.by_kind[kind].jp for kind in KIND_LABELS)
    figures = Table(
        title=f"Pemenuhan sampai {long_date(evaluation.ends)}",
        columns=(*KIND_LABELS.values(), "Jumlah JP", "Target masa", "Pembelajaran lain", "Keadaan"),
        rows=((*by_kind, person.jp, person.target, person.other_jp, MARKS[person.mark]),),
    )
    ways = suggestion(person.suggestion)
    order = (
        f"Berdasarkan evaluasi masa {evaluation.period} ({PERIODS[evaluation.period]}) tahun {evaluation.year}, "
        f"{person.name} memperoleh {jp(person.jp)} dari target {jp(person.target)}. "
        f"Pimpinan unit kerja menugaskan pegawai tersebut {WHAT[request_kind]}: {cleaned(title)}, "
        f"selambat-lambatnya {long_date(due)}."
    )
    texts = [order, f"Alasan: {cleaned(reason)}", f"Saran menuju {jp(person.year_target)} dengan CMB: {ways}"]
    return Dossier(
        title="Surat Penugasan Pengembangan Kompetensi",
        subtitle=f"Nomor {number}",
        facts=(
            ("Nama", person.name),
            ("NIP", spaced_nip(person.nip)),
            ("Golongan, jabatan", f"{person.grade}, {person.position}"),
            ("Unit kerja", person.unit),
            ("Penugasan", f"{cleaned(title)} ({request_kind.upper() if request_kind == 'cmb' else request_kind})"),
            ("Tenggat", long_date(due)),
        ),
        sections=(Section(heading="", texts=tuple(texts if ways else texts[:2]), tables=(figures,)),),
        cites=f"Dasar: {CIRCULAR} angka 5.f.6.",
        made="Hasil penugasan dicatat sebagai pembelajaran lain atau kegiatan CMB sesudah disahkan Biro SDM.",
        signing=Signing(
            place_and_day=f"{place}, {long_date(day)}" if place else long_date(day),
            position=head.position,
            name=head.name,
            nip=spaced_nip(head.nip),
        ),
        kind="letter",
    )
