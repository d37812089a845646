"""What the proof looked at, one sentence each, and whether it was in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.report import Line, Tone


@dataclass(frozen=True, slots=True)
class _Check:
    title: str
    sentence: str
    codes: frozenset[str]


def _check(title: str, sentence: str, *codes: str) -> _Check:
    return _Check(title, sentence, frozenset(codes))


_CHECKS = (
    _check(
        "Lengkap ditandatangani", "Semua pihak yang harus menandatangani sudah menandatangani.", "missing_signature"
    ),
    _check(
        "Tanda tangan utuh",
        "Setiap tanda tangan cocok dengan isi yang ditandatangani dan dibuat dengan cara yang masih kuat.",
        "signature_broken",
        "weak_algorithm",
    ),
    _check(
        "Tidak ada yang berubah sesudahnya",
        "Sesudah tanda tangan pertama hanya ditambahkan tanda tangan lain, bahan pemeriksaan, atau penanda waktu.",
        "changed_after_signature",
    ),
    _check(
        "Sertifikat dapat dipercaya",
        "Sertifikat elektronik diterbitkan oleh penerbit yang dipercaya, berlaku ketika dipakai, dan tidak dicabut.",
        *("untrusted_chain", "expired", "revoked", "key_usage", "not_yet_valid"),
        *("unknown_signer_certificate", "revocation_unknown"),
    ),
    _check(
        "Orangnya tepat",
        "Setiap penanda tangan terdaftar atas NIP-nya dan memegang peran yang disebut formulir.",
        *("unknown_signer", "wrong_signer", "coach_is_not_supervisor", "name_differs_from_register"),
    ),
    _check(
        "Formulir asli",
        "Halamannya sama dengan yang diterbitkan layanan ini dan nomor serinya dikenal.",
        *("altered_template", "unknown_serial", "prefilled_value_changed", "flattened", "no_text", "active_content"),
    ),
    _check(
        "Isi sama bagi semua",
        "Semua penanda tangan menandatangani isi yang sama dengan isi berkas ini.",
        "value_differs_between_signatures",
    ),
    _check(
        "Yang tersimpan tampak di halaman",
        "Setiap kolom menampilkan seluruh isi yang disimpannya.",
        *("value_differs_from_appearance", "too_long"),
    ),
    _check(
        "Isian lengkap",
        "Semua kolom yang wajib terisi dan dapat dibaca.",
        *("missing_value", "invalid_value"),
    ),
    _check(
        "Waktunya wajar",
        "Kegiatan sudah berlangsung dan ditandatangani sesudahnya.",
        *("future_activity", "signed_before_activity", "signed_in_future"),
    ),
    _check(
        "Belum pernah dilaporkan",
        "Kegiatan ini belum ada di antara kiriman lain.",
        *("duplicate_activity", "overlapping_activity"),
    ),
)


def checks_of(told: Mapping[str, Any]) -> tuple[Line, ...]:
    """Every check of the proof for an answer as `verify` gives it; those that were not reached are said to be so."""
    if not told["readable"] or told["form"] is None:
        sentence = "Tidak sampai diperiksa, karena berkasnya tidak terbaca sebagai formulir."
        return tuple(Line(tone="plain", title=each.title, text=sentence) for each in _CHECKS)
    return tuple(_looked_at(each, told) for each in _CHECKS)


def _looked_at(check: _Check, told: Mapping[str, Any]) -> Line:
    found = [each for each in told["reasons"] if each["code"] in check.codes]
    if not found:
        return Line(tone="good", title=check.title, text=check.sentence)
    weights = {each.get("weight", "failed") for each in found}
    tone: Tone = "bad" if "failed" in weights else "doubt" if "review" in weights else "plain"
    hints = dict.fromkeys(each["hint"] for each in found)
    return Line(tone=tone, title=check.title, text=" ".join(each["message"] for each in found), hint=" ".join(hints))
