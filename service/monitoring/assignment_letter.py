"""The letter of an assignment: who is to do what until when, and the figures it rests on."""

from __future__ import annotations

import datetime as dt

from forms.dossier import Dossier, Section, Signing, Table
from forms.indonesian import long_date, spaced_nip
from service.monitoring.evaluated import Evaluated, Evaluation
from service.monitoring.words import CIRCULAR, KINDS, MARKS, PERIODS, jp, suggestion
from service.records import EmployeeEntry

WHAT = {
    "workshop": "mengikuti workshop",
    "sosialisasi": "mengikuti sosialisasi",
    "pelatihan": "mengikuti pelatihan",
    "cmb": "melaksanakan Coaching, Mentoring, dan Belajar Mandiri",
}


def assignment_letter(
    number: str,
    person: Evaluated,
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
    """One page, signed by the head of unit."""
    by_kind = tuple(person.by_kind[kind].jp for kind in KINDS)
    figures = Table(
        title=f"Pemenuhan sampai {long_date(evaluation.ends)}",
        columns=(*KINDS.values(), "Jumlah JP", "Target masa", "Pembelajaran lain", "Keadaan"),
        rows=((*by_kind, person.jp, person.target, person.other_jp, MARKS[person.mark]),),
    )
    ways = suggestion(person.suggestion)
    asked = (
        f"Berdasarkan evaluasi masa {evaluation.period} ({PERIODS[evaluation.period]}) tahun {evaluation.year}, "
        f"{person.name} memperoleh {jp(person.jp)} dari target {jp(person.target)}. "
        f"Pimpinan unit kerja menugaskan pegawai tersebut {WHAT[request_kind]}: {title.strip()}, "
        f"selambat-lambatnya {long_date(due)}."
    )
    texts = [asked, f"Alasan: {reason.strip()}", f"Saran menuju 20 JP dengan CMB: {ways}"]
    return Dossier(
        title="Surat Penugasan Pengembangan Kompetensi",
        subtitle=f"Nomor {number}",
        facts=(
            ("Nama", person.name),
            ("NIP", spaced_nip(person.nip)),
            ("Golongan, jabatan", f"{person.grade}, {person.position}"),
            ("Unit kerja", person.unit),
            ("Penugasan", f"{title.strip()} ({request_kind.upper() if request_kind == 'cmb' else request_kind})"),
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
