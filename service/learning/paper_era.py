"""CMB activities of the paper era: imported by a table, their JP by the law, shown with what overlaps them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from forms.indonesian import long_date
from parsers.records import Problem
from parsers.values import END, impossible_span, minutes_between, read_date, read_end, read_nip, read_time, span_of
from service.language.bridge import indonesian
from service.law import KINDS, SCOPES, Activity, Finding
from service.law.outlook import left_for
from service.learning.other import LearningDraft, add_learning, new_learning
from service.records import Decision
from service.spreadsheets.imports import ImportContext, RowErrors, TableKind
from service.spreadsheets.read import Row
from service.spreadsheets.templates import PAST
from service.store import Transaction, WriteTransaction
from service.store.learning import OtherLearning
from service.verification.overlaps import overlap_reason, overlap_reasons
from service.verification.reasons import Reason

KIND = "cmb_terdahulu"
_SELF_STUDY = "belajar_mandiri"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDraft:
    """One past activity as a row of the table describes it; the law decides its JP. `guide`: who or what taught."""

    line: int
    nip: str
    title: str
    guide: str
    activity: Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """A row of the table with the JP the law leaves for it; `findings` are the rules that reduced them."""

    draft: PastDraft
    jp: Decimal
    findings: tuple[Finding, ...]

    @property
    def learning(self) -> LearningDraft:
        """Return the row as a piece of other learning."""
        draft, day = self.draft, self.draft.activity.date
        return LearningDraft(
            nip=draft.nip, kind=KIND, title=draft.title, organiser=draft.guide, starts=day, ends=day, jp=self.jp
        )


# --- The table of past activities


def past_table(randomness: Callable[[int], bytes]) -> TableKind[PastRow, OtherLearning]:
    """Return the kind of table whose rows are past activities; everything in it awaits Biro SDM."""

    def add_all(rows: Sequence[PastRow], tx: WriteTransaction, context: ImportContext) -> Sequence[OtherLearning]:
        pieces = [
            new_learning(row.learning, now=context.now, randomness=randomness, actor=context.actor) for row in rows
        ]
        for row, piece in zip(rows, pieces, strict=True):
            add_learning(piece, tx, now=context.now, actor=context.actor)
            tx.past_activities.add(piece.id, row.draft.activity)
        return pieces

    return TableKind(
        layout=PAST,
        error_message=lambda count: f"{count} masalah pada tabel CMB terdahulu.",
        read_entries=_past_rows,
        apply=add_all,
        lock=lambda tx: tx.past_activities.lock_months(),
    )


def _past_rows(rows: Sequence[Row], tx: Transaction, context: ImportContext, errors: RowErrors) -> Sequence[PastRow]:
    """Return every row with its JP, by person and day; none while any row is wrong."""
    read = [(row.line, *draft_of_row(row, context.today)) for row in rows]
    drafts = [draft for _, draft, _ in read if draft is not None]
    register_errors = _register_errors(drafts, tx)
    for line, _, sentences in read:
        errors.add(line, *sentences, *register_errors.get(line, ()))
    return () if errors else tuple(_with_jp(drafts, tx))


def _register_errors(drafts: Sequence[PastDraft], tx: Transaction) -> Mapping[int, list[str]]:
    """Return, by line, what is wrong with rows compared with the register, the submissions and the other rows."""
    nips = sorted({draft.nip for draft in drafts})
    histories, known = tx.employees.histories(nips), tx.other_learning.known()
    submitted = _submitted(drafts, tx)
    lines: dict[tuple[str, str, dt.date], int] = {}
    errors: dict[int, list[str]] = defaultdict(list)
    for draft in drafts:
        day, sentences = draft.activity.date, errors[draft.line]
        earlier = [tenure for tenure in histories.get(draft.nip, ()) if tenure.since <= day]
        if not histories.get(draft.nip):
            sentences.append(f"NIP {draft.nip} tidak ada pada data kepegawaian.")
        elif not earlier or not earlier[-1].present:
            sentences.append(f"NIP {draft.nip} bukan pegawai aktif pada {long_date(day)} menurut data kepegawaian.")
        if (draft.nip, KIND, draft.title, day) in known:
            sentences.append("kegiatan ini sudah tercatat (pegawai, nama, dan tanggal yang sama).")
        key = (draft.nip, draft.title, day)
        if key in lines:
            sentences.append(f"sama dengan baris {lines[key]} (pegawai, nama, dan tanggal yang sama).")
        lines.setdefault(key, draft.line)
        for begins, number in submitted.get((draft.nip, draft.activity.kind, day), ()):
            if draft.activity.begins in {None, begins}:
                sentences.append(
                    f"sudah ada pada layanan sebagai kiriman {number}; hapus baris ini supaya tidak ganda."
                )
    return errors


def _submitted(
    drafts: Sequence[PastDraft], tx: Transaction
) -> Mapping[tuple[str, str, dt.date], list[tuple[dt.time, str]]]:
    """Return start and number of these people's submissions of these years, by person, kind and day."""
    found: dict[tuple[str, str, dt.date], list[tuple[dt.time, str]]] = defaultdict(list)
    for year in {draft.activity.date.year for draft in drafts}:
        nips = {draft.nip for draft in drafts if draft.activity.date.year == year}
        for submission in tx.listings.countable(year, nips=nips):
            key = (submission.employee_nip, submission.kind, submission.date)
            found[key].append((submission.begins, submission.id))
    return found


def _with_jp(drafts: Sequence[PastDraft], tx: Transaction) -> Iterator[PastRow]:
    """Yield the rows with their JP, month by month of each person, after what was verified and imported before."""
    months: dict[tuple[str, dt.date], list[PastDraft]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda draft: (draft.nip, draft.activity.date, draft.line)):
        months[draft.nip, draft.activity.date.replace(day=1)].append(draft)
    for (nip, first), in_month in months.items():
        before = [past.activity for past in tx.past_activities.of_month(nip, first)]
        verified = tx.past_activities.verified(nip, first)
        left = left_for([*before, *(draft.activity for draft in in_month)], verified=verified)
        for draft, assessed in zip(in_month, left[len(before) :], strict=True):
            yield PastRow(draft=draft, jp=assessed.jp, findings=assessed.findings)


def draft_of_row(row: Row, today: dt.date) -> tuple[PastDraft | None, list[str]]:
    """Return the row's draft, or None when person, day or kind cannot be read, and everything that is wrong with it."""
    cells, errors = row.cells, list(row.wrong)
    nip, date = read_nip(cells.get("nip", "")), read_date(cells.get("tanggal", ""))
    kind = cells.get("jenis_kegiatan", "").lower().replace(" ", "_")
    scope = cells.get("tingkat", "").lower() or SCOPES[0]
    for name, value in (("nip", nip), ("tanggal", date)):
        if isinstance(value, Problem):
            errors.append(f"kolom {name}: {indonesian(value)}")
    for name, choice, offered in (("jenis_kegiatan", kind, KINDS), ("tingkat", scope, SCOPES)):
        if choice not in offered:
            errors.append(f"kolom {name}: “{cells.get(name, '')}” tidak dikenal ({', '.join(offered)}).")
    needed = ("nama_kegiatan", "pembimbing_atau_sumber")
    errors += [f"kolom {name} kosong." for name in needed if not cells.get(name)]
    begins, minutes = _read_time(cells, kind, errors)
    if isinstance(date, dt.date) and date > today:
        errors.append(f"tanggal {long_date(date)} belum tiba.")
    if isinstance(nip, Problem) or isinstance(date, Problem) or kind not in KINDS or scope not in SCOPES:
        return None, errors
    activity = Activity(kind=kind, scope=scope, date=date, begins=begins, minutes=minutes)
    title, guide = cells.get("nama_kegiatan", ""), cells.get("pembimbing_atau_sumber", "")
    return PastDraft(line=row.line, nip=nip, title=title, guide=guide, activity=activity), errors


def _read_time(cells: Mapping[str, str], kind: str, errors: list[str]) -> tuple[dt.time | None, int | None]:
    """Return start and length in minutes, or two None when the cells are empty or wrong; add what is wrong."""
    texts = {name: cells[name] for name in ("waktu_mulai", "waktu_selesai") if cells.get(name)}
    times = {name: read_end(text) if name == END else read_time(text) for name, text in texts.items()}
    errors += [f"kolom {name}: {indonesian(time)}" for name, time in times.items() if isinstance(time, Problem)]
    if not texts and kind == _SELF_STUDY:
        errors.append("waktu_mulai dan waktu_selesai wajib untuk belajar mandiri; JP-nya dihitung dari lamanya.")
    elif len(texts) == 1:
        errors.append("isi waktu_mulai dan waktu_selesai, atau kosongkan keduanya.")
    begins, ends = times.get("waktu_mulai"), times.get("waktu_selesai")
    if not isinstance(begins, dt.time) or not isinstance(ends, dt.time):
        return None, None
    if (problem := impossible_span(begins, ends, written=cells[END])) is not None:
        errors.append(f"kolom waktu_selesai: {indonesian(problem)}")
        return None, None
    return begins, minutes_between(begins, ends)


# --- Overlaps with other activities of the same person

_DAY = dt.timedelta(days=1)


def overlaps_of(learning: OtherLearning, tx: Transaction) -> Sequence[Reason]:
    """Return a notice for every activity, of a form or of paper, that shares its time; none when its hours are unknown.

    A person looks at these before approving.
    """
    activity = next((activity for number, activity in _around(learning, tx) if number == learning.id), None)
    hours = _hours(activity) if activity else None
    if hours is None:
        return ()
    begins, ends = hours
    form = tx.submissions.overlapping(learning.nip, learning.starts, begins, ends, None)
    notices = list(overlap_reasons([form])) if form is not None else []
    first, last = span_of(learning.starts, begins, ends)
    for number, other_activity in _around(learning, tx):
        other, hours = tx.other_learning.get(number), _hours(other_activity)
        if number == learning.id or other is None or hours is None:
            continue
        starts, over = span_of(other_activity.date, *hours)
        if starts < last and first < over:
            approved = other.decision is Decision.APPROVED
            notices.append(
                overlap_reason(
                    title=other.title, day=other_activity.date, hours=hours, number=number, approved=approved
                )
            )
    return notices


def _around(learning: OtherLearning, tx: Transaction) -> Iterator[tuple[str, Activity]]:
    """Yield number and activity of the person's past activities of that day, the day before and the day after."""
    days = [learning.starts + shift * _DAY for shift in (-1, 0, 1)]
    for first in sorted({day.replace(day=1) for day in days}):
        for past in tx.past_activities.of_month(learning.nip, first):
            if past.activity.date in days:
                yield past.id, past.activity


def _hours(activity: Activity) -> tuple[dt.time, dt.time] | None:
    """Return begin and end on the clock, or None when they are not known."""
    if activity.begins is None or not activity.minutes:
        return None
    begin = dt.datetime.combine(activity.date, activity.begins)
    return activity.begins, (begin + dt.timedelta(minutes=activity.minutes)).time()
