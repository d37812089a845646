"""A certificate read back: what its attachment says, what its pages show, and where they differ from a content."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeVar

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError

from forms.certificate import ATTACHMENT, CertificateContent
from forms.certificate_pdf import FOOT, LIST_HEAD, front, listing
from parsers.errors import ParsersError, broken, encrypted, too_complex
from parsers.pdf import LARGEST, refuse_at_once

_T = TypeVar("_T")

_MOST_PAGES = 60
_FRONT = re.compile(
    r"Nomor (?P<number>\S+) diberikan kepada (?P<name>.+) NIP (?P<nip>\d{8} \d{6} \d \d{3}) · .+ "
    r"selama tahun (?P<year>\d{4}) .+ terverifikasi (?P<jp>\d+(?:,\d+)?) JP .+ Jumlah (?P<activities>\d+) (?P=jp) "
)
# Line breaks and the dots between parts on one line are the layout's, not the content's.
_LAYOUT = re.compile(r"[\s\u00ad·]+")


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

    The attachment must have the same keys and values; the pages exactly the words of `forms.certificate_pdf` in
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


# --- Opens untrusted PDF bytes with pypdf inside limits; whatever the library raises leaves here as `Unreadable`

# pypdf tells its repairs to the log; without any handler Python would print them on the person's terminal.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def reading(pdf: bytes, look: Callable[[PdfReader], _T]) -> _T:
    """Give the opened file to `look` and return its answer; Unreadable for whatever goes wrong in there.

    Limits: 32 MiB of file, 16 MiB per decoded stream, bounded trees. pypdf repairs what it can; whether a file was
    signed as it stands is never decided from here.
    """
    refuse_at_once(pdf)
    try:
        with apply_configuration(
            disable_legacy_handling=True,
            maximum_declared_stream_length=LARGEST,
            zlib_maximum_output_length=16 * 2**20,
            lzw_maximum_output_length=16 * 2**20,
            run_length_maximum_output_length=16 * 2**20,
            brotli_maximum_output_length=16 * 2**20,
            array_based_stream_maximum_output_length=16 * 2**20,
            stream_decoding_work_maximum_length=48 * 2**20,
            zlib_maximum_recovery_input_length=2**16,
            jbig2dec_binary=None,
        ):
            reader = PdfReader(BytesIO(pdf), root_object_recovery_limit=1000, xref_stream_maximum_entries=200_000)
            return _look(reader, look)
    except ParsersError:
        raise
    except (LimitReachedError, MemoryError, RecursionError) as error:
        raise too_complex() from error
    except Exception as error:  # the library's own promise: broken files might cause any exception
        raise broken() from error


def _look(reader: PdfReader, look: Callable[[PdfReader], _T]) -> _T:
    if reader.is_encrypted:
        raise encrypted()
    return look(reader)


# --- The words a page drawn by us shows, in drawing order; quick, and strict: what it does not know it refuses

# Numbers, white space and brackets say where text stands, not what it says; so do lines and their colours, which take
# numbers only. One token for a whole run of them, and one for all strings that an operator shows.
_TOKEN = re.compile(
    rb"(?P<lines>(?:[\s\d.+\-]*+(?:re|rg|RG|cm|[WfBb]\*|[mlchvyqQSsfFBbnWwJjMG])(?=\s))+)"
    rb"|(?P<hex>(?:<[0-9A-Fa-f\s]*>[\s\d.+\-\[\]]*)+)|[\s\d.+\-\[\]]+"
    rb"|(?P<name>/[^\s<>\[\]()/%{}]+)|(?P<operator>[A-Za-z'\"*]\w*\*?)|<<[^<>()]*>>"
)
_BETWEEN = re.compile(rb">[^<]*|[<\s]")
_PAIRS = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<((?:[0-9A-Fa-f]{4})+)>\s*\n")
_FONT, _SHOW, _END, _DRAW = b"Tf", {b"Tj", b"TJ"}, b"ET", b"Do"
# Other ways to show text or pictures: never drawn by us.
_STRANGE = {b"'", b'"', b"BI", b"ID", b"EI", b"sh"}


class UnknownDrawing(ValueError):
    """Something in the page that a page of ours does not have."""


def shown(page: PageObject) -> str:
    """The page's words, each text object on a line of its own. UnknownDrawing for what cannot be said for sure."""
    resources: Any = page.get("/Resources", {})
    try:
        return "".join(_words(_content(page.get_contents()), resources.get_object(), depth=0))
    except (LookupError, AttributeError) as error:  # a name without a resource, an operator without its operands
        raise UnknownDrawing(f"{error}") from error


def _words(content: bytes, resources: Any, *, depth: int) -> Iterator[str]:
    fonts: dict[bytes, Mapping[int, str]] = {}
    face: Mapping[int, str] | None = None
    names: list[bytes] = []
    strings: list[bytes] = []
    for kind, token in _tokens(content):
        if kind == "name":
            names.append(token)
        elif kind == "hex":
            strings.append(_BETWEEN.sub(b"", token))
        elif kind == "lines":
            names, strings = [], []
        elif kind == "operator":
            if token == _FONT:
                name = names[-1]
                if name not in fonts:
                    fonts[name] = _unicode(resources["/Font"][name.decode("ascii")])
                face = fonts[name]
            elif token in _SHOW:
                yield _read(strings, face)
            elif token == _END:
                yield "\n"
            elif token == _DRAW:
                yield from _drawn(resources["/XObject"][names[-1].decode("ascii")], depth=depth)
            elif token in _STRANGE:
                raise UnknownDrawing(token.decode("ascii"))
            names, strings = [], []


def _tokens(content: bytes) -> Iterator[tuple[str, bytes]]:
    place = 0
    for found in _TOKEN.finditer(content):
        if found.start() != place:
            break
        place = found.end()
        if found.lastgroup:
            yield found.lastgroup, found.group()
    if place != len(content):
        raise UnknownDrawing(f"bita ke-{place}")


def _drawn(reference: Any, *, depth: int) -> Iterator[str]:
    """Text may hide in drawings too; pictures and drawings in drawings in drawings are not ours."""
    drawing = reference.get_object()
    if drawing.get("/Subtype") != "/Form" or depth > 1:
        raise UnknownDrawing("Do")
    yield from _words(drawing.get_data(), drawing.get("/Resources", {}), depth=depth + 1)


def _read(strings: list[bytes], face: Mapping[int, str] | None) -> str:
    if face is None:
        raise UnknownDrawing("Tf")
    codes = bytes.fromhex(b"".join(strings).decode("ascii"))
    if len(codes) % 2:
        raise UnknownDrawing("Tj")
    numbers = (codes[place] << 8 | codes[place + 1] for place in range(0, len(codes), 2))
    try:
        return "".join(face[number] for number in numbers)
    except KeyError as error:
        raise UnknownDrawing("ToUnicode") from error


def _unicode(reference: Any) -> Mapping[int, str]:
    """Glyph number to characters, from a font's ToUnicode as our pages have it (`beginbfchar` only)."""
    font = reference.get_object()
    table = font["/ToUnicode"].get_object().get_data()
    if font.get("/Encoding") != "/Identity-H" or b"bfrange" in table:
        raise UnknownDrawing("/Encoding")
    _, _, pairs = table.partition(b"beginbfchar")
    return {
        int(code, 16): bytes.fromhex(text.decode("ascii")).decode("utf-16-be") for code, text in _PAIRS.findall(pairs)
    }


def _content(content: Any) -> bytes:
    return b"" if content is None else bytes(content.get_data())
