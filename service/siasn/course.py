"""A yearly certificate as SIASN's course (riwayat kursus)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from service.policy import jp_text
from service.records import Certificate
from service.siasn.settings import Codes


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
    days = sorted(dt.date.fromisoformat(each["date"]) for each in content["activities"])
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


def complete(course: Course, *, person: str, replaces: str | None) -> dict[str, Any]:
    """The request as it is sent: of which person, and which entry of the register it replaces (None: a new one)."""
    return {"id": replaces, "pnsOrangId": person, **course.request}
