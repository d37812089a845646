"""Every word a certificate shows, in reading order: the pages are set from these, the read-back expects these."""

from __future__ import annotations

from collections.abc import Mapping

from forms.certificate import CertificateContent, CertifiedActivity
from forms.indonesian import comma, long_date, spaced_nip

KINDS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}
KINDS_HEAD = ("Jenis kegiatan", "Kegiatan", "JP")
LIST_HEAD = ("No.", "Tanggal", "Jenis", "Kegiatan", "Pembimbing atau sumber", "JP")
_LAW = (
    "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1: “Informasi Elektronik dan/atau Dokumen Elektronik dan/atau hasil "
    "cetaknya merupakan alat bukti hukum yang sah.”"
)
_SEALED = (
    "Dokumen ini telah disegel secara elektronik menggunakan sertifikat elektronik; data yang sama dapat dibaca mesin "
    "dari lampiran sertifikat.json di dalamnya."
)
FOOT = (_LAW, _SEALED)
# Between parts on one line, with air around it.
DOT = "\u00a0 · \u00a0"
_DONE = (
    "telah melaksanakan pengembangan kompetensi melalui coaching, mentoring, dan belajar mandiri menurut Surat Edaran "
    "Kepala Badan Kepegawaian Negara Nomor 3 Tahun 2022, dengan jumlah jam pelajaran (JP) terverifikasi"
)
# What part of the content a text stands for is its name; a text that stands for none is called by its place.
Texts = Mapping[str, tuple[str, ...]]


def front(content: CertificateContent) -> Texts:
    """Page 1. Each text is a tuple of cells or of parts on lines of their own."""
    address = content.check_url.removesuffix(f"/{content.number}")
    return {
        "agency": (content.agency,),
        "heading": ("SERTIFIKAT",),
        "subject": ("Coaching, Mentoring, dan Belajar Mandiri",),
        "number": (f"Nomor {content.number}",),
        "given": ("diberikan kepada",),
        "name": (content.name,),
        "nip": (f"NIP {spaced_nip(content.nip)}",),
        "grade": (content.grade,),
        "position": (content.position,),
        "unit": (content.unit,),
        "year": (f"yang selama tahun {content.year} {_DONE}",),
        "total_jp": (comma(content.total_jp), "JP"),
        "check_url": ("Periksa keaslian sertifikat ini dengan kode di atas, atau buka", address, "dan masukkan nomor"),
        "check_number": (content.number,),
        "by_kind": KINDS_HEAD,
        **{f"by_kind.{total.kind}": (total.label, str(total.activities), comma(total.jp)) for total in content.by_kind},
        "by_kind.total": ("Jumlah", str(len(content.activities)), comma(content.total_jp)),
        "issued_on": (f"{content.place}, {long_date(content.issued_on)}",),
        "official_position": (f"{content.official_position},",),
        "official_name": (content.official_name,),
        "official_nip": (f"NIP {spaced_nip(content.official_nip)}",),
    }


def listing(content: CertificateContent) -> Texts:
    """Page 2 and after, without head rows and feet."""
    return {
        "list": (f"Kegiatan yang dihitung pada tahun {content.year}",),
        "holder": (f"{content.name}, NIP {spaced_nip(content.nip)}", f"Sertifikat {content.number}"),
        "head": LIST_HEAD,
        **{f"activities[{place}]": (str(place), *_row(each)) for place, each in enumerate(content.activities, 1)},
        **({} if content.activities else {"activities": ("Tidak ada kegiatan yang dihitung.",)}),
        "total": ("Jumlah jam pelajaran", comma(content.total_jp)),
        "target": (f"Hak pengembangan kompetensi setahun: {comma(content.target)} JP.",),
        "norms": ("Dasar penghitungan",),
        **{f"norms[{place}]": (f"{place}.", norm) for place, norm in enumerate(content.norms, 1)},
    }


def _row(activity: CertifiedActivity) -> tuple[str, ...]:
    name = KINDS.get(activity.kind, activity.kind)
    kind = name if activity.scope == "nasional" else f"{name} ({activity.scope})"
    return (long_date(activity.date), kind, activity.title, activity.guide, comma(activity.jp))
