"""What ingest says of honest and dishonest forms, and what it keeps."""

from __future__ import annotations

import datetime as dt
import io
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pypdf import PdfReader, PdfWriter

from forms.schema import Role
from service.records import Status
from service.store import migrate, open_store
from service.verification.reasons import Verdict
from signing.demo_authority import open_authority
from signing.fields import SlotPlace, reserve
from support.altered_forms import with_value
from support.office import ANSWERS, CAHYA, DIAH, FOUNDED, HERI, NOW, Office, keys, open_office, plain_settings


@pytest.mark.parametrize("kind", ["coaching", "mentoring", "belajar_mandiri"])
def test_an_honest_form_of_every_kind_passes(office: Office, kind: str) -> None:
    answer = office.prove(office.signed(kind))
    assert answer.reasons == ()
    assert answer.verdict is Verdict.PASSED
    assert answer.genuine
    assert answer.record is not None
    assert answer.record.kind == kind


def test_a_coach_who_is_the_supervisor_signs_once_for_both(office: Office) -> None:
    answer = office.prove(office.signed("coaching"))
    assert answer.attribution is not None
    assert answer.attribution.nips == {Role.PEGAWAI: CAHYA, Role.PEMBIMBING: DIAH, Role.ATASAN: DIAH}
    assert answer.attribution.by_role[Role.PEMBIMBING] is answer.attribution.by_role[Role.ATASAN]


@pytest.mark.parametrize(
    ("signers", "missing"),
    [
        ((), 3),
        (((Role.PEGAWAI, CAHYA),), 2),
        (((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)), 1),
    ],
)
def test_every_missing_signature_is_named(office: Office, signers: tuple[tuple[Role, str], ...], missing: int) -> None:
    answer = office.prove(office.signed("mentoring", signers=signers))
    assert [reason.code for reason in answer.reasons] == ["missing_signature"] * missing
    assert answer.verdict is Verdict.FAILED


def test_a_signature_by_somebody_the_form_does_not_name_is_a_wrong_signer(office: Office) -> None:
    content = office.sign(office.signed("coaching", signers=[(Role.PEGAWAI, CAHYA)]), Role.ATASAN, HERI)
    assert "wrong_signer" in office.codes(content)


def test_a_signature_in_anothers_slot_is_a_wrong_signer(office: Office) -> None:
    content = office.sign(office.filled("coaching"), Role.PEGAWAI, DIAH)
    assert "wrong_signer" in office.codes(content)


def test_a_signer_nobody_enrolled_goes_to_a_person_and_is_not_called_missing(office: Office) -> None:
    stranger = keys().authority.person("Diah Contohwati", curve=ec.SECP256R1()).holder()
    content = office.sign(
        office.signed("coaching", signers=[(Role.PEGAWAI, CAHYA)]), Role.ATASAN, DIAH, holder=stranger
    )
    answer = office.prove(content)
    assert [reason.code for reason in answer.reasons] == ["unknown_signer"]
    assert answer.verdict is Verdict.REVIEW


def test_the_same_name_under_another_authority_never_passes(office: Office) -> None:
    other = open_authority("Akar Uji", now=FOUNDED, randomness=secrets.token_bytes, curve=ec.SECP256R1())
    twin = other.person("Diah Contohwati", curve=ec.SECP256R1()).holder()
    content = office.sign(office.signed("coaching", signers=[(Role.PEGAWAI, CAHYA)]), Role.ATASAN, DIAH, holder=twin)
    answer = office.prove(content)
    assert {"untrusted_chain", "unknown_signer"} <= {reason.code for reason in answer.reasons}
    assert answer.verdict is Verdict.FAILED


@pytest.mark.parametrize("name", ["tanggal", "hasil_pengembangan", "jenis_kegiatan", "nip_pembimbing"])
def test_a_value_changed_after_the_last_signature_never_passes(office: Office, name: str) -> None:
    answer = office.prove(with_value(office.signed("mentoring"), name, "belajar_mandiri"))
    assert "changed_after_signature" in [reason.code for reason in answer.reasons]
    assert answer.verdict is Verdict.FAILED


def test_a_value_changed_between_two_signatures_never_passes(office: Office) -> None:
    first = office.signed("coaching", signers=[(Role.PEGAWAI, CAHYA)])
    codes = office.codes(office.sign(with_value(first, "tanggal", "6 Maret 2025"), Role.ATASAN, DIAH))
    assert "value_differs_between_signatures" in codes
    assert "changed_after_signature" in codes


def test_a_value_that_differs_from_what_the_page_shows_never_passes(office: Office) -> None:
    content = with_value(office.filled("coaching"), "tanggal", "3 Maret 2025", incremental=False)
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)):
        content = office.sign(content, role, nip)
    assert office.codes(content) == ["value_differs_from_appearance"]


def test_another_supervisor_than_the_one_we_printed_never_passes(office: Office) -> None:
    content = with_value(office.filled("coaching"), "nip_atasan", HERI, incremental=False)
    content = with_value(content, "nip_pembimbing", HERI, incremental=False)
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, HERI)):
        content = office.sign(content, role, nip)
    assert "prefilled_value_changed" in office.codes(content)


def test_a_page_with_something_painted_onto_it_is_not_our_form(office: Office) -> None:
    writer = PdfWriter(io.BytesIO(office.filled("coaching")))
    page = writer.pages[0]
    contents = page["/Contents"].get_object()
    stream = contents if not isinstance(contents, list) else contents[0].get_object()
    stream.set_data(stream.get_data() + b"\n1 1 1 rg 100 100 50 50 re f\n")
    written = io.BytesIO()
    writer.write(written)
    content = written.getvalue()
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)):
        content = office.sign(content, role, nip)
    assert "altered_template" in office.codes(content)


def test_a_serial_we_never_handed_out_is_unknown(office: Office, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(tmp_path / "other")) as store:
        elsewhere = open_office(store, plain_settings(str(tmp_path)))
        content = elsewhere.signed("coaching")
    assert office.codes(content) == ["unknown_serial"]


def test_an_activity_that_has_not_ended_is_not_reported_yet(office: Office) -> None:
    # The office's clock stands at 10.00 WIB on 24 November 2026.
    assert office.codes(office.signed("coaching", tanggal="24 November 2026", waktu_selesai="13.00")) == [
        "future_activity"
    ]


def test_a_signature_made_before_the_activity_ended_never_passes(office: Office) -> None:
    content = office.filled("coaching", tanggal="23 November 2026", tanggal_tanda_tangan="23 November 2026")
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)):
        content = office.sign(content, role, nip, at=NOW - dt.timedelta(days=2))
    assert office.codes(content) == ["signed_before_activity"] * 2


def test_the_same_bytes_give_the_same_submission(office: Office) -> None:
    content = office.signed("coaching")
    first, again = office.submit(content), office.submit(content)
    assert first.status is Status.VERIFIED
    assert again == first
    assert office.store.document(first.digest) == content


def test_the_same_bytes_sent_at_once_make_one_submission(office: Office) -> None:
    content = office.signed("coaching")
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(office.submit, [content] * 6))
    assert len({submission.id for submission in kept}) == 1


def test_a_refusal_is_kept_with_its_reasons_and_its_bytes(office: Office) -> None:
    content = office.filled("coaching")
    kept = office.submit(content)
    assert kept.status is Status.REFUSED
    assert {reason["code"] for reason in kept.answer["reasons"]} == {"missing_signature"}
    assert office.store.document(kept.digest) == content


def test_the_same_activity_on_a_second_form_is_a_duplicate(office: Office) -> None:
    assert office.submit(office.signed("coaching")).status is Status.VERIFIED
    again = office.submit(office.signed("coaching"))
    assert again.status is Status.REFUSED
    assert [reason["code"] for reason in again.answer["reasons"]] == ["duplicate_activity"]


def test_overlapping_activities_pass_with_a_notice_for_whoever_approves(office: Office) -> None:
    office.submit(office.signed("coaching"))
    other = office.submit(office.signed("mentoring", waktu_mulai="10.00", waktu_selesai="11.00"))
    assert other.status is Status.VERIFIED
    assert [reason["code"] for reason in other.answer["reasons"]] == ["overlapping_activity"]


def test_a_submission_left_half_way_by_a_killed_run_is_finished_by_the_next(office: Office) -> None:
    content = office.signed("coaching")
    digest = office.store.keep_document(content)
    with office.store.transaction() as tx:
        tx.submissions.receive(digest, "formulir.pdf", NOW, "K-HALFWAY")
    finished = office.submit(content)
    assert finished.id == "K-HALFWAY"
    assert finished.status is Status.VERIFIED


def test_rubbish_gets_a_reason_and_is_kept(office: Office) -> None:
    for content in (b"", b"bukan pdf", b"%PDF-1.7\n" + bytes(range(256)) * 8, office.signed("coaching")[:5000]):
        kept = office.submit(content)
        assert kept.status is Status.REFUSED
        assert kept.answer["reasons"]
        assert office.store.document(kept.digest) == content


def test_one_flipped_bit_in_what_is_signed_never_passes(office: Office) -> None:
    content = office.signed("coaching")
    # The last signature's own value is all that nothing covers.
    value = range(content.rfind(b"/Contents <"), len(content) - 1300)
    for place in set(range(200, len(content), len(content) // 12)) - set(value):
        changed = bytearray(content)
        changed[place] ^= 1
        assert office.prove(bytes(changed)).verdict is not Verdict.PASSED


def test_the_register_name_beside_a_nip_has_to_be_the_registers(office: Office) -> None:
    content = with_value(office.filled("mentoring"), "nama_pembimbing", "Heri Contohadi", incremental=False)
    assert PdfReader(io.BytesIO(content)).get_form_text_fields()["nama_pembimbing"] == "Heri Contohadi"
    assert "name_differs_from_register" in office.codes(content)


def test_an_answer_may_be_any_text_that_fits(office: Office) -> None:
    told = {"hasil_pengembangan": "Sasaran ≥ 80 % → tercapai.\nBaris kedua: “kutipan”, 100 €"}
    assert office.prove(office.signed("coaching", **told)).reasons == ()
    assert ANSWERS["hasil_pengembangan"] != told["hasil_pengembangan"]


def test_an_unsigned_signature_field_painted_over_an_answer_is_not_our_form(office: Office) -> None:
    content = office.filled("coaching")
    place = SlotPlace(name="hiasan", page=0, box=(60, 600, 200, 640), locks=(), label="hiasan")
    content = reserve(content, [place])
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)):
        content = office.sign(content, role, nip)
    assert "altered_template" in office.codes(content)


def test_a_claimed_time_does_not_bring_an_ended_enrolment_back(office: Office) -> None:
    content = office.signed("coaching")
    with office.store.reading() as tx:
        (diah,) = [enrolment for enrolment in tx.signers.all() if enrolment.nip == DIAH]
    with office.store.transaction() as tx:
        tx.signers.end(diah.fingerprint, NOW + dt.timedelta(seconds=1))
    assert office.codes(content) == ["unknown_signer"]
