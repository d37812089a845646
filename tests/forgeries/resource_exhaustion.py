"""Files made to hang a reader or to fill its memory, within the size limit; functions are named after what they do."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name

from support.broken_forms import PAGE, PAGES, cyclic_fields, cyclic_pages, deep_arrays, deep_fields, raw
from support.filled_forms import filled
from support.hand_made_forms import saved

_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_WITH_FORM = b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>"
_DRAWN = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
_MIB = 2**20


@cache
def _zeros(mebibytes: int) -> bytes:
    """So much of nothing, deflated: one mebibyte over and over (RFC 1951), and the sum of it all (RFC 1950)."""
    deflater = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = deflater.compress(bytes(_MIB)) + deflater.flush(zlib.Z_FULL_FLUSH)
    checked = (mebibytes * _MIB % 65521) << 16 | 1
    return b"\x78\xda" + block * mebibytes + b"\x03\x00" + checked.to_bytes(4, "big")


def _stream(body: bytes, words: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (words, len(body), body)


def page_of(body: bytes, words: bytes) -> bytes:
    return raw({1: _CATALOG, 2: PAGES, 3: _DRAWN, 4: _stream(body, words)})


def deflate_bomb_of_a_gigabyte() -> bytes:
    return page_of(_zeros(1024), b"/Filter/FlateDecode")


def deflate_bomb_in_a_deflate_bomb() -> bytes:
    return page_of(zlib.compress(_zeros(1024), 9), b"/Filter[/FlateDecode/FlateDecode]")


def deflate_bomb_with_a_predictor() -> bytes:
    words = b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647>>"
    return page_of(_zeros(1024), words)


def deflate_bomb_as_object_stream() -> bytes:
    body = _zeros(1024)
    return raw({1: _CATALOG, 2: PAGES, 3: PAGE, 4: _stream(body, b"/Type/ObjStm/N 100000/First 10/Filter/FlateDecode")})


def deflate_bomb_as_cross_references() -> bytes:
    body = _zeros(1024)
    words = b"/Type/XRef/Size 200000000/W[1 4 1]/Root 1 0 R/Filter/FlateDecode"
    head = b"%PDF-1.7\n1 0 obj\n" + _CATALOG + b"\nendobj\n"
    return head + b"9 0 obj\n" + _stream(body, words) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def cross_references_of_two_thousand_million() -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n" + _CATALOG + b"\nendobj\n"
    table = b"xref\n0 2147483647\n0000000000 65535 f \ntrailer\n<</Size 2147483647/Root 1 0 R>>\n"
    return head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)


def cross_references_of_nothing_without_end() -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n" + _CATALOG + b"\nendobj\n"
    words = b"/Type/XRef/Size 2147483647/Index[0 2147483647]/W[0 0 0]/Root 1 0 R/Filter/FlateDecode"
    return (
        head
        + b"9 0 obj\n"
        + _stream(zlib.compress(bytes(28)), words)
        + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)
    )


def cross_references_in_a_circle() -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n" + _CATALOG + b"\nendobj\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 3/Root 1 0 R/Prev %d>>\n" % len(head)
    return head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)


def a_hundred_thousand_revisions() -> bytes:
    out = bytearray(raw({1: _CATALOG, 2: PAGES, 3: PAGE}))
    before = out.rindex(b"xref\n0")
    for _ in range(100_000):
        start = len(out)
        out += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
            before,
            start,
        )
        before = start
    return bytes(out)


def an_array_of_ten_million() -> bytes:
    return raw({1: _WITH_FORM, 2: PAGES, 3: PAGE, 4: b"<</Fields[%s]>>" % (b"0 " * 10_000_000)})


def an_array_of_ten_million_strings() -> bytes:
    return raw({1: _WITH_FORM, 2: PAGES, 3: PAGE, 4: b"<</Fields[%s]>>" % (b"()" * 10_000_000)})


def arrays_a_million_deep() -> bytes:
    value = b"[" * 1_000_000 + b"]" * 1_000_000
    return raw({1: _WITH_FORM, 2: PAGES, 3: PAGE, 4: b"<</Fields[5 0 R]>>", 5: b"<</T(a)/FT/Tx/V %s>>" % value})


def references_that_chain_on() -> bytes:
    chain = {number: b"%d 0 R" % (number + 1) for number in range(4, 100_000)}
    return raw({1: _WITH_FORM, 2: PAGES, 3: PAGE, **chain, 100_000: b"<</Fields[]>>"})


def pages_that_double_thirty_times() -> bytes:
    doubling = {
        number: b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (number + 1, number + 1) for number in range(2, 32)
    }
    return raw({1: _CATALOG, **doubling, 32: PAGE})


def fields_that_double_thirty_times() -> bytes:
    doubling = {number: b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (number + 1, number + 1) for number in range(5, 35)}
    return raw({1: _WITH_FORM, 2: PAGES, 3: PAGE, 4: b"<</Fields[5 0 R]>>", **doubling, 35: b"<</T(z)/FT/Tx/V(1)>>"})


def forms_that_draw_each_other_thirty_deep() -> bytes:
    names = b"/XObject<</a %d 0 R>>"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>"
    nested = {
        number: _stream(b"/a Do /a Do", form % (names % (number + 1)) if number < 34 else form % b"")
        for number in range(5, 35)
    }
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % (names % 5)
    return raw({1: _CATALOG, 2: PAGES, 3: page, 4: _stream(b"/a Do", b""), **nested})


def signed_by(value: bytes, *, count: int) -> bytes:
    """A form with so many signature fields of one value."""
    with pikepdf.open(io.BytesIO(filled())) as pdf:
        body = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), SubFilter=Name("/ETSI.CAdES.detached"))
        body.Contents, body.ByteRange = pikepdf.String(value), Array([0, 10, 20, 10])
        held = pdf.make_indirect(body)
        for number in range(count):
            field = Dictionary(FT=Name.Sig, T=f"s{number}", V=held, Subtype=Name.Widget, Rect=Array([0, 0, 0, 0]))
            pdf.Root.AcroForm.Fields.append(pdf.make_indirect(field))
        return saved(pdf)


def ten_thousand_signatures() -> bytes:
    return signed_by(bytes(64), count=10_000)


def a_signature_of_nested_der() -> bytes:
    return signed_by(b"\x30\x80" * 100_000, count=1)


def twenty_megabytes_of_object_heads() -> bytes:
    return b"%PDF-1.7\n" + b"1 0 obj\n" * 2_500_000 + b"startxref\n0\n%%EOF\n"


WEIGHTS: tuple[Callable[[], bytes], ...] = (
    deflate_bomb_of_a_gigabyte,
    deflate_bomb_in_a_deflate_bomb,
    deflate_bomb_with_a_predictor,
    deflate_bomb_as_object_stream,
    deflate_bomb_as_cross_references,
    cross_references_of_two_thousand_million,
    cross_references_of_nothing_without_end,
    cross_references_in_a_circle,
    a_hundred_thousand_revisions,
    an_array_of_ten_million,
    an_array_of_ten_million_strings,
    arrays_a_million_deep,
    references_that_chain_on,
    pages_that_double_thirty_times,
    fields_that_double_thirty_times,
    forms_that_draw_each_other_thirty_deep,
    ten_thousand_signatures,
    a_signature_of_nested_der,
    twenty_megabytes_of_object_heads,
    cyclic_pages,
    cyclic_fields,
    deep_fields,
    deep_arrays,
)
