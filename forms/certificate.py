"""The yearly certificate: what it says as a frozen value, and its face as PDF with that value attached as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

import segno

from forms.render import Renderer

# Where the seal's visible stamp goes: left, bottom, right, top in points on the first page (65 x 24.7 mm).
SEAL_BOX = (589.6, 112.0, 774.6, 182.0)
ATTACHMENT = "sertifikat.json"
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
KINDS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTotal:
    """How many activities of a kind counted, and their JP."""

    kind: str
    label: str
    activities: int
    jp: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedActivity:
    """One counted activity. `guide` is the coach or mentor, or the source of self-study."""

    date: dt.date
    kind: str
    scope: str
    title: str
    guide: str
    jp: Decimal

    @property
    def label(self) -> str:
        name = KINDS[self.kind]
        return name if self.scope == "nasional" else f"{name} (internasional)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent:
    """Everything a certificate says. `total_jp` is the sum of `activities`; `check_url` leads to the public check."""

    number: str
    year: int
    nip: str
    name: str
    grade: str
    position: str
    unit: str
    total_jp: Decimal
    target: Decimal
    by_kind: tuple[KindTotal, ...]
    activities: tuple[CertifiedActivity, ...]
    norms: tuple[str, ...]
    place: str
    issued_on: dt.date
    official_name: str
    official_nip: str
    official_position: str
    check_url: str

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values: decimals as strings, dates ISO 8601."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> CertificateContent:
        """What `to_json` gave; KeyError or ValueError when it is something else."""
        values = {field.name: told[field.name] for field in fields(cls)}
        values["total_jp"], values["target"] = Decimal(told["total_jp"]), Decimal(told["target"])
        values["issued_on"] = dt.date.fromisoformat(told["issued_on"])
        values["norms"] = tuple(told["norms"])
        values["by_kind"] = tuple(KindTotal(**{**each, "jp": Decimal(each["jp"])}) for each in told["by_kind"])
        values["activities"] = tuple(
            CertifiedActivity(**{**each, "date": dt.date.fromisoformat(each["date"]), "jp": Decimal(each["jp"])})
            for each in told["activities"]
        )
        return cls(**values)


def canonical_json(content: CertificateContent) -> bytes:
    """The attached bytes: keys sorted, UTF-8; the same content gives the same bytes."""
    return json.dumps(content.to_json(), ensure_ascii=False, sort_keys=True, indent=1).encode()


def draw_certificate(content: CertificateContent, renderer: Renderer) -> bytes:
    """A tagged PDF/A-3, A4 landscape: the certificate, then the activities counted. Equal content, equal bytes."""
    attached = canonical_json(content)
    code = io.BytesIO()
    segno.make(content.check_url, error="m", micro=False).save(
        code, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, dark="#14213d"
    )
    context = {
        "it": content,
        "total": jp_comma(content.total_jp),
        "day": indonesian_day(content.issued_on),
        "code": code.getvalue().decode("ascii"),
        "address": content.check_url.removesuffix(f"/{content.number}"),
        "comma": jp_comma,
        "date": indonesian_day,
        "seal": SEAL_BOX,
    }
    return renderer.render(
        "certificate.html",
        context,
        sheets=("print.css", "certificate.css"),
        variant="pdf/a-3a",
        attachments={ATTACHMENT: attached},
        identifier=hashlib.sha256(attached).digest()[:16],
        moment=dt.datetime.combine(content.issued_on, dt.time(), dt.UTC),
    )


def jp_comma(jp: Decimal) -> str:
    """`22,4`: decimal comma, no trailing zeros."""
    text = f"{jp:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def indonesian_day(day: dt.date) -> str:
    """`7 April 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
