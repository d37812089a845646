"""CMB activities of the paper era brought in by a table: their JP by the law, previewed, kept whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from forms.indonesian import long_date
from parsers.records import Problem
from parsers.values import END, impossible_span, minutes_between, read_date, read_end, read_nip, read_time, span_of
from service.errors import BadRows
from service.law import KINDS, SCOPES, Activity, Finding
from service.law.outlook import left_for
from service.learning.other import Draft, keep, learning_of
from service.records import Decision
from service.spreadsheets.read import Column, Layout, Reader, Row, rows_in
from service.store import Store, Transaction
from service.store.learning import OtherLearning
from service.verification.overlaps import overlap_reason, overlap_reasons
from service.verification.reasons import Reason

KIND = "cmb_terdahulu"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """A row of the table with the JP the law leaves for it; `findings` are what took from them."""

    draft: PastDraft
    jp: Decimal
    findings: tuple[Finding, ...]

    @property
    def learning(self) -> Draft:
        """The row as a piece of other learning."""
        told, day = self.draft, self.draft.activity.date
        return Draft(nip=told.nip, kind=KIND, title=told.title, organiser=told.guide, starts=day, ends=day, jp=self.jp)


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtPast:
    """What the table says, row by row; `kept` is empty for a preview."""

    rows: tuple[PastRow, ...]
    kept: tuple[OtherLearning, ...]


def bring_past(
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
) -> BroughtPast:
    """Take in a table (`PAST`); everything in it awaits Biro SDM. BadInput or BadRows: then nothing of it is kept."""
    told = read(content, PAST, file_name)
    if preview:
        with store.reading() as tx:
            return BroughtPast(rows=_rows(told, tx, today), kept=())
    with store.transaction() as tx:
        tx.past_activities.lock_months()
        rows = _rows(told, tx, today)
        kept = tuple(learning_of(row.learning, now=now, randomness=randomness, actor=actor) for row in rows)
        for row, learning in zip(rows, kept, strict=True):
            keep(learning, tx, now=now, actor=actor)
            tx.past_activities.add(learning.id, row.draft.activity)
    return BroughtPast(rows=rows, kept=kept)


def _rows(told: Iterable[Row], tx: Transaction, today: dt.date) -> tuple[PastRow, ...]:
    """Every row with its JP, by person and day; BadRows naming every wrong one."""
    read = [(row.line, *draft_of_row(row, today)) for row in told]
    drafts = [draft for _, draft, _ in read if draft is not None]
    more = _wrong_together(drafts, tx)
    problems = [
        f"Baris {line}: {sentence}" for line, _, troubles in read for sentence in (*troubles, *more.get(line, ()))
    ]
    if problems:
        raise BadRows(f"{len(problems)} masalah pada tabel CMB terdahulu.", tuple(problems))
    return tuple(_worth(drafts, tx))


def _wrong_together(drafts: Sequence[PastDraft], tx: Transaction) -> Mapping[int, list[str]]:
    """By line: what only the register, the service and the other rows can tell."""
    nips = sorted({each.nip for each in drafts})
    histories, known = tx.employees.histories(nips), tx.other_learning.known()
    handed_in = _handed_in(drafts, tx)
    lines: dict[tuple[str, str, dt.date], int] = {}
    wrong: dict[int, list[str]] = defaultdict(list)
    for each in drafts:
        day, told = each.activity.date, wrong[each.line]
        then = [tenure for tenure in histories.get(each.nip, ()) if tenure.since <= day]
        if not histories.get(each.nip):
            told.append(f"NIP {each.nip} tidak ada pada data kepegawaian.")
        elif not then or not then[-1].present:
            told.append(f"NIP {each.nip} bukan pegawai aktif pada {long_date(day)} menurut data kepegawaian.")
        if (each.nip, KIND, each.title, day) in known:
            told.append("kegiatan ini sudah tercatat (pegawai, nama, dan tanggal yang sama).")
        key = (each.nip, each.title, day)
        if key in lines:
            told.append(f"sama dengan baris {lines[key]} (pegawai, nama, dan tanggal yang sama).")
        lines.setdefault(key, each.line)
        for begins, number in handed_in.get((each.nip, each.activity.kind, day), ()):
            if each.activity.begins in {None, begins}:
                told.append(f"sudah ada pada layanan sebagai kiriman {number}; hapus baris ini supaya tidak ganda.")
    return wrong


def _handed_in(
    drafts: Sequence[PastDraft], tx: Transaction
) -> Mapping[tuple[str, str, dt.date], list[tuple[dt.time, str]]]:
    """Start and number of what the service has of these people and years, by person, kind and day."""
    found: dict[tuple[str, str, dt.date], list[tuple[dt.time, str]]] = defaultdict(list)
    for year in {each.activity.date.year for each in drafts}:
        nips = {each.nip for each in drafts if each.activity.date.year == year}
        for listed in tx.listings.countable(year, nips=nips):
            found[listed.employee_nip, listed.kind, listed.date].append((listed.begins, listed.id))
    return found


def _worth(drafts: Sequence[PastDraft], tx: Transaction) -> Iterator[PastRow]:
    """Month by month of each person, behind what was verified and what was brought in before."""
    months: dict[tuple[str, dt.date], list[PastDraft]] = defaultdict(list)
    for each in sorted(drafts, key=lambda each: (each.nip, each.activity.date, each.line)):
        months[each.nip, each.activity.date.replace(day=1)].append(each)
    for (nip, first), mine in months.items():
        before = [each.activity for each in tx.past_activities.of_month(nip, first)]
        verified = tx.past_activities.verified(nip, first)
        left = left_for([*before, *(each.activity for each in mine)], verified=verified)
        for draft, worth in zip(mine, left[len(before) :], strict=True):
            yield PastRow(draft=draft, jp=worth.jp, findings=worth.findings)


# --- A table of CMB activities known from paper: what it says row by row, or what is wrong with a row

PAST = Layout(
    subject="past",
    title="Tabel CMB terdahulu",
    columns=(
        Column(name="nip", meaning="18 angka, sebagai teks.", width=22),
        Column(name="jenis_kegiatan", meaning=f"Salah satu: {', '.join(KINDS)}.", width=18, choices=KINDS),
        Column(
            name="tingkat",
            meaning="nasional atau internasional; kosong = nasional.",
            required=False,
            width=16,
            choices=SCOPES,
        ),
        Column(name="tanggal", meaning="Hari kegiatan, mis. 2022-04-07 atau 7 April 2022.", width=16),
        Column(name="waktu_mulai", meaning="Mis. 09.00; wajib untuk belajar mandiri.", required=False, width=14),
        Column(name="waktu_selesai", meaning="Mis. 10.30; wajib bila waktu_mulai diisi.", required=False, width=14),
        Column(name="nama_kegiatan", meaning="Seperti pada kartu pengendali atau formulirnya.", width=44),
        Column(
            name="pembimbing_atau_sumber",
            meaning="Nama coach atau mentor; untuk belajar mandiri, sumber pembelajarannya.",
            width=34,
        ),
    ),
    sample={
        "nip": "199708212020122005",
        "jenis_kegiatan": "belajar_mandiri",
        "tingkat": "nasional",
        "tanggal": "2022-04-07",
        "waktu_mulai": "09.00",
        "waktu_selesai": "10.30",
        "nama_kegiatan": "Belajar mandiri penyusunan uraian jabatan",
        "pembimbing_atau_sumber": "Buku Manajemen ASN",
    },
)
_SELF_STUDY = "belajar_mandiri"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDraft:
    """One past activity as it is told; its JP is the law's to say."""

    line: int
    nip: str
    title: str
    guide: str
    activity: Activity


def draft_of_row(row: Row, today: dt.date) -> tuple[PastDraft | None, list[str]]:
    """What a row says; None when it cannot be told which activity of whom it is. The list is all that is wrong."""
    cells, troubles = row.cells, list(row.wrong)
    nip, date = read_nip(cells.get("nip", "")), read_date(cells.get("tanggal", ""))
    kind = cells.get("jenis_kegiatan", "").lower().replace(" ", "_")
    scope = cells.get("tingkat", "").lower() or SCOPES[0]
    for name, value in (("nip", nip), ("tanggal", date)):
        if isinstance(value, Problem):
            troubles.append(f"kolom {name}: {value.message}")
    for name, told, offered in (("jenis_kegiatan", kind, KINDS), ("tingkat", scope, SCOPES)):
        if told not in offered:
            troubles.append(f"kolom {name}: “{cells.get(name, '')}” tidak dikenal ({', '.join(offered)}).")
    needed = ("nama_kegiatan", "pembimbing_atau_sumber")
    troubles += [f"kolom {name} kosong." for name in needed if not cells.get(name)]
    begins, minutes = _time(cells, kind, troubles)
    if isinstance(date, dt.date) and date > today:
        troubles.append(f"tanggal {long_date(date)} belum tiba.")
    if isinstance(nip, Problem) or isinstance(date, Problem) or kind not in KINDS or scope not in SCOPES:
        return None, troubles
    activity = Activity(kind=kind, scope=scope, date=date, begins=begins, minutes=minutes)
    title, guide = cells.get("nama_kegiatan", ""), cells.get("pembimbing_atau_sumber", "")
    return PastDraft(line=row.line, nip=nip, title=title, guide=guide, activity=activity), troubles


def _time(cells: Mapping[str, str], kind: str, troubles: list[str]) -> tuple[dt.time | None, int | None]:
    """Start and length in minutes; neither when neither is told."""
    told = {name: cells[name] for name in ("waktu_mulai", "waktu_selesai") if cells.get(name)}
    read = {name: read_end(text) if name == END else read_time(text) for name, text in told.items()}
    wrong = [f"kolom {name}: {each.message}" for name, each in read.items() if isinstance(each, Problem)]
    troubles += wrong
    if not told and kind == _SELF_STUDY:
        troubles.append("waktu_mulai dan waktu_selesai wajib untuk belajar mandiri; JP-nya dihitung dari lamanya.")
    elif len(told) == 1:
        troubles.append("isi waktu_mulai dan waktu_selesai, atau kosongkan keduanya.")
    begins, ends = read.get("waktu_mulai"), read.get("waktu_selesai")
    if not isinstance(begins, dt.time) or not isinstance(ends, dt.time):
        return None, None
    if (found := impossible_span(begins, ends, written=cells[END])) is not None:
        troubles.append(f"kolom waktu_selesai: {found.message}")
        return None, None
    return begins, minutes_between(begins, ends)


# --- Past CMB activities that share time with another activity of their person: a person looks before approving them

_DAY = dt.timedelta(days=1)


def overlaps_of(learning: OtherLearning, tx: Transaction) -> Sequence[Reason]:
    """Return a notice for every activity, of a form or of paper, whose time it shares; none for what has no hours."""
    mine = next((activity for number, activity in _of_days(learning, tx) if number == learning.id), None)
    hours = _hours(mine) if mine else None
    if hours is None:
        return ()
    begins, ends = hours
    form = tx.submissions.overlapping(learning.nip, learning.starts, begins, ends, None)
    found = list(overlap_reasons([form])) if form is not None else []
    first, last = span_of(learning.starts, begins, ends)
    for number, activity in _of_days(learning, tx):
        other, hours = tx.other_learning.get(number), _hours(activity)
        if number == learning.id or other is None or hours is None:
            continue
        starts, over = span_of(activity.date, *hours)
        if starts < last and first < over:
            approved = other.decision is Decision.APPROVED
            found.append(
                overlap_reason(title=other.title, day=activity.date, hours=hours, number=number, approved=approved)
            )
    return found


def _of_days(learning: OtherLearning, tx: Transaction) -> Iterator[tuple[str, Activity]]:
    """Yield number and activity of what is known from paper of that day, the day before and the day after."""
    days = [learning.starts + shift * _DAY for shift in (-1, 0, 1)]
    for first in sorted({day.replace(day=1) for day in days}):
        for past in tx.past_activities.of_month(learning.nip, first):
            if past.activity.date in days:
                yield past.id, past.activity


def _hours(activity: Activity) -> tuple[dt.time, dt.time] | None:
    """Begin and end on the clock; None when they are not known."""
    if activity.begins is None or not activity.minutes:
        return None
    begin = dt.datetime.combine(activity.date, activity.begins)
    return activity.begins, (begin + dt.timedelta(minutes=activity.minutes)).time()
