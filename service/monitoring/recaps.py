"""Quarterly recaps: what a unit reports, sent to Biro SDM as a frozen version and corrected by the next one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.card import PrintTime
from forms.indonesian import comma, moment_text
from forms.recap import Change, KindSum, RecapContent, RecapRow, RecapStatus
from forms.recap_pdf import columns_of, draw_recap
from forms.typesetting.fonts import FontFamily
from service.errors import BadInput, NotGranted
from service.law import KINDS, target_of
from service.law.month import Tally
from service.monitoring.people import Person, officers_of, people_during
from service.records import Event
from service.store import Store, Transaction
from service.store.errors import RowExists
from service.store.monitoring import SentRecap

# --- Quarters

_TEXT = re.compile(r"(2\d{3})-?[QqTt]([1-4])")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @property
    def begins(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> dt.date:
        """Return its last day."""
        after = dt.date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)
        return after - dt.timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def read_quarter(text: str) -> Quarter:
    """Read `2026-Q1`; BadInput for anything else."""
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise BadInput(f"“{text}” bukan triwulan.", "Tulis tahun dan triwulannya, misalnya 2026-Q1.")
    return Quarter(year=int(match[1]), number=int(match[2]))


def quarter_of(day: dt.date) -> Quarter:
    """Return the quarter a day is in."""
    return Quarter(year=day.year, number=(day.month + 2) // 3)


def quarters_until(day: dt.date, year: int) -> tuple[Quarter, ...]:
    """Return the quarters of a year that are over before `day`."""
    every = (Quarter(year=year, number=number) for number in (1, 2, 3, 4))
    return tuple(quarter for quarter in every if quarter.ends < day)


# --- A recap and its versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """A unit's report and its status. `latest` is the last version that was sent, None for none.

    `content` is the current one, or that of the requested version exactly as it was sent.
    """

    content: RecapContent
    status: RecapStatus
    latest: SentRecap | None

    @property
    def changed(self) -> bool:
        """Tell whether the current content differs from what was sent."""
        return self.latest is not None and not self.status.version


def recap_now(unit: str, quarter: Quarter, tx: Transaction, *, today: dt.date, zone: ZoneInfo) -> Recap:
    """Return what the unit would report now, compared with what it sent last. BadInput as from `recap_of`."""
    content = recap_of(unit, quarter, tx, today=today)
    versions = tx.recaps.versions(unit, quarter.year, quarter.number)
    if not versions:
        return Recap(content=content, status=RecapStatus(), latest=None)
    latest = versions[0]
    if latest.digest == content.digest:
        return Recap(content=content, status=_status(versions, 0, zone), latest=latest)
    changes = differences(RecapContent.from_json(latest.content), content)
    return Recap(content=content, status=RecapStatus(changes=changes), latest=latest)


def recap_sent(
    unit: str, quarter: Quarter, tx: Transaction, *, zone: ZoneInfo, version: int | None = None
) -> Recap | None:
    """Return a version (None: the last) as it was sent, with its changes; None when there is none."""
    versions = tx.recaps.versions(unit, quarter.year, quarter.number)
    places = [place for place, sent in enumerate(versions) if version in {None, sent.version}]
    if not places:
        return None
    content = RecapContent.from_json(versions[places[0]].content)
    return Recap(content=content, status=_status(versions, places[0], zone), latest=versions[0])


def send_recap(
    unit: str,
    quarter: Quarter,
    *,
    store: Store,
    now: dt.datetime,
    zone: ZoneInfo,
    actor: str,
    confirmed: str | None = None,
) -> tuple[Recap, bool]:
    """Send the current recap as the first version or a correction; return it and whether anything new was sent.

    A recap equal to the last version is not sent again. `confirmed` is the digest of the recap that was looked at
    before sending. NotGranted before the last day of the quarter, and when it changed since it was looked at.
    """
    today = now.astimezone(zone).date()
    if today < quarter.ends:
        raise NotGranted(
            f"Triwulan {quarter} belum berakhir, jadi belum dapat dikirim.",
            "Kirim pada hari terakhir triwulan atau sesudahnya; sampai saat itu rekapitulasi masih berubah.",
        )
    while True:
        with store.reading() as tx:
            recap = recap_now(unit, quarter, tx, today=today, zone=zone)
        if recap.latest is not None and not recap.changed:
            return recap, False
        if confirmed is not None and confirmed != recap.content.digest:
            raise NotGranted(
                "Rekapitulasi ini berubah sejak Anda melihatnya; belum dikirim.",
                "Lihat sekali lagi, lalu kirim.",
            )
        sent = _version(recap, now, actor)
        try:
            with store.transaction() as tx:
                tx.recaps.add(sent)
                detail = {"quarter": str(quarter), "version": sent.version, "digest": sent.digest}
                tx.events.append(Event(at=now, actor=actor, action="recap.sent", subject=unit, detail=detail))
        except RowExists:  # somebody else sent this version meanwhile: compare with theirs
            continue
        status = RecapStatus(version=sent.version, sent=moment_text(now, zone), changes=recap.status.changes)
        return Recap(content=recap.content, status=status, latest=sent), True


def _version(recap: Recap, now: dt.datetime, actor: str) -> SentRecap:
    content = recap.content
    return SentRecap(
        unit=content.unit,
        year=content.year,
        quarter=content.quarter,
        version=recap.latest.version + 1 if recap.latest else 1,
        content=content.to_json(),
        digest=content.digest,
        sent_at=now,
        sent_by=actor,
    )


def _status(versions: Sequence[SentRecap], place: int, zone: ZoneInfo) -> RecapStatus:
    """Return the status of the version at that place (newest first), with its changes to the one before."""
    sent = versions[place]
    changes: tuple[Change, ...] = ()
    if place + 1 < len(versions):
        before = RecapContent.from_json(versions[place + 1].content)
        changes = differences(before, RecapContent.from_json(sent.content))
    return RecapStatus(version=sent.version, sent=moment_text(sent.sent_at, zone), changes=changes)


# --- The content (circular 5.b.5, 5.f.3, 5.f.4)


def recap_of(unit: str, quarter: Quarter, tx: Transaction, *, today: dt.date) -> RecapContent:
    """Return what the unit would report now: its people at their last day in the quarter, with their whole year.

    BadInput for a unit that had nobody in the quarter, and for a quarter that has not begun.
    """
    if quarter.begins > today:
        raise BadInput(f"Triwulan {quarter} belum mulai.", "Pilih triwulan yang sudah berjalan.")
    people = people_during(quarter.begins, quarter.ends, tx, unit=unit)
    if not people:
        raise BadInput(
            f"Unit kerja “{unit}” tidak mempunyai pegawai pada triwulan {quarter}.",
            "Periksa namanya, huruf demi huruf, dan triwulannya.",
        )
    by_nip = {person.nip: person for person in people}
    sums = tx.totals.sums((quarter.year, 1), (quarter.year, quarter.ends.month), nips=list(by_nip))
    rows = [_row(person, sums.get(nip, {})) for nip, person in by_nip.items()]
    return RecapContent(
        unit=unit,
        year=quarter.year,
        quarter=quarter.number,
        through=quarter.ends,
        target=target_of(quarter.year).value,
        rows=tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.nip))),
        officer=next(iter(officers_of(unit, "pengelola", tx)), None),
        head=next(iter(officers_of(unit, "pimpinan", tx)), None),
    )


def recap_pdf(content: RecapContent, status: RecapStatus, letters: FontFamily, printed: PrintTime) -> bytes:
    """Return the recap as PDF. Raises Undrawable (see `forms.recap_pdf.draw_recap`)."""
    return draw_recap(content, status, letters, printed)


def recap_xlsx(content: RecapContent, status: RecapStatus, printed: PrintTime) -> bytes:
    """Return the recap as XLSX."""
    from forms.workbooks import recap_workbook

    return recap_workbook(content, status, printed)


def _row(person: Person, sums: Mapping[str, Tally]) -> RecapRow:
    kinds = {kind: sums.get(kind, Tally()) for kind in KINDS}
    coaching, mentoring, self_study = (KindSum(count=tally.counted, jp=tally.jp) for tally in kinds.values())
    return RecapRow(
        nip=person.nip,
        name=person.name,
        grade=person.grade,
        position=person.position,
        coaching=coaching,
        mentoring=mentoring,
        self_study=self_study,
        uncounted=sum(tally.activities - tally.counted for tally in kinds.values()),
        moves=person.moves,
    )


# --- Differences between versions

_ADDED, _REMOVED = "Ditambahkan", "Tidak lagi tercantum"


def differences(before: RecapContent, after: RecapContent) -> tuple[Change, ...]:
    """Return what changed, by name and column; people added or removed are one change each."""
    rows_before = {row.nip: row for row in before.rows}
    rows_after = {row.nip: row for row in after.rows}
    changes = []
    for nip in sorted(
        rows_before | rows_after, key=lambda nip: ((rows_after.get(nip) or rows_before[nip]).name.casefold(), nip)
    ):
        old, new = rows_before.get(nip), rows_after.get(nip)
        if old is None or new is None:
            column = _ADDED if old is None else _REMOVED
            name = (new or rows_before[nip]).name
            changes.append(Change(nip=nip, name=name, column=column, before=_jp(old), after=_jp(new)))
            continue
        texts = columns_of(new)
        changes += [
            Change(nip=nip, name=new.name, column=column, before=text, after=texts[column])
            for column, text in columns_of(old).items()
            if text != texts[column]
        ]
    return tuple(changes)


def _jp(row: RecapRow | None) -> str:
    return f"{comma(row.total)} JP" if row else ""


# --- Late recaps


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRecap:
    """A unit that has not sent a quarter that is over, and for how many days it has been over."""

    unit: str
    quarter: Quarter
    days: int


def late_recaps(year: int, tx: Transaction, *, today: dt.date) -> Sequence[LateRecap]:
    """Return the units that have not sent a quarter of that year that is over, the oldest first."""
    sent = tx.recaps.sent(year)
    return [
        LateRecap(unit=unit, quarter=quarter, days=(today - quarter.ends).days)
        for quarter in quarters_until(today, year)
        for unit in tx.employees.units(quarter.ends)
        if (unit, quarter.number) not in sent
    ]
