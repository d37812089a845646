"""The tables that people fill in for an import: their layouts, and their files with a guide to each column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from service.law import KINDS, SCOPES
from service.spreadsheets.read import Column, Layout
from service.spreadsheets.write import harmless, plain, text_cell

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Rows = Iterable[Mapping[str, str]]
# Rows that offer the choices of a column in a drop-down list.
_ROWS_WITH_CHOICES = 10_000


def template_bytes(layout: Layout, *, xlsx: bool, rows: Rows = ()) -> bytes:
    """Return the file of a table with these rows; imported unchanged, it has no wrong row.

    XLSX has a second sheet, `Petunjuk`, and keeps long numbers as text.
    """
    return _xlsx(layout, rows) if xlsx else _csv(layout, rows)


def _csv(layout: Layout, rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(layout.names)
    for row in rows:
        writer.writerow([harmless(plain(row.get(name, ""))) for name in layout.names])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(layout: Layout, rows: Rows) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook(write_only=True)
    page = book.create_sheet(layout.title)
    page.freeze_panes = "A2"
    for place, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = "@"
        if column.choices:
            offered = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            offered.add(f"{letter}2:{letter}{_ROWS_WITH_CHOICES}")
            page.data_validations.append(offered)
    heads = [WriteOnlyCell(page, value=name) for name in layout.names]
    for head in heads:
        head.font = Font(bold=True)
    page.append(heads)
    for row in rows:
        page.append([text_cell(book, plain(row.get(name, ""))) for name in layout.names])
    _guide(book, layout)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _guide(book: Workbook, layout: Layout) -> None:
    page = book.create_sheet("Petunjuk")
    for letter, width in zip("ABCD", (18, 10, 90, 40), strict=True):
        page.column_dimensions[letter].width = width
    page.append(["kolom", "wajib", "artinya", "contoh"])
    for column in layout.columns:
        example = text_cell(book, layout.sample.get(column.name, ""))
        page.append([column.name, "ya" if column.required else "", column.meaning, example])


# --- Layouts of `cmb template`

STAFF = Layout(
    subject="employees",
    title="Tabel pegawai",
    columns=(
        Column(name="nip", meaning="18 angka, sebagai teks.", width=22),
        Column(name="nama", meaning="Nama lengkap dengan gelar, seperti pada formulir.", width=34),
        Column(name="jabatan", meaning="Jabatan saat itu.", width=30),
        Column(name="gol", meaning="I/a sampai IV/e untuk PNS, I sampai XVII untuk PPPK.", width=8),
        Column(name="unit_kerja", meaning="Nama unit kerja, selalu ditulis sama.", width=34),
        Column(name="atasan_nip", meaning="NIP atasan langsung; kosong bagi pimpinan tertinggi.", width=22),
        Column(name="email", meaning="Alamat surel dinas; boleh kosong.", width=30),
        Column(
            name="peran",
            meaning="pegawai, pengelola, pimpinan, biro_sdm, admin, dipisah spasi. Kosong = tetap; yang baru: pegawai.",
            required=False,
        ),
        Column(
            name="berlaku_sejak",
            meaning="Sejak kapan baris ini berlaku, mis. 2026-07-01. Kosong = hari impor; bagi yang baru = sejak awal.",
            required=False,
            width=16,
        ),
        Column(
            name="status",
            meaning="aktif, berhenti, atau pensiun (sejak tanggal berlaku_sejak). Kosong = aktif.",
            required=False,
            width=12,
            choices=("aktif", "berhenti", "pensiun"),
        ),
    ),
    sample={
        "nip": "199708212020122005",
        "nama": "Cahya Lestari",
        "jabatan": "Analis SDM Aparatur",
        "gol": "III/b",
        "unit_kerja": "Biro Sumber Daya Manusia",
        "atasan_nip": "197801012003122001",
        "email": "cahya@contoh.go.id",
        "peran": "pegawai",
        "berlaku_sejak": "2026-01-01",
        "status": "aktif",
    },
)

APPROVALS = Layout(
    subject="approvals",
    title="Tabel pengesahan",
    columns=(
        Column(name="kiriman", meaning="Nomor kiriman, seperti pada jawaban `cmb submit`.", width=22),
        Column(
            name="keputusan",
            meaning="sah atau tolak; baris yang kosong dilewati.",
            width=12,
            choices=("sah", "tolak"),
        ),
        Column(name="alasan", meaning="Wajib bila ditolak; dibaca oleh pegawai.", width=60),
        Column(name="nip", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=22),
        Column(name="nama", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=30),
        Column(name="tanggal", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=14),
        Column(name="kegiatan", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=60),
        Column(name="catatan", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=60),
    ),
    sample={"kiriman": "K-AB12CD34EF", "keputusan": "tolak", "alasan": "Hasil pengembangan belum diuraikan."},
)

LEARNING_KINDS = ("pelatihan", "workshop", "sosialisasi", "seminar", "cmb_terdahulu", "lainnya")
LEARNING = Layout(
    subject="learning",
    title="Tabel pembelajaran lain",
    columns=(
        Column(name="nip", meaning="18 angka, sebagai teks.", width=22),
        Column(name="jenis", meaning=f"Salah satu: {', '.join(LEARNING_KINDS)}.", width=16, choices=LEARNING_KINDS),
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
