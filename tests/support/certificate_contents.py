"""Certificates for tests: a content like a real one, as many activities as wanted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from forms.certificate import CertificateContent, CertifiedActivity, KindTotal

LABELS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}
LONG_NAME = "Prof. Dr. dr. Raden Ajeng Contoh Nama Pegawai Yang Panjang Sekali, S.Psi., M.Si., Ph.D."
LONG = {
    "name": LONG_NAME,
    "position": "Analis Pengembangan Kompetensi Aparatur Sipil Negara Ahli Madya pada Subbagian Contoh",
    "unit": "Direktorat Contoh Pengembangan dan Pengawasan Jabatan Fungsional, Kedeputian Contoh Pembinaan Manajemen",
    "official_name": LONG_NAME,
    "official_position": "Pelaksana Tugas Kepala Biro Contoh Sumber Daya Manusia dan Organisasi",
}


def activity(place: int) -> CertifiedActivity:
    """The activity of that place; every seventh is international and gives 2.4 JP."""
    abroad = place % 7 == 1
    return CertifiedActivity(
        date=dt.date(2026, 1 + place % 12, 1 + place % 28),
        kind=list(LABELS)[place % 3],
        scope="internasional" if abroad else "nasional",
        title=f"Pemahaman pola karier dan penyusunan kesenjangan kompetensi, bagian {place + 1}",
        guide="Contoh Pembimbing, S.Psi., M.Si.",
        jp=Decimal("2.4") if abroad else Decimal(2),
    )


def content(activities: int = 10, **changes: Any) -> CertificateContent:
    """A certificate over that many activities, with anything changed."""
    listed = tuple(activity(place) for place in range(activities))
    totals = []
    for kind, label in LABELS.items():
        jps = [each.jp for each in listed if each.kind == kind]
        totals.append(KindTotal(kind=kind, label=label, activities=len(jps), jp=sum(jps, Decimal(0))))
    whole = CertificateContent(
        number="CMB-2026-000123-K7Q2M9XD",
        year=2026,
        nip="199708212020122005",
        name="Contoh Pegawai, S.Kom.",
        grade="Penata Muda Tingkat I, III/b",
        position="Analis SDM Aparatur",
        unit="Biro Contoh",
        total_jp=sum((each.jp for each in listed), Decimal(0)),
        target=Decimal(20),
        by_kind=tuple(totals),
        activities=listed,
        norms=("SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1.c: “paling banyak 2 (dua) kali”", "Contoh norma kedua"),
        place="Jakarta",
        issued_on=dt.date(2027, 1, 11),
        official_name="Contoh Pejabat, S.H.",
        official_nip="197203151998031002",
        official_position="Kepala Biro Contoh",
        check_url="https://contoh.example/periksa/CMB-2026-000123-K7Q2M9XD",
    )
    return replace(whole, **changes)
