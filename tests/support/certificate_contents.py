"""Certificates for tests: realistic contents with any number of activities."""

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


def activity(number: int) -> CertifiedActivity:
    """Return an activity; every seventh is international and has 2.4 JP."""
    abroad = number % 7 == 1
    return CertifiedActivity(
        date=dt.date(2026, 1 + number % 12, 1 + number % 28),
        kind=list(LABELS)[number % 3],
        scope="internasional" if abroad else "nasional",
        title=f"Pemahaman pola karier dan penyusunan kesenjangan kompetensi, bagian {number + 1}",
        guide="Contoh Pembimbing, S.Psi., M.Si.",
        jp=Decimal("2.4") if abroad else Decimal(2),
    )


def content(activities: int = 10, **changes: Any) -> CertificateContent:
    """Return the content of a certificate with that many activities, and with these changes."""
    counted = tuple(activity(number) for number in range(activities))
    totals = []
    for kind, label in LABELS.items():
        jps = [activity.jp for activity in counted if activity.kind == kind]
        totals.append(KindTotal(kind=kind, label=label, activities=len(jps), jp=sum(jps, Decimal(0))))
    whole = CertificateContent(
        number="CMB-2026-000123-K7Q2M9XD",
        year=2026,
        nip="199708212020122005",
        name="Contoh Pegawai, S.Kom.",
        grade="Penata Muda Tingkat I, III/b",
        position="Analis SDM Aparatur",
        unit="Biro Contoh",
        total_jp=sum((activity.jp for activity in counted), Decimal(0)),
        target=Decimal(20),
        by_kind=tuple(totals),
        activities=counted,
        norms=("SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1.c: “paling banyak 2 (dua) kali”", "Contoh norma kedua"),
        place="Jakarta",
        issued_on=dt.date(2027, 1, 11),
        official_name="Contoh Pejabat, S.H.",
        official_nip="197203151998031002",
        official_position="Kepala Biro Contoh",
        check_url="https://contoh.example/periksa/CMB-2026-000123-K7Q2M9XD",
    )
    return replace(whole, **changes)
