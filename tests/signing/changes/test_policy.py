"""What later signers may do: where a stamp may be, what locks and certification forbid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from forgeries.after_signing import stamp_annotation_over_an_answer, value_changed
from signing.cms import sign_detached
from signing.errors import CannotSign
from signing.fields import SlotPlace, Target
from signing.report import Changes, Indication
from signing.sign import seal
from support.added_evidence import with_document_timestamp
from support.hand_made_signatures import signed_own_with
from support.incremental_updates import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    annotate,
    appended,
    pdf_string,
    rectangle,
)
from support.pki import NOW, Office, open_office, sign_own, sign_slot
from support.small_forms import FIELDS, blank
from support.stamped_forms import stamp_of

FREE = (60.0, 300.0, 240.0, 370.0)


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    return sign_slot(blank(pages=2), "ttd_pegawai", office.people[0], stamp=stamp_of("Cahya"))


def own(box: tuple[float, float, float, float], *, page: int = 0) -> SlotPlace:
    return SlotPlace(name="sig_2", page=page, box=box, locks=(), label="Tanda tangan")


def first_passes(pdf: bytes, office: Office) -> bool:
    first = office.inspect(pdf).signatures[0]
    assert first.field == "ttd_pegawai"
    return first.indication is Indication.TOTAL_PASSED


def test_a_stamp_where_the_page_is_free_passes(signed: bytes, office: Office) -> None:
    assert first_passes(sign_own(signed, own(FREE), office.people[1], stamp=stamp_of("Heri")), office)


@pytest.mark.parametrize(
    "box",
    [(60, 690, 500, 730), (490, 715, 560, 760), (320, 210, 490, 260), (0, 0, 595, 842), (10, 300, 585, 660)],
    ids=["over an answer", "over the corner of an answer", "over another stamp", "over the page", "over half the page"],
)
def test_a_stamp_that_covers_what_others_saw_is_refused(
    box: tuple[float, float, float, float], signed: bytes, office: Office
) -> None:
    assert not first_passes(sign_own(signed, own(box), office.people[1], stamp=stamp_of("Heri")), office)


def tampered_own(pdf: bytes, place: SlotPlace, office: Office, tamper: Callable[[Target], None]) -> bytes:
    holder = office.people[1].holder()
    return signed_own_with(pdf, place, lambda digest: sign_detached(digest, holder=holder, algorithm="sha256"), tamper)


def test_a_widget_that_lies_about_its_page_is_refused(signed: bytes, office: Office) -> None:
    over_an_answer = own((60, 690, 500, 730), page=1)
    assert first_passes(tampered_own(signed, over_an_answer, office, lambda _: None), office)

    def show_on_the_first_page(target: Target) -> None:
        annotations = target.writer.root["/Pages"]["/Kids"][0]["/Annots"]
        annotations.append(target.reference)
        target.writer.update_container(annotations)

    assert not first_passes(tampered_own(signed, over_an_answer, office, show_on_the_first_page), office)


def test_a_widget_drawn_outside_its_box_is_refused(signed: bytes, office: Office) -> None:
    def unzoomed(target: Target) -> None:
        target.widget[NameObject("/F")] = NumberObject(4 | 8)

    assert not first_passes(tampered_own(signed, own(FREE), office, unzoomed), office)


def test_a_widget_with_an_action_is_refused(signed: bytes, office: Office) -> None:
    def acting(target: Target) -> None:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): pdf_string("app.alert(1)")}
        target.widget[NameObject("/A")] = DictionaryObject(action)

    assert not first_passes(tampered_own(signed, own(FREE), office, acting), office)


def test_a_signature_that_only_a_page_knows_of_passes(signed: bytes, office: Office) -> None:
    """Poppler 22 lists its widget on the page and not in the form."""

    def forget(target: Target) -> None:
        fields = target.writer.root["/AcroForm"]["/Fields"]
        del fields[-1]

    report = office.inspect(tampered_own(signed, own(FREE), office, forget))
    assert [signature.field for signature in report.signatures] == ["ttd_pegawai", "sig_2"]
    assert {signature.indication for signature in report.signatures} == {Indication.TOTAL_PASSED}


def test_an_unsigned_field_with_a_background_is_refused(signed: bytes, office: Office) -> None:
    def add(writer: IncrementalPdfFileWriter) -> None:
        background = DictionaryObject({NameObject("/BG"): ArrayObject([NumberObject(1)])})
        added = annotate(
            writer,
            {
                "/Subtype": NameObject("/Widget"),
                "/FT": NameObject("/Sig"),
                "/T": pdf_string("sig_3"),
                "/Rect": rectangle(*FREE),
                "/MK": background,
            },
        )
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(added)
        writer.update_container(fields)

    assert not first_passes(appended(signed, add), office)


def test_a_slot_locked_by_an_earlier_signer_stays_empty(office: Office) -> None:
    slots = (
        SlotPlace(name="ttd_pegawai", page=0, box=(310, 200, 500, 270), locks=(FIELDS[0], "ttd_atasan"), label="a"),
        SlotPlace(name="ttd_atasan", page=0, box=(60, 200, 250, 270), locks=(), label="b"),
    )
    form = sign_slot(blank(slots=slots), "ttd_pegawai", office.people[0])
    with pytest.raises(CannotSign) as caught:
        sign_slot(form, "ttd_atasan", office.people[1])
    assert caught.value.code == "cannot_sign.locked"
    assert first_passes(sign_own(form, None, office.people[1]), office)


@pytest.fixture(scope="module")
def sealed(office: Office) -> bytes:
    return seal(
        blank(),
        holder=office.people[0].holder(),
        at=NOW,
        timestamper=None,
        stamp=stamp_of("Segel"),
        box=FREE,
        reason="Sertifikat",
    )


def test_a_sealed_document_refuses_further_signatures(sealed: bytes, office: Office) -> None:
    with pytest.raises(CannotSign) as caught:
        sign_slot(sealed, "ttd_pegawai", office.people[1])
    assert caught.value.code == "cannot_sign.certified"


@pytest.mark.parametrize("lie", [stamp_annotation_over_an_answer, value_changed], ids=lambda forgery: forgery.__name__)
def test_a_sealed_document_that_was_changed_fails(lie: Callable[[bytes], bytes], sealed: bytes, office: Office) -> None:
    (signature,) = office.inspect(lie(sealed)).signatures
    assert signature.indication is Indication.TOTAL_FAILED
    assert not signature.permitted


def test_a_sealed_document_that_was_signed_in_spite_of_it_fails(sealed: bytes, office: Office) -> None:
    """With a program that ignores the seal's rules."""
    open_seal = sealed.replace(b"/P 1\n", b"/P 2\n")
    assert open_seal != sealed
    added = sign_own(open_seal, None, office.people[1])[len(sealed) :]
    first = office.inspect(sealed + added).signatures[0]
    assert (first.indication, first.changes_after, first.permitted) == (
        Indication.TOTAL_FAILED,
        Changes.SIGNING,
        False,
    )


def test_a_sealed_document_may_be_time_stamped(sealed: bytes, office: Office) -> None:
    first, second = office.inspect(with_document_timestamp(sealed, office)).signatures
    assert first.indication is Indication.TOTAL_PASSED
    assert second.indication is Indication.TOTAL_PASSED
