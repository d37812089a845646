"""The account of one verification: the answer of the proof, put into sentences for the person who reads the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from forms.indonesian import long_date
from forms.report import Line, Pairs, Picture, ReportContent, Tone
from service.proof.checks import checks_of

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
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_MARKS: dict[str, Tone] = {"passed": "good", "review": "doubt", "failed": "bad"}


def account_of(
    told: Mapping[str, Any], *, at: dt.datetime, zone: ZoneInfo, pictures: Sequence[Picture] = (), note: str = ""
) -> ReportContent:
    """`told` is the answer as `verify` gives it (contract), `at` when it was given, `note` about the pictures.

    A report is for those who handle the file: names and NIP stand in it whole.
    """
    tone, title, text = _VERDICTS[told["verdict"]]
    form, policy = told["form"], told.get("policy") or {}
    return ReportContent(
        title="Laporan pemeriksaan formulir",
        verdict=Line(tone=tone, title=title, text=text),
        facts=(
            ("Berkas", str(told["file"])),
            ("Nomor seri formulir", (form or {}).get("serial") or "tidak ditemukan"),
            ("Diperiksa", _moment(at, zone)),
            ("Menurut kebijakan", str(policy.get("id", "–"))),
        ),
        reasons=tuple(_reason(each) for each in told["reasons"]),
        people=_people(told, zone),
        checks=checks_of(told),
        record=_record(told["record"]),
        pictures=tuple(pictures),
        pictures_note=note,
        technical=_technical(told),
        policy=str(policy.get("text", "")),
    )


def _reason(each: Mapping[str, Any]) -> Line:
    cited = f" ({'; '.join(each['cites'])})" if each["cites"] else ""
    tone: Tone = {"passed": "plain", "review": "doubt", "failed": "bad"}[each.get("weight", "failed")]  # type: ignore[assignment] # three of four
    return Line(tone=tone, title=each["title"], text=f"{each['message']}{cited}", hint=each["hint"])


def _people(told: Mapping[str, Any], zone: ZoneInfo) -> tuple[Line, ...]:
    roles = {each["field"]: role for role, each in told["roles"].items() if each}
    lines = []
    for each in told["signatures"]:
        if each["kind"] != "signature":
            continue
        name = each["signer"]["name"] if each["signer"] else "Penanda tangan yang tidak terbaca"
        role = roles.get(each["field"])
        made = f"pada {_moment(dt.datetime.fromisoformat(each['signed_at']), zone)}, " if each["signed_at"] else ""
        states = {"TOTAL_PASSED": ("good", "utuh dan sah"), "INDETERMINATE": ("doubt", "belum dapat dipastikan")}
        tone, state = states.get(each["indication"], ("bad", "tidak dapat diterima"))
        changed = "" if each["permitted"] else " Sesudahnya ada bagian berkas yang berubah."
        lines.append(
            Line(
                tone=tone,  # type: ignore[arg-type] # the words above
                title=f"{name} – {_ROLES[role] if role else 'peran tidak dapat ditetapkan'}",
                text=f"Menandatangani {made}{_SOURCES[each['time_source']]}. Tanda tangannya {state}.{changed}",
            )
        )
    return tuple(lines)


def _record(record: Mapping[str, Any] | None) -> Pairs:
    if record is None:
        return ()
    employee, pembimbing = record["employee"], record["pembimbing"]
    day = long_date(dt.date.fromisoformat(record["date"]))
    hours = f"{record['begins']}–{record['ends']}".replace(":", ".")
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


def _technical(told: Mapping[str, Any]) -> Pairs:
    pairs = [("SHA-256 berkas", str(told["sha256"] or "tidak dapat dihitung"))]
    for each in told["signatures"]:
        sub = f" / {each['sub_indication']}" if each["sub_indication"] else ""
        signer = each["signer"] or {"subject": "–", "fingerprint": "–"}
        detail = (
            f"{each['indication']}{sub}, {each['profile']}, perubahan sesudahnya: {each['changes_after']}\n"
            f"{signer['subject']}\nSHA-256 sertifikat {signer['fingerprint']}"
        )
        pairs.append((f"Kolom {each['field'] or '(tanpa nama)'}", detail))
    return tuple(pairs)


def _moment(at: dt.datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    offset = local.utcoffset() or dt.timedelta()
    name = _ZONES.get(int(offset.total_seconds() // 3600), local.tzname() or "")
    return f"{long_date(local.date())} pukul {local:%H.%M} {name}"
