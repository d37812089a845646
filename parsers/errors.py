"""Errors of reading a file. They carry the Indonesian message and hint for the person."""

from __future__ import annotations

from parsers.records import Problem


class ParsersError(Exception):
    """Base class of the errors of this package."""


class Unreadable(ParsersError):
    """The file cannot be read as a form; `problem` says why, and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem

    def __reduce__(self) -> tuple[type[Unreadable], tuple[Problem]]:
        """Keep the problem when pickled between processes."""
        return Unreadable, (self.problem,)

    @property
    def hint(self) -> str:
        """What the person can do now."""
        return self.problem.hint


# --- One function per refusal; each returns the exception to raise

_ORIGINAL = "Unggah berkas yang langsung keluar dari layanan ini atau dari aplikasi tanda tangan."
_OPEN_IT = "Buka berkas itu di komputer Anda; bila di sana pun gagal, unduh ulang dari sumbernya."
_NEW_FORM = "Unduh formulir baru dari layanan ini dan isi kembali."
MIB = 2**20


def refusal(code: str, message: str, hint: str, *, field: str | None = None) -> Unreadable:
    """Return the exception of a refusal."""
    return Unreadable(Problem(field=field, code=code, message=message, hint=hint))


def empty_file() -> Unreadable:
    return refusal("broken_pdf", "Berkas ini kosong (0 bita).", "Unggah ulang; mungkin pengirimannya terputus.")


def not_pdf() -> Unreadable:
    return refusal("broken_pdf", "Berkas ini bukan PDF.", _ORIGINAL)


def broken_file() -> Unreadable:
    message = "Berkas ini tidak terbaca sebagai PDF; isinya rusak atau terpotong."
    return refusal("broken_pdf", message, _OPEN_IT)


def no_pages() -> Unreadable:
    return refusal("broken_pdf", "Berkas ini tidak memuat satu halaman pun.", _ORIGINAL)


def too_large(size: int, limit: int) -> Unreadable:
    message = f"Berkas sebesar {size / MIB:.0f} MB melebihi batas {limit // MIB} MB."
    return refusal("too_large", message, "Unggah formulirnya saja; lampiran dikirim terpisah.")


def too_many_pages(limit: int) -> Unreadable:
    message = f"Berkas ini berisi lebih dari {limit} halaman, sedangkan formulir hanya selembar."
    return refusal("too_large", message, "Unggah formulirnya saja, tanpa digabung dengan dokumen lain.")


def too_complex() -> Unreadable:
    message = "Susunan berkas ini terlalu besar atau terlalu rumit untuk dibaca dengan aman."
    return refusal("too_large", message, _ORIGINAL)


def encrypted() -> Unreadable:
    message = "Berkas ini dilindungi kata sandi, sehingga isinya tidak dapat diperiksa."
    return refusal("encrypted", message, "Unggah berkas tanpa kata sandi, langsung dari aplikasi tanda tangan.")


def active_content(what: str) -> Unreadable:
    message = f"Berkas ini memuat {what}, yang dapat mengubah isi atau tampilan formulir."
    return refusal("active_content", message, _NEW_FORM)


def endless_structure() -> Unreadable:
    message = "Susunan kolom atau halaman berkas ini berputar tanpa ujung, sehingga tidak dapat dibaca."
    return refusal("broken_pdf", message, _NEW_FORM)


def duplicate_field(name: str) -> Unreadable:
    message = f"Kolom “{name}” ada lebih dari satu dalam berkas ini."
    return refusal("altered_template", message, _NEW_FORM, field=name)


def not_text(name: str) -> Unreadable:
    message = f"Kolom “{name}” tidak berisi teks, sehingga isinya tidak dapat dibaca dengan pasti."
    return refusal("invalid_value", message, _NEW_FORM, field=name)


def flattened() -> Unreadable:
    message = "Berkas ini tampaknya disimpan lewat “Print to PDF”; tanda tangan elektroniknya hilang."
    return refusal("flattened", message, _ORIGINAL)


def no_text() -> Unreadable:
    message = "Berkas ini hanya berisi gambar (hasil pindai), sehingga isinya tidak dapat dibaca."
    return refusal("no_text", message, _ORIGINAL)


def unknown_serial() -> Unreadable:
    message = "Berkas ini tidak memuat nomor seri formulir yang diterbitkan layanan ini."
    return refusal("unknown_serial", message, _NEW_FORM)


def unexpected_field(name: str) -> Unreadable:
    message = f"Berkas ini memuat kolom “{name}” yang tidak ada pada formulir aslinya."
    return refusal("altered_template", message, _NEW_FORM, field=name)
