"""A certificate read back: equal to its content, or the parts that differ by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from forms.certificate import ATTACHMENT
from forms.certificate_pdf import draw_certificate
from forms.typesetting.fonts import FontFamily
from parsers.certificate import UnreadableCertificate, differences, read_certificate
from support import certificate_contents as certified

CONTENT = certified.content()


@pytest.fixture(scope="module")
def fonts() -> FontFamily:
    return FontFamily()


@pytest.fixture(scope="module")
def drawn(fonts: FontFamily) -> bytes:
    return draw_certificate(CONTENT, fonts)


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return the file with this change."""
    with pikepdf.open(BytesIO(pdf)) as document:
        change(document)
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def with_attachment(pdf: bytes, attachment: bytes) -> bytes:
    def attach(document: pikepdf.Pdf) -> None:
        document.attachments[ATTACHMENT] = attachment

    return changed(pdf, attach)


@pytest.mark.parametrize("activities", [0, 1, 25, 60])
def test_what_was_drawn_reads_back_without_difference(activities: int, fonts: FontFamily) -> None:
    content = certified.content(activities, **certified.LONG)
    assert differences(content, draw_certificate(content, fonts)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        certified.LONG,
        {"name": "Contoh Faṣīḥ, fi fl ffi AVATAR"},
        {"name": "Contoh q\u0323\u0304, x\u0323"},
        {"name": "Contoh  Jarak\u00a0Ganda\u00ad"},
        {"agency": "KEMENTERIAN CONTOH PENDAYAGUNAAN APARATUR NEGARA DAN REFORMASI BIROKRASI REPUBLIK"},
        {"place": "Kota Contoh dengan Nama yang Panjang Sekali di Tepi Danau", "norms": ()},
        {"check_url": f"https://contoh.example/{'sertifikat/' * 12}CMB-2026-000123-K7Q2M9XD"},
    ],
)
def test_unusual_texts_read_back_without_difference(changes: dict[str, Any], fonts: FontFamily) -> None:
    content = certified.content(3, **changes)
    pdf = draw_certificate(content, fonts)
    assert differences(content, pdf) == ()
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 2


def test_norms_over_several_pages_read_back_without_difference(fonts: FontFamily) -> None:
    content = certified.content(3, norms=("Norma yang panjang, berkali-kali dikutip. " * 12,) * 14)
    assert differences(content, draw_certificate(content, fonts)) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "CMB-2026-000124-K7Q2M9XD"),
        ("year", 2025),
        ("nip", "199708212020122006"),
        ("name", "Contoh Pegawai"),
        ("grade", "Penata, III/c"),
        ("position", "Analis SDM"),
        ("unit", "Biro"),
        ("total_jp", Decimal("0.8")),
        ("target", Decimal(2)),
        ("norms", ("Contoh norma kedua",)),
        ("place", "Bandung"),
        ("official_name", "Contoh Pejabat"),
        ("official_nip", "197203151998031001"),
        ("official_position", "Kepala"),
        ("check_url", "https://lain.example/periksa/CMB-2026-000123-K7Q2M9XD"),
        ("agency", "BADAN"),
    ],
)
def test_a_page_that_shows_another_value_names_the_field(field: str, value: Any, drawn: bytes) -> None:
    other = replace(CONTENT, **{field: value})
    assert field in differences(other, drawn)
    # ... also when the attachment is right and only the page differs.
    assert differences(other, with_attachment(drawn, json.dumps(other.to_json()).encode()))


def test_an_attachment_that_says_something_else_names_the_field(drawn: bytes) -> None:
    payload = CONTENT.to_json() | {"total_jp": "40", "extra": 1}
    assert differences(CONTENT, with_attachment(drawn, json.dumps(payload).encode())) == ("total_jp", "extra")


def test_a_row_that_differs_is_named_by_its_place(drawn: bytes) -> None:
    third = replace(CONTENT.activities[2], jp=Decimal(20))
    other = replace(CONTENT, activities=(*CONTENT.activities[:2], third, *CONTENT.activities[3:]))
    pdf = with_attachment(drawn, json.dumps(other.to_json()).encode())
    assert differences(other, pdf) == ("activities[3]",)


def test_text_added_to_a_page_is_noticed(drawn: bytes) -> None:
    def add(document: pikepdf.Pdf) -> None:
        drawing = list(pikepdf.parse_content_stream(document.pages[1]))
        first = next(position for position, instruction in enumerate(drawing) if str(instruction.operator) == "TJ")
        font = next(instruction for instruction in reversed(drawing[:first]) if str(instruction.operator) == "Tf")
        text = pikepdf.unparse_content_stream([font, drawing[first]])
        document.pages[1].contents_add(b"BT 100 100 Td %s ET" % text)

    assert differences(CONTENT, changed(drawn, add))


@pytest.mark.parametrize("operators", [b"BT /F 9 Tf (JP) Tj ET", b"BI /W 1 /H 1 /BPC 1 /CS /G ID 1 EI", b"/Lain Do"])
def test_drawing_that_we_never_use_is_not_taken_for_ours(operators: bytes, drawn: bytes) -> None:
    def add(document: pikepdf.Pdf) -> None:
        document.pages[0].add_resource(
            pikepdf.Stream(document, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image),
            pikepdf.Name.XObject,
            pikepdf.Name.Lain,
        )
        document.pages[0].contents_add(operators)

    with pytest.raises(UnreadableCertificate, match=r"certificate_unreadable\.drawing"):
        differences(CONTENT, changed(drawn, add))


def test_the_facts_on_paper_are_read_without_the_attachment(drawn: bytes) -> None:
    def detach(document: pikepdf.Pdf) -> None:
        del document.attachments[ATTACHMENT]

    reading = read_certificate(changed(drawn, detach))
    assert reading.content_json == {}
    assert reading.printed is not None
    assert (reading.printed.name, reading.printed.nip) == (CONTENT.name, CONTENT.nip)
    assert (reading.printed.total_jp, reading.printed.activities) == (CONTENT.total_jp, 10)
    assert reading.printed.year == CONTENT.year
    assert reading.claimed_number == CONTENT.number


def test_the_attachment_is_read_when_the_page_became_another(drawn: bytes) -> None:
    def swap(document: pikepdf.Pdf) -> None:
        document.pages.reverse()

    reading = read_certificate(changed(drawn, swap))
    assert reading.printed is None
    assert reading.content_json == CONTENT.to_json()
    assert reading.claimed_number == CONTENT.number


@pytest.mark.parametrize("broken", [b"", b"bukan pdf", b"%PDF-1.7\nrusak"])
def test_a_file_that_is_no_pdf_is_refused_in_words(broken: bytes) -> None:
    with pytest.raises(UnreadableCertificate, match="certificate_unreadable"):
        read_certificate(broken)


def test_a_pdf_that_is_no_certificate_is_refused_in_words() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = BytesIO()
        pdf.save(out)
    with pytest.raises(UnreadableCertificate, match=r"certificate_unreadable\.not_ours"):
        read_certificate(out.getvalue())


@pytest.mark.parametrize("attachment", [b"[1]", b"{", b"\xff\xfe"])
def test_an_attachment_that_is_not_our_data_is_refused_in_words(attachment: bytes, drawn: bytes) -> None:
    with pytest.raises(UnreadableCertificate, match=r"certificate_unreadable\.(no_)?data"):
        differences(CONTENT, with_attachment(drawn, attachment))


def test_a_file_with_very_many_pages_is_refused(drawn: bytes) -> None:
    def multiply(document: pikepdf.Pdf) -> None:
        for _ in range(60):
            document.pages.append(document.pages[1])

    with pytest.raises(UnreadableCertificate, match=r"certificate_unreadable\.not_ours"):
        differences(CONTENT, changed(drawn, multiply))
