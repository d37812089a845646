"""What the tables are called and are for, in the reader's language; and what their files are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`file` has no ending and is the same in every language."""

    name: str
    purpose: str
    file: str


def table_words() -> Mapping[str, Words]:
    """By subject, of `OFFERED` and `EXPORTS`."""
    return {
        "employees": Words(
            name=_("Data pegawai"),
            purpose=_("Siapa bekerja di mana sejak kapan: pegawai baru, pindah, naik golongan, berhenti, pensiun."),
            file="pegawai",
        ),
        "activities": Words(
            name=_("Kegiatan"),
            purpose=_("Setiap kegiatan yang diserahkan, keputusannya, dan JP yang dihitung."),
            file="kegiatan",
        ),
        "certificates": Words(
            name=_("Sertifikat"), purpose=_("Yang terbit, digantikan, dan dicabut."), file="sertifikat"
        ),
        "learning": Words(
            name=_("Pembelajaran lain"),
            purpose=_("Pelatihan, workshop, sosialisasi, seminar; yang dibawa memuat juga CMB terdahulu."),
            file="pembelajaran",
        ),
        "past": Words(
            name=_("CMB terdahulu"),
            purpose=_("Kegiatan CMB di atas kertas dari sebelum layanan ini; JP-nya dihitung menurut Surat Edaran."),
            file="cmb-terdahulu",
        ),
        "approvals": Words(
            name=_("Pengesahan"),
            purpose=_("Keputusan Biro SDM atas banyak kiriman sekaligus: sah atau tolak, dengan alasannya."),
            file="pengesahan",
        ),
        "events": Words(name=_("Jejak"), purpose=_("Siapa melakukan apa, kapan, dan terhadap apa."), file="jejak"),
    }
