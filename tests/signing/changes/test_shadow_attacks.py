"""Shadow attacks: signed references to objects that are added later."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from signing.report import Changes, Indication, Report
from support.incremental_updates import raw_revision
from support.pki import Office, only_signature, open_office, sign_slot
from support.small_forms import blank

DRAWING = b"BT /Helv 12 Tf 60 500 Td (20 JP) Tj ET"


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def numbers(pdf: bytes) -> tuple[int, int]:
    """Object numbers of the first page and of its content."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0].obj
        return page.objgen[0], page.Contents.objgen[0]


def written(pdf: bytes, number: int) -> bytes:
    """An object as text."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return bytes(document.get_object(number, 0).unparse(resolved=True))


def assert_refused(report: Report) -> None:
    signature = only_signature(report)
    assert signature.intact
    assert signature.valid
    assert (signature.indication, signature.permitted) == (Indication.TOTAL_FAILED, False)
    assert signature.changes_after is Changes.OTHER


def with_page(pdf: bytes, change: Callable[[bytes], bytes], **objects: bytes) -> bytes:
    """A revision in which the page is written another way; further objects as `o900=b"..."`."""
    page, _ = numbers(pdf)
    more = {int(name[1:]): content for name, content in objects.items()}
    return raw_revision(pdf, {page: change(written(pdf, page)), **more})


def test_a_drawing_that_was_referred_to_before_it_existed_is_refused(office: Office) -> None:
    form = blank()
    _, content = numbers(form)
    trap = with_page(
        form, lambda page: page.replace(b"/Contents %d 0 R" % content, b"/Contents [%d 0 R 990 0 R]" % content)
    )
    signed = sign_slot(trap, "ttd_pegawai", office.people[0])
    assert only_signature(office.inspect(signed)).indication is Indication.TOTAL_PASSED
    assert_refused(office.inspect(raw_revision(signed, {990: stream(DRAWING)})))


def test_a_comment_does_not_hide_a_reference(office: Office) -> None:
    form = blank()
    _, content = numbers(form)
    hidden = b"/Contents [%d 0 R 990 %%\n0 R]" % content
    trap = with_page(form, lambda page: page.replace(b"/Contents %d 0 R" % content, hidden))
    signed = sign_slot(trap, "ttd_pegawai", office.people[0])
    report = office.inspect(raw_revision(signed, {990: stream(DRAWING)}))
    assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)


def test_an_object_stream_that_was_pointed_into_before_it_existed_is_refused(office: Office) -> None:
    form = blank()
    _, content = numbers(form)
    prepared = with_page(
        form, lambda page: page.replace(b"/Contents %d 0 R" % content, b"/Contents [%d 0 R 995 0 R]" % content)
    )
    trap = with_packed_entry(prepared, number=995, container=996)
    signed = sign_slot(trap, "ttd_pegawai", office.people[0])
    packed = stream(b"995 0 [%d 0 R]" % content, b"/Type /ObjStm /N 1 /First 6")
    assert_refused(office.inspect(raw_revision(signed, {996: packed})))


def with_packed_entry(pdf: bytes, *, number: int, container: int) -> bytes:
    """Append a cross-reference stream that says an object is packed in a stream that does not exist."""
    root = re.findall(rb"/Root (\d+) 0 R", pdf)[-1]
    previous = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    at = len(pdf) + 1
    rows = b"\x02" + container.to_bytes(4, "big") + b"\0" + b"\x01" + at.to_bytes(4, "big") + b"\0"
    body = zlib.compress(rows)
    entries = b"/Type /XRef /W [1 4 1] /Index [%d 1 997 1] /Size 998 /Root %s 0 R /Prev %s /Filter /FlateDecode" % (
        number,
        root,
        previous,
    )
    return pdf + b"\n997 0 obj\n" + stream(body, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def polyglot(drawing: bytes) -> bytes:
    """DER to a verifier, a drawing to a viewer."""
    return b"\x30" + bytes((len(drawing) + 1,)) + b" " + drawing


def test_a_revocation_list_that_is_also_the_page_is_refused(office: Office) -> None:
    """The array of the security store doubles as the page's content; afterwards it names another drawing."""
    form = blank()
    page, content = numbers(form)
    root = written(form, root_of(form))
    trap = raw_revision(
        form,
        {
            page: written(form, page).replace(b"/Contents %d 0 R" % content, b"/Contents 993 0 R"),
            root_of(form): root[: root.rindex(b">>")] + b"/DSS << /Certs 993 0 R >> >>",
            993: b"[992 0 R]",
            992: stream(polyglot(b"BT /Helv 12 Tf 60 780 Td (FORMULIR CONTOH) Tj ET")),
        },
    )
    signed = sign_slot(trap, "ttd_pegawai", office.people[0])
    assert_refused(office.inspect(raw_revision(signed, {993: b"[994 0 R]", 994: stream(polyglot(DRAWING))})))


def root_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return int(document.Root.objgen[0])


def test_a_key_said_twice_is_refused(office: Office) -> None:
    """Some readers take the first, some the last."""
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    _, content = numbers(signed)

    def twice(page: bytes) -> bytes:
        return page.replace(b"/Contents %d 0 R" % content, b"/Contents %d 0 R /Contents 990 0 R" % content)

    assert_refused(office.inspect(with_page(signed, twice, o990=stream(DRAWING))))


def test_a_key_said_twice_in_another_spelling_is_refused(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    _, content = numbers(signed)

    def twice(page: bytes) -> bytes:
        return page.replace(b"/Contents %d 0 R" % content, b"/Contents %d 0 R /C#6fntents 990 0 R" % content)

    assert_refused(office.inspect(with_page(signed, twice, o990=stream(DRAWING))))


def test_the_same_page_written_again_passes(office: Office) -> None:
    """The tests above refuse the forgery, not the rewriting."""
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    assert only_signature(office.inspect(with_page(signed, bytes))).indication is Indication.TOTAL_PASSED


def test_an_object_stream_of_the_signed_revision_rewritten_is_refused(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    number, length = re.findall(rb"(\d+) 0 obj\n<< /Type /ObjStm /Length (\d+)", signed)[0]
    start = signed.index(b"stream\n", signed.index(b"/ObjStm")) + 7
    content = zlib.decompress(signed[start : start + int(length)]).replace(b"Belajar menulis", b"Belajar menipu!")
    head = re.findall(rb"/N \d+ /First \d+", signed)[0]
    assert_refused(office.inspect(raw_revision(signed, {int(number): stream(content, b"/Type /ObjStm " + head)})))


def test_another_generation_of_a_used_number_is_refused(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    _, content = numbers(signed)
    forged = raw_revision(signed, {content: stream(DRAWING)})
    was, becomes = (b"\n%d %d obj\n<< /Length %d " % (content, digit, len(DRAWING)) for digit in (0, 1))
    forged = forged.replace(was, becomes)
    forged = re.sub(rb"(\n%d 1\n\d{10} )00000 n" % content, rb"\g<1>00001 n", forged)
    assert forged.startswith(signed)
    assert_refused(office.inspect(forged))
