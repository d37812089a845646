"""A table of CMB activities known from paper: what it says row by row, or what is wrong with a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from forms.indonesian import long_date
from parsers.records import Problem
from parsers.times import impossible_span, minutes_between
from parsers.values import END, read_date, read_end, read_nip, read_time
from service.policy import KINDS, SCOPES, Activity
from service.tables.layout import Column, Layout
from service.tables.read import Row

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
