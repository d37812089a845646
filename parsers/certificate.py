"""A certificate read back: what its attachment says, what its pages show, and where they differ from a content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from pypdf import PdfReader

from forms.certificate import ATTACHMENT, CertificateContent
from forms.certificate_words import FOOT, LIST_HEAD, front, listing
from parsers.errors import ParsersError
from parsers.reader import reading
from parsers.shown import UnknownDrawing, shown

_MOST_PAGES = 60
_FRONT = re.compile(
    r"Nomor (?P<number>\S+) diberikan kepada (?P<name>.+) NIP (?P<nip>\d{8} \d{6} \d \d{3}) · .+ "
    r"selama tahun (?P<year>\d{4}) .+ terverifikasi (?P<jp>\d+(?:,\d+)?) JP .+ Jumlah (?P<activities>\d+) (?P=jp) "
)
# Line breaks and the dots between parts on one line are the layout's, not the content's.
_LAYOUT = re.compile(r"[\s\u00ad·]+")
_T = TypeVar("_T")


class UnreadableCertificate(ParsersError):
    """The file is not a certificate that can be read; the message is Indonesian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCertificate:
    """What a person reads on the first page; `nip` without its spaces, `activities` is how many are said to count."""

    number: str
    name: str
    nip: str
    year: int
    total_jp: Decimal
    activities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReading:
    """`content_json` is the attachment (empty when there is none), `printed` the first page's facts (None likewise)."""

    content_json: dict[str, Any]
    printed: PrintedCertificate | None

    @property
    def claimed_number(self) -> str | None:
        """The number the file gives itself; the attachment is asked first."""
        told = self.content_json.get("number")
        if isinstance(told, str):
            return told
        return self.printed.number if self.printed else None


def read_certificate(pdf: bytes) -> CertificateReading:
    """What a file says of itself; UnreadableCertificate when neither data nor first page are a certificate's.

    Reads also what other programs rewrote. Says nothing on who sealed it, nor whether the two agree.
    """
    attached, first = _inside(pdf, lambda reader: (_attached(reader), reader.pages[0].extract_text()))
    printed = _printed(first)
    if attached is None and printed is None:
        raise UnreadableCertificate("Berkas ini bukan sertifikat dari layanan ini.")
    return CertificateReading(content_json=_told(attached), printed=printed)


def differences(content: CertificateContent, pdf: bytes) -> tuple[str, ...]:
    """Names of what the attachment or the printed pages say otherwise than `content`; empty when all agree.

    The attachment must have the same keys and values; the pages exactly the words of `forms.certificate_words` in
    reading order and nothing besides (`printed` names what is too much). UnreadableCertificate for a file that is no
    certificate as this service draws and seals it.
    """
    attached, pages = _inside(pdf, lambda reader: (_attached(reader), _shown(reader)))
    expected, told = content.to_json(), _told(attached)
    missing = object()
    keys = (*expected, *(key for key in told if key not in expected))
    names = [key for key in keys if expected.get(key, missing) != told.get(key, missing)]
    return tuple(dict.fromkeys((*names, *_unlike(content, pages))))


def _inside(pdf: bytes, look: Callable[[PdfReader], _T]) -> _T:
    try:
        return reading(pdf, look)
    except UnreadableCertificate:
        raise
    except ParsersError as error:
        raise UnreadableCertificate(str(error)) from error


def _attached(reader: PdfReader) -> bytes | None:
    """The one attachment of the name; two of them are as good as none."""
    attached = reader.attachments.get(ATTACHMENT, [])
    return attached[0] if len(attached) == 1 else None


def _shown(reader: PdfReader) -> tuple[str, ...]:
    if len(reader.pages) > _MOST_PAGES:
        raise UnreadableCertificate("Berkas ini bukan sertifikat dari layanan ini.")
    try:
        return tuple(shown(page) for page in reader.pages)
    except UnknownDrawing as error:
        raise UnreadableCertificate(f"Halaman berkas ini memuat gambar yang tidak dikenal ({error}).") from error


def _told(attached: bytes | None) -> dict[str, Any]:
    try:
        told = json.loads(attached or b"{}")
    except (ValueError, RecursionError) as error:
        raise UnreadableCertificate("Lampiran data di dalam berkas ini tidak terbaca.") from error
    if not isinstance(told, dict):
        raise UnreadableCertificate("Lampiran data di dalam berkas ini bukan data sertifikat.")
    return told


def _printed(first: str) -> PrintedCertificate | None:
    found = _FRONT.search(" ".join(first.split()))
    return found and PrintedCertificate(
        number=found["number"],
        name=found["name"],
        nip=found["nip"].replace(" ", ""),
        year=int(found["year"]),
        total_jp=Decimal(found["jp"].replace(",", ".")),
        activities=int(found["activities"]),
    )


def _unlike(content: CertificateContent, pages: tuple[str, ...]) -> Iterator[str]:
    """Go through the printed text with what should stand there; after a difference, look for the next known words."""
    rest = _without_frames(pages)
    lost = False
    for name, parts in (*front(content).items(), *listing(content).items()):
        text = _squeezed("".join(parts))
        place = rest.find(text) if lost else 0
        if place >= 0 and rest.startswith(text, place):
            rest, lost = rest[place + len(text) :], False
        else:
            lost = True
            yield name
    if rest and not lost:
        yield "printed"


def _without_frames(pages: tuple[str, ...]) -> str:
    """All pages as one text, without feet and repeated head rows; a missing foot leaves the page as it is."""
    head, texts = _squeezed("".join(LIST_HEAD)), [_squeezed(pages[0])]
    for number, page in enumerate(pages[1:], 2):
        text = _squeezed(page).removesuffix(_squeezed(f"{''.join(FOOT)}Halaman {number} dari {len(pages)}"))
        texts.append(text.removeprefix(head) if number > 2 else text)  # noqa: PLR2004 - the list begins on page 2
    return "".join(texts)


def _squeezed(text: str) -> str:
    return _LAYOUT.sub("", text)
