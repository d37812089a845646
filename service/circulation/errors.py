"""Refusals of the circulation; each says what to do, and none loses what was typed or uploaded."""

from __future__ import annotations

from collections.abc import Mapping

from parsers.records import Problem
from service.errors import BadInput, NotGranted
from service.language.bridge import indonesian
from service.store.circulations import Circulation, State
from service.verification.reasons import Reason


class Stale(NotGranted):
    """Somebody changed the form meanwhile. `current` is what is kept now, `typed` what came too late."""

    def __init__(self, current: Circulation, typed: Mapping[str, str] | None = None) -> None:
        super().__init__(
            "Formulir ini sudah berubah di jendela atau perangkat lain sejak Anda membukanya.",
            "Isian Anda masih ada di layar ini; bandingkan dengan yang tersimpan, lalu simpan lagi.",
        )
        self.current = current
        self.typed = dict(typed or {})


class Unready(BadInput):
    """The draft cannot be signed yet: all `problems` by field, and the `reasons` why it would be refused."""

    def __init__(self, problems: tuple[Problem, ...], reasons: tuple[Reason, ...] = ()) -> None:
        super().__init__(
            f"Masih ada {len(problems) + len(reasons)} hal yang perlu diperbaiki sebelum formulir ini ditandatangani.",
            " ".join([*(reason.message for reason in reasons), *(indonesian(problem) for problem in problems)][:3]),
        )
        self.problems = problems
        self.reasons = reasons


def not_found(serial: str) -> BadInput:
    return BadInput(f"Formulir {serial} tidak ada di layanan ini.", "Periksa nomor serinya.")


def not_yours() -> NotGranted:
    return NotGranted("Formulir ini hanya dapat diubah oleh pegawai yang melapor.", "Masuklah dengan akun pegawai itu.")


_ENDED = {
    State.SUBMITTED: ("Formulir ini sudah dikirim.", "Lihat hasil pemeriksaannya pada daftar kegiatan."),
    State.WITHDRAWN: ("Formulir ini sudah ditarik.", "Lanjutkan pada formulir penggantinya."),
    State.COMPLETE: ("Formulir ini sudah lengkap dan sedang dikirim.", "Tunggu sebentar, lalu lihat hasilnya."),
    State.AWAITING: (
        "Formulir ini sudah ditandatangani, sehingga isinya tidak dapat diubah.",
        "Tarik kembali formulirnya bila isinya perlu diperbaiki.",
    ),
    State.DRAFT: ("Formulir ini belum ditandatangani pegawai.", "Tunggu pegawai menandatanganinya."),
    State.RETURNED: ("Formulir ini sedang diperbaiki pegawai.", "Tunggu pegawai menandatanganinya lagi."),
}


def not_now(state: State) -> NotGranted:
    """The form is not in a state in which that can be done."""
    return NotGranted(*_ENDED[state])
