"""Everything honest people do to a form passes: filling, slots, own fields, stamps, time stamps, revocation data."""

from __future__ import annotations

import io
import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pytest

from forms.catalog import LAMPIRAN_I_V1
from signing.fields import SlotPlace
from signing.policy import faults, require
from signing.report import Changes, Indication, Report, TimeSource
from signing.sign import seal, sign
from support.added_evidence import with_document_timestamp, with_security_store
from support.pki import NOW, Office, open_office, sign_own, sign_slot
from support.small_forms import FIELDS, SLOTS, appearance, blank
from support.stamped_forms import real_form, stamp_of

OWN = SlotPlace(name="sig_1712542345678", page=0, box=(60, 20, 240, 90), locks=(), label="Tanda tangan")


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


def by_pikepdf(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        text = document.Root.AcroForm.Fields[0]
        text.V = pikepdf.String("Diisi pikepdf")
        text.AP = pikepdf.Dictionary(N=appearance(document, "Diisi pikepdf"))
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def by_pypdf(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.update_page_form_field_values(writer.pages[0], {FIELDS[0]: "Diisi pypdf"}, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pypdf_appended(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.update_page_form_field_values(writer.pages[0], {FIELDS[0]: "Diisi pypdf"}, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def assert_all_passed(report: Report, count: int) -> None:
    assert report.problem is None
    assert len(report.signatures) == count
    for signature in report.signatures:
        assert (signature.indication, signature.sub_indication, faults(signature)) == (
            Indication.TOTAL_PASSED,
            None,
            (),
        )
    require(report)


@pytest.mark.parametrize("fill", [bytes, by_pikepdf, by_pypdf, by_pypdf_appended], ids=lambda filler: filler.__name__)
@pytest.mark.parametrize("stamped", [False, True], ids=["invisible", "stamped"])
def test_a_form_signed_by_three_people_in_its_slots_passes(
    fill: Callable[[bytes], bytes], stamped: bool, office: Office
) -> None:
    form = fill(blank())
    for slot, person in zip(SLOTS, office.people, strict=True):
        stamp = stamp_of("Cahya Lestari") if stamped else None
        signed = sign_slot(form, slot.name, person, timestamper=office.timestamper(), stamp=stamp)
        assert signed.startswith(form)
        form = signed
    report = office.inspect(form)
    assert_all_passed(report, 3)
    assert [signature.changes_after for signature in report.signatures] == [
        Changes.SIGNING,
        Changes.SIGNING,
        Changes.NONE,
    ]
    assert [signature.covers_whole_file for signature in report.signatures] == [False, False, True]
    assert {signature.time_source for signature in report.signatures} == {TimeSource.TIMESTAMP}
    assert {signature.profile for signature in report.signatures} == {"PAdES-B-T"}
    assert [signature.locks for signature in report.signatures] == [slot.locks for slot in SLOTS]


def test_our_published_form_signed_by_three_people_passes(office: Office) -> None:
    form = real_form()
    for slot, person in zip(LAMPIRAN_I_V1.slots, office.people, strict=True):
        form = sign_slot(form, slot.name, person, timestamper=office.timestamper(), stamp=stamp_of("Cahya Lestari"))
    assert_all_passed(office.inspect(form), 3)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_signing_does_not_matter(order: tuple[int, ...], office: Office) -> None:
    form = blank()
    for index in order:
        form = sign_slot(form, SLOTS[index].name, office.people[index])
    assert_all_passed(office.inspect(form), 3)


def test_signers_who_bring_their_own_fields_pass(office: Office) -> None:
    form = blank()
    boxes = [(60, 20, 240, 90), (310, 20, 490, 90), (190, 400, 380, 470)]
    for index, (box, person) in enumerate(zip(boxes, office.people, strict=True)):
        place = SlotPlace(name=f"Signature{index}", page=0, box=box, locks=(), label="Tanda tangan")
        form = sign_own(form, place, person, stamp=stamp_of("Cahya Lestari"))
    assert_all_passed(office.inspect(form), 3)


def test_an_own_stamp_over_an_empty_slot_passes(office: Office) -> None:
    form = sign_slot(blank(), "ttd_pegawai", office.people[0])
    place = SlotPlace(name="sig_1", page=0, box=SLOTS[1].box, locks=(), label="Tanda tangan")
    assert_all_passed(office.inspect(sign_own(form, place, office.people[1], stamp=stamp_of("Heri"))), 2)


def test_slots_and_own_fields_mix(office: Office) -> None:
    form = sign_slot(blank(), "ttd_pegawai", office.people[0], stamp=stamp_of("Cahya"))
    form = sign_own(form, OWN, office.people[1], stamp=stamp_of("Heri"))
    form = sign_own(form, None, office.people[2])
    assert_all_passed(office.inspect(form), 3)


def test_revocation_data_added_later_does_no_harm(office: Office) -> None:
    form = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    crl = office.authority.revocation_list([], at=NOW)
    report = office.inspect(with_security_store(form, certificates=(office.authority.der,), crls=(crl,)))
    assert_all_passed(report, 1)
    assert report.signatures[0].changes_after is Changes.LTV
    assert report.signatures[0].profile == "PAdES-B-LT"


def test_a_signature_after_the_revocation_data_passes(office: Office) -> None:
    form = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    form = with_security_store(form, crls=(office.authority.revocation_list([], at=NOW),))
    form = sign_slot(form, "ttd_pembimbing", office.people[1], timestamper=office.timestamper())
    assert_all_passed(office.inspect(form), 2)


def test_a_document_time_stamp_over_all_passes_and_makes_it_lasting(office: Office) -> None:
    form = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    crl = office.authority.revocation_list([], at=NOW)
    form = with_security_store(form, certificates=(office.authority.der,), crls=(crl,))
    report = office.inspect(with_document_timestamp(form, office))
    assert_all_passed(report, 2)
    signature, clock = report.signatures
    assert (signature.kind, signature.profile, signature.changes_after) == ("signature", "PAdES-B-LTA", Changes.LTV)
    assert (clock.kind, clock.time_source, clock.signed_at) == ("timestamp", TimeSource.TIMESTAMP, NOW)


def test_a_sealed_document_passes_and_may_only_gain_proof(office: Office) -> None:
    sealed = seal(
        blank(slots=()),
        holder=office.people[0].holder(),
        at=NOW,
        timestamper=office.timestamper(),
        stamp=stamp_of("Segel"),
        box=(60, 100, 240, 170),
        reason="Sertifikat",
    )
    assert_all_passed(office.inspect(sealed), 1)
    assert_all_passed(office.inspect(with_document_timestamp(sealed, office)), 2)


def test_the_same_object_written_again_is_no_change(office: Office) -> None:
    from support.incremental_updates import appended, field

    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])

    def again(writer: object) -> None:
        reference, _ = field(writer, FIELDS[0])  # type: ignore[arg-type] # pyHanko's writer
        writer.mark_update(reference)  # type: ignore[attr-defined] # pyHanko's writer

    assert_all_passed(office.inspect(appended(signed, again)), 1)


def test_a_line_end_after_the_file_is_no_change(office: Office) -> None:
    report = office.inspect(sign_slot(blank(), "ttd_pegawai", office.people[0]) + b"\r\n")
    assert_all_passed(report, 1)
    assert not report.signatures[0].covers_whole_file


def test_poppler_agrees_that_three_signatures_are_valid(tmp_path: Path, office: Office) -> None:
    form = real_form()
    for slot, person in zip(LAMPIRAN_I_V1.slots, office.people, strict=True):
        form = sign_slot(form, slot.name, person, timestamper=office.timestamper(), stamp=stamp_of("Cahya Lestari"))
    path = tmp_path / "formulir.pdf"
    path.write_bytes(form)
    output = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert output.count("Signature is Valid.") == 3
    assert output.count("Total document signed") == 1


def test_qpdf_finds_nothing_wrong_with_a_signed_form(tmp_path: Path, office: Office) -> None:
    path = tmp_path / "formulir.pdf"
    path.write_bytes(sign_slot(real_form(), "ttd_pegawai", office.people[0], stamp=stamp_of("Cahya")))
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0


def test_rsa_and_pss_keys_sign_as_well(office: Office) -> None:
    person = office.authority.person("Bagus Prasetya", curve=None)
    for holder in (person.holder(), person.holder(pss=True)):
        signed = sign(blank(), holder=holder, at=NOW, field="ttd_pegawai", stamp=None, timestamper=None)
        assert_all_passed(office.inspect(signed), 1)
