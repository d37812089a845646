"""Play a year of the sample office; every step is one call of the command."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsers.values import indonesian_date
from service.demo.command import Command
from service.demo.monitoring import monitor
from service.demo.sample import PEOPLE
from service.demo.story import LONG, SHORT, STORY, SampleActivity


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Output folder, home of the store, year, and the command."""

    folder: Path
    home: Path
    year: int
    cmb: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answers of the command that the demo shows at its end."""

    submissions: list[dict[str, Any]]
    years: list[dict[str, Any]]
    certificates: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    papers: list[Path]


def play(office: Office) -> Outcome:
    """Prepare, fill, sign, submit, approve, issue, monitor and check, in this order."""
    cmb, year = office.cmb, str(office.year)
    cmb("init", "--sample")
    for place, activity in enumerate(STORY, start=1):
        _one_form(office, place, activity)
    submissions = cmb("submit", office.folder / "forms", "--jobs", "2", "--json", expect=(0, 1)).objects()
    cmb("approve", "--verified")
    nips = sorted({PEOPLE[activity.who].nip for activity in STORY})
    years = [cmb("jp", nip, "--year", year, "--json").objects()[0] for nip in nips]
    folder = office.folder / "certificates"
    certificates = cmb("certificates", "issue", "--year", year, "-o", folder, "--json").objects()
    papers = monitor(cmb, office.folder / "monitoring", office.year, dt.datetime.now(dt.UTC).date())
    return Outcome(
        submissions=submissions,
        years=years,
        certificates=certificates,
        checks=_checks(office, certificates),
        papers=papers,
    )


def _one_form(office: Office, place: int, activity: SampleActivity) -> None:
    """Make, fill and sign one form; `fate` decides what goes wrong with it."""
    cmb, work = office.cmb, office.folder / "work"
    name = f"{place:02d}-{activity.who}-{activity.kind}"
    employee = PEOPLE[activity.who]
    blank, filled = office.folder / "blanks" / f"{name}.pdf", work / f"{name}-isi.pdf"
    guide = ["--pembimbing", PEOPLE[activity.guide].nip] if activity.guide else []
    cmb("blank", "--kind", activity.kind, "--employee", employee.nip, *guide, "--scope", activity.scope, "-o", blank)
    work.mkdir(parents=True, exist_ok=True)
    answers = work / f"{name}.json"
    answers.write_text(json.dumps(_answers(activity, office.year, LONG if place % 2 else SHORT)), encoding="utf-8")
    cmb("fill", blank, answers, "-o", filled)
    signers = [("pegawai", activity.who)]
    if activity.guide:
        signers.append(("pembimbing", activity.guide))
    if activity.fate != "unsigned" and employee.supervisor:
        signers.append(("atasan", employee.supervisor))
    current, sample = filled, office.home / "sample"
    for turn, (role, who) in enumerate(signers):
        last = turn == len(signers) - 1
        target = office.folder / "forms" / f"{name}.pdf" if last else work / f"{name}-{role}.pdf"
        cmb(
            "sign",
            current,
            "--as",
            role,
            "--key",
            sample / f"{who}.p12",
            "--passphrase-file",
            sample / "passphrase",
            "--tsa",
            "sample:",
            "-o",
            target,
        )
        current = target
    if activity.fate == "forged":
        current.write_bytes(_forge(current.read_bytes()))


def _answers(activity: SampleActivity, year: int, texts: tuple[str, str, str, str]) -> dict[str, str]:
    day = indonesian_date(dt.date.fromisoformat(f"{year}-{activity.day}"))
    answers = {
        "tanggal": day,
        "waktu_mulai": activity.begins,
        "waktu_selesai": activity.ends,
        "tempat": "Jakarta",
        "nama_kegiatan": activity.title,
        "tempat_tanda_tangan": "Jakarta",
        "tanggal_tanda_tangan": day,
    }
    boxes = ("identifikasi_kebutuhan", "hubungan_tanggung_jawab", "kegiatan_pengembangan", "hasil_pengembangan")
    answers |= dict(zip(boxes, texts, strict=True))
    return answers | ({"sumber_pembelajaran": activity.source} if activity.source else {})


def _forge(content: bytes) -> bytes:
    """Return the file with the activity moved to another day by an ordinary incremental save."""
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter(io.BytesIO(content), incremental=True)
    for annotation in writer.pages[0].annotations or []:
        widget = annotation.get_object()
        if widget.get("/T") == "tanggal":
            widget[NameObject("/V")] = TextStringObject("1 Desember 2020")
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def _checks(office: Office, certificates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Check a number, its file, an altered file, and a number that was never issued."""
    cmb = office.cmb
    first = certificates[0]
    touched = office.folder / "work" / "sertifikat-disunting.pdf"
    touched.write_bytes(Path(first["file"]).read_bytes() + b"\n% disunting\n")
    subjects = [first["number"], first["file"], touched, f"CMB-{office.year}-000099-AAAAAAAA"]
    return [
        {"subject": Path(str(subject)).name}
        | cmb("certificates", "check", subject, "--json", expect=(0, 1)).objects()[0]
        for subject in subjects
    ]
