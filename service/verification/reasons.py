"""Every reason of the proof, in the words people read, and the verdict that follows; codes are of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forms.schema import Role
from parsers.values import indonesian_date
from service.law.interpretation import SIGNED_LATE
from service.store.delegations import Delegation
from signing.policy import faults
from signing.report import Report


class Verdict(StrEnum):
    """The verdict of the whole proof on one file. REVIEW: nothing is wrong, but a person has to decide.

    As the weight of a reason, PASSED is a notice: the approver should see it, the file still passes.
    """

    PASSED = "passed"
    REVIEW = "review"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason: what is (title, message), what to do now (hint), and the norms behind it."""

    code: str
    title: str
    message: str
    hint: str
    cites: tuple[str, ...] = ()
    weight: Verdict = Verdict.FAILED


@dataclass(frozen=True, slots=True)
class _Wording:
    title: str
    message: str
    hint: str
    cites: tuple[str, ...] = ()
    weight: Verdict = Verdict.FAILED


_INSTRUMENT = "SE Kepala BKN Nomor 3 Tahun 2022"
_SIGNED_BY_ALL = (
    f"{_INSTRUMENT} angka 5.b.4: “… pegawai wajib menyusun dokumen hasil kegiatan dalam formulir yang ditetapkan, dan "
    "kemudian ditandatangani oleh pihak-pihak yang terlibat dalam kegiatan.”"
)
_COACH = (
    f"{_INSTRUMENT} angka 5.a.2: “Sebagai seorang Coach, atasan langsung bertanggung jawab untuk melakukan aktivitas "
    "Coaching kepada bawahannya …”"
)
_REVIEW = Verdict.REVIEW
_NEW_FORM = "Buat formulir baru; jangan menyunting berkas yang sudah ditandatangani."
_BLANK = "Unduh formulir baru dari layanan ini dan isi kembali."

_WORDINGS: dict[str, _Wording] = {
    "missing_signature": _Wording(
        "Belum lengkap",
        "Tanda tangan {peran} belum ada.",
        "Kirimkan formulir ini kepada {nama} untuk ditandatangani, lalu unggah lagi.",
        (_SIGNED_BY_ALL,),
    ),
    "unknown_signer": _Wording(
        "Penanda tangan belum dikenali",
        "Sertifikat elektronik atas nama {nama} belum terdaftar untuk NIP mana pun.{petunjuk}",
        "Biro SDM akan mencocokkannya; Anda tidak perlu menandatangani ulang.",
        (),
        _REVIEW,
    ),
    "wrong_signer": _Wording(
        "Penanda tangan tidak sesuai",
        "Tanda tangan {peran} dibuat oleh {nama}, sedangkan formulir menyebut {nama_formulir}.",
        "Minta {nama_formulir} menandatangani, atau buat formulir baru bila namanya keliru.",
    ),
    "delegated_signer": _Wording(
        "Ditandatangani oleh Plt. atau Plh.",
        "Tanda tangan {peran} dibuat oleh {nama} sebagai {jenis} {pejabat} (delegasi {nomor}, {masa}).",
        "Tidak ada yang perlu dilakukan; Biro SDM melihatnya sebelum mengesahkan.",
        (),
        Verdict.PASSED,
    ),
    "delegation_unproven": _Wording(
        "Hari penandatanganan Plt. atau Plh. tidak terbukti",
        "{nama} menandatangani sebagai {jenis} {pejabat} untuk {peran}, tetapi delegasi {nomor} ({masa}) sudah "
        "berakhir dan waktu tanda tangannya tanpa penanda waktu.",
        "Biro SDM akan menilainya; Anda tidak perlu menandatangani ulang.",
        (),
        _REVIEW,
    ),
    "further_signature": _Wording(
        "Tanda tangan berlebih",
        "Tanda tangan {nama} pada kolom “{kolom}” tidak diminta formulir ini: {sebab}.",
        "Biro SDM akan melihatnya; Anda tidak perlu menandatangani ulang.",
        (),
        _REVIEW,
    ),
    "stamp_over_text": _Wording(
        "Tanda tangan menutupi isi halaman",
        "Tanda tangan pada kolom “{kolom}” menutupi tempat tanda tangan {peran}.",
        "Biro SDM akan melihat halamannya; Anda tidak perlu menandatangani ulang. Lain kali letakkan tanda tangan pada "
        "tempatnya.",
    ),
    "changed_after_signature": _Wording(
        "Isi berubah setelah ditandatangani",
        "Bagian {bagian} berubah sesudah tanda tangan {nama}.",
        _NEW_FORM,
    ),
    "value_differs_between_signatures": _Wording(
        "Para penanda tangan melihat isi yang berbeda",
        "Kolom {kolom} tidak sama pada saat {nama} dan penanda tangan lain menandatangani.",
        _NEW_FORM,
    ),
    "signature_broken": _Wording(
        "Tanda tangan tidak cocok dengan isi berkas",
        "Tanda tangan {nama} tidak lagi cocok dengan isi berkas ini.",
        "Unggah berkas yang langsung keluar dari aplikasi tanda tangan, tanpa disimpan ulang atau dikompres.",
    ),
    "weak_algorithm": _Wording(
        "Tanda tangan memakai cara lama",
        "Tanda tangan {nama} memakai algoritma yang tidak lagi aman.",
        "Tanda tangani ulang dengan aplikasi tanda tangan yang terbaru.",
    ),
    "untrusted_chain": _Wording(
        "Sertifikat tidak dapat dipercaya",
        "Sertifikat elektronik {nama} tidak diterbitkan oleh penerbit yang dipercaya layanan ini.",
        "Gunakan sertifikat elektronik BSrE; bila sudah, hubungi Biro SDM untuk memeriksa daftar penerbit.",
    ),
    "expired": _Wording(
        "Sertifikat sudah berakhir",
        "Sertifikat elektronik {nama} sudah berakhir dan tidak ada penanda waktu yang membuktikan kapan ia dipakai.",
        "Perpanjang sertifikat pada verifikator BSrE di unit Anda, lalu tandatangani ulang.",
    ),
    "revoked": _Wording(
        "Sertifikat sudah dicabut",
        "Sertifikat elektronik {nama} sudah dicabut.",
        "Hubungi verifikator BSrE di unit Anda untuk sertifikat baru, lalu tandatangani ulang.",
    ),
    "key_usage": _Wording(
        "Sertifikat bukan untuk tanda tangan",
        "Sertifikat elektronik {nama} tidak diterbitkan untuk menandatangani dokumen.",
        "Gunakan sertifikat tanda tangan elektronik Anda.",
    ),
    "not_yet_valid": _Wording(
        "Sertifikat belum berlaku",
        "Sertifikat elektronik {nama} belum berlaku pada saat penandatanganan.",
        "Periksa tanggal dan jam komputer Anda, lalu tandatangani ulang.",
    ),
    "unknown_signer_certificate": _Wording(
        "Sertifikat penanda tangan tidak ada",
        "Tanda tangan {nama} tidak memuat sertifikat elektronik yang dapat diperiksa.",
        "Tandatangani ulang dengan aplikasi tanda tangan yang menyertakan sertifikat.",
    ),
    "revocation_unknown": _Wording(
        "Belum dapat dipastikan",
        "Keadaan sertifikat elektronik {nama} belum dapat diperiksa saat ini.",
        "Biro SDM akan memeriksa ulang; Anda tidak perlu menandatangani ulang.",
        (),
        _REVIEW,
    ),
    "value_differs_from_appearance": _Wording(
        "Isi dan tampilan berbeda",
        "Kolom {kolom} menyimpan nilai lain dari yang tampak di halaman.",
        "Isi ulang formulir kosong dengan aplikasi lain, atau isi langsung di sini.",
    ),
    "drawing_not_plain": _Wording(
        "Tampilan perlu dibandingkan",
        "Tampilan kolom {kolom} dibuat dengan cara yang tidak dapat diperiksa dengan pasti.",
        "Biro SDM akan membandingkan gambar kolom itu dengan isinya; Anda tidak perlu menandatangani ulang.",
        (),
        _REVIEW,
    ),
    "broken_pdf": _Wording(
        "Berkas tidak terbaca",
        "Pembaca menyerah di tengah berkas sebesar {banyak} bita ini.",
        "Buka di komputer Anda; bila di sana pun gagal, unduh ulang dari sumbernya.",
    ),
    "reader_gave_up": _Wording(
        "Belum dapat diperiksa",
        "Pembaca kami {sebab} pada berkas ini; isinya belum dinilai.",
        "Coba kirim sekali lagi; bila tetap begitu, isi ulang pada formulir baru.",
        weight=_REVIEW,
    ),
    "internal_error": _Wording(
        "Belum dinilai",
        "Layanan {sebab} ketika menilai berkas ini; isinya belum dinilai.",
        "Ini kesalahan layanan, bukan Anda: sampaikan kepada pengelola, lalu kirim sekali lagi.",
        weight=_REVIEW,
    ),
    "altered_template": _Wording(
        "Bukan formulir aslinya",
        "Halaman berbeda dari Lampiran I yang diterbitkan layanan ini.",
        _BLANK,
    ),
    "hidden_from_some_readers": _Wording(
        "Isi tidak tampil sama di semua program",
        "Susunan berkas ini (acuan silang ganda) menyembunyikan sebagian isi dari sebagian program pembaca PDF, "
        "sehingga tidak pasti bahwa semua penanda tangan melihat isi yang sama.",
        "Isi formulir baru dengan program lain, lalu tandatangani kembali.",
    ),
    "unknown_serial": _Wording(
        "Nomor seri tidak dikenal",
        "Formulir ini tidak memuat nomor seri yang pernah diterbitkan layanan ini.",
        _BLANK,
    ),
    "off_its_way": _Wording(
        "Formulir ini sudah dikembalikan atau ditarik",
        "Formulir ini dikembalikan atau ditarik pada {tanggal}, sebelum semua pihak menandatanganinya di layanan "
        "ini.{lanjutan}",
        "Biro SDM akan menilainya; bila sudah ada formulir penggantinya, lanjutkan yang itu.",
        weight=_REVIEW,
    ),
    "prefilled_value_changed": _Wording(
        "Data awal formulir berubah",
        "Kolom {kolom} berbeda dari yang tercetak ketika formulir ini diterbitkan.",
        "Unduh formulir baru; bila datanya keliru, minta pengelola kepegawaian memperbaruinya lebih dahulu.",
    ),
    "name_differs_from_register": _Wording(
        "Nama berbeda dari data kepegawaian",
        "Kolom {kolom} berisi “{nama}”, sedangkan data kepegawaian mencatat “{nama_register}” untuk NIP itu.",
        "Biro SDM akan mencocokkannya.",
        (),
        _REVIEW,
    ),
    "not_employed_then": _Wording(
        "Belum atau tidak lagi bertugas",
        "Menurut data kepegawaian, {nama} {keadaan} pada tanggal kegiatan {tanggal}.",
        "Biro SDM akan mencocokkannya; bila datanya keliru, pengelola kepegawaian memperbaikinya.",
        (),
        _REVIEW,
    ),
    "supervisor_of_another_day": _Wording(
        "Atasan langsung berganti",
        "Pada tanggal kegiatan {tanggal} atasan langsung menurut data kepegawaian ialah {atasan}, sedangkan formulir "
        "ini dicetak dengan {nama}.",
        "Biro SDM akan melihatnya sebelum mengesahkan; Anda tidak perlu mengunggah ulang.",
        (),
        Verdict.PASSED,
    ),
    "coach_is_not_supervisor": _Wording(
        "Coach bukan atasan langsung",
        "Formulir coaching ini menyebut {nama} sebagai coach, sedangkan atasan langsungnya orang lain.",
        "Biro SDM akan menilainya; bila yang dimaksud mentoring, buat formulir mentoring.",
        (_COACH,),
        _REVIEW,
    ),
    "duplicate_activity": _Wording(
        "Kegiatan ini sudah ada",
        "Sama dengan “{kegiatan}” tanggal {tanggal} (kiriman {nomor}).",
        "Tidak ada yang perlu dilakukan.",
    ),
    "overlapping_activity": _Wording(
        "Waktu kegiatan bertumpuk",
        "Waktunya bertumpuk dengan “{kegiatan}” tanggal {tanggal} (kiriman {nomor}).",
        "Biro SDM akan melihatnya sebelum mengesahkan; Anda tidak perlu mengunggah ulang.",
        (),
        Verdict.PASSED,
    ),
    "overlap_needs_look": _Wording(
        "Waktu kegiatan bertumpuk",
        "Waktunya bertumpuk dengan “{kegiatan}” tanggal {tanggal} pukul {pukul} (kiriman {nomor}, {keadaan}).",
        "Lihat kedua kegiatan itu, lalu putuskan satu per satu; pengesahan banyak kiriman sekaligus melewatinya.",
        (),
        Verdict.PASSED,
    ),
    "future_activity": _Wording(
        "Kegiatan belum berlangsung",
        "Tanggal kegiatan {tanggal} belum lewat.",
        "Unggah formulir setelah kegiatan selesai, atau buat formulir baru bila tanggalnya keliru.",
        (_SIGNED_BY_ALL,),
    ),
    "signed_before_activity": _Wording(
        "Ditandatangani sebelum kegiatan",
        "{nama} menandatangani pada {waktu}, sebelum kegiatan tanggal {tanggal} selesai.",
        "Tandatangani setelah kegiatan selesai; buat formulir baru bila tanggalnya keliru.",
        (_SIGNED_BY_ALL,),
    ),
    "form_date_before_activity": _Wording(
        "Tanggal formulir mendahului kegiatan",
        "Tanggal tanda tangan yang tercetak pada formulir, {tercetak}, lebih awal daripada kegiatan tanggal {tanggal}.",
        "Bila tanggal kegiatannya keliru, buat formulir baru; bila benar, tidak ada yang perlu dilakukan.",
        (_SIGNED_BY_ALL,),
        Verdict.PASSED,
    ),
    "signed_long_after_activity": _Wording(
        "Ditandatangani lama sesudah kegiatan",
        "Tanda tangan terakhir bertanggal {waktu}, {hari} hari sesudah kegiatan tanggal {tanggal}; lazimnya paling "
        "lama {batas} hari.",
        "Tidak ada yang perlu dilakukan; Biro SDM melihat catatan ini ketika mengesahkan.",
        (SIGNED_LATE.text,),
        Verdict.PASSED,
    ),
    "signed_in_future": _Wording(
        "Waktu tanda tangan belum tiba",
        "{nama} bertanggal {waktu}, padahal waktu itu belum tiba.",
        "Periksa tanggal dan jam komputer yang dipakai; Biro SDM akan menilainya.",
        (),
        _REVIEW,
    ),
}

# Titles of problems that the readers put into words themselves.
_TITLES = {
    "active_content": "Berkas dapat mengubah dirinya",
    "bytes_before_header": "Berkas bergeser",
    "encrypted": "Berkas terkunci",
    "flattened": "Hasil cetak, bukan formulir",
    "invalid_value": "Isian belum dapat dipakai",
    "missing_value": "Isian belum lengkap",
    "no_text": "Hasil pindai, bukan formulir",
    "too_large": "Berkas terlalu besar",
}

_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
# Every code with sentences here, so that a test can require their translations.
CODES = frozenset(_WORDINGS)


def reason(code: str, **words: str) -> Reason:
    """Return the reason of that code with its sentences filled in; KeyError for an unknown code or parameter."""
    wording = _WORDINGS[code]
    return Reason(
        code=code,
        title=wording.title,
        message=_filled(wording.message, words),
        hint=_filled(wording.hint, words),
        cites=wording.cites,
        weight=wording.weight,
    )


def _filled(sentence: str, words: Mapping[str, str]) -> str:
    """Fill in a sentence; one that ends with a title (`S.H.`) gets no second full stop."""
    return _TWO_STOPS.sub(".", sentence.format(**words))


def reader_reason(code: str, message: str, hint: str, *, grave: bool = True) -> Reason:
    """Return a reason that a reader already put into words; one that is not `grave` goes to a person."""
    known = _WORDINGS.get(code)
    title = known.title if known else _TITLES.get(code, "Perlu diperbaiki")
    weight = known.weight if known else Verdict.FAILED
    if not grave and weight is Verdict.FAILED:
        weight = _REVIEW
    return Reason(code=code, title=title, message=message, hint=hint, weight=weight)


def weigh(reasons: tuple[Reason, ...]) -> Verdict:
    """Return the verdict that follows from these reasons."""
    return heaviest(reason.weight for reason in reasons)


def heaviest(weights: Iterable[Verdict]) -> Verdict:
    """Return FAILED if one weight fails the file, else REVIEW if a person has to look, else PASSED."""
    found = set(weights)
    return next((verdict for verdict in (Verdict.FAILED, Verdict.REVIEW) if verdict in found), Verdict.PASSED)


# --- Faults of signatures


def signature_reasons(report: Report) -> tuple[Reason, ...]:
    """Return one reason per fault and signature, in the order the signatures were made; none twice."""
    found: dict[tuple[str, str], Reason] = {}
    for signature in report.signatures:
        name = signature.signer.name if signature.signer else signature.field
        for code in faults(signature):
            words = {"bagian": "berkas", "nama": name} if code == "changed_after_signature" else {"nama": name}
            found.setdefault((code, name), reason(code, **words))
    return tuple(found.values())


# --- People of a form

ROLE_LABELS = {Role.PEGAWAI: "pegawai", Role.PEMBIMBING: "coach/mentor", Role.ATASAN: "atasan langsung"}
DELEGATION_LABELS = {"plt": "Plt.", "plh": "Plh."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person the form names: NIP (18 digits) and name as written there."""

    role: Role
    nip: str
    name: str


def parties(answers: Mapping[str, str]) -> tuple[Party, ...]:
    """Return the people named in the answers; a role without a NIP is left out."""
    found = []
    for role in Role:
        nip = re.sub(r"\D", "", answers.get(f"nip_{role.value}", ""))
        if nip:
            found.append(Party(role=role, nip=nip, name=answers.get(f"nama_{role.value}", "").strip() or nip))
    return tuple(found)


# --- Signatures as Plt. or Plh.


def delegated(signer: Party, official: Party, delegation: Delegation) -> Reason:
    """Return the notice that a delegate signed for a role."""
    return reason("delegated_signer", **_words(signer, official, delegation))


def unproven(signer: Party, official: Party, delegation: Delegation) -> Reason:
    """Return the reason that asks a person whether the delegation still held."""
    return reason("delegation_unproven", **_words(signer, official, delegation))


def _words(signer: Party, official: Party, delegation: Delegation) -> dict[str, str]:
    return {
        "peran": ROLE_LABELS[official.role],
        "nama": signer.name,
        "jenis": DELEGATION_LABELS[delegation.kind],
        "pejabat": official.name,
        "masa": f"{indonesian_date(delegation.starts)} s.d. {indonesian_date(delegation.ends)}",
        "nomor": delegation.id,
    }
