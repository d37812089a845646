"""What the proof looked at, one sentence each, and whether it was in order; nothing unlooked at is called so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.report import Line, Tone

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """`codes` are the reasons that belong to it; `held` whether the facts bear its sentence out, beyond the reasons."""

    title: str
    sentence: str
    codes: frozenset[str]
    held: Callable[[Answer], bool]


def _signatures(told: Answer, *facts: str) -> bool:
    return bool(told["signatures"]) and all(each[fact] for each in told["signatures"] for fact in facts)


def _complete(told: Answer) -> bool:
    """Everybody who has to sign was recognised by a whole signature; self-study has no coach or mentor (5.e)."""
    record, roles = told["record"], told["roles"]
    alone = record is not None and record["kind"] == "belajar_mandiri"
    whole = {each["field"] for each in told["signatures"] if each["intact"] and each["valid"]}
    needed = ("pegawai", "atasan", *(() if alone else ("pembimbing",)))
    return all((roles.get(role) or {}).get("field") in whole for role in needed)


def _recorded(told: Answer) -> bool:
    return told["record"] is not None


_CHECKS = (
    _Check(
        title="Lengkap ditandatangani",
        sentence="Semua pihak yang harus menandatangani sudah menandatangani.",
        codes=frozenset({"missing_signature"}),
        held=_complete,
    ),
    _Check(
        title="Tanda tangan utuh",
        sentence="Setiap tanda tangan cocok dengan isi yang ditandatangani dan dibuat dengan cara yang masih kuat.",
        codes=frozenset({"signature_broken", "weak_algorithm"}),
        held=lambda told: _signatures(told, "intact", "valid"),
    ),
    _Check(
        title="Tidak ada yang berubah sesudahnya",
        sentence="Sesudah setiap tanda tangan hanya ditambahkan tanda tangan lain, bahan pemeriksaan, atau penanda "
        "waktu.",
        codes=frozenset({"changed_after_signature"}),
        held=lambda told: _signatures(told, "intact", "valid", "permitted"),
    ),
    _Check(
        title="Sertifikat dapat dipercaya",
        sentence="Sertifikat elektronik diterbitkan oleh penerbit yang dipercaya, berlaku ketika dipakai, dan tidak "
        "dicabut.",
        codes=frozenset(
            {"untrusted_chain", "expired", "revoked", "key_usage", "not_yet_valid"}
            | {"unknown_signer_certificate", "revocation_unknown"}
        ),
        held=lambda told: _signatures(told, "trusted"),
    ),
    _Check(
        title="Orangnya tepat",
        sentence="Setiap penanda tangan terdaftar atas NIP-nya dan memegang peran yang disebut formulir.",
        codes=frozenset(
            {"unknown_signer", "wrong_signer", "coach_is_not_supervisor", "name_differs_from_register"}
            | {"not_employed_then", "supervisor_of_another_day"}
            | {"delegated_signer", "delegation_unproven", "further_signature"}
        ),
        held=lambda told: _recorded(told) and _signatures(told, "intact", "valid"),
    ),
    _Check(
        title="Formulir asli",
        sentence="Halamannya sama dengan yang diterbitkan layanan ini dan nomor serinya dikenal.",
        codes=frozenset(
            {"altered_template", "unknown_serial", "prefilled_value_changed", "flattened", "no_text", "active_content"}
            | {"off_its_way"}
        ),
        held=lambda told: _recorded(told) and bool(told["form"]["genuine"]),
    ),
    _Check(
        title="Isi sama bagi semua",
        sentence="Semua penanda tangan menandatangani isi yang sama dengan isi berkas ini.",
        codes=frozenset({"value_differs_between_signatures", "hidden_from_some_readers"}),
        held=lambda told: _signatures(told, "intact", "valid", "permitted"),
    ),
    _Check(
        title="Yang tersimpan tampak di halaman",
        sentence="Setiap kolom menampilkan seluruh isi yang disimpannya.",
        codes=frozenset({"value_differs_from_appearance", "drawing_not_plain", "too_long", "stamp_over_text"}),
        held=lambda told: bool(told["form"]["genuine"]),
    ),
    _Check(
        title="Isian lengkap",
        sentence="Semua kolom yang wajib terisi dan dapat dibaca.",
        codes=frozenset({"missing_value", "invalid_value"}),
        held=_recorded,
    ),
    _Check(
        title="Waktunya wajar",
        sentence="Kegiatan sudah berlangsung dan ditandatangani sesudahnya.",
        codes=frozenset(
            {"future_activity", "signed_before_activity", "signed_in_future"}
            | {"form_date_before_activity", "signed_long_after_activity"}
        ),
        held=lambda told: _recorded(told) and _complete(told),
    ),
    _Check(
        title="Belum pernah dilaporkan",
        sentence="Kegiatan ini belum ada di antara kiriman lain.",
        codes=frozenset({"duplicate_activity", "overlapping_activity", "overlap_needs_look"}),
        held=_recorded,
    ),
)
_SORTED = frozenset[str]().union(*(each.codes for each in _CHECKS))


def checks_of(told: Answer) -> tuple[Line, ...]:
    """Every check of the proof for an answer as `verify` gives it; those that were not reached are said to be so.

    A check is green only when no reason speaks against it and the facts of the answer bear it out.
    """
    if not told["readable"] or told["form"] is None:
        names = ", ".join(each.title[0].lower() + each.title[1:] for each in _CHECKS)
        return (
            Line(
                tone="plain",
                title="Tidak sampai diperiksa",
                text=f"Berkasnya tidak terbaca sebagai formulir, jadi ini tidak dapat diperiksa: {names}.",
            ),
        )
    others = [each for each in told["reasons"] if each["code"] not in _SORTED]
    rest = (_found("Lain-lain", others),) if others else ()
    return (*(_looked_at(each, told) for each in _CHECKS), *rest)


def _looked_at(check: _Check, told: Answer) -> Line:
    found = [each for each in told["reasons"] if each["code"] in check.codes]
    if found:
        return _found(check.title, found)
    if check.held(told):
        return Line(tone="good", title=check.title, text=check.sentence)
    return Line(tone="plain", title=check.title, text="Belum dapat dipastikan, karena ada hal lain yang belum sesuai.")


def _found(title: str, found: list[Mapping[str, Any]]) -> Line:
    weights = {each.get("weight", "failed") for each in found}
    tone: Tone = "bad" if "failed" in weights else "doubt" if "review" in weights else "plain"
    messages, hints = (dict.fromkeys(each[key] for each in found) for key in ("message", "hint"))
    return Line(tone=tone, title=title, text=" ".join(messages), hint=" ".join(hints))
