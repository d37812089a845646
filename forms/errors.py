"""Errors of the forms: one base, messages in Indonesian for the person who fills."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FillProblem:
    """One answer that cannot go into the form. `code`: invalid_value, too_long, unknown_field, read_only."""

    field: str
    code: str
    message: str
    hint: str


class FormsError(Exception):
    """Base of everything this package raises; `hint` says what to do now."""

    hint = ""


class UnknownForm(FormsError):
    """No such form, or no such version, was ever published."""

    hint = "Unduh formulir baru dari layanan ini."


class NotThisForm(FormsError):
    """The PDF is not a fillable copy of the form it should be."""

    hint = "Mulailah dari formulir kosong yang diunduh dari layanan ini."


class AlreadySigned(FormsError):
    """Filling would break a signature, so it is refused."""

    hint = "Buat formulir baru; jangan menyunting berkas yang sudah ditandatangani."


class Unfillable(FormsError):
    """Answers that do not fit; `problems` are all of them."""

    def __init__(self, problems: tuple[FillProblem, ...]) -> None:
        super().__init__("; ".join(each.message for each in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[Unfillable], tuple[tuple[FillProblem, ...]]]:
        """Travel between processes whole."""
        return Unfillable, (self.problems,)


class Undrawable(FormsError):
    """A certificate's content cannot be set: characters no glyph of our pinned face draws, or a row above a page."""

    hint = "Perbaiki teksnya pada data kepegawaian atau kegiatan: huruf Latin, paling panjang satu halaman."
