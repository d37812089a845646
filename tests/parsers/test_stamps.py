"""A visible signature covers nothing that somebody reads, wherever it stands and however it is written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import pdfplumber
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from forgeries.stamps import add_field
from forms.catalog import LAMPIRAN_I_V1
from forms.serial import serial_boxes
from parsers.records import Problem
from parsers.stamps import over_slots, over_text, stamps_of
from parsers.widgets import Box, widgets_of
from support.filled_forms import filled, printed

FORM = LAMPIRAN_I_V1
ANSWER: Box = (60, 643, 220, 653)
FREE: Box = (10, 5, 30, 15)


@cache
def form() -> bytes:
    return filled()


@pytest.fixture
def opened() -> Iterator[Pdf]:
    with pikepdf.open(io.BytesIO(form())) as pdf:
        yield pdf


def found(pdf: Pdf) -> tuple[Problem, ...]:
    return over_text(stamps_of(pdf), FORM, widgets_of(pdf))


@cache
def letters() -> tuple[tuple[float, float], ...]:
    """The middle of every letter on the page, answers included, as another library reads them off a print."""
    with pdfplumber.open(io.BytesIO(printed(form()))) as pdf:
        page = pdf.pages[0]
        height = float(page.height)
        return tuple(
            ((each["x0"] + each["x1"]) / 2, height - (each["top"] + each["bottom"]) / 2)
            for each in page.chars
            if each["text"].strip()
        )


def test_letters_of_questions_and_answers_are_known() -> None:
    assert len(letters()) > 900


boxes = st.tuples(st.floats(-40, 620), st.floats(-40, 880), st.floats(0.2, 220), st.floats(0.2, 120)).map(
    lambda drawn: (drawn[0], drawn[1], drawn[0] + drawn[2], drawn[1] + drawn[3])
)


@settings(deadline=None)
@given(box=boxes)
def test_a_stamp_of_which_nothing_is_said_covers_no_letter_no_serial_and_no_slot(box: Box) -> None:
    with pikepdf.open(io.BytesIO(form())) as pdf:
        add_field(pdf, box)
        said, slots = found(pdf), over_slots(stamps_of(pdf), FORM)
    assert {each.code for each in said} <= {"stamp_over_text"}
    places = [*serial_boxes(), *(slot.box for slot in FORM.slots)]
    middles = [((each[0] + each[2]) / 2, (each[1] + each[3]) / 2) for each in places]
    covered = [each for each in (*letters(), *middles) if box[0] <= each[0] <= box[2] and box[1] <= each[1] <= box[3]]
    assert said or slots or not covered


@settings(deadline=None)
@given(
    answer=st.sampled_from([each for each in FORM.fields if each.name != "sumber_pembelajaran"]),
    across=st.floats(0.3, 0.7),
    up=st.floats(0.3, 0.7),
    thick=st.floats(0.05, 400),
    high=st.floats(0.05, 400),
)
def test_whatever_reaches_into_an_answer_is_grave_be_it_as_thin_as_a_hair(
    answer: Any, across: float, up: float, thick: float, high: float
) -> None:
    with pikepdf.open(io.BytesIO(form())) as pdf:
        (box,) = [each.box for each in widgets_of(pdf) if each.name == answer.name]
        x, y = box[0] + across * (box[2] - box[0]), box[1] + up * (box[3] - box[1])
        add_field(pdf, (x - thick / 2, y - high / 2, x + thick / 2, y + high / 2))
        assert any(each.grave and f"isian kolom “{answer.label}”" in each.message for each in found(pdf))


@pytest.mark.parametrize(
    "corners", [(60, 643, 220, 653), (220, 653, 60, 643), (60, 653, 220, 643), (220, 643, 60, 653)]
)
def test_corners_may_come_in_any_order(opened: Pdf, corners: Box) -> None:
    add_field(opened, corners)
    assert [each.grave for each in found(opened)] == [True]


INVISIBLE: dict[str, dict[str, Any]] = {
    "hidden": {"F": 2},
    "neither on the screen nor printed": {"F": 32},
    "without a drawing": {"AP": None},
    "of no size": {"Rect": Array([60, 643, 60, 643])},
    "of no height": {"Rect": Array([60, 643, 220, 643])},
}


@pytest.mark.parametrize("entries", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_an_invisible_signature_covers_nothing(opened: Pdf, entries: dict[str, Any]) -> None:
    add_field(opened, ANSWER, **entries)
    assert (found(opened), over_slots(stamps_of(opened), FORM)) == ((), ())


def test_a_drawing_without_marks_covers_nothing(opened: Pdf) -> None:
    blank = opened.make_stream(b"% DSBlank\n", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    add_field(opened, ANSWER, AP=Dictionary(N=blank))
    assert found(opened) == ()


SHOWN: dict[str, dict[str, Any]] = {
    "on paper only": {"F": 36},
    "by its background": {"AP": None, "MK": Dictionary(BG=Array([1, 1, 1]))},
    "in a state": {"AP": Dictionary(N=Dictionary(On=Dictionary()))},
}


@pytest.mark.parametrize("entries", SHOWN.values(), ids=SHOWN.keys())
def test_a_signature_covers_an_answer_that_is_shown(opened: Pdf, entries: dict[str, Any]) -> None:
    add_field(opened, ANSWER, **entries)
    assert any(each.grave for each in found(opened))


def test_every_widget_of_a_signature_is_looked_at(opened: Pdf) -> None:
    """The field's own slot is one of its places; the other lies over a question."""
    slot = next(each for each in FORM.slots if each.name == "ttd_atasan")
    add_field(opened, slot.box, T=String("ttd_atasan"))
    assert found(opened) == ()
    page = opened.pages[0].obj
    above = opened.Root.AcroForm.Fields[-1]
    widget = Dictionary(Subtype=Name.Widget, Rect=Array([60, 760, 300, 770]), Parent=above, AP=above.AP, F=4)
    page.Annots.append(opened.make_indirect(widget))
    (problem,) = found(opened)
    assert problem.grave
    assert "ttd_atasan" in problem.message


def test_a_signature_on_the_page_only_is_looked_at(opened: Pdf) -> None:
    add_field(opened, ANSWER)
    del opened.Root.AcroForm.Fields[len(opened.Root.AcroForm.Fields) - 1]
    assert any(each.grave for each in found(opened))


def test_a_stamp_on_free_paper_or_over_a_line_is_fine(opened: Pdf) -> None:
    add_field(opened, FREE)
    add_field(opened, (30, 600, 52, 700), T=String("sig_10"))  # the frame's line, and nothing beside it
    assert len(stamps_of(opened)) == 2
    assert found(opened) == ()


def test_a_stamp_a_little_larger_than_its_slot_goes_to_a_person_at_most(opened: Pdf) -> None:
    slot = next(each for each in FORM.slots if each.name == "ttd_pembimbing")
    left, bottom, right, top = slot.box
    add_field(opened, (left, bottom - 3, right, top + 3))
    assert not any(each.grave for each in found(opened))


@pytest.mark.parametrize(
    ("box", "matrix"),
    [
        ((0, 0, 100, 100), (1, 0, 0, 1, 0, 0)),
        ((-900, -900, 900, 900), (7, 3, -3, 7, 50, 90)),
        ((0, 0, 1, 1), (1, 0, 0, 1, 0, 0)),
    ],
)
def test_whatever_its_box_and_matrix_a_stamp_is_drawn_inside_its_rectangle(
    box: Box, matrix: tuple[float, ...], opened: Pdf
) -> None:
    """What `over_text` rests on (ISO 32000-1 12.5.5), looked at with PDFium."""
    before = _picture(opened)
    drawn = opened.make_stream(b"1 0 0 rg -5000 -5000 10000 10000 re f", Type=Name.XObject, Subtype=Name.Form)
    drawn.BBox, drawn.Matrix = Array(list(box)), Array(list(matrix))
    add_field(opened, (100, 300, 200, 340), AP=Dictionary(N=drawn))
    after = _picture(opened)
    height = before.height
    changed = [
        (x, height - y)
        for x in range(before.width)
        for y in range(height)
        if before.getpixel((x, y)) != after.getpixel((x, y))
    ]
    assert changed
    assert min(x for x, _ in changed) >= 99
    assert max(x for x, _ in changed) <= 201
    assert min(y for _, y in changed) >= 299
    assert max(y for _, y in changed) <= 342


def _picture(pdf: Pdf) -> Any:
    out = io.BytesIO()
    pdf.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        document.init_forms()
        return document[0].render(scale=1).to_pil()
