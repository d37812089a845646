"""Forms signed through the gateway, over real HTTP: what is asked, what comes back, and what nobody can tell yet."""

from __future__ import annotations

import datetime as dt
import io

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from parsers.pictures import page_pictures
from service.circulation.intake import Outcome, retry_unsettled
from service.errors import BadInput, NotGranted
from service.gateway.signing import sign
from service.people.enrolment import confirm, enrol
from service.store.circulations import State
from service.verification.reasons import Verdict
from service.verification.result import answer_json
from signing.certificates import read_certificate
from signing.keys.bsre import GatewayRefused, OutcomeUnknown, Secret, Signatory
from support.bsre import NIKS, STATES, WRONG
from support.delegates import add_delegate
from support.gateway_office import GatewayForms
from support.office import CAHYA, DIAH, EKO, HERI, NOW, keys


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_form_all_three_sign_through_the_gateway_passes_the_whole_proof(remote: GatewayForms, version: str) -> None:
    remote.version = version
    serial = remote.rounds.begun("mentoring").serial
    for nip in (CAHYA, HERI, DIAH):
        (done,) = remote.signs(nip, serial)
        assert done.taken is not None, done.problem
        assert done.taken.warnings == ()
    kept = remote.rounds.kept(serial)
    assert kept.state is State.SUBMITTED
    answer = remote.office.prove(remote.rounds.content(serial))
    assert (answer.verdict, answer.reasons) == (Verdict.PASSED, ())
    told = answer_json(answer)
    assert [signature["field"][:4] for signature in told["signatures"]] == ["sig_"] * 3
    assert {signature["time_source"] for signature in told["signatures"]} == {"timestamp"}
    assert [told["roles"][role]["nip"] for role in ("pegawai", "pembimbing", "atasan")] == [CAHYA, HERI, DIAH]
    assert remote.calls(serial) == [("atasan", "signed"), ("pegawai", "signed"), ("pembimbing", "signed")]
    assert "gateway.signed" in remote.rounds.actions(serial)


def test_the_stamp_stands_in_the_slot_of_its_role_and_its_code_can_be_read(remote: GatewayForms) -> None:
    serial = remote.rounds.begun().serial
    remote.signs(CAHYA, serial)
    content = remote.rounds.content(serial)
    slot = next(slot_report for slot_report in answer_slots(remote, content) if slot_report.name == "ttd_pegawai")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (box,) = [
            [float(corner) for corner in annotation.Rect.as_list()]
            for annotation in pdf.pages[0].Annots.as_list()
            if str(annotation.get("/T", "")).startswith("sig_")
        ]
    assert all(abs(one - two) < 0.1 for one, two in zip(box, slot.box, strict=True))
    (page,) = page_pictures(content, None).pairs
    with Image.open(io.BytesIO(page.received or b"")) as drawn:
        texts = [barcode.text for barcode in zxingcpp.read_barcodes(drawn.convert("L").resize((2000, 2828)))]
    assert any(text.startswith(serial) for text in texts)


def answer_slots(remote: GatewayForms, content: bytes) -> tuple[object, ...]:
    form = remote.office.prove(content).form
    assert form is not None
    return form.slots


def test_an_own_picture_takes_the_stamp_s_place_and_what_is_no_picture_is_refused(remote: GatewayForms) -> None:
    serial, out = remote.rounds.begun().serial, io.BytesIO()
    Image.new("RGB", (300, 120), (120, 0, 0)).save(out, "JPEG")
    (refused,) = remote.signs(CAHYA, serial, image=b"bukan gambar")
    assert refused.problem is not None
    assert remote.kept(serial) == []
    (done,) = remote.signs(CAHYA, serial, image=out.getvalue())
    assert done.taken is not None
    assert done.taken.moved


def test_several_forms_are_signed_in_one_action(remote: GatewayForms) -> None:
    forms = [remote.rounds.begun(waktu_mulai=f"{hour}.00", waktu_selesai=f"{hour}.50").serial for hour in (10, 12, 14)]
    done = remote.signs(CAHYA, *forms)
    assert [result.taken and result.taken.outcome for result in done] == [Outcome.ADVANCED] * 3


def test_a_wrong_passphrase_ends_the_action_before_it_locks_the_person_out(remote: GatewayForms) -> None:
    forms = [remote.rounds.begun(waktu_mulai=f"{hour}.00", waktu_selesai=f"{hour}.50").serial for hour in (10, 12)]
    before = remote.simulated.sign_calls()
    first, second = remote.signs(CAHYA, *forms, passphrase=WRONG)
    assert first.problem is not None
    assert "Passphrase anda salah" in first.problem.message
    assert second.problem is not None
    assert "Belum dicoba" in second.problem.message
    assert remote.simulated.sign_calls() == before + 1
    assert (remote.calls(forms[0]), remote.calls(forms[1])) == ([("pegawai", "refused")], [])
    (done,) = remote.signs(CAHYA, forms[0])
    assert done.taken is not None


def test_somebody_whose_certificate_cannot_sign_is_told_before_anything_is_sent(remote: GatewayForms) -> None:
    serial = remote.rounds.begun().serial
    before = remote.simulated.sign_calls()
    person = Signatory(nik=Secret(STATES["SUSPEND"]), passphrase=Secret("x"))
    with pytest.raises(NotGranted, match="suspend"):
        remote.signs(CAHYA, serial, signatory=person)
    assert remote.simulated.sign_calls() == before
    assert remote.kept(serial) == []


def test_a_certificate_nobody_enrolled_is_proposed_and_the_form_waits(remote: GatewayForms) -> None:
    serial = remote.rounds.begun().serial
    remote.signs(CAHYA, serial)
    # Eko stands in for her, and nobody has enrolled him yet.
    add_delegate(remote.office)
    (done,) = remote.signs(EKO, serial)
    assert done.taken is not None, done.problem
    assert done.taken.outcome is Outcome.UNKNOWN_SIGNER
    assert [warning.code for warning in done.taken.warnings] == ["gateway_signer_unregistered"]
    with remote.office.store.reading() as tx:
        proposed = {proposal.nip: proposal for proposal in tx.proposals.open()}
    fingerprint = read_certificate(keys().people[EKO].der).fingerprint
    assert (proposed[EKO].fingerprint, proposed[EKO].likeness) == (fingerprint, 1)
    confirm(proposed[EKO].id, store=remote.office.store, now=NOW, actor="biro", by=None)
    (taken,) = retry_unsettled(context=remote.rounds.context, actor="biro")
    assert taken.outcome is Outcome.COMPLETE


def test_a_certificate_that_was_ended_signs_for_nobody_and_is_not_proposed_again(remote: GatewayForms) -> None:
    fingerprint = read_certificate(keys().people[CAHYA].der).fingerprint
    with remote.office.store.transaction() as tx:
        tx.signers.end(fingerprint, NOW - dt.timedelta(days=2))
    (done,) = remote.signs(CAHYA, remote.rounds.begun().serial)
    assert done.taken is not None
    assert done.taken.outcome is Outcome.UNKNOWN_SIGNER
    with remote.office.store.reading() as tx:
        assert tx.proposals.open() == []


def test_a_delegate_signs_through_the_gateway_for_the_official(remote: GatewayForms) -> None:
    enrol(EKO, keys().people[EKO].pem, store=remote.office.store, now=NOW, actor="uji")
    add_delegate(remote.office)
    serial = remote.rounds.begun().serial
    remote.signs(CAHYA, serial)
    (done,) = remote.signs(EKO, serial)
    assert done.taken is not None, done.problem
    assert done.taken.outcome is Outcome.COMPLETE
    assert done.taken.submission is not None
    assert done.taken.submission["roles"]["atasan"]["on_behalf_of"] == DIAH


def test_who_may_not_sign_is_told_so_and_nothing_is_sent(remote: GatewayForms) -> None:
    serial = remote.rounds.begun().serial
    remote.signs(CAHYA, serial)
    content = remote.rounds.content(serial)
    before = remote.simulated.sign_calls()
    with pytest.raises(NotGranted, match="gateway_form_names_another"):
        sign(remote.order(content, "atasan", HERI), gateway_context=remote.gateway_context)
    given = add_delegate(remote.office, scope=("pembimbing",))
    with pytest.raises(NotGranted, match="gateway_form_names_another"):
        sign(remote.order(content, "atasan", EKO, delegation=given), gateway_context=remote.gateway_context)
    with pytest.raises(NotGranted, match="gateway_signed_already"):
        sign(remote.order(content, "pegawai", CAHYA), gateway_context=remote.gateway_context)
    with pytest.raises(BadInput):
        sign(remote.order(b"%PDF-1.7 bukan formulir", "pegawai", CAHYA), gateway_context=remote.gateway_context)
    assert remote.simulated.sign_calls() == before


def test_nothing_secret_is_kept(remote: GatewayForms) -> None:
    serial = remote.rounds.begun().serial
    for mood in ("error with 200", "failed"):
        remote.simulated.mood(mood)
        with pytest.raises(GatewayRefused):
            sign(remote.order(remote.office.filled(), "pegawai", CAHYA), gateway_context=remote.gateway_context)
    remote.simulated.mood("nothing")
    content = remote.office.filled()
    with pytest.raises(OutcomeUnknown):
        sign(remote.order(content, "pegawai", CAHYA), gateway_context=remote.gateway_context)
    remote.signs(CAHYA, serial, passphrase=WRONG)
    with remote.office.store.reading() as tx:
        told = repr([*tx.events.list(limit=500), *tx.gateway_calls.of(serial), *tx.gateway_calls.unknown()])
    for secret in (NIKS[CAHYA], WRONG, "Rahasia"):
        assert secret not in told
    assert "Passphrase anda salah" in told
