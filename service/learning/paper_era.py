"""CMB activities of the paper era brought in by a table: their JP by the law, previewed, kept whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from forms.indonesian import long_date
from service.errors import BadRows
from service.learning.draft import Draft
from service.learning.enter import keep, learning_of
from service.learning.past_table import PAST, PastDraft, draft_of_row
from service.policy import Finding
from service.policy.past import left_for
from service.store import Store, Transaction
from service.store.other_learning import OtherLearning
from service.tables.read import Reader, Row, rows_in

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
        tx.past_activities.hold()
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
        for listed in tx.listings.standing(year, nips=nips):
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
