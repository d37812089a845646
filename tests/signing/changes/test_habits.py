"""Habits of other signing programs pass, and cannot be used for forgeries."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
import pytest
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.cms import sign_detached
from signing.fields import SlotPlace, Target
from signing.report import Indication, TimeSource
from support.hand_made_signatures import Cms, Late, signed_own_with, signed_slot_with
from support.incremental_updates import (
    DictionaryObject,
    NameObject,
    NumberObject,
    form_stream,
    page,
    pdf_string,
    raw_revision,
    rectangle,
)
from support.pki import Office, open_office, sign_slot
from support.small_forms import blank

PLACE = SlotPlace(name="sig_2", page=0, box=(60.0, 300.0, 240.0, 370.0), locks=(), label="Tanda tangan")
EMPTY, DRAWN = b"", b"BT /Helv 12 Tf 2 5 Td (20 JP) Tj ET"
NO_ROTATE = 16
Habit = Callable[[Target], None]


def unchanged(_: Target) -> None:
    """Nothing beside signing."""


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    return sign_slot(blank(), "ttd_pegawai", office.people[0])


def own(pdf: bytes, office: Office, habit: Habit = unchanged, late: Late | None = None) -> bytes:
    return signed_own_with(pdf, PLACE, by_second(office), habit, late)


def slot(pdf: bytes, office: Office, habit: Habit) -> bytes:
    return signed_slot_with(pdf, "ttd_pembimbing", by_second(office), habit)


def by_second(office: Office) -> Cms:
    holder = office.people[1].holder()
    return lambda digest: sign_detached(digest, holder=holder, algorithm="sha256")


def first_passes(pdf: bytes, office: Office) -> bool:
    first = office.inspect(pdf).signatures[0]
    assert first.field == "ttd_pegawai"
    return first.indication is Indication.TOTAL_PASSED


# --- An appearance state without states: poppler writes /AS /N


def with_state(target: Target) -> None:
    target.widget[NameObject("/AS")] = NameObject("/N")


def test_a_state_of_an_appearance_without_states_passes(signed: bytes, office: Office) -> None:
    assert first_passes(own(signed, office, with_state), office)
    assert first_passes(slot(signed, office, with_state), office)


def test_an_appearance_with_states_is_refused(signed: bytes, office: Office) -> None:
    def with_states(target: Target) -> None:
        with_state(target)
        drawn = target.writer.add_object(form_stream(DRAWN))
        states = DictionaryObject({NameObject("/N"): drawn, NameObject("/Off"): drawn})
        target.widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): states})

    assert not first_passes(own(signed, office, with_states), office)
    assert not first_passes(slot(signed, office, with_states), office)


# --- NoRotate: poppler sets it on every signature


def unturned(target: Target) -> None:
    target.widget[NameObject("/F")] = NumberObject(4 | 128 | NO_ROTATE)


def test_a_widget_that_does_not_turn_passes_on_an_upright_page(signed: bytes, office: Office) -> None:
    assert first_passes(own(signed, office, unturned), office)


@pytest.mark.parametrize("above", [False, True], ids=["of the page", "of the pages"])
def test_a_widget_that_does_not_turn_with_its_page_is_refused(above: bool, office: Office) -> None:
    with pikepdf.open(io.BytesIO(blank())) as document:
        (document.Root.Pages if above else document.pages[0].obj).Rotate = 90
        out = io.BytesIO()
        document.save(out)
    turned = sign_slot(out.getvalue(), "ttd_pegawai", office.people[0])
    assert first_passes(own(turned, office), office)
    assert not first_passes(own(turned, office, unturned), office)


# --- Invisible signature in a slot: PDFBox shrinks it to nothing


def test_a_slot_that_is_signed_and_shrunk_to_nothing_passes(signed: bytes, office: Office) -> None:
    def shrunk(target: Target) -> None:
        target.widget[NameObject("/Rect")] = rectangle(0, 0, 0, 0)

    assert first_passes(slot(signed, office, shrunk), office)


@pytest.mark.parametrize("box", [(60, 690, 500, 730), (60, 200, 251, 270), (0, 0, 0.1, 0.1)])
def test_a_slot_that_is_signed_somewhere_else_is_refused(
    box: tuple[float, float, float, float], signed: bytes, office: Office
) -> None:
    def moved(target: Target) -> None:
        target.widget[NameObject("/Rect")] = rectangle(*box)

    assert not first_passes(slot(signed, office, moved), office)


# --- The value as default too: LibreOffice


def test_a_new_field_whose_default_is_its_value_passes(signed: bytes, office: Office) -> None:
    def repeated(target: Target, _: SignatureObject) -> None:
        target.widget[NameObject("/DV")] = target.widget.raw_get("/V")

    assert first_passes(own(signed, office, late=repeated), office)


def test_a_new_field_with_another_default_is_refused(signed: bytes, office: Office) -> None:
    def other(target: Target) -> None:
        _, sheet = page(target.writer)
        target.widget[NameObject("/DV")] = sheet.raw_get("/Contents")

    assert not first_passes(own(signed, office, other), office)


# --- Unusual dates: LibreOffice writes Z' for UTC


@pytest.mark.parametrize(("date", "source"), [("D:20260408021200Z'", TimeSource.CLAIMED), ("kemarin", TimeSource.NONE)])
def test_a_date_out_of_form_does_not_break_a_signature(
    date: str, source: TimeSource, signed: bytes, office: Office
) -> None:
    def dated(_: Target, value: SignatureObject) -> None:
        value[NameObject("/M")] = pdf_string(date)

    report = office.inspect(own(signed, office, late=dated)).signatures[1]
    assert (report.indication, report.time_source) == (Indication.TOTAL_PASSED, source)


# --- Object numbers used again or freed: poppler


def numbers(pdf: bytes, field: str) -> tuple[int, int]:
    """Object numbers of a field and of its appearance."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = next(candidate for candidate in document.Root.AcroForm.Fields.as_list() if field == candidate.T)
        return found.objgen[0], found.AP.N.objgen[0]


def drawing(content: bytes) -> bytes:
    return b"<< /Subtype /Form /BBox [0 0 190 70] /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def signing(pdf: bytes, again: dict[int, bytes], *, free: tuple[int, ...] = (), value: bytes = b"") -> bytes:
    """A revision that signs the second slot as poppler does; `again` are numbers taken up under generation 1."""
    widget, _ = numbers(pdf, "ttd_pembimbing")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        filled = document.get_object(widget, 0)
        filled.AP = pikepdf.Dictionary(N=document.make_stream(b""))
        filled.V = pikepdf.Dictionary()
        text = bytes(filled.unparse(resolved=True))
    text = re.sub(rb"/AP << /N \d+ 0 R >>", b"/AP << /N 901 0 R >>", text)
    text = re.sub(rb"/V (<< >>|\d+ 0 R)", b"/V 900 0 R", text)
    objects = again | {
        widget: text,
        900: b"<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> %s >>" % value,
        901: drawing(EMPTY),
    }
    return raw_revision(pdf, objects, generations=dict.fromkeys(again, 1), free=free)


def shown_by(pdf: bytes, field: str) -> int:
    return numbers(pdf, field)[1]


@pytest.mark.parametrize("content", [EMPTY, DRAWN], ids=["empty", "drawn"])
def test_the_number_of_an_empty_drawing_may_be_taken_up(content: bytes, signed: bytes, office: Office) -> None:
    old = shown_by(signed, "ttd_pembimbing")
    assert first_passes(signing(signed, {old: drawing(content)}), office)
    assert first_passes(signing(signed, {old: drawing(content)}, value=b"/Prop_Build %d 1 R" % old), office)


def test_the_number_of_an_empty_drawing_may_be_freed(signed: bytes, office: Office) -> None:
    assert first_passes(signing(signed, {}, free=(shown_by(signed, "ttd_pembimbing"),)), office)


@pytest.mark.parametrize("field", ["nama_kegiatan", "ttd_atasan"])
def test_the_number_of_a_drawing_in_use_may_be_neither_freed_nor_taken_up(
    field: str, signed: bytes, office: Office
) -> None:
    old = shown_by(signed, field)
    assert not first_passes(signing(signed, {old: drawing(EMPTY)}), office)
    assert not first_passes(signing(signed, {}, free=(old,)), office)


def test_a_number_taken_up_and_referred_to_as_before_is_refused(signed: bytes, office: Office) -> None:
    old = shown_by(signed, "ttd_pembimbing")
    assert not first_passes(signing(signed, {old: drawing(DRAWN)}, value=b"/Prop_Build %d 0 R" % old), office)
    assert not first_passes(signing(signed, {}, free=(old,), value=b"/Prop_Build %d 0 R" % old), office)


def test_a_drawing_that_showed_something_and_is_in_use_no_more_stays_refused(office: Office) -> None:
    prepared = raw_revision(blank(), {990: drawing(DRAWN)})
    form = sign_slot(prepared, "ttd_pegawai", office.people[0])
    assert first_passes(signing(form, {}), office)
    assert not first_passes(signing(form, {990: drawing(DRAWN)}), office)
    assert not first_passes(signing(form, {}, free=(990,)), office)


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_what_signed_bytes_wait_for_is_refused_under_any_generation(generation: int, office: Office) -> None:
    with pikepdf.open(io.BytesIO(blank())) as document:
        number = document.pages[0].obj.objgen[0]
        sheet = bytes(document.pages[0].obj.unparse(resolved=True))
    waiting = re.sub(rb"/Contents (\d+ 0 R)", rb"/Contents [\1 990 %d R]" % generation, sheet)
    prepared = raw_revision(blank(), {number: waiting}, free=(990,))
    form = sign_slot(prepared, "ttd_pegawai", office.people[0])
    assert first_passes(signing(form, {}), office)
    assert not first_passes(signing(form, {990: drawing(DRAWN)}), office)


def test_a_number_that_was_only_ever_free_may_be_taken_up(office: Office) -> None:
    form = sign_slot(raw_revision(blank(), {}, free=(990,)), "ttd_pegawai", office.people[0])
    assert first_passes(signing(form, {990: drawing(DRAWN)}), office)
