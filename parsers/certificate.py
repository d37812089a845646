"""A certificate read back: the attached JSON, and whether the printed pages say the same."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader

from forms.certificate import ATTACHMENT, CertificateContent, indonesian_day, jp_comma
from parsers.errors import ParsersError


class UnreadableCertificate(ParsersError):
    """The file is not a certificate that can be read; the message is Indonesian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReading:
    """`content_json` is the attachment, `printed` the text of all pages without white space."""

    content_json: dict[str, Any]
    printed: str


def read_certificate(pdf: bytes) -> CertificateReading:
    """Attachment and printed text; UnreadableCertificate for anything that is not one of our certificates."""
    try:
        reader = PdfReader(io.BytesIO(pdf))
        attached = reader.attachments.get(ATTACHMENT)
        told = json.loads(attached[0]) if attached else None
        printed = "".join(_squeezed(page.extract_text()) for page in reader.pages) if told else ""
    except Exception as error:  # a stranger's file: whatever the reader stumbles over, the answer is the same
        raise UnreadableCertificate(f"Berkas tidak terbaca sebagai sertifikat ({type(error).__name__}).") from error
    if not isinstance(told, dict):
        raise UnreadableCertificate("Berkas ini bukan sertifikat dari layanan ini.")
    return CertificateReading(content_json=told, printed=printed)


def differences(content: CertificateContent, pdf: bytes) -> tuple[str, ...]:
    """Names of what the attachment or the printed pages say otherwise than `content`; empty when all agree."""
    reading = read_certificate(pdf)
    expected = content.to_json()
    found = [name for name, value in expected.items() if reading.content_json.get(name) != value]
    printed = {
        "number": content.number,
        "name": content.name,
        "nip": f"NIP{content.nip}",
        "grade": content.grade,
        "position": content.position,
        "unit": content.unit,
        "year": f"tahun{content.year}",
        "total_jp": f"{jp_comma(content.total_jp)}JP",
        "place": f"{content.place},{indonesian_day(content.issued_on)}",
        "official_name": content.official_name,
        "official_nip": f"NIP{content.official_nip}",
    }
    for place, each in enumerate(content.activities, start=1):
        row = f"{place}{indonesian_day(each.date)}{each.label}{each.title}{each.guide}{jp_comma(each.jp)}"
        printed[f"activities[{place}]"] = row
    found += [name for name, text in printed.items() if _squeezed(text) not in reading.printed]
    return tuple(dict.fromkeys(found))


def _squeezed(text: str) -> str:
    """Without white space and soft hyphens: line breaks are the layout's, not the content's."""
    return "".join(text.replace("\u00ad", "").split())
