"""Forms and answers made by hand, independent of the published blank."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from forms.schema import Field, Form, Kind

_KINDS = ("coaching", "mentoring", "belajar_mandiri")
_ANSWERS: tuple[tuple[str, Kind, str, str], ...] = (
    ("pertemuan_ke", Kind.CHOICE, "Pertemuan ke", "1"),
    ("jenis_kegiatan", Kind.CHOICE, "Jenis Kegiatan", "coaching"),
    ("tingkat", Kind.CHOICE, "Tingkat", "nasional"),
    ("tanggal", Kind.DATE, "Tanggal", "7 April 2026"),
    ("waktu_mulai", Kind.TIME, "Waktu mulai", "09.00"),
    ("waktu_selesai", Kind.TIME, "Waktu selesai", "10.30"),
    ("tempat", Kind.TEXT, "Tempat", "Jakarta"),
    ("nama_pegawai", Kind.TEXT, "Nama Pegawai", "Contoh Pegawai"),
    ("nip_pegawai", Kind.NIP, "NIP", "199708212020122005"),
    ("unit_kerja", Kind.TEXT, "Unit Kerja", "Biro Contoh"),
    ("jabatan", Kind.TEXT, "Jabatan", "Analis"),
    ("pangkat_gol", Kind.GRADE, "Pangkat/Gol", "Penata Muda Tingkat I, III/b"),
    ("nama_kegiatan", Kind.TEXT, "Nama kegiatan", "Menyusun naskah"),
    ("sumber_pembelajaran", Kind.TEXT, "Sumber pembelajaran", ""),
    ("identifikasi_kebutuhan", Kind.LONG_TEXT, "A. Identifikasi", "Perlu belajar menulis."),
    ("hubungan_tanggung_jawab", Kind.LONG_TEXT, "B. Hubungan", "Menulis naskah dinas."),
    ("kegiatan_pengembangan", Kind.LONG_TEXT, "C. Kegiatan", "Berlatih bersama."),
    ("hasil_pengembangan", Kind.LONG_TEXT, "D. Hasil", "Naskah selesai."),
    ("nama_pembimbing", Kind.TEXT, "Nama pembimbing", "Contoh Atasan"),
    ("nip_pembimbing", Kind.NIP, "NIP pembimbing", "197503152000031002"),
    ("nama_atasan", Kind.TEXT, "Nama atasan", "Contoh Atasan"),
    ("nip_atasan", Kind.NIP, "NIP atasan", "197503152000031002"),
    ("tempat_tanda_tangan", Kind.TEXT, "Tempat tanda tangan", "Jakarta"),
    ("tanggal_tanda_tangan", Kind.DATE, "Tanggal tanda tangan", "8 April 2026"),
)
_OPTIONS = {
    "pertemuan_ke": tuple((meeting, meeting) for meeting in "1234"),
    "jenis_kegiatan": (("coaching", "Coaching"), ("mentoring", "Mentoring"), ("belajar_mandiri", "Belajar Mandiri")),
    "tingkat": (("nasional", "Nasional"), ("internasional", "Internasional")),
}
_CONDITIONAL = ("sumber_pembelajaran", "nama_pembimbing", "nip_pembimbing")

QUESTIONS = Form(
    id="handmade",
    version=1,
    title="Formulir buatan tangan",
    file="",
    static_digest="",
    fields=tuple(
        Field(
            name=name,
            kind=kind,
            label=label,
            tooltip=label,
            required=name not in _CONDITIONAL,
            options=_OPTIONS.get(name, ()),
        )
        for name, kind, label, _ in _ANSWERS
    ),
    slots=(),
)


def answers(**changed: str) -> dict[str, str]:
    """Return the answers of a complete, consistent coaching, with some changed."""
    return {name: value for name, _, _, value in _ANSWERS} | changed


def paper(values: Mapping[str, object]) -> pikepdf.Pdf:
    """Return a PDF of one page with a text field for each value, drawn in Helvetica."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    fields = []
    for number, (name, value) in enumerate(values.items()):
        stream = pdf.make_stream(
            b"/Tx BMC q BT /Helv 8 Tf 0 g 2 4 Td (%s) Tj ET Q EMC" % str(value).encode("latin-1"),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 300, 16]),
            Resources=Dictionary(Font=Dictionary(Helv=font)),
        )
        widget = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=name,
            V=value,
            F=4,
            Rect=Array([50, 780 - 20 * number, 350, 796 - 20 * number]),
            DA="/Helv 8 Tf 0 g",
            AP=Dictionary(N=stream),
        )
        fields.append(pdf.make_indirect(widget))
    page.obj.Annots = Array(fields)
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields), DA="/Helv 8 Tf 0 g", DR=Dictionary(Font=Dictionary(Helv=font)))
    return pdf


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """Return the bytes of a document."""
    out = BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]  # options of pikepdf
    return out.getvalue()
