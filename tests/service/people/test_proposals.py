"""Enrolment proposals: seen in a file, decided by Biro SDM or the unit's HR officer; the files that waited move on."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from forms.schema import Role
from service.errors import BadInput, NotGranted
from service.names import resemblance
from service.people.enrolment import confirm, decline, propose_certificate
from service.records import EmployeeEntry, Status, Submission
from service.store.signers import Proposal
from service.submissions.decisions import reject
from service.submissions.intake import reevaluate
from signing.certificates import read_certificate
from signing.demo_authority import IssuedKey, open_authority
from signing.sign import sign
from support.command import Run, objects
from support.office import ANSWERS, CAHYA, DIAH, EKO, FOUNDED, HERI, NOW, Office, keys, person

CURVE = ec.SECP256R1()


def named(name: str) -> IssuedKey:
    return keys().authority.person(name, curve=CURVE)


def submitted(office: Office, supervisor: IssuedKey, **answers: str) -> Submission:
    """Signed by the employee, and by somebody nobody knows in the supervisor's slot."""
    content = office.sign(office.filled(**answers), Role.PEGAWAI, CAHYA)
    return office.submit(office.sign(content, Role.ATASAN, DIAH, holder=supervisor.holder()))


def proposed(office: Office, unit: str | None = None) -> list[Proposal]:
    with office.store.reading() as tx:
        return list(tx.proposals.open(unit))


def someone(nip: str, *roles: str, unit: str = "Biro Sumber Daya Manusia") -> EmployeeEntry:
    return replace(person(nip, "Contoh"), roles=roles, unit=unit)


def test_an_unknown_signer_in_a_submission_is_proposed_for_the_person_of_the_slot(office: Office) -> None:
    new = named("Diah Contohwatie")
    submission = submitted(office, new)
    assert submission.status is Status.REVIEW
    (proposal,) = proposed(office)
    assert (proposal.nip, proposal.fingerprint, proposal.seen_in) == (
        DIAH,
        read_certificate(new.der).fingerprint,
        submission.id,
    )
    assert proposal.likeness == resemblance("Diah Contohwatie", "Diah Contohwati, M.Si.")
    assert proposed(office, "Biro Sumber Daya Manusia") == [proposal]
    assert proposed(office, "Biro Lain") == []
    submitted(office, new, waktu_mulai="13.00", waktu_selesai="14.00")
    assert proposed(office) == [proposal]


def test_in_a_field_of_its_own_the_name_most_alike_is_proposed(office: Office) -> None:
    content = office.sign(office.filled("mentoring"), Role.PEGAWAI, CAHYA)
    content = sign(content, holder=named("Heri Contohadi").holder(), at=NOW, field=None)
    office.submit(content)
    (proposal,) = proposed(office)
    assert (proposal.nip, proposal.likeness) == (HERI, Decimal(1))


def test_a_signature_nobody_can_rely_on_proposes_nobody(office: Office) -> None:
    stranger = open_authority("Akar Lain", now=FOUNDED, curve=CURVE).person("Diah Contohwati", curve=CURVE)
    submission = submitted(office, stranger)
    assert "unknown_signer" in {reason["code"] for reason in submission.answer["reasons"]}
    good = office.sign(office.filled(), Role.PEGAWAI, CAHYA, holder=named("Cahya").holder())
    office.submit(good.replace(b"Cahya", b"Cahyo", 1))
    assert proposed(office) == []


def test_a_confirmed_proposal_enrols_and_what_waited_for_it_is_judged_again(office: Office) -> None:
    new = named("Diah Contohwati")
    waited = submitted(office, new)
    other = submitted(office, named("Orang Lain"), waktu_mulai="13.00", waktu_selesai="14.00")
    ours, theirs = sorted(proposed(office), key=lambda proposal: -proposal.likeness)
    confirmed = confirm(ours.id, store=office.store, now=NOW, actor="biro", by=None)
    assert (confirmed.enrolment.nip, confirmed.submissions) == (DIAH, (waited.id,))
    judged = reevaluate(waited.id, store=office.store, moment=office.moment, actor="biro")
    assert judged is not None
    assert (judged.status, judged.answer["verdict"]) == (Status.VERIFIED, "passed")
    with office.store.reading() as tx:
        assert [check.verdict for check in tx.verifications.of(waited.id)] == ["review", "passed"]
        left = tx.submissions.get(other.id)
        assert left is not None
        assert left.status is Status.REVIEW
        assert [event.action for event in tx.events.list(DIAH)][:3] == [
            "signer.confirmed",
            "signer.enrolled",
            "signer.proposed",
        ]
    assert proposed(office) == [theirs]
    assert reevaluate(waited.id, store=office.store, moment=office.moment, actor="biro") is None
    with pytest.raises(NotGranted, match="proposal_decided"):
        confirm(ours.id, store=office.store, now=NOW, actor="biro", by=None)


def test_a_declined_one_is_not_proposed_again_and_enrols_nobody(office: Office) -> None:
    new = named("Diah Contohwati")
    submitted(office, new)
    (proposal,) = proposed(office)
    assert decline(proposal.id, store=office.store, now=NOW, actor="biro", by=None).state == "declined"
    submitted(office, new, waktu_mulai="13.00", waktu_selesai="14.00")
    assert proposed(office) == []
    with office.store.reading() as tx:
        assert tx.signers.find(proposal.fingerprint) is None


def test_what_somebody_decided_meanwhile_is_not_judged_again(office: Office) -> None:
    submission = submitted(office, named("Diah Contohwati"))
    reject(submission.id, "Bukan tanda tangannya.", store=office.store, now=NOW, actor="biro")
    (proposal,) = proposed(office)
    assert confirm(proposal.id, store=office.store, now=NOW, actor="biro", by=None).submissions == ()
    assert reevaluate(submission.id, store=office.store, moment=office.moment, actor="biro") is None


@pytest.mark.parametrize(
    "by",
    [
        someone(HERI, "pegawai"),
        someone(HERI, "pimpinan", "admin"),
        someone(HERI, "pengelola", unit="Kantor Lain"),
        someone(DIAH, "pengelola", "biro_sdm"),
    ],
)
def test_others_and_the_person_themselves_do_not_decide(office: Office, by: EmployeeEntry) -> None:
    submitted(office, named("Diah Contohwati"))
    (proposal,) = proposed(office)
    for verb in (confirm, decline):
        with pytest.raises(NotGranted):
            verb(proposal.id, store=office.store, now=NOW, actor="uji", by=by)
    assert proposed(office) == [proposal]


@pytest.mark.parametrize("by", [someone(HERI, "pengelola"), someone(HERI, "biro_sdm", unit="Lain"), None])
def test_the_bureau_and_the_unit_s_hr_officer_decide(office: Office, by: EmployeeEntry | None) -> None:
    submitted(office, named("Diah Contohwati"))
    (proposal,) = proposed(office)
    assert confirm(proposal.id, store=office.store, now=NOW, actor="uji", by=by).enrolment.nip == DIAH


def test_a_certificate_is_one_person_s(office: Office) -> None:
    new = named("Contoh Bersama")
    for nip in (EKO, HERI):
        propose_certificate(new.pem, nip, seen_in="gateway", store=office.store, now=NOW)
    propose_certificate(keys().people[CAHYA].pem, CAHYA, seen_in="gateway", store=office.store, now=NOW)
    propose_certificate(keys().authority.pem, EKO, seen_in="gateway", store=office.store, now=NOW)
    propose_certificate(new.pem, "199001012015031001", seen_in="gateway", store=office.store, now=NOW)
    first, second = proposed(office)
    confirm(first.id, store=office.store, now=NOW, actor="biro", by=None)
    assert proposed(office) == []
    with pytest.raises(NotGranted):
        confirm(second.id, store=office.store, now=NOW, actor="biro", by=None)
    with pytest.raises(BadInput, match="proposal_unknown"):
        decline("E-X", store=office.store, now=NOW, actor="biro", by=None)


def test_how_alike_names_are_is_a_number_and_only_the_same_are_one() -> None:
    assert resemblance("Diah Contohwati", "Dr. DIAH CONTOHWATI, M.Si.") == 1
    assert Decimal("0.9") < resemblance("Diah Contohwati", "Diah Contohwatie") < 1
    assert resemblance("", "Diah") == 0


def test_the_command_lists_confirms_and_declines(cmb: Run, home: Path, tmp_path: Path) -> None:
    folder, sample = tmp_path, home / "sample"
    (folder / "jawaban.json").write_text(json.dumps(ANSWERS), encoding="utf-8")
    cmb("blank", "--kind", "coaching", "--employee", CAHYA, "-o", folder / "a.pdf")
    cmb("fill", folder / "a.pdf", folder / "jawaban.json", "-o", folder / "b.pdf")
    secret = sample / "passphrase"
    stranger = open_authority("Akar Baru", now=FOUNDED).person("Diah Contohwati")
    (folder / "akar.pem").write_bytes(stranger.above[0].public_bytes(Encoding.PEM))
    (folder / "baru.p12").write_bytes(stranger.pkcs12(secret.read_bytes().splitlines()[0]))
    cmb("trust", "add", folder / "akar.pem")
    keyed = ("--passphrase-file", secret, "--key")
    cmb("sign", folder / "b.pdf", "--as", "pegawai", *keyed, sample / "cahya.p12", "-o", folder / "c.pdf")
    cmb("sign", folder / "c.pdf", "--as", "atasan", *keyed, folder / "baru.p12", "-o", folder / "d.pdf")
    (sent,) = objects(cmb("submit", folder / "d.pdf", "--json", expect=1))
    assert sent["status"] == "review"
    (shown,) = objects(cmb("signers", "proposals", "--json"))
    assert (shown["nip"], shown["likeness"], shown["seen_in"]) == (DIAH, "1", sent["submission"])
    assert shown["fingerprint"] in cmb("signers", "proposals").stdout
    (done,) = objects(cmb("signers", "confirm", shown["id"], "--json"))
    assert (done["nip"], done["submissions"]) == (DIAH, {sent["submission"]: "verified"})
    assert objects(cmb("signers", "proposals", "--json")) == []
    cmb("signers", "decline", shown["id"], expect=1)
    cmb("signers", "confirm", "E-TIDAKADA", expect=2)
