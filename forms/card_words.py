"""Every word of a control card, in the circular's own order and spelling: page and table of XLSX are set from these."""

from __future__ import annotations

from forms.card import KINDS, CardActivity, CardContent, CardNote
from forms.indonesian import comma, long_date

LAW = ("Lampiran II Surat Edaran", "Nomor : 3 Tahun 2022", "Tanggal : 1 Februari 2022")
TITLE = "KARTU PENGENDALIAN PENGEMBANGAN KOMPETENSI MELALUI COACHING, MENTORING, DAN BELAJAR MANDIRI"
NUMBER, ACTIVITY, AMOUNT = "NO", "NAMA KEGIATAN", "Jumlah JP"
GROUPS = (
    ("COACHING", ("Tanggal", "Nama Coach", AMOUNT)),
    ("MENTORING", ("Tanggal", "Nama Mentor", AMOUNT)),
    ("BELAJAR MANDIRI", ("Tanggal", "Sumber Pembelajaran", AMOUNT)),
)
SUM, TOTAL = "JUMLAH JAM PELAJARAN", "PEROLEHAN JAM PELAJARAN DALAM SETAHUN"
NOTES = "Catatan"
SIGNED = ("Mengetahui,", "Pengelola Kepegawaian")
ACT = (
    "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1: “Informasi Elektronik dan/atau Dokumen Elektronik dan/atau hasil "
    "cetaknya merupakan alat bukti hukum yang sah.”"
)
# The circular's sentence ("telah ditandatangani ...") would be untrue until somebody signs.
SIGNING = (
    "Dokumen ini ditandatangani secara elektronik menggunakan sertifikat elektronik; tanpa tanda tangan itu, "
    "dokumen ini hanya cetakan."
)


def facts(content: CardContent) -> tuple[tuple[str, str], ...]:
    """Label and value of each line above the table."""
    return (
        ("NAMA PEGAWAI", content.name),
        ("NIP", content.nip),
        ("GOL RUANG", content.grade),
        ("JABATAN", content.position),
        ("UNIT KERJA", content.unit),
        ("PERIODE", f"{long_date(content.starts)} - {long_date(content.ends)}"),
    )


def nothing(content: CardContent) -> str:
    """What stands in a table without rows."""
    return f"Belum ada kegiatan yang disahkan pada tahun {content.year}."


def title_of(activity: CardActivity) -> str:
    return activity.title if activity.scope == "nasional" else f"{activity.title} ({activity.scope})"


def group_of(activity: CardActivity) -> int:
    """Which of the three groups of columns the activity's cells stand in."""
    return KINDS.index(activity.kind)


def mark_of(activity: CardActivity) -> str:
    """`a)`, or `a) c)`: letters, since a small number beside a number would be read as part of it."""
    return " ".join(f"{letter(place)})" for place in activity.notes)


def letter(place: int) -> str:
    """`a` for 1, `z` for 26, `aa` for 27."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def note_text(place: int, note: CardNote) -> str:
    """`a) Coaching dihitung paling tinggi ... (SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1)c))`."""
    return f"{letter(place)}) {note.because} ({'; '.join(note.cites)})"


def total_of(content: CardContent) -> str:
    return f"{comma(content.total)} JP"
