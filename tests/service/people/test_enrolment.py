"""Enrolment: from a signed file a person looked at, and ended from a date on; names suggest and never identify."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from forms.schema import Role
from service.errors import BadInput, NotGranted
from service.form_signing import sign_form
from service.names import Likeness, likeness
from service.people.enrolment import end, enrol, suggest
from service.verification.reasons import Verdict
from signing.certificates import read_certificate
from signing.demo_authority import IssuedKey, open_authority
from signing.keys import KeyHolder
from signing.timestamps import LocalTimestamper
from signing.validation.inspect import inspect
from support.command import Run, objects
from support.office import CAHYA, DIAH, EKO, FOUNDED, HERI, NOW, RECENT, ZONE, Office, keys

DAY = dt.timedelta(days=1)


def named(name: str) -> IssuedKey:
    """Somebody of that name, certified by the authority the office believes."""
    return keys().authority.person(name, curve=ec.SECP256R1())


def signed_by(office: Office, *holders: KeyHolder) -> bytes:
    content = office.filled("coaching")
    for role, holder in zip((Role.PEGAWAI, Role.ATASAN), holders, strict=False):
        content = office.sign(content, role, CAHYA, holder=holder)
    return content


def suggested(office: Office, nip: str, content: bytes, *, field: str | None = None) -> object:
    return suggest(nip, inspect(content, trust=office.moment.trust), field=field, store=office.store)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Cahya Lestari", "CAHYA LESTARI", Likeness.SAME),
        ("Diah Contohwati", "Dr. Diah Contohwati, M.Si.", Likeness.SAME),
        ("Prof. Dr. H. Ahmad Contoh, S.H., M.Hum.", "ahmad contoh", Likeness.SAME),
        ("Nur'aini José", "Nuraini Jose, S.E.", Likeness.SAME),
        ("Sri L. Contohningrum", "Sri Lestari Contohningrum, S.Ikom.", Likeness.SIMILAR),
        ("Muhammad Contohadi", "Muhamad Contohadi", Likeness.SIMILAR),
        ("Heri Contohadi", "Hari Santoso", Likeness.DIFFERENT),
        ("Diah", "Diah Contohwati", Likeness.DIFFERENT),
        ("", "Diah Contohwati", Likeness.DIFFERENT),
        ("Dr.", "Ir.", Likeness.DIFFERENT),
    ],
)
def test_names_are_compared_without_titles(one: str, other: str, expected: Likeness) -> None:
    assert likeness(one, other) is expected
    assert likeness(other, one) is expected


def test_a_signed_file_shows_whose_certificate_it_carries_and_nothing_is_kept(office: Office) -> None:
    eko = keys().people[EKO]
    suggestion = suggest(
        EKO, inspect(signed_by(office, eko.holder()), trust=office.moment.trust), field=None, store=office.store
    )
    assert suggestion.certificate == read_certificate(eko.der)
    assert suggestion.certificate.issuer == read_certificate(keys().authority.der).subject
    assert (suggestion.likeness, suggestion.doubts) == (Likeness.SAME, ())
    with office.store.reading() as tx:
        assert tx.signers.find(suggestion.certificate.fingerprint) is None


def test_a_file_of_several_people_needs_the_field_named(office: Office) -> None:
    content = signed_by(office, keys().people[CAHYA].holder(), keys().people[EKO].holder())
    with pytest.raises(BadInput, match="file_of_several_signers") as caught:
        suggested(office, EKO, content)
    assert "ttd_atasan (Eko Nugroho)" in caught.value.params["listed"]
    report = inspect(content, trust=office.moment.trust)
    chosen = suggest(EKO, report, field="ttd_atasan", store=office.store)
    assert chosen.certificate.name == "Eko Nugroho"
    with pytest.raises(BadInput, match="ttd_lain"):
        suggest(EKO, report, field="ttd_lain", store=office.store)


def test_another_name_is_shown_as_another_and_left_to_the_person(office: Office) -> None:
    report = inspect(signed_by(office, named("Sri Wahyuni").holder()), trust=office.moment.trust)
    assert suggest(EKO, report, field=None, store=office.store).likeness is Likeness.DIFFERENT


def test_a_signature_nobody_can_rely_on_enrols_nobody(office: Office) -> None:
    stranger = open_authority("Akar Uji", now=FOUNDED, curve=ec.SECP256R1()).person("Eko Nugroho", curve=ec.SECP256R1())
    untrusted = signed_by(office, stranger.holder())
    good = signed_by(office, keys().people[EKO].holder())
    broken = good.replace(b"Eko Nugroho", b"Eka Nugroho", 1)
    assert broken != good
    for content in (untrusted, broken):
        with pytest.raises(NotGranted):
            suggested(office, EKO, content)
    with pytest.raises(BadInput, match="file_without_signature"):
        suggested(office, EKO, office.filled("coaching"))
    with pytest.raises(BadInput):
        suggested(office, EKO, b"bukan pdf")
    with pytest.raises(BadInput, match="nip_unknown"):
        suggested(office, "199001012015031001", good)


def fingerprint_of(nip: str) -> str:
    return read_certificate(keys().people[nip].der).fingerprint


def ended(office: Office, since: dt.datetime, nip: str = DIAH) -> None:
    end(nip, fingerprint_of(nip), since=since, reason="Kunci hilang.", store=office.store, now=NOW, actor="biro")


def stamped(office: Office, at: dt.datetime) -> bytes:
    """An honest form whose signatures a trusted clock dates."""
    clock = LocalTimestamper(holder=keys().tsa.holder(), clock=lambda: at)
    content = office.filled("coaching", **RECENT)
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)):
        content = sign_form(
            content,
            role=role,
            holder=keys().people[nip].holder(),
            at=at,
            zone=ZONE,
            timestamper=clock,
            enrolled_nip=None,
        ).content
    return content


def test_a_signature_proven_to_be_older_outlives_the_end_of_its_enrolment(office: Office) -> None:
    content = stamped(office, NOW - 2 * DAY)
    ended(office, NOW - DAY)
    assert office.prove(content).verdict is Verdict.PASSED


def test_a_signature_proven_to_be_younger_does_not(office: Office) -> None:
    content = stamped(office, NOW - DAY)
    ended(office, NOW - 2 * DAY)
    assert office.codes(content) == ["unknown_signer"]


def test_a_signature_that_only_says_it_is_older_does_not(office: Office) -> None:
    content = office.filled("coaching", **RECENT)
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)):
        content = office.sign(content, role, nip, at=NOW - 5 * DAY)
    assert office.prove(content).verdict is Verdict.PASSED
    ended(office, NOW - DAY)
    assert office.codes(content) == ["unknown_signer"]


def test_an_end_can_be_moved_to_an_earlier_day_and_not_to_a_later_one(office: Office) -> None:
    for days in (3, 9, 1):
        ended(office, NOW - days * DAY)
    with office.store.reading() as tx:
        found = tx.signers.find(fingerprint_of(DIAH))
    assert found is not None
    assert found.ended_at == NOW - 9 * DAY


def test_what_cannot_be_ended_is_refused(office: Office) -> None:
    with pytest.raises(BadInput, match="enrolment_end_in_future"):
        ended(office, NOW + DAY)
    for nip, fingerprint, reason in (
        (HERI, fingerprint_of(DIAH), "x"),
        (DIAH, "00" * 32, "x"),
        (DIAH, fingerprint_of(DIAH), " "),
    ):
        with pytest.raises(BadInput):
            end(nip, fingerprint, since=NOW, reason=reason, store=office.store, now=NOW, actor="biro")


def test_an_ended_enrolment_is_not_begun_again(office: Office) -> None:
    ended(office, NOW - DAY)
    with pytest.raises(NotGranted, match="enrolment_ended"):
        enrol(DIAH, keys().people[DIAH].pem, store=office.store, now=NOW, actor="biro")


def test_an_unknown_signer_s_name_is_a_hint_and_gives_the_signature_to_nobody(office: Office) -> None:
    content = office.signed("coaching", signers=[(Role.PEGAWAI, CAHYA)])
    answer = office.prove(office.sign(content, Role.ATASAN, DIAH, holder=named("Diah Contohwatie").holder()))
    (unknown,) = answer.reasons
    assert (unknown.code, answer.verdict) == ("unknown_signer", Verdict.REVIEW)
    assert "menyerupai Diah Contohwati, M.Si." in unknown.message
    assert answer.attribution is not None
    assert set(answer.attribution.by_role) == {Role.PEGAWAI}
    other = office.prove(office.sign(content, Role.ATASAN, DIAH, holder=named("Sri Wahyuni").holder()))
    assert "menyerupai" not in other.reasons[0].message


def test_nobody_is_mentor_to_himself(office: Office) -> None:
    with pikepdf.open(io.BytesIO(office.filled("mentoring"))) as form:
        fields = {str(field.T): field for field in form.Root.AcroForm.Fields.as_list()}
        fields["nip_pembimbing"].V, fields["nip_pembimbing"].AP = fields["nip_pegawai"].V, fields["nip_pegawai"].AP
        fields["nama_pembimbing"].V, fields["nama_pembimbing"].AP = fields["nama_pegawai"].V, fields["nama_pegawai"].AP
        out = io.BytesIO()
        form.save(out)
    content = out.getvalue()
    for role, nip in ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)):
        content = office.sign(content, role, nip)
    answer = office.prove(content)
    assert answer.verdict is Verdict.FAILED
    assert "invalid_value" in {reason.code for reason in answer.reasons if "melapor" in reason.message}


def test_the_command_shows_asks_enrols_and_ends(cmb: Run, home: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from service.cli import main

    sample = home / "sample"
    signed = tmp_path / "satu.pdf"
    cmb("blank", "--kind", "coaching", "--employee", CAHYA, "-o", tmp_path / "kosong.pdf")
    cmb("sign", tmp_path / "kosong.pdf", "--as", "pegawai", "--key", sample / "cahya.p12",
        "--passphrase-file", sample / "passphrase", "-o", signed)  # fmt: skip
    fingerprint = read_certificate((sample / "cahya.pem").read_bytes()).fingerprint
    shown = objects(cmb("signers", "enroll", CAHYA, "--from", signed, "--json", expect=1))[0]
    assert (shown["enrolled"], shown["fingerprint"], shown["likeness"]) == (False, fingerprint, "same")
    words = ["--home", str(home), "signers", "enroll", CAHYA, "--from", str(signed)]
    refused = CliRunner().invoke(main, words, input="n\n")
    assert refused.exit_code == 1
    assert fingerprint in refused.stderr
    assert "bukan bukti" in refused.stderr
    assert CliRunner().invoke(main, words, input="y\n").exit_code == 0
    done = objects(cmb("signers", "enroll", CAHYA, "--from", signed, "--field", "ttd_pegawai", "--yes", "--json"))[0]
    assert (done["enrolled"], done["nip"]) == (True, CAHYA)
    cmb("signers", "enroll", CAHYA, expect=2)
    cmb("signers", "enroll", CAHYA, sample / "cahya.pem", "--from", signed, expect=2)
    assert "sudah terdaftar" in cmb("signers", "enroll", HERI, "--from", signed, "--yes", expect=1).stderr
    revoke = ("signers", "revoke", CAHYA, fingerprint.upper(), "--from", "2024-01-05", "--reason", "Pindah instansi")
    assert objects(cmb(*revoke, "--json"))[0]["ended_at"] == "2024-01-04T17:00:00+00:00"
    assert "2024-01-05" in cmb(*revoke).stdout
    cmb("signers", "revoke", CAHYA, fingerprint, "--from", "5 Januari", "--reason", "x", expect=2)
