"""What is read fast is what the general reader reads: held against each other on honest, forged and random spelling."""

from __future__ import annotations

import io
from typing import Any

import pytest
from blank import blank
from forgeries import AFTER_SIGNING, Lie
from hypothesis import given, settings
from hypothesis import strategies as st
from pki import Office, open_office, sign_slot
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, Reference, StreamObject

from signing.quick import plain_end, read_plain
from signing.reader import BoundedReader
from signing.references import collect
from signing.scan import has_clear_keys, scan_references


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    pdf = blank()
    for slot, person in zip(("ttd_pegawai", "ttd_pembimbing"), office.people, strict=False):
        pdf = sign_slot(pdf, slot, person)
    return pdf


@pytest.fixture(scope="module")
def reader() -> BoundedReader:
    return BoundedReader(blank())


def told(value: Any) -> object:
    """Everything about an object, types included."""
    kind = type(value).__name__
    if isinstance(value, IndirectObject):
        return kind, value.idnum, value.generation
    if isinstance(value, DictionaryObject):
        data = value.encoded_data if isinstance(value, StreamObject) else None
        return kind, [(told(key), told(value.raw_get(key))) for key in value], data
    if isinstance(value, ArrayObject):
        return kind, [told(value.raw_get(index)) for index in range(len(value))]
    original = getattr(value, "original_bytes", None)
    return kind, str(value), original


def generally(content: bytes, at: int, reader: BoundedReader) -> Any:
    stream = io.BytesIO(content)
    stream.seek(len(content) - len(content[at:].lstrip(b"\0\t\n\f\r ")))
    return generic.read_object(stream, Reference(1, 0, reader))


def written(pdf: bytes) -> list[tuple[bytes, int, bool]]:
    """Where every version of every object of a file is written, and whether in an object stream."""
    reader = BoundedReader(pdf)
    places = []
    for revision in range(reader.total_revisions):
        section = reader.xrefs.get_xref_data(revision)
        for ref in section.explicit_refs_in_revision:
            place = reader.written(ref, revision)
            if place is not None:
                places.append((*place, ref[0] in section.xrefs_in_objstm))
    return places


def test_every_object_of_an_honest_form_is_read_alike_and_nearly_all_of_them_fast(
    signed: bytes, reader: BoundedReader
) -> None:
    fast = 0
    for content, at, packed in written(signed):
        found = read_plain(content, at, Reference(1, 0, reader), packed=packed)
        fast += found is not None
        assert found is None or told(found) == told(generally(content, at, reader))
    assert fast > 0.8 * len(written(signed))


@pytest.mark.parametrize("lie", AFTER_SIGNING, ids=lambda lie: lie.__name__)
def test_every_object_of_a_forged_form_is_read_alike(lie: Lie, signed: bytes, reader: BoundedReader) -> None:
    try:
        places = written(lie(signed))
    except Exception:  # noqa: BLE001 - some forgeries are no file at all to any reader
        return
    for content, at, packed in places:
        found = read_plain(content, at, Reference(1, 0, reader), packed=packed)
        assert found is None or told(found) == told(generally(content, at, reader))


BLANKS = st.sampled_from(["", " ", "\n", "\0", "\r\n", "\f\t", "%x\n"])
ATOMS = st.sampled_from(
    "/A /B /Type /a#20b / 0 1 -7 +3 12 1.5 .5 4. 1,5 true false null nul () (a) (a\\)b) (\\053) (\\53) ((n)) (\\q) <> "
    "<41> <4> <4g> <feff0041> 1 0 R|12 0 R|0 0 R|3 1 R|1 R|R|endobj|stream|<<|>>|[|]|( R)|(5 0 R)|/5 0 R".replace(
        " /", "|/"
    )
    .replace(" (", "|(")
    .replace(" <", "|<")
    .split("|")
)


def spelled(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pieces = st.lists(st.tuples(BLANKS, inner), max_size=5).map(lambda each: "".join(a + b for a, b in each))
    return st.one_of(pieces.map("[{}]".format), pieces.map("<<{}>>".format), pieces.map("<</K{}>>".format))


@pytest.mark.parametrize("text", [b"(a\nb)", b"(a\\nb)", b"(a\r\nb)", b"(\t)", b"<610a62>"])
def test_a_string_with_a_line_end_is_read_alike(text: bytes, reader: BoundedReader) -> None:
    content = b"[" + text + b"] endobj" + b" " * 32
    found = read_plain(content, 0, Reference(1, 0, reader), packed=False)
    assert told(found) == told(generally(content, 0, reader))


@settings(max_examples=400, deadline=None)
@given(spelled(st.recursive(ATOMS, spelled, max_leaves=12)), st.sampled_from([" endobj", "endobj", "\nstream\n", ""]))
def test_whatever_is_read_fast_is_read_alike_however_it_is_spelled(text: str, after: str) -> None:
    reader = BoundedReader(blank_once())
    content = text.encode("latin-1") + after.encode("ascii") + b" " * 32
    found = read_plain(content, 0, Reference(1, 0, reader), packed=after == "")
    if found is not None:
        assert told(found) == told(generally(content, 0, reader))


@settings(max_examples=400, deadline=None)
@given(spelled(st.recursive(ATOMS, spelled, max_leaves=12)))
def test_no_reference_is_missed_and_no_double_key_passes_as_clear(text: str) -> None:
    reader = BoundedReader(blank_once())
    content = text.encode("latin-1") + b" endobj" + b" " * 32
    scanned = scan_references(content, 0)
    if plain_end(content, 0) is not None:
        assert has_clear_keys(content, 0)
    if scanned is None:
        return
    try:
        read = generally(content, 0, reader)
    except Exception:  # noqa: BLE001 - what no reader reads shows nothing
        return
    found: set[tuple[int, int]] = set()
    collect(read, found)
    assert found <= scanned


_BLANK: list[bytes] = []


def blank_once() -> bytes:
    """The blank of these tests, drawn once."""
    if not _BLANK:
        _BLANK.append(blank())
    return _BLANK[0]
