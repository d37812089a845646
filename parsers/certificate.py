"""Read a certificate back: its attachment, the text of its pages, and where they differ from a content."""

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
from forms.certificate_pdf import FOOT, LIST_HEAD, front_texts, list_texts
from parsers.errors import ParsersError, broken_file, encrypted, too_complex
from parsers.pdf import LARGEST, refuse_oversized_or_not_pdf

_T = TypeVar("_T")

_MOST_PAGES = 60
_FRONT = re.compile(
    r"Nomor (?P<number>\S+) diberikan kepada (?P<name>.+) NIP (?P<nip>\d{8} \d{6} \d \d{3}) · .+ "
    r"selama tahun (?P<year>\d{4}) .+ terverifikasi (?P<jp>\d+(?:,\d+)?) JP .+ Jumlah (?P<activities>\d+) (?P=jp) "
)
# Line breaks, and the dots between parts on one line, are layout and not content.
_LAYOUT = re.compile(r"[\s\u00ad·]+")


class UnreadableCertificate(ParsersError):
    """The file is not a readable certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCertificate:
    """The facts printed on the first page. `nip` is without spaces, `activities` the number of those counted."""

    number: str
    name: str
    nip: str
    year: int
    total_jp: Decimal
    activities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReading:
    """The attachment as JSON (empty when there is none), and the facts of the first page (None when it has none)."""

    content_json: dict[str, Any]
    printed: PrintedCertificate | None

    @property
    def claimed_number(self) -> str | None:
        """The number in the attachment, else that on the first page."""
        number = self.content_json.get("number")
        if isinstance(number, str):
            return number
        return self.printed.number if self.printed else None


def read_certificate(pdf: bytes) -> CertificateReading:
    """Read a certificate; UnreadableCertificate when neither attachment nor first page are those of one.

    Also reads files that other programs rewrote. It checks neither who sealed the file, nor whether both agree.
    """
    attachment, first = _read(pdf, lambda reader: (_attachment(reader), reader.pages[0].extract_text()))
    printed = _printed_facts(first)
    if attachment is None and printed is None:
        raise UnreadableCertificate("certificate_unreadable.not_ours")
    return CertificateReading(content_json=_attached_payload(attachment), printed=printed)


def differences(content: CertificateContent, pdf: bytes) -> tuple[str, ...]:
    """Return the names of everything in which attachment or pages differ from `content`; empty when all agree.

    The attachment must have the same keys and values; the pages exactly the texts of `forms.certificate_pdf` in reading
    order, and no others (`printed` stands for these). UnreadableCertificate for a file that is not a certificate as
    this service draws and seals it.
    """
    attachment, pages = _read(pdf, lambda reader: (_attachment(reader), _page_texts(reader)))
    expected, payload = content.to_json(), _attached_payload(attachment)
    missing = object()
    keys = (*expected, *(key for key in payload if key not in expected))
    names = [key for key in keys if expected.get(key, missing) != payload.get(key, missing)]
    return tuple(dict.fromkeys((*names, *_differing_texts(content, pages))))


def _read(pdf: bytes, read: Callable[[PdfReader], _T]) -> _T:
    try:
        return read_with_pypdf(pdf, read)
    except UnreadableCertificate:
        raise
    except ParsersError as error:
        raise UnreadableCertificate("certificate_unreadable", cause=error) from error


def _attachment(reader: PdfReader) -> bytes | None:
    """Return the attachment; None where there is none, or more than one of the name."""
    attachment = reader.attachments.get(ATTACHMENT, [])
    return attachment[0] if len(attachment) == 1 else None


def _page_texts(reader: PdfReader) -> tuple[str, ...]:
    if len(reader.pages) > _MOST_PAGES:
        raise UnreadableCertificate("certificate_unreadable.not_ours")
    try:
        return tuple(page_text(page) for page in reader.pages)
    except UnknownDrawing as error:
        raise UnreadableCertificate("certificate_unreadable.drawing", what=str(error)) from error


def _attached_payload(attachment: bytes | None) -> dict[str, Any]:
    try:
        payload = json.loads(attachment or b"{}")
    except (ValueError, RecursionError) as error:
        raise UnreadableCertificate("certificate_unreadable.data") from error
    if not isinstance(payload, dict):
        raise UnreadableCertificate("certificate_unreadable.no_data")
    return payload


def _printed_facts(first: str) -> PrintedCertificate | None:
    match = _FRONT.search(" ".join(first.split()))
    return match and PrintedCertificate(
        number=match["number"],
        name=match["name"],
        nip=match["nip"].replace(" ", ""),
        year=int(match["year"]),
        total_jp=Decimal(match["jp"].replace(",", ".")),
        activities=int(match["activities"]),
    )


def _differing_texts(content: CertificateContent, pages: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of texts that the pages lack; after a missing one, go on at the next text that is there."""
    rest = _without_feet_and_heads(pages)
    lost = False
    for name, parts in (*front_texts(content).items(), *list_texts(content).items()):
        text = _without_layout("".join(parts))
        position = rest.find(text) if lost else 0
        if position >= 0 and rest.startswith(text, position):
            rest, lost = rest[position + len(text) :], False
        else:
            lost = True
            yield name
    if rest and not lost:
        yield "printed"


def _without_feet_and_heads(pages: tuple[str, ...]) -> str:
    """Return all pages as one text, without feet and repeated head rows; a page without its foot stays as it is."""
    head, texts = _without_layout("".join(LIST_HEAD)), [_without_layout(pages[0])]
    for number, page in enumerate(pages[1:], 2):
        text = _without_layout(page).removesuffix(_without_layout(f"{''.join(FOOT)}Halaman {number} dari {len(pages)}"))
        texts.append(text.removeprefix(head) if number > 2 else text)  # noqa: PLR2004 - the list begins on page 2
    return "".join(texts)


def _without_layout(text: str) -> str:
    return _LAYOUT.sub("", text)


# --- Untrusted PDFs with pypdf, within limits

# pypdf logs its repairs; without a handler Python would print them on the terminal.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def read_with_pypdf(pdf: bytes, read: Callable[[PdfReader], _T]) -> _T:
    """Open the file, and return what `read` returns for it; Unreadable for any failure in there.

    Limits: 32 MiB of file, 16 MiB per decoded stream, bounded trees. pypdf repairs what it can, so nothing about
    signatures may be decided from what it reads.
    """
    refuse_oversized_or_not_pdf(pdf)
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
            if reader.is_encrypted:
                raise encrypted()
            return read(reader)
    except ParsersError:
        raise
    except (LimitReachedError, MemoryError, RecursionError) as error:
        raise too_complex() from error
    except Exception as error:  # pypdf documents that broken files may cause any exception
        raise broken_file() from error


# --- Text of a page drawn by us, in drawing order; anything that we do not draw is refused

# Numbers, white space and brackets only place text; so do lines and colours, which take numbers only. A run of them is
# one token, and so are all strings that one operator shows.
_TOKEN = re.compile(
    rb"(?P<lines>(?:[\s\d.+\-]*+(?:re|rg|RG|cm|[WfBb]\*|[mlchvyqQSsfFBbnWwJjMG])(?=\s))+)"
    rb"|(?P<hex>(?:<[0-9A-Fa-f\s]*>[\s\d.+\-\[\]]*)+)|[\s\d.+\-\[\]]+"
    rb"|(?P<name>/[^\s<>\[\]()/%{}]+)|(?P<operator>[A-Za-z'\"*]\w*\*?)|<<[^<>()]*>>"
)
_OUTSIDE_HEX = re.compile(rb">[^<]*|[<\s]")
_PAIRS = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<((?:[0-9A-Fa-f]{4})+)>\s*\n")
_FONT, _SHOW, _END, _DRAW = b"Tf", {b"Tj", b"TJ"}, b"ET", b"Do"
# Other ways to show text or pictures, which we never use.
_NEVER_DRAWN = {b"'", b'"', b"BI", b"ID", b"EI", b"sh"}


class UnknownDrawing(ValueError):
    """The page has something that our pages do not have."""


def page_text(page: PageObject) -> str:
    """Return the text of the page, each text object on its own line. UnknownDrawing for anything we do not draw."""
    resources: Any = page.get("/Resources", {})
    try:
        return "".join(_text_parts(_content(page.get_contents()), resources.get_object(), depth=0))
    except (LookupError, AttributeError) as error:  # a name without a resource, an operator without its operands
        raise UnknownDrawing(f"{error}") from error


def _text_parts(content: bytes, resources: Any, *, depth: int) -> Iterator[str]:
    fonts: dict[bytes, Mapping[int, str]] = {}
    to_unicode: Mapping[int, str] | None = None
    names: list[bytes] = []
    strings: list[bytes] = []
    for kind, token in _tokens(content):
        if kind == "name":
            names.append(token)
        elif kind == "hex":
            strings.append(_OUTSIDE_HEX.sub(b"", token))
        elif kind == "lines":
            names, strings = [], []
        elif kind == "operator":
            if token == _FONT:
                name = names[-1]
                if name not in fonts:
                    fonts[name] = _to_unicode(resources["/Font"][name.decode("ascii")])
                to_unicode = fonts[name]
            elif token in _SHOW:
                yield _decode(strings, to_unicode)
            elif token == _END:
                yield "\n"
            elif token == _DRAW:
                yield from _xobject_text(resources["/XObject"][names[-1].decode("ascii")], depth=depth)
            elif token in _NEVER_DRAWN:
                raise UnknownDrawing(token.decode("ascii"))
            names, strings = [], []


def _tokens(content: bytes) -> Iterator[tuple[str, bytes]]:
    position = 0
    for match in _TOKEN.finditer(content):
        if match.start() != position:
            break
        position = match.end()
        if match.lastgroup:
            yield match.lastgroup, match.group()
    if position != len(content):
        raise UnknownDrawing(f"bita ke-{position}")


def _xobject_text(reference: Any, *, depth: int) -> Iterator[str]:
    """Yield the text of a form XObject, which may have another one inside. Our pages have no pictures."""
    drawing = reference.get_object()
    if drawing.get("/Subtype") != "/Form" or depth > 1:
        raise UnknownDrawing("Do")
    yield from _text_parts(drawing.get_data(), drawing.get("/Resources", {}), depth=depth + 1)


def _decode(strings: list[bytes], to_unicode: Mapping[int, str] | None) -> str:
    if to_unicode is None:
        raise UnknownDrawing("Tf")
    codes = bytes.fromhex(b"".join(strings).decode("ascii"))
    if len(codes) % 2:
        raise UnknownDrawing("Tj")
    numbers = (codes[position] << 8 | codes[position + 1] for position in range(0, len(codes), 2))
    try:
        return "".join(to_unicode[number] for number in numbers)
    except KeyError as error:
        raise UnknownDrawing("ToUnicode") from error


def _to_unicode(reference: Any) -> Mapping[int, str]:
    """Return characters by glyph number, from the ToUnicode map of our fonts (`beginbfchar` only)."""
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
