"""Files that are not forms, or attack their reader: always an answer in Indonesian, never another exception."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from forms.catalog import LAMPIRAN_I_V1
from forms.serial import new_serial
from parsers.acroform import field_names, raw_answers
from parsers.errors import Unreadable
from parsers.parse import Reading, find_form_of, read
from support.broken_forms import (
    PAGE,
    cyclic_fields,
    cyclic_pages,
    deep_arrays,
    deep_fields,
    deflate_bomb,
    locked,
    no_pages,
    raw,
)
from support.filled_forms import filled, prefilled_blank, tampered
from support.hand_made_forms import answers, paper, saved
from support.said import advice, said


def first_problem(pdf: bytes) -> tuple[str, str]:
    """Return code and message of the first problem of a file; assert that it says what to do."""
    result = read(pdf)
    first = result.problems[0]
    assert advice(first)
    return first.code, said(first)


def many_pages() -> bytes:
    kids = b" ".join([b"3 0 R"] * 10_000)
    return raw({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%s]/Count 10000>>" % kids, 3: PAGE})


def too_big() -> bytes:
    return filled() + b"\n" * (33 * 2**20)


@pytest.mark.parametrize(
    ("make", "code", "text"),
    [
        (lambda: b"", "broken_pdf", "kosong"),
        (lambda: b"PK\x03\x04 lampiran", "broken_pdf", "bukan PDF"),
        (lambda: b"%PDF-1.7\n", "broken_pdf", "tidak terbaca"),
        (lambda: filled()[:4000], "broken_pdf", "tidak terbaca"),
        (no_pages, "broken_pdf", "halaman"),
        (locked, "encrypted", "kata sandi"),
        (many_pages, "too_large", "100 halaman"),
        (too_big, "too_large", "32 MB"),
        (deflate_bomb, "too_large", "terlalu"),
        (cyclic_pages, "broken_pdf", "tidak terbaca"),
        (cyclic_fields, "broken_pdf", "berputar"),
        (deep_fields, "broken_pdf", "berputar"),
        (deep_arrays, "too_large", "terlalu"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_a_file_that_cannot_be_read_is_answered_in_words(make: Callable[[], bytes], code: str, text: str) -> None:
    problem = first_problem(make())
    assert problem[0] == code
    assert text in problem[1]


def test_a_file_with_only_an_owner_password_is_refused_too() -> None:
    document = pikepdf.open(BytesIO(filled()))
    assert first_problem(saved(document, encryption=pikepdf.Encryption(owner="pemilik", user="")))[0] == "encrypted"


@pytest.mark.parametrize("where", ["xfa", "open", "names", "field", "page", "calculation", "launch", "attachment"])
def test_whatever_can_act_by_itself_is_refused(where: str) -> None:
    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, pikepdf.Object]) -> None:
        script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        root = pdf.Root
        if where == "xfa":
            root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
        elif where == "open":
            root.OpenAction = script
        elif where == "names":
            root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
        elif where == "field":
            widgets["tempat"].AA = Dictionary(K=script)
        elif where == "page":
            pdf.pages[0].obj.AA = Dictionary(O=script)
        elif where == "calculation":
            root.AcroForm.CO = Array([widgets["tempat"]])
        elif where == "launch":
            widgets["tempat"].A = Dictionary(S=Name.Launch, F="cmd.exe")
        else:
            pdf.attachments["a.txt"] = b"a"

    assert first_problem(tampered(filled(), tamper))[0] == "active_content"


def test_an_extra_field_is_reported_and_the_rest_is_read() -> None:
    def tamper(pdf: pikepdf.Pdf, _: dict[str, pikepdf.Object]) -> None:
        extra = pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="nilai_tambahan", V="100", Rect=[0, 0, 9, 9])
        )
        pdf.Root.AcroForm.Fields.append(extra)
        pdf.pages[0].obj.Annots.append(extra)

    result = read(tampered(filled(), tamper))
    assert [(problem.field, problem.code) for problem in result.problems] == [("nilai_tambahan", "altered_template")]
    assert result.answers["tempat"] == "Jakarta"


def test_one_name_for_two_fields_is_refused() -> None:
    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, pikepdf.Object]) -> None:
        twin = pdf.make_indirect(Dictionary(dict(widgets["tempat"].items())))
        twin.V = "Bandung"
        pdf.Root.AcroForm.Fields.append(twin)

    pdf = tampered(filled(), tamper)
    assert first_problem(pdf)[0] == "altered_template"
    with pytest.raises(Unreadable, match="tempat"):
        raw_answers(pdf)


@pytest.mark.parametrize("value", [42, True, Name.Jakarta, Array(["a", "b"]), Dictionary(a=1)])
def test_a_value_that_is_no_text_is_refused_and_never_turned_into_text(value: object) -> None:
    with pytest.raises(Unreadable) as caught:
        raw_answers(saved(paper({"tempat": value})))
    assert (caught.value.problem.code, caught.value.problem.field) == ("invalid_value", "tempat")


def test_a_stream_as_value_is_refused() -> None:
    pdf = paper({"tempat": "x"})
    pdf.Root.AcroForm.Fields[0].V = pdf.make_stream(b"Jakarta")
    with pytest.raises(Unreadable):
        raw_answers(saved(pdf))


def test_answers_of_nested_fields_carry_their_full_names_and_inherit() -> None:
    pdf = paper({"dalam": "nilai"})
    inner = pdf.Root.AcroForm.Fields[0]
    del inner.FT, inner.V
    outer = pdf.make_indirect(Dictionary(T="luar", FT=Name.Tx, V="warisan", Kids=Array([inner])))
    inner.Parent = outer
    pdf.Root.AcroForm.Fields = Array([outer])
    assert raw_answers(saved(pdf)) == {"luar.dalam": "warisan"}


def test_signature_fields_are_no_answers_and_buttons_are_only_named() -> None:
    pdf = paper({"tempat": "Jakarta", "ttd": "", "tombol": ""})
    pdf.Root.AcroForm.Fields[1].FT = Name.Sig
    pdf.Root.AcroForm.Fields[2].FT = Name.Btn
    assert raw_answers(saved(pdf)) == {"tempat": "Jakarta"}
    assert field_names(saved(pdf)) == ("tempat", "tombol")


def test_unicode_answers_and_missing_ones_are_read_word_for_word() -> None:
    pdf = paper({"a": "x", "b": "x"})
    pdf.Root.AcroForm.Fields[0].V = "Łódź → ≥ 中"
    del pdf.Root.AcroForm.Fields[1].V
    assert raw_answers(saved(pdf)) == {"a": "Łódź → ≥ 中", "b": ""}


def test_a_file_without_a_form_has_no_answers() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    assert raw_answers(saved(pdf)) == {}


def test_a_form_of_somebody_else_has_no_serial_of_ours() -> None:
    pdf = saved(paper(answers()))
    assert first_problem(pdf)[0] == "unknown_serial"
    with pytest.raises(Unreadable) as caught:
        find_form_of(pdf)
    assert advice(caught.value)


def test_a_version_that_was_never_published_is_an_unknown_serial() -> None:
    later = new_serial(replace(LAMPIRAN_I_V1, version=9), lambda count: bytes(range(count)))
    assert later.startswith("L1V9-")
    code, text = first_problem(prefilled_blank(later))
    assert code == "unknown_serial"
    assert text


@given(st.binary(max_size=400))
def test_junk_never_raises_anything_but_unreadable(junk: bytes) -> None:
    for pdf in (junk, b"%PDF-1.7\n" + junk, b"%PDF-1.7\n" + junk + b"\nstartxref\n9\n%%EOF"):
        with pytest.raises(Unreadable):
            raw_answers(pdf)
        assert isinstance(read(pdf), Reading)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_form_is_read_or_refused_and_nothing_else(position: int, damage: bytes) -> None:
    content = SMALL
    at = position % len(content)
    broken = content[:at] + damage + content[at + len(damage) :]
    with suppress(Unreadable):
        assert all(isinstance(value, str) for value in raw_answers(broken).values())
    assert isinstance(read(broken), Reading)


SMALL = saved(paper({"tempat": "Jakarta", "tanggal": "7 April 2026"}))


def test_a_handed_out_form_is_recognised() -> None:
    form = find_form_of(prefilled_blank())
    assert (form.id, form.version) == ("lampiran-i", 1)
