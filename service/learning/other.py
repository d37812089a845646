"""Enter a piece of other learning, with its evidence kept by digest; it counts once Biro SDM approved it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from forms.indonesian import comma, long_date
from parsers.records import Problem
from parsers.values import read_date, read_nip
from service.errors import BadInput, BadRows, NotGranted
from service.identifiers import short_id
from service.notifications.messages import tell_learning
from service.records import Decision, Event
from service.spreadsheets.read import Column, Layout, Reader, Row, rows_in
from service.store import Store, Transaction, WriteTransaction
from service.store.learning import OtherLearning
from service.store.monitoring import Assignment, State


def enter(
    draft: Draft,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    randomness: Callable[[int], bytes],
    actor: str,
    evidence: Evidence | None = None,
    assignment_id: str | None = None,
) -> OtherLearning:
    """Keep it, undecided; BadInput saying everything that is wrong, RowExists when it is there already."""
    troubles = wrong(draft, today)
    with store.reading() as tx:
        if tx.employees.get(draft.nip) is None:
            troubles.append(f"NIP {draft.nip} tidak ada pada data kepegawaian.")
        assignment = tx.assignments.get(assignment_id) if assignment_id else None
        known = draft.key in tx.other_learning.known()
    if assignment_id and (assignment is None or assignment.nip != draft.nip):
        troubles.append(f"penugasan {assignment_id} tidak ada untuk pegawai ini.")
    if known:
        troubles.append("pembelajaran ini sudah tercatat (pegawai, jenis, judul, dan tanggal mulai yang sama).")
    if troubles:
        raise BadInput(f"Pembelajaran tidak dapat dicatat: {' '.join(troubles)}", "Perbaiki, lalu ulangi.")
    digest = store.keep_document(require_evidence(evidence).content) if evidence else None
    learning = learning_of(draft, now=now, randomness=randomness, actor=actor)
    with store.transaction() as tx:
        kept = replace(
            learning,
            evidence_digest=digest,
            evidence_name=evidence.name if evidence else None,
            assignment_id=assignment_id,
        )
        keep(kept, tx, now=now, actor=actor)
    return kept


def learning_of(draft: Draft, *, now: dt.datetime, randomness: Callable[[int], bytes], actor: str) -> OtherLearning:
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


def keep(learning: OtherLearning, tx: WriteTransaction, *, now: dt.datetime, actor: str) -> None:
    """The row and its event, together."""
    tx.other_learning.add(learning)
    tx.events.append(Event(at=now, actor=actor, action="learning.entered", subject=learning.id))


# --- A piece of other learning as it is told, and everything that is wrong with it

KINDS = ("pelatihan", "workshop", "sosialisasi", "seminar", "cmb_terdahulu", "lainnya")
# More than a year of working hours is a slip of the pen.
MOST_JP = Decimal(2000)
_PLACES = -3


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One piece of learning, not checked yet."""

    nip: str
    kind: str
    title: str
    organiser: str
    starts: dt.date
    ends: dt.date
    jp: Decimal

    @property
    def key(self) -> tuple[str, str, str, dt.date]:
        """The same person, kind, title and first day are the same learning."""
        return self.nip, self.kind, self.title, self.starts


def wrong(draft: Draft, today: dt.date) -> list[str]:
    """All that is wrong, as sentences; empty when it can be kept."""
    found = []
    if draft.kind not in KINDS:
        found.append(f"jenis “{draft.kind}” tidak dikenal ({', '.join(KINDS)}).")
    if not draft.title.strip():
        found.append("judul kosong.")
    if not draft.organiser.strip():
        found.append("penyelenggara kosong.")
    if draft.ends < draft.starts:
        found.append(f"selesai {long_date(draft.ends)} mendahului mulai {long_date(draft.starts)}.")
    if draft.ends > today:
        found.append(f"selesai {long_date(draft.ends)} belum tiba; catat sesudah kegiatan selesai.")
    if not 0 < draft.jp <= MOST_JP:
        found.append(f"jp {comma(draft.jp)} tidak mungkin; isi angka lebih dari 0, paling banyak {MOST_JP}.")
    elif int(draft.jp.as_tuple().exponent) < _PLACES:
        found.append(f"jp {comma(draft.jp)} terlalu rinci; paling banyak tiga angka di belakang koma.")
    return found


# --- Biro SDM's decisions on other learning, each once; an approval ends the assignment it fulfils


def approve(learning_id: str, *, store: Store, now: dt.datetime, actor: str) -> OtherLearning:
    """Approve one piece, once; NotGranted when it was decided otherwise."""
    learning = _find(learning_id, store)
    if learning.decision is Decision.APPROVED:
        return learning
    return _decide(learning, Decision.APPROVED, None, store=store, now=now, actor=actor)


def reject(learning_id: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> OtherLearning:
    """Reject one piece with a reason the employee reads; a decision already made stays."""
    if not reason.strip():
        raise BadInput("Alasan penolakan kosong.", "Tuliskan apa yang kurang, supaya pegawai tahu langkah berikutnya.")
    return _decide(_find(learning_id, store), Decision.REJECTED, reason.strip(), store=store, now=now, actor=actor)


def _find(learning_id: str, store: Store) -> OtherLearning:
    with store.reading() as tx:
        learning = tx.other_learning.get(learning_id.strip().upper())
    if learning is None:
        raise BadInput(f"Pembelajaran {learning_id} tidak ada.", "Lihat nomornya dengan `cmb learning list`.")
    return learning


def _decide(
    learning: OtherLearning, decision: Decision, reason: str | None, *, store: Store, now: dt.datetime, actor: str
) -> OtherLearning:
    with store.transaction() as tx:
        tx.past_activities.lock_months()
        if not tx.other_learning.decide(learning.id, decision, now, actor, reason):
            raise NotGranted(f"Pembelajaran {learning.id} sudah diputuskan.", "Keputusan tidak diubah.")
        detail = {"reason": reason} if reason else {}
        # What was rejected gives its room back, what was approved comes before what waits.
        tx.past_activities.refresh(learning.nip, learning.starts)
        action = f"learning.{decision.value}"
        tx.events.append(Event(at=now, actor=actor, action=action, subject=learning.id, detail=detail))
        tell_learning(tx, learning, decision, now)
        fulfilled = learning.assignment_id if decision is Decision.APPROVED else None
        if fulfilled and tx.assignments.end(fulfilled, State.DONE, now):
            tx.events.append(Event(at=now, actor=actor, action="assignment.done", subject=fulfilled))
        decided = tx.other_learning.get(learning.id)
    return decided or learning


# --- The evidence of other learning: a certificate or letter, looked at before it is kept

MOST_BYTES = 10 * 1024 * 1024
_BEGINNINGS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file as it was handed in."""

    name: str
    content: bytes


def require_evidence(evidence: Evidence) -> Evidence:
    """BadInput unless it is a PDF, PNG or JPEG of at most 10 MB."""
    if not evidence.content.startswith(_BEGINNINGS):
        raise BadInput(f"{evidence.name}: bukan PDF, PNG, atau JPEG.", "Unggah sertifikat atau surat tugasnya.")
    if len(evidence.content) > MOST_BYTES:
        raise BadInput(f"{evidence.name}: lebih dari 10 MB.", "Perkecil pindaiannya, lalu unggah lagi.")
    return evidence


# --- One employee's other learning of a year, beside CMB and never part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLearning:
    """`pieces` newest first, rejected ones included; `assigned` is what the head of unit assigned and is still open."""

    year: int
    pieces: Sequence[OtherLearning]
    assigned: Sequence[Assignment]

    @property
    def jp(self) -> Decimal:
        """What Biro SDM approved; it counts towards 5.f.6, not towards the CMB certificate."""
        return sum((each.jp for each in self.pieces if each.decision is Decision.APPROVED), Decimal(0))

    @property
    def waiting(self) -> int:
        """How many pieces await a decision."""
        return sum(each.decision is Decision.PENDING for each in self.pieces)


def own_learning(nip: str, year: int, tx: Transaction) -> OwnLearning:
    """Everything of that employee that ended in that year."""
    return OwnLearning(
        year=year,
        pieces=tuple(reversed(tx.other_learning.of_employee(nip, year))),
        assigned=tx.assignments.list(year=year, nip=nip, state=State.OPEN),
    )


# --- A table of other learning: what it says row by row, or every wrong row at once

LEARNING = Layout(
    subject="learning",
    title="Tabel pembelajaran lain",
    columns=(
        Column(name="nip", meaning="18 angka, sebagai teks.", width=22),
        Column(name="jenis", meaning=f"Salah satu: {', '.join(KINDS)}.", width=16, choices=KINDS),
        Column(name="judul", meaning="Nama kegiatan, seperti pada sertifikatnya.", width=44),
        Column(name="penyelenggara", meaning="Lembaga yang menyelenggarakan.", width=34),
        Column(name="mulai", meaning="Hari pertama, mis. 2026-07-01.", width=14),
        Column(name="selesai", meaning="Hari terakhir; kosong = sama dengan mulai.", width=14),
        Column(name="jp", meaning="Jam pelajaran, mis. 8 atau 2,5.", width=8),
    ),
    sample={
        "nip": "199708212020122005",
        "jenis": "pelatihan",
        "judul": "Pelatihan Analisis Jabatan",
        "penyelenggara": "Lembaga Administrasi Negara",
        "mulai": "2026-03-02",
        "selesai": "2026-03-04",
        "jp": "24",
    },
)
Key = tuple[str, str, str, dt.date]


def read_learning(
    rows: Iterable[Row], *, nips: Collection[str], known: Collection[Key], today: dt.date
) -> tuple[Draft, ...]:
    """What the rows of a table (`LEARNING`) say; BadRows naming every wrong one.

    `nips` are in the register, `known` learning is there already.
    """
    problems: list[str] = []
    drafts: dict[Key, Draft] = {}
    lines: dict[Key, int] = {}
    for row in rows:
        draft, troubles = _draft(row, today)
        if draft is not None:
            if draft.nip not in nips:
                troubles.append(f"NIP {draft.nip} tidak ada pada data kepegawaian.")
            if draft.key in known:
                troubles.append("pembelajaran ini sudah tercatat.")
            if draft.key in drafts:
                troubles.append(f"sama dengan baris {lines[draft.key]}.")
            drafts.setdefault(draft.key, draft)
            lines.setdefault(draft.key, row.line)
        problems += [f"Baris {row.line}: {sentence}" for sentence in troubles]
    if problems:
        raise BadRows(f"{len(problems)} masalah pada tabel pembelajaran lain.", tuple(problems))
    return tuple(drafts.values())


def draft_of(nip: str, cells: Mapping[str, str], today: dt.date) -> Draft:
    """What one person typed, by the columns' names; BadInput with everything that is wrong."""
    draft, troubles = _draft(Row(1, {**cells, "nip": nip}), today)
    if draft is None or troubles:
        raise BadInput(f"Pembelajaran tidak dapat dicatat: {' '.join(troubles)}", "Perbaiki, lalu ulangi.")
    return draft


def _draft(row: Row, today: dt.date) -> tuple[Draft | None, list[str]]:
    cells, troubles = row.cells, list(row.wrong)
    nip = read_nip(cells.get("nip", ""))
    starts = read_date(cells.get("mulai", ""))
    ends = read_date(cells["selesai"]) if cells.get("selesai") else starts
    amount = _amount(cells.get("jp", ""))
    for name, value in (("nip", nip), ("mulai", starts), ("jp", amount)):
        if isinstance(value, Problem):
            troubles.append(f"kolom {name}: {value.message}")
    if isinstance(ends, Problem) and ends is not starts:
        troubles.append(f"kolom selesai: {ends.message}")
    if (
        isinstance(nip, Problem)
        or isinstance(starts, Problem)
        or isinstance(ends, Problem)
        or isinstance(amount, Problem)
    ):
        return None, troubles
    draft = Draft(
        nip=nip,
        kind=cells.get("jenis", "").lower().replace(" ", "_"),
        title=cells.get("judul", ""),
        organiser=cells.get("penyelenggara", ""),
        starts=starts,
        ends=ends,
        jp=amount,
    )
    return draft, [*troubles, *wrong(draft, today)]


def _amount(text: str) -> Decimal | Problem:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite():
        return amount
    return Problem(
        field="jp", code="invalid_value", message=f"“{text}” bukan angka.", hint="Tulis misalnya 8 atau 2,5."
    )


# --- A table of other learning brought in as a job: previewed when asked, kept whole or not at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What the table says, row by row; `kept` is empty for a preview."""

    drafts: tuple[Draft, ...]
    kept: tuple[OtherLearning, ...]


def bring_in(
    content: bytes,
    file_name: str,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    randomness: Callable[[int], bytes],
    actor: str,
    preview: bool = False,
    read: Reader = rows_in,
) -> Brought:
    """Take in a table; everything in it awaits Biro SDM. BadInput or BadRows: then nothing of it is kept."""
    told = read(content, LEARNING, file_name)
    with store.reading() as tx:
        nips = {entry.nip for entry in tx.employees.all()}
        known = tx.other_learning.known()
    drafts = read_learning(told, nips=nips, known=known, today=today)
    if preview:
        return Brought(drafts=drafts, kept=())
    rows = tuple(learning_of(draft, now=now, randomness=randomness, actor=actor) for draft in drafts)
    with store.transaction() as tx:
        for row in rows:
            keep(row, tx, now=now, actor=actor)
    return Brought(drafts=drafts, kept=rows)
