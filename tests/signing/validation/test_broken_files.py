"""Files that break readers end in a report: never an exception, never a hang, never a pass."""

from __future__ import annotations

import io
import random
import zlib

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.report import LARGEST, Indication, Report
from signing.validation.inspect import inspect
from support.examples import examples
from support.pki import Office, only_signature, open_office, sign_slot
from support.said import advice, said
from support.small_forms import blank


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    once = sign_slot(blank(), "ttd_pegawai", office.people[0])
    return sign_slot(once, "ttd_pembimbing", office.people[1], timestamper=office.timestamper())


def code(report: Report) -> str:
    assert not report.readable
    assert report.signatures == ()
    assert report.problem is not None
    assert said(report.problem)
    assert advice(report.problem)
    return report.problem.code


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"\0" * 3000, b"%PDF-1.7\nstartxref\n5\n%%EOF\n"],
)
def test_what_is_no_pdf_is_said_to_be_broken(content: bytes, office: Office) -> None:
    assert code(office.inspect(content)) == "broken_pdf"


def test_bytes_before_the_header_are_named(signed: bytes, office: Office) -> None:
    report = office.inspect(b"\n" + signed)
    assert code(report) == "bytes_before_header"
    assert report.problem is not None
    assert "palsu" not in said(report.problem)


def test_a_file_beyond_the_limit_is_not_read(office: Office) -> None:
    assert code(office.inspect(b"%PDF-1.7\n" + bytes(LARGEST))) == "too_large"


def test_a_password_is_named(office: Office) -> None:
    with pikepdf.open(io.BytesIO(blank())) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(user="rahasia", owner="rahasia"))
    assert code(office.inspect(out.getvalue())) == "encrypted"


def test_an_unsigned_form_has_no_signatures(office: Office) -> None:
    report = office.inspect(blank())
    assert report.readable
    assert report.signatures == ()


def test_a_truncated_file_never_passes(signed: bytes, office: Office) -> None:
    for size in range(len(signed) - 6, 0, -997):
        report = office.inspect(signed[:size])
        assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)


def test_absurd_cross_reference_sizes_end(office: Office) -> None:
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    table = head + b"xref\n0 2147483647\n0000000000 65535 f \ntrailer\n<< /Size 2147483647 /Root 1 0 R >>\n"
    report = office.inspect(table + b"startxref\n%d\n%%%%EOF\n" % len(head))
    assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)
    body = zlib.compress(bytes(7 * 4))
    stream = (
        b"9 0 obj\n<< /Type /XRef /Size 2147483647 /Index [0 2147483647] /W [0 0 0] /Root 1 0 R /Filter /FlateDecode"
        b" /Length %d >>\nstream\n" % len(body)
    )
    report = office.inspect(head + stream + body + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head))
    assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)


def test_cross_references_in_a_circle_end(office: Office) -> None:
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 3 /Root 1 0 R /Prev %d >>\n" % len(head)
    report = office.inspect(head + table + b"startxref\n%d\n%%%%EOF\n" % len(head))
    assert code(report) == "broken_pdf"


def test_deep_nesting_ends(office: Office) -> None:
    nest = b"[" * 20000 + b"]" * 20000
    head = b"%PDF-1.7\n"
    first = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /AcroForm " + nest + b" >>\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n%010d 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R >>\n" % len(head)
    report = office.inspect(head + first + table + b"startxref\n%d\n%%%%EOF\n" % len(head + first))
    assert code(report) == "broken_pdf"


def test_fields_and_pages_that_contain_themselves_end(office: Office) -> None:
    for knot in (b"/Kids [2 0 R]", b"/Pages 2 0 R"):
        head = b"%PDF-1.7\n"
        first = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [2 0 R] >> >>\nendobj\n"
        second = b"2 0 obj\n<< /Type /Pages /T (x) " + knot + b" /Count 1 >>\nendobj\n"
        places = (len(head), len(head + first))
        table = b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % places
        trailer = b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(head + first + second)
        report = office.inspect(head + first + second + table + trailer)
        assert report.signatures == ()


@settings(max_examples=examples(120), deadline=None)
@given(data=st.data())
def test_no_mutation_of_covered_bytes_ever_passes(data: st.DataObject) -> None:
    office, pdf = _once()
    place = data.draw(st.integers(0, len(pdf) - 1))
    other = data.draw(st.integers(1, 255))
    forged = bytearray(pdf)
    forged[place] ^= other
    report = office.inspect(bytes(forged))
    gap = slice(*_gap(pdf))
    if not gap.start <= place < gap.stop:
        assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)


def test_mutations_of_the_value_itself_never_turn_it_into_another_s(office: Office) -> None:
    """Inside the gap a byte may be written in another case; whatever passes is still the same signer's signature."""
    pdf = sign_slot(blank(), "ttd_pegawai", office.people[0])
    start, stop = _gap(pdf)
    good = only_signature(office.inspect(pdf)).signer
    chance = random.Random(7)
    for _ in range(60):
        forged = bytearray(pdf)
        forged[chance.randrange(start, stop)] ^= chance.randrange(1, 256)
        for signature in office.inspect(bytes(forged)).signatures:
            assert signature.indication is not Indication.TOTAL_PASSED or signature.signer == good


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 4000), junk=st.binary(max_size=200), at=st.integers(0, 40000))
def test_any_splice_ends_in_a_report(cut: int, junk: bytes, at: int) -> None:
    office, pdf = _once()
    forged = pdf[:at] + junk + pdf[at + cut :]
    report = inspect(forged, trust=office.trust())
    assert report.readable == (report.problem is None)
    if forged != pdf and forged[: len(pdf)] != pdf:
        assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)


def _gap(pdf: bytes) -> tuple[int, int]:
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


_KEPT: list[tuple[Office, bytes]] = []


def _once() -> tuple[Office, bytes]:
    """One office and one signed form for all examples; hypothesis and module fixtures do not mix."""
    if not _KEPT:
        office = open_office()
        _KEPT.append((office, sign_slot(blank(), "ttd_pegawai", office.people[0])))
    return _KEPT[0]
