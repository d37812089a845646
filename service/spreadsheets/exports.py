"""Export what the service keeps as tables, streamed: CSV for programs, XLSX for people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from service.law import Activity, assess
from service.records import CertificateState, Decision
from service.spreadsheets.read import Layout
from service.spreadsheets.templates import APPROVALS, LEARNING, PAST, STAFF
from service.spreadsheets.write import Cell, Heading, written_table
from service.store import BEGINNING, Store, Transaction
from service.store.submissions import ListedActivity

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The year, the time zone, and the people (None: everybody) of an export."""

    year: int
    zone: ZoneInfo
    nips: frozenset[str] | None = None

    def holds(self, nip: str) -> bool:
        return self.nips is None or nip in self.nips

    def local(self, moment: dt.datetime | None) -> dt.datetime | None:
        return moment.astimezone(self.zone) if moment else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One subject with its columns and rows. `yearly` tells whether the year matters.

    `personal`: each row is about one employee, and `Span.nips` selects them.
    """

    title: str
    headings: tuple[Heading, ...]
    rows: Callable[[Transaction, Span], Iterator[Row]]
    yearly: bool = True
    personal: bool = True


def export(subject: str, path: Path, *, store: Store, span: Span, unit: str | None = None) -> int:
    """Write one subject of `EXPORTS` to a .csv or .xlsx file and return how many rows.

    `unit` limits it to the people now in that unit; ValueError for a subject that is not about people.
    """
    wanted, count = EXPORTS[subject], 0
    if unit is not None and not wanted.personal:
        raise ValueError(f"{subject} has no unit")
    with store.reading() as tx, written_table(path, wanted.headings, sheet=wanted.title) as append:
        if unit is not None:
            span = replace(span, nips=frozenset(entry.nip for entry in tx.employees.now_in(unit)))
        for row in wanted.rows(tx, span):
            append(row)
            count += 1
    return count


def _employees(tx: Transaction, span: Span) -> Iterator[Row]:
    """Yield employees in the columns of the import, so that an export can be imported again."""
    entries = [entry for entry in tx.employees.all() if span.holds(entry.nip)]
    histories = tx.employees.histories([entry.nip for entry in entries])
    for entry in entries:
        rows = histories[entry.nip]
        since = rows[-1].since if rows and rows[-1].since != BEGINNING else None
        departure = rows[-1].departure if rows else None
        columns = (entry.nip, entry.name, entry.position, entry.grade, entry.unit, entry.supervisor_nip, entry.email)
        yield (*columns, " ".join(entry.roles), since, departure or "aktif")


def _activities(tx: Transaction, span: Span) -> Iterator[Row]:
    """Yield activities with the JP each counts, assessed person by person."""
    for _, of_person in groupby(
        tx.listings.activities(span.year, nips=span.nips), key=lambda activity: activity.employee_nip
    ):
        listed = list(of_person)
        counted = _counted(listed)
        for activity in listed:
            yield (
                *(activity.id, activity.employee_nip, activity.kind, activity.scope, activity.date),
                *(f"{activity.begins:%H:%M}", f"{activity.ends:%H:%M}", activity.minutes, activity.title),
                *(
                    activity.pembimbing_name or activity.source,
                    activity.serial,
                    activity.status.value,
                    activity.decision.value,
                ),
                *(span.local(activity.decided_at), activity.decision_reason, counted.get(activity.id)),
            )


def _counted(listed: Sequence[ListedActivity]) -> Mapping[str, Decimal]:
    approved = [activity for activity in listed if activity.decision is Decision.APPROVED]
    items = assess([_activity(activity) for activity in approved]).items
    return {activity.id: item.jp for activity, item in zip(approved, items, strict=True)}


def _activity(activity: ListedActivity) -> Activity:
    return Activity(
        kind=activity.kind, scope=activity.scope, date=activity.date, minutes=activity.minutes, begins=activity.begins
    )


def _certificates(tx: Transaction, span: Span) -> Iterator[Row]:
    for certificate in tx.certificates.of_year(span.year):
        if certificate.state is not CertificateState.INTENDED and span.holds(certificate.nip):
            yield (
                *(
                    certificate.number,
                    certificate.nip,
                    str(certificate.content.get("name", "")),
                    str(certificate.content.get("unit", "")),
                ),
                *(
                    certificate.year,
                    certificate.jp,
                    certificate.state.value,
                    span.local(certificate.issued_at),
                    span.local(certificate.ended_at),
                ),
                *(certificate.end_reason, certificate.superseded_by, certificate.digest),
            )


def _learning(tx: Transaction, span: Span) -> Iterator[Row]:
    past = tx.past_activities.of_year(span.year)
    for piece in tx.other_learning.list(dt.date(span.year, 1, 1), dt.date(span.year, 12, 31)):
        if span.holds(piece.nip):
            activity = past.get(piece.id)
            yield (
                *(piece.id, piece.nip, piece.kind, piece.title, piece.organiser, piece.starts, piece.ends, piece.jp),
                *(piece.evidence_name, piece.decision.value, span.local(piece.decided_at), piece.decision_reason),
                *(
                    (activity.kind, activity.scope, activity.begins and f"{activity.begins:%H:%M}", activity.minutes)
                    if activity
                    else [None] * 4
                ),
            )


def _events(tx: Transaction, span: Span) -> Iterator[Row]:
    first, last = (dt.datetime(year, 1, 1, tzinfo=span.zone) for year in (span.year, span.year + 1))
    for event in tx.listings.events(first, last):
        detail = json.dumps(event.detail, ensure_ascii=False) if event.detail else None
        yield span.local(event.at), event.actor, event.action, event.subject, detail


def _headings(*headings: str | tuple[str, int]) -> tuple[Heading, ...]:
    return tuple(Heading(heading) if isinstance(heading, str) else Heading(*heading) for heading in headings)


EXPORTS: Mapping[str, Export] = {
    "employees": Export(
        title="Pegawai",
        headings=tuple(Heading(column.name, column.width) for column in STAFF.columns),
        rows=_employees,
        yearly=False,
    ),
    "activities": Export(
        title="Kegiatan",
        headings=_headings(
            *(("kiriman", 20), ("nip", 22), "jenis", "tingkat", "tanggal", ("mulai", 8), ("selesai", 8), ("menit", 8)),
            *(("kegiatan", 50), ("pembimbing_atau_sumber", 34), ("nomor_seri", 24), "pemeriksaan", "keputusan"),
            *(("diputuskan", 18), ("alasan", 40), ("jp", 8)),
        ),
        rows=_activities,
    ),
    "certificates": Export(
        title="Sertifikat",
        headings=_headings(
            *(("nomor", 30), ("nip", 22), ("nama", 34), ("unit_kerja", 34), ("tahun", 8), ("jp", 8), "keadaan"),
            *(("terbit", 18), ("berakhir", 18), ("alasan", 40), ("digantikan_oleh", 30), ("sha256", 66)),
        ),
        rows=_certificates,
    ),
    "learning": Export(
        title="Pembelajaran lain",
        headings=_headings(
            *(("nomor", 20), ("nip", 22), "jenis", ("judul", 50), ("penyelenggara", 34), "mulai", "selesai", ("jp", 8)),
            *(("bukti", 30), "keputusan", ("diputuskan", 18), ("alasan", 40)),
            *(("jenis_cmb", 16), ("tingkat", 14), ("pukul", 8), ("menit", 8)),
        ),
        rows=_learning,
    ),
    "events": Export(
        title="Riwayat",
        headings=_headings(("waktu", 18), ("pelaku", 24), ("tindakan", 28), ("perihal", 34), ("rincian", 60)),
        rows=_events,
        personal=False,
    ),
}


# --- Tables to fill in, by subject

TABLE_LAYOUTS: Mapping[str, Layout] = {layout.subject: layout for layout in (STAFF, LEARNING, PAST, APPROVALS)}
