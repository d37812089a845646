"""Rubbish of every kind through the whole proof: a reason in words, kept with its bytes, never a crash."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest

from service.language import Reader
from service.records import Status
from service.verification.wording import shown_reasons
from support.broken_forms import cyclic_fields, cyclic_pages, deep_arrays, deep_fields, deflate_bomb, locked, no_pages
from support.filled_forms import filled, printed
from support.hand_made_forms import saved
from support.office import Office


def ten_thousand_pages() -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(10_000):
            pdf.add_blank_page(page_size=(100, 100))
        return saved(pdf)


BAD: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "an empty file": (lambda: b"", {"broken_pdf"}),
    "not a PDF": (lambda: b"PK\x03\x04 bukan PDF", {"broken_pdf"}),
    "a truncated form": (lambda: filled()[:20000], {"broken_pdf"}),
    "a stray newline before the header": (lambda: b"\n" + filled(), {"bytes_before_header"}),
    "no pages": (no_pages, {"broken_pdf"}),
    "a password": (locked, {"encrypted"}),
    "a deflate bomb": (deflate_bomb, {"too_large"}),
    "ten thousand pages": (ten_thousand_pages, {"too_large"}),
    "a circle of pages": (cyclic_pages, {"broken_pdf"}),
    "a circle of fields": (cyclic_fields, {"broken_pdf"}),
    "fields without end": (deep_fields, {"broken_pdf", "too_large"}),
    "arrays without end": (deep_arrays, {"broken_pdf"}),
    "a print of a form": (lambda: printed(filled()), {"flattened"}),
}


@pytest.mark.parametrize("name", list(BAD))
def test_bad_input_is_refused_in_words_and_kept(office: Office, name: str) -> None:
    make, codes = BAD[name]
    content = make()
    kept = office.submit(content)
    assert kept.status is Status.REFUSED
    reasons = kept.answer["reasons"]
    assert codes & {reason["code"] for reason in reasons}, reasons
    assert all(reason["message"] and reason["hint"] for reason in shown_reasons(reasons, Reader()))
    assert office.store.document(kept.digest) == content
