"""Every word of a recap: page and table of XLSX are set from these."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from forms.indonesian import MONTHS, comma
from forms.recap import NONE, KindSum, RecapContent, RecapRow, Standing

LAW = ("Lampiran III Surat Edaran", "Nomor : 3 Tahun 2022", "Tanggal : 1 Februari 2022")
TITLE = "REKAPITULASI KARTU PENGENDALIAN PENGEMBANGAN KOMPETENSI MELALUI COACHING, MENTORING, DAN BELAJAR MANDIRI"
# The circular's own table did not survive in the copy we have.
OURS = (
    "Susunan tabel ini dibuat layanan CMB: tabel Lampiran III tidak terdapat pada salinan surat edaran yang tersedia."
)
PERSON = ("No", "Nama", "NIP", "Gol", "Jabatan")
KINDS = ("Coaching", "Mentoring", "Belajar Mandiri")
AMOUNTS = ("Jumlah", "JP")
RESULT = ("Total JP", "Target", "Kekurangan", "Keterangan")
SUM = "JUMLAH"
CHANGES = ("NIP", "Nama", "Kolom", "Semula", "Menjadi")
QUARTERS = ("I", "II", "III", "IV")
HEAD = ("Mengetahui,", "Pimpinan Unit Kerja")
OFFICER = ("", "Pengelola Kepegawaian")
_COLUMNS: tuple[tuple[str, Callable[[RecapRow], str]], ...] = (
    ("Nama", lambda row: row.name),
    ("Gol", lambda row: row.grade),
    ("Jabatan", lambda row: row.position),
    ("Coaching, jumlah", lambda row: str(row.coaching.count)),
    ("Coaching, JP", lambda row: comma(row.coaching.jp)),
    ("Mentoring, jumlah", lambda row: str(row.mentoring.count)),
    ("Mentoring, JP", lambda row: comma(row.mentoring.jp)),
    ("Belajar Mandiri, jumlah", lambda row: str(row.self_study.count)),
    ("Belajar Mandiri, JP", lambda row: comma(row.self_study.jp)),
    ("Total JP", lambda row: comma(row.total)),
    ("Tidak dihitung", lambda row: str(row.uncounted)),
    ("Perpindahan", lambda row: " ".join(row.moves)),
)


def columns_of(row: RecapRow) -> dict[str, str]:
    """What a recap says of somebody, column by column, as it is read; two of them are compared by this."""
    return {name: read(row) for name, read in _COLUMNS}


def facts(content: RecapContent, standing: Standing) -> tuple[tuple[str, str], ...]:
    """Label and value of each line above the table."""
    months = f"Januari - {MONTHS[content.through.month - 1]}"
    return (
        ("UNIT KERJA", content.unit),
        ("TRIWULAN", f"{QUARTERS[content.quarter - 1]} (kumulatif {months} {content.year})"),
        ("TAHUN", str(content.year)),
        ("STATUS", status_of(standing)),
    )


def status_of(standing: Standing) -> str:
    if standing.version > 1:
        return f"Koreksi, versi {standing.version}, dikirim {standing.sent}"
    if standing.version:
        return f"Versi 1, dikirim {standing.sent}"
    return "Berubah sejak dikirim; koreksinya belum dikirim" if standing.changes else "Belum dikirim"


def changes_title(standing: Standing) -> str:
    """What stands above the changes."""
    if standing.version:
        return f"Perubahan terhadap versi {standing.version - 1}"
    return "Perubahan terhadap versi terakhir yang dikirim"


def remark_of(content: RecapContent, row: RecapRow) -> str:
    """The last column: whether the target is reached, what was left out, what changed."""
    parts = ["Terpenuhi." if row.total >= content.target else "Belum terpenuhi."]
    if row.uncounted:
        parts.append(f"{row.uncounted} kegiatan tidak dihitung.")
    return " ".join((*parts, *row.moves))


def summary_of(content: RecapContent) -> str:
    return f"{content.reached} dari {len(content.rows)} pegawai terpenuhi."


def sums_of(content: RecapContent) -> tuple[KindSum, KindSum, KindSum]:
    """Coaching, mentoring and self-study of the whole unit."""
    rows = content.rows
    return (
        sum((row.coaching for row in rows), NONE),
        sum((row.mentoring for row in rows), NONE),
        sum((row.self_study for row in rows), NONE),
    )


def total_of(content: RecapContent) -> Decimal:
    return sum((row.total for row in content.rows), Decimal(0))


def lacking(content: RecapContent) -> Decimal:
    return sum((content.shortfall(row) for row in content.rows), Decimal(0))
