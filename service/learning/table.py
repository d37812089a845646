"""A table of other learning: what it says row by row, or every wrong row at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from parsers.records import Problem
from parsers.values import read_date, read_nip
from service.errors import BadInput, BadRows
from service.learning.draft import KINDS, Draft, wrong
from service.tables.layout import Column, Layout
from service.tables.read import Row

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
