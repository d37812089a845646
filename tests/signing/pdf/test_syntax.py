"""The fast reader agrees with the general one on honest, forged and random spelling."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference

from forgeries.after_signing import AFTER_SIGNING, Lie
from signing.changes.references import collect
from signing.pdf.reader import BoundedReader
from signing.pdf.syntax import has_unique_keys, plain_end, read_plain, scan_references
from support.examples import examples
from support.pdf_spellings import ATOMS, described, spelled
from support.pki import Office, open_office, sign_slot
from support.small_forms import blank


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


def generally(content: bytes, at: int, reader: BoundedReader) -> Any:
    stream = io.BytesIO(content)
    stream.seek(len(content) - len(content[at:].lstrip(b"\0\t\n\f\r ")))
    return generic.read_object(stream, Reference(1, 0, reader))


def written(pdf: bytes) -> list[tuple[bytes, int, bool]]:
    """Return where every version of every object of a file is written, and whether in an object stream."""
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
        assert found is None or described(found) == described(generally(content, at, reader))
    assert fast > 0.8 * len(written(signed))


@pytest.mark.parametrize("lie", AFTER_SIGNING, ids=lambda lie: lie.__name__)
def test_every_object_of_a_forged_form_is_read_alike(lie: Lie, signed: bytes, reader: BoundedReader) -> None:
    try:
        places = written(lie(signed))
    except Exception:  # noqa: BLE001 - some forgeries are no file at all to any reader
        return
    for content, at, packed in places:
        found = read_plain(content, at, Reference(1, 0, reader), packed=packed)
        assert found is None or described(found) == described(generally(content, at, reader))


@pytest.mark.parametrize("text", [b"(a\nb)", b"(a\\nb)", b"(a\r\nb)", b"(\t)", b"<610a62>"])
def test_a_string_with_a_line_end_is_read_alike(text: bytes, reader: BoundedReader) -> None:
    content = b"[" + text + b"] endobj" + b" " * 32
    found = read_plain(content, 0, Reference(1, 0, reader), packed=False)
    assert described(found) == described(generally(content, 0, reader))


@settings(max_examples=examples(400), deadline=None)
@given(spelled(st.recursive(ATOMS, spelled, max_leaves=12)), st.sampled_from([" endobj", "endobj", "\nstream\n", ""]))
def test_whatever_is_read_fast_is_read_alike_however_it_is_spelled(text: str, after: str) -> None:
    reader = BoundedReader(blank_once())
    content = text.encode("latin-1") + after.encode("ascii") + b" " * 32
    found = read_plain(content, 0, Reference(1, 0, reader), packed=after == "")
    if found is not None:
        assert described(found) == described(generally(content, 0, reader))


@settings(max_examples=examples(400), deadline=None)
@given(spelled(st.recursive(ATOMS, spelled, max_leaves=12)))
def test_no_reference_is_missed_and_no_double_key_passes_as_clear(text: str) -> None:
    reader = BoundedReader(blank_once())
    content = text.encode("latin-1") + b" endobj" + b" " * 32
    scanned = scan_references(content, 0)
    if plain_end(content, 0) is not None:
        assert has_unique_keys(content, 0)
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
    """Return the blank of these tests, made once."""
    if not _BLANK:
        _BLANK.append(blank())
    return _BLANK[0]
