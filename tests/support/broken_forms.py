"""Forms that attack their reader: cycles, depth, bombs, missing pages."""

from __future__ import annotations

import zlib
from io import BytesIO

import pikepdf

from support.filled_forms import filled
from support.hand_made_forms import saved


def raw(objects: dict[int, bytes], root: int = 1) -> bytes:
    """Return a PDF of these objects with a plain cross-reference table."""
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    out += b"trailer\n<</Root %d 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (root, size, start)
    return bytes(out)


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def deflate_bomb() -> bytes:
    """Return a file without fields whose page content of 64 KiB unpacks to 64 MiB."""
    deflater = zlib.compressobj(9)
    packed = b"".join([*(deflater.compress(b"\x00" * 2**20) for _ in range(64)), deflater.flush()])
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    stream = b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)
    return raw({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES, 3: page, 4: stream})


def cyclic_pages() -> bytes:
    return raw(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 1>>",
        }
    )


def cyclic_fields() -> bytes:
    form = b"<</Fields[5 0 R]>>"
    return raw(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
            2: PAGES,
            3: PAGE,
            4: form,
            5: b"<</T(a)/Kids[6 0 R]>>",
            6: b"<</T(b)/Parent 5 0 R/Kids[5 0 R]>>",
        }
    )


def deep_fields() -> bytes:
    nested = {number: b"<</T(a)/Kids[%d 0 R]>>" % (number + 1) for number in range(5, 400)}
    return raw(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
            2: PAGES,
            3: PAGE,
            4: b"<</Fields[5 0 R]>>",
            **nested,
            400: b"<</T(z)/FT/Tx/V(1)>>",
        }
    )


def deep_arrays() -> bytes:
    value = b"[" * 50_000 + b"]" * 50_000
    return raw(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
            2: PAGES,
            3: PAGE,
            4: b"<</Fields[5 0 R]>>",
            5: b"<</T(a)/FT/Tx/V %s>>" % value,
        }
    )


def no_pages() -> bytes:
    return raw({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"})


def locked() -> bytes:
    document = pikepdf.open(BytesIO(filled()))
    return saved(document, encryption=pikepdf.Encryption(owner="pemilik", user="rahasia"))
