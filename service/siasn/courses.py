"""A year's courses as a file: what would be sent, for programs (JSON lines) and for people (XLSX, CSV)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from service.policy import jp_text
from service.records import CertificateState
from service.siasn.course import Course, course_of
from service.siasn.settings import Codes
from service.store import Store
from service.tables.write import Heading, written_table

_HEADINGS = (
    *(Heading("nomorSertipikat", 30), Heading("nip", 22), Heading("nama", 34), Heading("namaKursus", 48)),
    *(Heading("institusiPenyelenggara", 28), Heading("tahunKursus", 10), Heading("tanggalKursus", 14)),
    *(Heading("tanggalSelesaiKursus", 14), Heading("JP", 8), Heading("jumlahJam", 10), Heading("pembulatan", 50)),
)


def courses_of(year: int, store: Store, codes: Codes) -> Iterator[Course]:
    """The courses of a year's living certificates, in their order."""
    with store.reading() as tx:
        for each in tx.certificates.of_year(year):
            if each.state is CertificateState.ISSUED:
                yield course_of(each, codes)


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
