"""Every form ever published, one constant per version. Versions are added, never edited."""

from __future__ import annotations

from importlib.resources import files

from forms.errors import UnknownForm
from forms.schema import Field, Form, Kind, Role, Slot

_KINDS = (("coaching", "Coaching"), ("mentoring", "Mentoring"), ("belajar_mandiri", "Belajar Mandiri"))
_SCOPES = (("nasional", "Nasional"), ("internasional", "Internasional"))
_MEETINGS = tuple((str(number), str(number)) for number in range(1, 5))

_FIELDS = (
    Field(
        name="pertemuan_ke",
        kind=Kind.CHOICE,
        label="Pertemuan ke",
        tooltip="Pertemuan ke berapa dalam rangkaiannya (1 sampai 4)",
        options=_MEETINGS,
    ),
    Field(
        name="jenis_kegiatan",
        kind=Kind.CHOICE,
        label="Jenis Kegiatan",
        tooltip="Jenis kegiatan: Coaching, Mentoring, atau Belajar Mandiri",
        options=_KINDS,
    ),
    Field(
        name="tingkat",
        kind=Kind.CHOICE,
        label="Tingkat",
        tooltip="Tingkat kegiatan: Nasional atau Internasional",
        options=_SCOPES,
    ),
    Field(name="tanggal", kind=Kind.DATE, label="Tanggal", tooltip="Tanggal kegiatan, misalnya 7 April 2026"),
    Field(name="waktu_mulai", kind=Kind.TIME, label="Waktu mulai", tooltip="Waktu mulai, misalnya 09.00"),
    Field(name="waktu_selesai", kind=Kind.TIME, label="Waktu selesai", tooltip="Waktu selesai, misalnya 10.30"),
    Field(name="tempat", kind=Kind.TEXT, label="Tempat", tooltip="Tempat kegiatan, atau nama ruang daring"),
    Field(name="nama_pegawai", kind=Kind.TEXT, label="Nama Pegawai", tooltip="Nama lengkap pegawai", prefilled=True),
    Field(name="nip_pegawai", kind=Kind.NIP, label="NIP", tooltip="NIP pegawai, 18 angka", prefilled=True),
    Field(name="unit_kerja", kind=Kind.TEXT, label="Unit Kerja", tooltip="Unit kerja pegawai", prefilled=True),
    Field(name="jabatan", kind=Kind.TEXT, label="Jabatan", tooltip="Jabatan pegawai", prefilled=True),
    Field(
        name="pangkat_gol",
        kind=Kind.GRADE,
        label="Pangkat/Gol",
        tooltip="Pangkat dan golongan pegawai",
        prefilled=True,
    ),
    Field(
        name="identifikasi_kebutuhan",
        kind=Kind.LONG_TEXT,
        label="A. Identifikasi Kebutuhan Pengembangan",
        tooltip="A. Kebutuhan pengembangan yang ditemukan",
    ),
    Field(
        name="hubungan_tanggung_jawab",
        kind=Kind.LONG_TEXT,
        label="B. Hubungan Tanggung Jawab Pekerjaan",
        tooltip="B. Hubungannya dengan tanggung jawab pekerjaan",
    ),
    Field(name="nama_kegiatan", kind=Kind.TEXT, label="Nama Kegiatan", tooltip="C. Nama kegiatan, satu kalimat pendek"),
    Field(
        name="sumber_pembelajaran",
        kind=Kind.TEXT,
        label="Sumber Pembelajaran",
        tooltip="C. Sumber pembelajaran (wajib untuk belajar mandiri): buku, video, jurnal, atau kelas daring",
        required=False,
    ),
    Field(
        name="kegiatan_pengembangan",
        kind=Kind.LONG_TEXT,
        label="C. Kegiatan Pengembangan",
        tooltip="C. Apa yang dilakukan",
    ),
    Field(name="hasil_pengembangan", kind=Kind.LONG_TEXT, label="D. Hasil Pengembangan", tooltip="D. Apa hasilnya"),
    Field(
        name="nama_pembimbing",
        kind=Kind.TEXT,
        label="Nama Coach/Mentor",
        tooltip="Nama coach atau mentor (kosong untuk belajar mandiri)",
        required=False,
    ),
    Field(
        name="nip_pembimbing",
        kind=Kind.NIP,
        label="NIP Coach/Mentor",
        tooltip="NIP coach atau mentor, 18 angka (kosong untuk belajar mandiri)",
        required=False,
    ),
    Field(
        name="tempat_tanda_tangan",
        kind=Kind.TEXT,
        label="Tempat tanda tangan",
        tooltip="Kota tempat formulir ini ditandatangani",
    ),
    Field(
        name="tanggal_tanda_tangan",
        kind=Kind.DATE,
        label="Tanggal tanda tangan",
        tooltip="Tanggal formulir ini ditandatangani, misalnya 8 April 2026",
    ),
    Field(
        name="nama_atasan",
        kind=Kind.TEXT,
        label="Nama Atasan Langsung",
        tooltip="Nama atasan langsung",
        prefilled=True,
    ),
    Field(
        name="nip_atasan",
        kind=Kind.NIP,
        label="NIP Atasan Langsung",
        tooltip="NIP atasan langsung, 18 angka",
        prefilled=True,
    ),
)
# Each signature locks the whole record: what one person signed, nobody may change afterwards.
_ALL = tuple(field.name for field in _FIELDS)

LAMPIRAN_I_V1 = Form(
    id="lampiran-i",
    version=1,
    title="Formulir Coaching, Mentoring, dan Belajar Mandiri",
    file="lampiran-i-1.pdf",
    static_digest="12beb1b2468f8849ddb7afe32dad884a9358e7ce8bb06e7bad05a5ea92112a94",
    fields=_FIELDS,
    slots=(
        Slot(
            name="ttd_pegawai",
            role=Role.PEGAWAI,
            label="Tanda tangan elektronik pegawai",
            page=0,
            box=(343.0, 181.7, 528.0, 251.7),
            locks=_ALL,
        ),
        Slot(
            name="ttd_pembimbing",
            role=Role.PEMBIMBING,
            label="Tanda tangan elektronik coach/mentor",
            page=0,
            box=(62.4, 181.7, 247.4, 251.7),
            locks=_ALL,
        ),
        Slot(
            name="ttd_atasan",
            role=Role.ATASAN,
            label="Tanda tangan elektronik atasan langsung",
            page=0,
            box=(205.1, 69.5, 390.1, 139.5),
            locks=_ALL,
        ),
    ),
)

FORMS: tuple[Form, ...] = (LAMPIRAN_I_V1,)


def find_form(form_id: str, version: int) -> Form:
    """Return the form of that id and version; UnknownForm when it was never published."""
    for form in FORMS:
        if (form.id, form.version) == (form_id, version):
            return form
    raise UnknownForm(f"Formulir {form_id} versi {version} tidak pernah diterbitkan.")


def blank_bytes(form: Form) -> bytes:
    """Return the published blank, byte for byte: empty and without signature fields."""
    return (files("forms") / "published" / form.file).read_bytes()


def form_font() -> bytes:
    """Return the pinned font (TrueType) of forms, certificates and visible signatures."""
    return (files("forms") / "templates" / "fonts" / "SourceSerifPro-Regular.ttf").read_bytes()
