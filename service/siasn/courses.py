"""Certificates as SIASN courses, and a year of them as a file: JSON lines for programs, XLSX or CSV for people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

from service.law import jp_text
from service.records import Certificate, CertificateState
from service.siasn.settings import Codes
from service.spreadsheets.write import Heading, written_table
from service.store import Store

_HEADINGS = (
    *(Heading("nomorSertipikat", 30), Heading("nip", 22), Heading("nama", 34), Heading("namaKursus", 48)),
    *(Heading("institusiPenyelenggara", 28), Heading("tahunKursus", 10), Heading("tanggalKursus", 14)),
    *(Heading("tanggalSelesaiKursus", 14), Heading("JP", 8), Heading("jumlahJam", 10), Heading("pembulatan", 50)),
)


def courses_of(year: int, store: Store, codes: Codes) -> Iterator[Course]:
    """Yield the courses of a year's living certificates, in their order."""
    with store.reading() as tx:
        for certificate in tx.certificates.of_year(year):
            if certificate.state is CertificateState.ISSUED:
                yield course_of(certificate, codes)


def course_json(course: Course) -> dict[str, Any]:
    """Return one line of the export; `request` still lacks SIASN's id of the person."""
    return {
        "number": course.number,
        "nip": course.nip,
        "name": course.name,
        "jp": jp_text(course.jp),
        "rounded_off": jp_text(course.rounded_off),
        "note": course.note,
        "request": course.request,
    }


def export_year(year: int, path: Path, *, store: Store, codes: Codes) -> tuple[int, Decimal]:
    """Write the year's courses to `path` (.jsonl, .xlsx or .csv); return how many, and the JP lost by rounding."""
    count, off = 0, Decimal(0)
    courses = courses_of(year, store, codes)
    if path.suffix.lower() == ".jsonl":
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        try:
            with beside.open("w", encoding="utf-8") as file:
                for course in courses:
                    file.write(json.dumps(course_json(course), ensure_ascii=False) + "\n")
                    count, off = count + 1, off + course.rounded_off
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return count, off
    with written_table(path, _HEADINGS, sheet=f"SIASN {year}") as append:
        for course in courses:
            append(_row(course))
            count, off = count + 1, off + course.rounded_off
    return count, off


def _row(course: Course) -> tuple[Any, ...]:
    request = course.request
    names = ("namaKursus", "institusiPenyelenggara", "tahunKursus", "tanggalKursus", "tanggalSelesaiKursus")
    texts = tuple(request[name] for name in names)
    return (course.number, course.nip, course.name, *texts, course.jp, course.hours, course.note)


# --- One course (riwayat kursus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One certificate as a course. `request` lacks only `id` and `pnsOrangId`, which come from SIASN."""

    number: str
    nip: str
    name: str
    year: int
    jp: Decimal
    hours: int
    request: dict[str, Any]

    @property
    def rounded_off(self) -> Decimal:
        """Return the part of the JP that whole hours cannot express."""
        return self.jp - self.hours

    @property
    def note(self) -> str:
        """Return the rounding as a sentence, empty when there was none."""
        if not self.rounded_off:
            return ""
        jp = jp_text(self.jp).replace(".", ",")
        return f"{jp} JP dikirim sebagai {self.hours} jam (dibulatkan ke bawah)"


def course_of(certificate: Certificate, codes: Codes) -> Course:
    """Return the course of a certificate; SIASN's hours are whole numbers, so JP are rounded down, never up."""
    content = certificate.content
    days = sorted(dt.date.fromisoformat(activity["date"]) for activity in content["activities"])
    hours = int(certificate.jp.to_integral_value(rounding=ROUND_FLOOR))
    return Course(
        number=certificate.number,
        nip=certificate.nip,
        name=str(content["name"]),
        year=certificate.year,
        jp=certificate.jp,
        hours=hours,
        request={
            **codes.fixed,
            "institusiPenyelenggara": codes.organiser,
            "jumlahJam": hours,
            "namaKursus": codes.course_name(certificate.year),
            "nomorSertipikat": certificate.number,
            "path": [],
            "tahunKursus": certificate.year,
            "tanggalKursus": f"{days[0]:%d-%m-%Y}",
            "tanggalSelesaiKursus": f"{days[-1]:%d-%m-%Y}",
        },
    )


def completed_request(course: Course, *, person: str, replaces: str | None) -> dict[str, Any]:
    """Return the request as it is sent, with SIASN's id of the person and of the course it replaces (None: new)."""
    return {"id": replaces, "pnsOrangId": person, **course.request}
