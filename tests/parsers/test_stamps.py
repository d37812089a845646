"""A visible signature covers nothing that people read, wherever it is and however it is written."""

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
from support.said import said

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


def problems_of(pdf: Pdf) -> tuple[Problem, ...]:
    return over_text(stamps_of(pdf), FORM, widgets_of(pdf))


@cache
def letter_positions() -> tuple[tuple[float, float], ...]:
    """Return the middle of every letter on the page, answers included, as pdfplumber reads it from a print."""
    with pdfplumber.open(io.BytesIO(printed(form()))) as pdf:
        page = pdf.pages[0]
        height = float(page.height)
        return tuple(
            ((character["x0"] + character["x1"]) / 2, height - (character["top"] + character["bottom"]) / 2)
            for character in page.chars
            if character["text"].strip()
        )


def test_letters_of_questions_and_answers_are_known() -> None:
    assert len(letter_positions()) > 900


boxes = st.tuples(st.floats(-40, 620), st.floats(-40, 880), st.floats(0.2, 220), st.floats(0.2, 120)).map(
    lambda corner: (corner[0], corner[1], corner[0] + corner[2], corner[1] + corner[3])
)


@settings(deadline=None)
@given(box=boxes)
def test_a_stamp_of_which_nothing_is_said_covers_no_letter_no_serial_and_no_slot(box: Box) -> None:
    with pikepdf.open(io.BytesIO(form())) as pdf:
        add_field(pdf, box)
        problems, slots = problems_of(pdf), over_slots(stamps_of(pdf), FORM)
    assert {problem.code for problem in problems} <= {"stamp_over_text"}
    places = [*serial_boxes(), *(slot.box for slot in FORM.slots)]
    middles = [((target[0] + target[2]) / 2, (target[1] + target[3]) / 2) for target in places]
    covered = [
        point
        for point in (*letter_positions(), *middles)
        if box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
    ]
    assert problems or slots or not covered


@settings(deadline=None)
@given(
    answer=st.sampled_from([field for field in FORM.fields if field.name != "sumber_pembelajaran"]),
    across=st.floats(0.3, 0.7),
    up=st.floats(0.3, 0.7),
    width=st.floats(0.05, 400),
    height=st.floats(0.05, 400),
)
def test_whatever_reaches_into_an_answer_is_grave_be_it_as_thin_as_a_hair(
    answer: Any, across: float, up: float, width: float, height: float
) -> None:
    with pikepdf.open(io.BytesIO(form())) as pdf:
        (box,) = [widget.box for widget in widgets_of(pdf) if widget.name == answer.name]
        x, y = box[0] + across * (box[2] - box[0]), box[1] + up * (box[3] - box[1])
        add_field(pdf, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))
        assert any(problem.grave and f"isian kolom “{answer.label}”" in said(problem) for problem in problems_of(pdf))


@pytest.mark.parametrize(
    "corners", [(60, 643, 220, 653), (220, 653, 60, 643), (60, 653, 220, 643), (220, 643, 60, 653)]
)
def test_corners_may_come_in_any_order(opened: Pdf, corners: Box) -> None:
    add_field(opened, corners)
    assert [problem.grave for problem in problems_of(opened)] == [True]


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
    assert (problems_of(opened), over_slots(stamps_of(opened), FORM)) == ((), ())


def test_a_drawing_without_marks_covers_nothing(opened: Pdf) -> None:
    blank = opened.make_stream(b"% DSBlank\n", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    add_field(opened, ANSWER, AP=Dictionary(N=blank))
    assert problems_of(opened) == ()


SHOWN: dict[str, dict[str, Any]] = {
    "on paper only": {"F": 36},
    "by its background": {"AP": None, "MK": Dictionary(BG=Array([1, 1, 1]))},
    "in a state": {"AP": Dictionary(N=Dictionary(On=Dictionary()))},
}


@pytest.mark.parametrize("entries", SHOWN.values(), ids=SHOWN.keys())
def test_a_signature_covers_an_answer_that_is_shown(opened: Pdf, entries: dict[str, Any]) -> None:
    add_field(opened, ANSWER, **entries)
    assert any(problem.grave for problem in problems_of(opened))


def test_every_widget_of_a_signature_is_looked_at(opened: Pdf) -> None:
    """One widget of the field is in its own slot, the other over a question."""
    slot = next(slot for slot in FORM.slots if slot.name == "ttd_atasan")
    add_field(opened, slot.box, T=String("ttd_atasan"))
    assert problems_of(opened) == ()
    page = opened.pages[0].obj
    above = opened.Root.AcroForm.Fields[-1]
    widget = Dictionary(Subtype=Name.Widget, Rect=Array([60, 760, 300, 770]), Parent=above, AP=above.AP, F=4)
    page.Annots.append(opened.make_indirect(widget))
    (problem,) = problems_of(opened)
    assert problem.grave
    assert "ttd_atasan" in said(problem)


def test_a_signature_on_the_page_only_is_looked_at(opened: Pdf) -> None:
    add_field(opened, ANSWER)
    del opened.Root.AcroForm.Fields[len(opened.Root.AcroForm.Fields) - 1]
    assert any(problem.grave for problem in problems_of(opened))


def test_a_stamp_on_free_paper_or_over_a_line_is_fine(opened: Pdf) -> None:
    add_field(opened, FREE)
    add_field(opened, (30, 600, 52, 700), T=String("sig_10"))  # over a line of the frame only
    assert len(stamps_of(opened)) == 2
    assert problems_of(opened) == ()


def test_a_stamp_a_little_larger_than_its_slot_goes_to_a_person_at_most(opened: Pdf) -> None:
    slot = next(slot for slot in FORM.slots if slot.name == "ttd_pembimbing")
    left, bottom, right, top = slot.box
    add_field(opened, (left, bottom - 3, right, top + 3))
    assert not any(problem.grave for problem in problems_of(opened))


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
    """`over_text` relies on this (ISO 32000-1 12.5.5); checked with PDFium."""
    before = _picture(opened)
    drawing = opened.make_stream(b"1 0 0 rg -5000 -5000 10000 10000 re f", Type=Name.XObject, Subtype=Name.Form)
    drawing.BBox, drawing.Matrix = Array(list(box)), Array(list(matrix))
    add_field(opened, (100, 300, 200, 340), AP=Dictionary(N=drawing))
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
