"""A year's courses as a file: what would be sent, for programs (JSON lines) and for people (XLSX, CSV)."""

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
    """The courses of a year's living certificates, in their order."""
    with store.reading() as tx:
        for certificate in tx.certificates.of_year(year):
            if certificate.state is CertificateState.ISSUED:
                yield course_of(certificate, codes)


def course_json(course: Course) -> dict[str, Any]:
    """One line of the export; `request` still lacks who the person is over there."""
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
    """Write the year's courses to `path` (.jsonl, .xlsx or .csv); how many, and how much JP rounding took off."""
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
    told = course.request
    names = ("namaKursus", "institusiPenyelenggara", "tahunKursus", "tanggalKursus", "tanggalSelesaiKursus")
    texts = tuple(told[name] for name in names)
    return (course.number, course.nip, course.name, *texts, course.jp, course.hours, course.note)


# --- A yearly certificate as SIASN's course (riwayat kursus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What SIASN is told of one certificate. `request` lacks only `id` and `pnsOrangId`, which SIASN itself knows."""

    number: str
    nip: str
    name: str
    year: int
    jp: Decimal
    hours: int
    request: dict[str, Any]

    @property
    def rounded_off(self) -> Decimal:
        """The part of the JP that whole hours cannot say."""
        return self.jp - self.hours

    @property
    def note(self) -> str:
        """The rounding in words, empty when there was none."""
        if not self.rounded_off:
            return ""
        told = jp_text(self.jp).replace(".", ",")
        return f"{told} JP dikirim sebagai {self.hours} jam (dibulatkan ke bawah)"


def course_of(certificate: Certificate, codes: Codes) -> Course:
    """The course of a certificate; SIASN's hours are whole numbers, so JP are rounded down, never up."""
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
    """The request as it is sent: of which person, and which entry of the register it replaces (None: a new one)."""
    return {"id": replaces, "pnsOrangId": person, **course.request}
