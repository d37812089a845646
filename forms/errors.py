"""Errors of the forms package; their messages are Indonesian, for the person who fills in the form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FillProblem:
    """An answer that cannot go into the form. `code`: invalid_value, too_long, unknown_field, read_only."""

    field: str
    code: str
    message: str
    hint: str


class FormsError(Exception):
    """Base class of the errors of this package; `hint` says what the person can do."""

    hint = ""


class UnknownForm(FormsError):
    """No form of that id and version was ever published."""

    hint = "Unduh formulir baru dari layanan ini."


class NotThisForm(FormsError):
    """The PDF is not a fillable copy of the expected form."""

    hint = "Mulailah dari formulir kosong yang diunduh dari layanan ini."


class AlreadySigned(FormsError):
    """The PDF is signed; filling it in would break the signature."""

    hint = "Buat formulir baru; jangan menyunting berkas yang sudah ditandatangani."


class Unfillable(FormsError):
    """Some answers cannot be filled in; `problems` lists all of them."""

    def __init__(self, problems: tuple[FillProblem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[Unfillable], tuple[tuple[FillProblem, ...]]]:
        """Keep the problems when pickled between processes."""
        return Unfillable, (self.problems,)


class Undrawable(FormsError):
    """A content cannot be set: a character our font has no glyph for, or a table row higher than a page."""

    hint = "Perbaiki teksnya pada data kepegawaian atau kegiatan: huruf Latin, paling panjang satu halaman."
