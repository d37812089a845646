"""Explain an answer of the proof to people: the report's sentences, its checks, and labels for states."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from forms.indonesian import long_date
from forms.report import Line, Pairs, Picture, ReportContent, Tone
from parsers.values import hours_of
from service.language import Reader
from service.records import Verification
from service.verification.reasons import DELEGATION_LABELS
from service.verification.wording import shown_answer, shown_reasons

_VERDICTS: dict[str, tuple[Tone, str, str]] = {
    "passed": (
        "good",
        "Lulus pemeriksaan",
        "Semua yang diperiksa sesuai. Pengesahan oleh Biro SDM adalah langkah sendiri.",
    ),
    "review": (
        "doubt",
        "Perlu dilihat seseorang",
        "Ada yang tidak dapat dipastikan oleh pemeriksaan ini. Ini bukan penolakan; Biro SDM yang memutuskan.",
    ),
    "failed": (
        "bad",
        "Belum dapat diterima",
        "Ada yang tidak sesuai. Di bawah ini tertulis apa, di mana, dan langkahnya.",
    ),
}
_ROLES = {"pegawai": "Pegawai", "pembimbing": "Coach atau mentor", "atasan": "Atasan langsung"}
_SOURCES = {
    "timestamp": "waktunya dibuktikan oleh penanda waktu yang dipercaya",
    "claimed": "menurut jam komputer penanda tangan, tanpa penanda waktu",
    "none": "tanpa keterangan waktu",
}
_NOTICE = (
    "Dasar: SE Kepala BKN Nomor 3 Tahun 2022. Laporan ini memuat nama dan NIP lengkap; pakailah hanya untuk urusan "
    "kepegawaian. Laporan dibuat otomatis dan tidak ditandatangani; yang berlaku ialah berkas yang diperiksa."
)
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_MARKS: dict[str, Tone] = {"passed": "good", "review": "doubt", "failed": "bad"}


def account_of(
    answer: Mapping[str, Any],
    *,
    at: dt.datetime,
    zone: ZoneInfo,
    pictures: Sequence[Picture] = (),
    note: str = "",
    changes: Sequence[tuple[str, str, str]] = (),
    submission: str | None = None,
    kept: Sequence[Verification] = (),
    number: int | None = None,
) -> ReportContent:
    """Return the content of the report about an `answer` of `verify` (contract) that was given `at` that time.

    `note` is about the pictures; `kept` are all verifications of a `submission`, and `number` is the one reported (from
    1). A report is for those who handle the file: it shows names and NIP in full, but not where the file lies.
    """
    # This report is Indonesian, as its other texts are.
    answer = shown_answer(answer, Reader(zone=zone))
    tone, title, text = _VERDICTS[answer["verdict"]]
    form, policy = answer["form"], answer.get("policy") or {}
    return ReportContent(
        title="Laporan pemeriksaan formulir",
        verdict=Line(tone=tone, title=title, text=text),
        facts=(
            ("Berkas", re.split(r"[\\/]", str(answer["file"]))[-1]),
            *_place(submission, kept, number, zone),
            ("Nomor seri formulir", (form or {}).get("serial") or "tidak ditemukan"),
            ("Diperiksa", _moment(at, zone)),
            ("Menurut kebijakan", str(policy.get("id", "–"))),
        ),
        reasons=tuple(_reason(reason) for reason in answer["reasons"]),
        people=_people(answer, zone),
        checks=checks_of(answer),
        record=_record(answer["record"]),
        pictures=tuple(pictures),
        pictures_note=note,
        changes=tuple(changes),
        technical=_technical(answer),
        policy=str(policy.get("text", "")),
        notice=_NOTICE,
    )


def _place(submission: str | None, kept: Sequence[Verification], number: int | None, zone: ZoneInfo) -> Pairs:
    if submission is None:
        return ()
    others = "\n".join(
        f"ke-{place}: {_VERDICTS[earlier.verdict][1].lower()}, {_moment(earlier.at, zone)}, {earlier.policy}"
        for place, earlier in enumerate(kept, start=1)
        if place != number
    )
    pairs = (("Nomor kiriman", submission), ("Pemeriksaan", f"ke-{number} dari {len(kept)}"))
    return (*pairs, ("Pemeriksaan lain", others)) if others else pairs


def _reason(reason: Mapping[str, Any]) -> Line:
    cited = f" ({'; '.join(reason['cites'])})" if reason["cites"] else ""
    tone: Tone = {"passed": "plain", "review": "doubt", "failed": "bad"}[reason.get("weight", "failed")]  # type: ignore[assignment] # three of four
    return Line(tone=tone, title=reason["title"], text=f"{reason['message']}{cited}", hint=reason["hint"])


def _people(answer: Mapping[str, Any], zone: ZoneInfo) -> tuple[Line, ...]:
    roles: dict[str, list[str]] = {}
    for role, held in answer["roles"].items():
        if held:
            roles.setdefault(held["field"], []).append(_role(role, held))
    lines = []
    for signature in answer["signatures"]:
        if signature["kind"] != "signature":
            continue
        name = signature["signer"]["name"] if signature["signer"] else "Penanda tangan yang tidak terbaca"
        role = " dan ".join(roles.get(signature["field"], ())).capitalize()
        made = (
            f"pada {_moment(dt.datetime.fromisoformat(signature['signed_at']), zone)}, "
            if signature["signed_at"]
            else ""
        )
        states = {"TOTAL_PASSED": ("good", "utuh dan sah"), "INDETERMINATE": ("doubt", "belum dapat dipastikan")}
        tone, state = states.get(signature["indication"], ("bad", "tidak dapat diterima"))
        # A broken signature proves nothing, not even what came after it.
        changed = (
            "" if signature["permitted"] or not signature["intact"] else " Sesudahnya ada bagian berkas yang berubah."
        )
        lines.append(
            Line(
                tone=tone,  # type: ignore[arg-type] # the words above
                title=f"{name} – {role or 'peran tidak dapat ditetapkan'}",
                text=f"Menandatangani {made}{_SOURCES[signature['time_source']]}. Tanda tangannya {state}.{changed}",
            )
        )
    absent = [reason for reason in answer["reasons"] if reason["code"] == "missing_signature"]
    lines += [Line(tone="plain", title="Belum ada", text=reason["message"], hint=reason["hint"]) for reason in absent]
    return tuple(lines)


def _role(role: str, held: Mapping[str, Any]) -> str:
    """Return `Atasan langsung`, or `Plh. atasan langsung` when a delegate signed."""
    kind = (held.get("delegation") or {}).get("kind")
    return f"{DELEGATION_LABELS[kind]} {_ROLES[role][0].lower()}{_ROLES[role][1:]}" if kind else _ROLES[role]


def _record(record: Mapping[str, Any] | None) -> Pairs:
    if record is None:
        return ()
    employee, pembimbing = record["employee"], record["pembimbing"]
    day = long_date(dt.date.fromisoformat(record["date"]))
    hours = hours_of(dt.time.fromisoformat(record["begins"]), dt.time.fromisoformat(record["ends"]))
    pairs = [
        ("Pegawai", f"{employee['name']}, NIP {employee['nip']}"),
        ("Unit kerja", employee["unit"]),
        ("Jenis kegiatan", str(record["kind"]).replace("_", " ")),
        ("Nama kegiatan", record["title"]),
        ("Waktu", f"{day}, {hours} ({record['minutes']} menit)"),
        ("Tempat", record["place"]),
        ("Coach atau mentor", f"{pembimbing['name']}, NIP {pembimbing['nip']}" if pembimbing else "–"),
        ("Atasan langsung", f"{record['supervisor']['name']}, NIP {record['supervisor']['nip']}"),
        *((f"Bagian {letter.upper()}", text) for letter, text in record["sections"].items()),
    ]
    return tuple((name, str(value)) for name, value in pairs if value)


def _technical(answer: Mapping[str, Any]) -> Pairs:
    pairs = [("SHA-256 berkas", str(answer["sha256"] or "tidak dapat dihitung"))]
    for signature in answer["signatures"]:
        sub = f" / {signature['sub_indication']}" if signature["sub_indication"] else ""
        signer = signature["signer"] or {"subject": "–", "fingerprint": "–"}
        detail = (
            f"{signature['indication']}{sub}, {signature['profile']}, "
            f"perubahan sesudahnya: {signature['changes_after']}\n"
            f"{signer['subject']}\nSHA-256 sertifikat {signer['fingerprint']}"
        )
        pairs.append((f"Kolom {signature['field'] or '(tanpa nama)'}", detail))
    return tuple(pairs)


def _moment(at: dt.datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    offset = local.utcoffset() or dt.timedelta()
    name = _ZONES.get(int(offset.total_seconds() // 3600), local.tzname() or "")
    return f"{long_date(local.date())} pukul {local:%H.%M} {name}"


# --- Checks

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """One thing the proof looks at. `codes`: its reasons; `held`: whether the facts of an answer confirm `sentence`."""

    title: str
    sentence: str
    codes: frozenset[str]
    held: Callable[[Answer], bool]


def _signatures(answer: Answer, *facts: str) -> bool:
    return bool(answer["signatures"]) and all(signature[fact] for signature in answer["signatures"] for fact in facts)


def _complete(answer: Answer) -> bool:
    """Tell whether an intact signature was attributed to each required role; self-study has no pembimbing (5.e)."""
    record, roles = answer["record"], answer["roles"]
    alone = record is not None and record["kind"] == "belajar_mandiri"
    whole = {signature["field"] for signature in answer["signatures"] if signature["intact"] and signature["valid"]}
    needed = ("pegawai", "atasan", *(() if alone else ("pembimbing",)))
    return all((roles.get(role) or {}).get("field") in whole for role in needed)


def _recorded(answer: Answer) -> bool:
    return answer["record"] is not None


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
        held=lambda answer: _signatures(answer, "intact", "valid"),
    ),
    _Check(
        title="Tidak ada yang berubah sesudahnya",
        sentence="Sesudah setiap tanda tangan hanya ditambahkan tanda tangan lain, bahan pemeriksaan, atau penanda "
        "waktu.",
        codes=frozenset({"changed_after_signature"}),
        held=lambda answer: _signatures(answer, "intact", "valid", "permitted"),
    ),
    _Check(
        title="Sertifikat dapat dipercaya",
        sentence="Sertifikat elektronik diterbitkan oleh penerbit yang dipercaya, berlaku ketika dipakai, dan tidak "
        "dicabut.",
        codes=frozenset(
            {"untrusted_chain", "expired", "revoked", "key_usage", "not_yet_valid"}
            | {"unknown_signer_certificate", "revocation_unknown"}
        ),
        held=lambda answer: _signatures(answer, "trusted"),
    ),
    _Check(
        title="Orangnya tepat",
        sentence="Setiap penanda tangan terdaftar atas NIP-nya dan memegang peran yang disebut formulir.",
        codes=frozenset(
            {"unknown_signer", "wrong_signer", "coach_is_not_supervisor", "name_differs_from_register"}
            | {"not_employed_then", "supervisor_of_another_day"}
            | {"delegated_signer", "delegation_unproven", "further_signature"}
        ),
        held=lambda answer: _recorded(answer) and _signatures(answer, "intact", "valid"),
    ),
    _Check(
        title="Formulir asli",
        sentence="Halamannya sama dengan yang diterbitkan layanan ini dan nomor serinya dikenal.",
        codes=frozenset(
            {"altered_template", "unknown_serial", "prefilled_value_changed", "flattened", "no_text", "active_content"}
            | {"off_its_way"}
        ),
        held=lambda answer: _recorded(answer) and bool(answer["form"]["genuine"]),
    ),
    _Check(
        title="Isi sama bagi semua",
        sentence="Semua penanda tangan menandatangani isi yang sama dengan isi berkas ini.",
        codes=frozenset({"value_differs_between_signatures", "hidden_from_some_readers"}),
        held=lambda answer: _signatures(answer, "intact", "valid", "permitted"),
    ),
    _Check(
        title="Yang tersimpan tampak di halaman",
        sentence="Setiap kolom menampilkan seluruh isi yang disimpannya.",
        codes=frozenset({"value_differs_from_appearance", "drawing_not_plain", "too_long", "stamp_over_text"}),
        held=lambda answer: bool(answer["form"]["genuine"]),
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
        held=lambda answer: _recorded(answer) and _complete(answer),
    ),
    _Check(
        title="Belum pernah dilaporkan",
        sentence="Kegiatan ini belum ada di antara kiriman lain.",
        codes=frozenset({"duplicate_activity", "overlapping_activity", "overlap_needs_look"}),
        held=_recorded,
    ),
)
_SORTED = frozenset[str]().union(*map(attrgetter("codes"), _CHECKS))


def checks_of(answer: Answer) -> tuple[Line, ...]:
    """Return every check of the proof for an `answer` of `verify`; a check that was not reached says so.

    A check is green only when no reason speaks against it and the facts of the answer confirm it.
    """
    if not answer["readable"] or answer["form"] is None:
        names = ", ".join(check.title[0].lower() + check.title[1:] for check in _CHECKS)
        return (
            Line(
                tone="plain",
                title="Tidak sampai diperiksa",
                text=f"Berkasnya tidak terbaca sebagai formulir, jadi ini tidak dapat diperiksa: {names}.",
            ),
        )
    others = [reason for reason in answer["reasons"] if reason["code"] not in _SORTED]
    rest = (_found("Lain-lain", others),) if others else ()
    return (*(_looked_at(check, answer) for check in _CHECKS), *rest)


def _looked_at(check: _Check, answer: Answer) -> Line:
    found = [reason for reason in answer["reasons"] if reason["code"] in check.codes]
    if found:
        return _found(check.title, found)
    if check.held(answer):
        return Line(tone="good", title=check.title, text=check.sentence)
    return Line(tone="plain", title=check.title, text="Belum dapat dipastikan, karena ada hal lain yang belum sesuai.")


def _found(title: str, found: list[Mapping[str, Any]]) -> Line:
    weights = {reason.get("weight", "failed") for reason in found}
    tone: Tone = "bad" if "failed" in weights else "doubt" if "review" in weights else "plain"
    shown = shown_reasons(found, Reader())
    messages, hints = (dict.fromkeys(reason[key] for reason in shown) for key in ("message", "hint"))
    return Line(tone=tone, title=title, text=" ".join(messages), hint=" ".join(hints))
