"""Other learning (5.f.6): entered with its evidence or by a table, decided by Biro SDM, counted once approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from forms.indonesian import comma, long_date
from parsers.records import Problem, make_problem
from parsers.values import read_date, read_nip
from service.errors import BadInput, NotGranted
from service.identifiers import as_typed, nip_as_typed, short_id
from service.language.bridge import indonesian
from service.names import cleaned, cleaned_paragraphs
from service.notifications.messages import notify_learning_decision
from service.records import Decision, Event
from service.spreadsheets.imports import ImportContext, RowErrors, TableKind
from service.spreadsheets.read import Row
from service.spreadsheets.templates import LEARNING, LEARNING_KINDS
from service.store import Store, Transaction, WriteTransaction
from service.store.learning import OtherLearning
from service.store.monitoring import Assignment, State

# --- A draft and its errors

KINDS = LEARNING_KINDS
# More than a year of working hours is a slip of the pen.
_MAX_JP = Decimal(2000)
_MIN_EXPONENT = -3


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningDraft:
    """One piece of learning as it was entered, not checked yet."""

    nip: str
    kind: str
    title: str
    organiser: str
    starts: dt.date
    ends: dt.date
    jp: Decimal

    @property
    def key(self) -> tuple[str, str, str, dt.date]:
        """Return person, kind, title and first day: with the same four it is the same learning."""
        return self.nip, self.kind, self.title, self.starts


def draft_errors(draft: LearningDraft, today: dt.date) -> list[str]:
    """Return everything that is wrong with a draft, as sentences; none when it can be kept."""
    errors = []
    if draft.kind not in KINDS:
        errors.append(f"jenis “{draft.kind}” tidak dikenal ({', '.join(KINDS)}).")
    if not cleaned(draft.title):
        errors.append("judul kosong.")
    if not cleaned(draft.organiser):
        errors.append("penyelenggara kosong.")
    if draft.ends < draft.starts:
        errors.append(f"selesai {long_date(draft.ends)} mendahului mulai {long_date(draft.starts)}.")
    if draft.ends > today:
        errors.append(f"selesai {long_date(draft.ends)} belum tiba; catat sesudah kegiatan selesai.")
    if not 0 < draft.jp <= _MAX_JP:
        errors.append(f"jp {comma(draft.jp)} tidak mungkin; isi angka lebih dari 0, paling banyak {_MAX_JP}.")
    elif int(draft.jp.as_tuple().exponent) < _MIN_EXPONENT:
        errors.append(f"jp {comma(draft.jp)} terlalu rinci; paling banyak tiga angka di belakang koma.")
    return errors


# --- Evidence

MOST_BYTES = 10 * 1024 * 1024
_SIGNATURES = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A certificate or letter as it was uploaded."""

    name: str
    content: bytes


def require_evidence(evidence: Evidence) -> Evidence:
    """Return the evidence; BadInput unless it is a PDF, PNG or JPEG of at most 10 MB."""
    if not evidence.content.startswith(_SIGNATURES):
        raise BadInput(f"{evidence.name}: bukan PDF, PNG, atau JPEG.", "Unggah sertifikat atau surat tugasnya.")
    if len(evidence.content) > MOST_BYTES:
        raise BadInput(f"{evidence.name}: lebih dari 10 MB.", "Perkecil pindaiannya, lalu unggah lagi.")
    return evidence


# --- Entering one piece


def enter(
    draft: LearningDraft,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    randomness: Callable[[int], bytes],
    actor: str,
    evidence: Evidence | None = None,
    assignment_id: str | None = None,
) -> OtherLearning:
    """Keep a piece of learning, undecided, and return it; BadInput with everything that is wrong with it."""
    draft = replace(draft, title=cleaned(draft.title), organiser=cleaned(draft.organiser), nip=nip_as_typed(draft.nip))
    errors = draft_errors(draft, today)
    with store.reading() as tx:
        if tx.employees.get(draft.nip) is None:
            errors.append(f"NIP {draft.nip} tidak ada pada data kepegawaian.")
        assignment = tx.assignments.get(assignment_id) if assignment_id else None
        known = draft.key in tx.other_learning.known()
    if assignment_id and (assignment is None or assignment.nip != draft.nip):
        errors.append(f"penugasan {assignment_id} tidak ada untuk pegawai ini.")
    if known:
        errors.append("pembelajaran ini sudah tercatat (pegawai, jenis, judul, dan tanggal mulai yang sama).")
    if errors:
        raise BadInput(f"Pembelajaran tidak dapat dicatat: {' '.join(errors)}", "Perbaiki, lalu ulangi.")
    digest = store.keep_document(require_evidence(evidence).content) if evidence else None
    learning = replace(
        new_learning(draft, now=now, randomness=randomness, actor=actor),
        evidence_digest=digest,
        evidence_name=evidence.name if evidence else None,
        assignment_id=assignment_id,
    )
    with store.transaction() as tx:
        add_learning(learning, tx, now=now, actor=actor)
    return learning


def new_learning(
    draft: LearningDraft, *, now: dt.datetime, randomness: Callable[[int], bytes], actor: str
) -> OtherLearning:
    """Return an undecided row for a draft, with a number of its own."""
    return OtherLearning(
        id=short_id("L", randomness),
        nip=draft.nip,
        kind=draft.kind,
        title=draft.title,
        organiser=draft.organiser,
        starts=draft.starts,
        ends=draft.ends,
        jp=draft.jp,
        entered_at=now,
        entered_by=actor,
    )


def add_learning(learning: OtherLearning, tx: WriteTransaction, *, now: dt.datetime, actor: str) -> None:
    """Add the row and its event."""
    tx.other_learning.add(learning)
    tx.events.append(Event(at=now, actor=actor, action="learning.entered", subject=learning.id))


# --- Decisions of Biro SDM


def approve(learning_id: str, *, store: Store, now: dt.datetime, actor: str) -> OtherLearning:
    """Approve one piece; approved already, it stays as it is; NotGranted when it was rejected."""
    learning = _find(learning_id, store)
    if learning.decision is Decision.APPROVED:
        return learning
    return _decide(learning, Decision.APPROVED, None, store=store, now=now, actor=actor)


def reject(learning_id: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> OtherLearning:
    """Reject one piece with a reason the employee reads; NotGranted when it was decided before."""
    if not cleaned(reason):
        raise BadInput("Alasan penolakan kosong.", "Tuliskan apa yang kurang, supaya pegawai tahu langkah berikutnya.")
    return _decide(
        _find(learning_id, store), Decision.REJECTED, cleaned_paragraphs(reason), store=store, now=now, actor=actor
    )


def _find(learning_id: str, store: Store) -> OtherLearning:
    with store.reading() as tx:
        learning = tx.other_learning.get(as_typed(learning_id))
    if learning is None:
        raise BadInput(f"Pembelajaran {learning_id} tidak ada.", "Lihat nomornya dengan `cmb learning list`.")
    return learning


def _decide(
    learning: OtherLearning, decision: Decision, reason: str | None, *, store: Store, now: dt.datetime, actor: str
) -> OtherLearning:
    """Decide once, and end the assignment that an approved piece fulfils."""
    with store.transaction() as tx:
        tx.past_activities.lock_months()
        if not tx.other_learning.decide(learning.id, decision, now, actor, reason):
            raise NotGranted(f"Pembelajaran {learning.id} sudah diputuskan.", "Keputusan tidak diubah.")
        detail = {"reason": reason} if reason else {}
        # A rejection frees its share of the month's limit; an approved activity counts before pending ones.
        tx.past_activities.refresh(learning.nip, learning.starts)
        action = f"learning.{decision.value}"
        tx.events.append(Event(at=now, actor=actor, action=action, subject=learning.id, detail=detail))
        notify_learning_decision(tx, learning, decision, now)
        fulfilled = learning.assignment_id if decision is Decision.APPROVED else None
        if fulfilled and tx.assignments.end(fulfilled, State.DONE, now):
            tx.events.append(Event(at=now, actor=actor, action="assignment.done", subject=fulfilled))
        decided = tx.other_learning.get(learning.id)
    return decided or learning


# --- One employee's year


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeLearning:
    """One employee's other learning of a year, beside CMB and never part of it.

    `pieces` are newest first, rejected ones included; `assigned` are the open assignments of the head of unit.
    """

    year: int
    pieces: Sequence[OtherLearning]
    assigned: Sequence[Assignment]

    @property
    def jp(self) -> Decimal:
        """Return the approved JP; they count towards 5.f.6, not towards the CMB certificate."""
        return sum((piece.jp for piece in self.pieces if piece.decision is Decision.APPROVED), Decimal(0))

    @property
    def waiting(self) -> int:
        """Return how many pieces await a decision."""
        return sum(piece.decision is Decision.PENDING for piece in self.pieces)


def employee_learning(nip: str, year: int, tx: Transaction) -> EmployeeLearning:
    """Return what the employee finished in that year, and what is assigned."""
    return EmployeeLearning(
        year=year,
        pieces=tuple(reversed(tx.other_learning.of_employee(nip, year))),
        assigned=tx.assignments.list(year=year, nip=nip, state=State.OPEN),
    )


# --- The table of other learning


def learning_table(randomness: Callable[[int], bytes]) -> TableKind[LearningDraft, OtherLearning]:
    """Return the kind of table whose rows are other learning; everything in it awaits Biro SDM."""

    def add_all(
        drafts: Sequence[LearningDraft], tx: WriteTransaction, context: ImportContext
    ) -> Sequence[OtherLearning]:
        pieces = [new_learning(draft, now=context.now, randomness=randomness, actor=context.actor) for draft in drafts]
        for piece in pieces:
            add_learning(piece, tx, now=context.now, actor=context.actor)
        return pieces

    return TableKind(
        layout=LEARNING,
        error_message=lambda count: f"{count} masalah pada tabel pembelajaran lain.",
        read_entries=_drafts_of_rows,
        apply=add_all,
    )


def _drafts_of_rows(
    rows: Sequence[Row], tx: Transaction, context: ImportContext, errors: RowErrors
) -> Sequence[LearningDraft]:
    nips = {entry.nip for entry in tx.employees.all()}
    known = tx.other_learning.known()
    drafts: dict[tuple[str, str, str, dt.date], LearningDraft] = {}
    lines: dict[tuple[str, str, str, dt.date], int] = {}
    for row in rows:
        draft, sentences = _draft_of_row(row, context.today)
        if draft is not None:
            if draft.nip not in nips:
                sentences.append(f"NIP {draft.nip} tidak ada pada data kepegawaian.")
            if draft.key in known:
                sentences.append("pembelajaran ini sudah tercatat.")
            if draft.key in drafts:
                sentences.append(f"sama dengan baris {lines[draft.key]}.")
            drafts.setdefault(draft.key, draft)
            lines.setdefault(draft.key, row.line)
        errors.add(row.line, *sentences)
    return tuple(drafts.values())


def draft_of(nip: str, cells: Mapping[str, str], today: dt.date) -> LearningDraft:
    """Return the draft one person typed, by the columns' names; BadInput with everything that is wrong."""
    typed = {name: cleaned(cell) for name, cell in cells.items()}
    draft, errors = _draft_of_row(Row(1, {**typed, "nip": nip}), today)
    if draft is None or errors:
        raise BadInput(f"Pembelajaran tidak dapat dicatat: {' '.join(errors)}", "Perbaiki, lalu ulangi.")
    return draft


def _draft_of_row(row: Row, today: dt.date) -> tuple[LearningDraft | None, list[str]]:
    """Return the row's draft, or None when it cannot be read, and everything that is wrong with the row."""
    cells, errors = row.cells, list(row.wrong)
    nip = read_nip(cells.get("nip", ""))
    starts = read_date(cells.get("mulai", ""))
    ends = read_date(cells["selesai"]) if cells.get("selesai") else starts
    jp = _read_jp(cells.get("jp", ""))
    for name, value in (("nip", nip), ("mulai", starts), ("jp", jp)):
        if isinstance(value, Problem):
            errors.append(f"kolom {name}: {indonesian(value)}")
    if isinstance(ends, Problem) and ends is not starts:
        errors.append(f"kolom selesai: {indonesian(ends)}")
    if isinstance(nip, Problem) or isinstance(starts, Problem) or isinstance(ends, Problem) or isinstance(jp, Problem):
        return None, errors
    draft = LearningDraft(
        nip=nip,
        kind=cells.get("jenis", "").lower().replace(" ", "_"),
        title=cells.get("judul", ""),
        organiser=cells.get("penyelenggara", ""),
        starts=starts,
        ends=ends,
        jp=jp,
    )
    return draft, [*errors, *draft_errors(draft, today)]


def _read_jp(text: str) -> Decimal | Problem:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite():
        return amount
    return make_problem("invalid_value.jp", field="jp", text=text)
