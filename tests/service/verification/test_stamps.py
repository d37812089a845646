"""Where people sign and how often: what the form asks passes, the rest goes to a person or is refused, with words."""

from __future__ import annotations

import pytest

from forgeries.impostors import signed_by
from forms.catalog import LAMPIRAN_I_V1
from forms.schema import Role
from service.verification.reasons import Reason, Verdict
from signing.sign import sign
from support import pki
from support.added_evidence import with_document_timestamp
from support.delegates import add_delegate, key_of, signed_for
from support.external_signatures import sign_elsewhere
from support.office import CAHYA, DIAH, HERI, NOW, RECENT, Office, keys
from support.unusually_signed_forms import own_stamp

SLOTS = {slot.role: slot for slot in LAMPIRAN_I_V1.slots}


def reasons(office: Office, content: bytes) -> list[tuple[str, Verdict]]:
    return [(reason.code, reason.weight) for reason in office.prove(content).reasons]


def the_reason(office: Office, content: bytes) -> Reason:
    (found,) = office.prove(content).reasons
    return found


@pytest.mark.parametrize("kind", ["coaching", "mentoring", "belajar_mandiri"])
def test_stamps_of_other_applications_over_the_slots_of_their_signers_pass(office: Office, kind: str) -> None:
    content = office.filled(kind, **RECENT)
    for nip in (CAHYA, *([HERI] if kind == "mentoring" else []), DIAH):
        content = sign_elsewhere(content, nip, own_field=True)
    assert reasons(office, content) == []


def test_who_is_coach_and_supervisor_may_sign_over_either_slot_once_or_for_each(office: Office) -> None:
    content = sign_elsewhere(office.filled("coaching", **RECENT), CAHYA, own_field=True)
    coach = own_stamp(content, SLOTS[Role.PEMBIMBING].box, DIAH)
    assert reasons(office, coach) == []
    both = sign(coach, holder=keys().people[DIAH].holder(), at=NOW, field="ttd_atasan")
    assert reasons(office, both) == []
    thrice = sign(both, holder=keys().people[DIAH].holder(), at=NOW, field=None)
    assert reasons(office, thrice) == [("further_signature", Verdict.REVIEW)]


@pytest.mark.parametrize("nip", [CAHYA, HERI, DIAH])
def test_a_signature_too_many_goes_to_a_person_and_says_whose_it_is(office: Office, nip: str) -> None:
    content = sign(
        signed_by(office.filled("mentoring", **RECENT)), holder=keys().people[nip].holder(), at=NOW, field=None
    )
    found = the_reason(office, content)
    assert (found.code, found.weight) == ("further_signature", Verdict.REVIEW)
    assert {CAHYA: "Cahya Lestari", HERI: "Heri Contohadi", DIAH: "Diah Contohwati"}[nip] in found.message


def test_a_delegate_who_signs_after_the_official_is_one_too_many(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office)
    content = office.sign(office.signed("coaching", signers=((Role.PEGAWAI, CAHYA),)), Role.ATASAN, DIAH)
    content = sign(content, holder=issued.holder(), at=NOW, field=None)
    assert reasons(office, content) == [("further_signature", Verdict.REVIEW)]


def test_a_delegate_who_signs_more_often_than_for_each_role_is_one_too_many(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office)
    both = sign(signed_for(office, issued), holder=issued.holder(), at=NOW, field="ttd_pembimbing")
    assert {code for code, _ in reasons(office, both)} == {"delegated_signer"}
    thrice = sign(both, holder=issued.holder(), at=NOW, field=None)
    assert ("further_signature", Verdict.REVIEW) in reasons(office, thrice)


def test_a_time_stamp_over_a_form_everybody_signed_is_no_signature_too_many(office: Office) -> None:
    signed = signed_by(office.filled("mentoring", **RECENT))
    stamped = with_document_timestamp(signed, pki.open_office(), tsa=keys().tsa, at=NOW)
    assert [signature.kind for signature in office.prove(stamped).report.signatures][-1] == "timestamp"
    assert reasons(office, stamped) == []


def test_a_stamp_over_an_answer_is_refused_and_says_which(office: Office) -> None:
    content = own_stamp(signed_by(office.filled("mentoring"), leave="ttd_atasan"), (60, 643, 220, 653), DIAH)
    found = [reason for reason in office.prove(content).reasons if reason.code == "stamp_over_text"]
    assert found[0].weight is Verdict.FAILED
    assert "menutupi isian kolom “Tempat”" in found[0].message


@pytest.mark.parametrize(
    ("box", "what"),
    [
        ((51, 38, 205, 98), "tulisan formulir"),
        ((486, 46, 540, 100), "nomor seri atau kode QR"),
        (SLOTS[Role.PEMBIMBING].box, "tempat tanda tangan coach/mentor"),
    ],
)
def test_a_stamp_that_hides_nothing_of_the_record_goes_to_a_person(
    office: Office, box: tuple[float, float, float, float], what: str
) -> None:
    content = own_stamp(signed_by(office.filled("mentoring"), leave="ttd_atasan"), box, DIAH)
    found = [reason for reason in office.prove(content).reasons if reason.code == "stamp_over_text"]
    assert [reason.weight for reason in found] == [Verdict.REVIEW]
    assert what in found[0].message
