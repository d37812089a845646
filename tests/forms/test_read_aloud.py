"""A screen reader says what is on the form, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from forgeries.aloud import ALOUD, LIE, Tamper, document_of
from forgeries.drawings import Widgets
from forgeries.pages import PAGES, PAGES_BY_HAND
from forms.catalog import LAMPIRAN_I_V1
from forms.genuine import genuine
from forms.read_aloud import READ_ALOUD_KEYS
from support.filled_forms import tampered
from support.forms_with_slots import with_slots


@cache
def form() -> bytes:
    return with_slots()


def is_genuine(tamper: Tamper) -> bool:
    return genuine(tampered(form(), tamper), LAMPIRAN_I_V1)


@pytest.mark.parametrize("lie", [*ALOUD, *PAGES], ids=lambda lie: lie.__name__)
def test_a_form_is_not_genuine_any_more_with(lie: Tamper) -> None:
    assert not is_genuine(lie)


@pytest.mark.parametrize("lie", PAGES_BY_HAND, ids=lambda lie: lie.__name__)
def test_nor_with(lie: Callable[[bytes], bytes]) -> None:
    assert not genuine(lie(form()), LAMPIRAN_I_V1)


def test_a_slot_whose_name_stands_above_it_is_none_of_the_form() -> None:
    """The page does not show which slot it is, and a screen reader says the label of the parent field."""

    def slot_in_two_parts(pdf: Pdf, widgets: Widgets) -> None:
        slot = widgets["ttd_atasan"]
        parent = pdf.make_indirect(Dictionary(FT=Name.Sig, T=slot.T, TU=LIE, Kids=Array([slot])))
        del slot.T, slot.FT, slot.TU
        slot.Parent = parent
        fields = pdf.Root.AcroForm.Fields
        fields[next(at for at in range(len(fields)) if fields[at].objgen == slot.objgen)] = parent

    assert not is_genuine(slot_in_two_parts)


def test_what_says_less_is_genuine() -> None:
    def silent(pdf: Pdf, _: Widgets) -> None:
        del pdf.Root.StructTreeRoot, pdf.Root.Lang, pdf.Root.Metadata, pdf.docinfo.Title

    assert is_genuine(silent)


def test_a_signature_field_somebody_brought_along_may_describe_itself() -> None:
    def own_field(pdf: Pdf, _: Widgets) -> None:
        page = pdf.pages[0].obj
        field = Dictionary(Subtype=Name.Widget, FT=Name.Sig, T=String("sig_1"), Rect=Array([0, 0, 0, 0]))
        page.Annots.append(pdf.make_indirect(field))
        pdf.Root.AcroForm.Fields.append(page.Annots[-1])
        inside = Dictionary(Type=Name.OBJR, Obj=page.Annots[-1], Pg=page)
        document = document_of(pdf)
        element = Dictionary(
            Type=Name.StructElem, S=Name.Form, P=document, Alt=String("Tanda tangan Menteri"), K=inside
        )
        document.K.append(pdf.make_indirect(element))

    assert is_genuine(own_field)


@settings(deadline=None)
@given(number=st.integers(0, 59), key=st.sampled_from(READ_ALOUD_KEYS), text=st.text(min_size=1), direct=st.booleans())
def test_no_element_says_anything_the_published_form_does_not(number: int, key: str, text: str, direct: bool) -> None:
    def speak(pdf: Pdf, _: Widgets) -> None:
        kids = document_of(pdf).K
        element = Dictionary(kids[number]) if direct else kids[number]
        element[key] = String(text)
        if direct:
            kids[number] = element

    with pikepdf.open(io.BytesIO(form())) as pdf:
        unchanged = str(document_of(pdf).K[number].get(key, "")) == text
    assert unchanged or not is_genuine(speak)
