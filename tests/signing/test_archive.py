"""What proves a seal is stored in the file, under a document time stamp: nothing else of the file changes."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.archive import authority_of, with_archive_stamp, with_material
from signing.changes.policy import only_signatures_added
from signing.demo_authority import IssuedKey
from signing.errors import CannotSign, TimestampUnavailable
from signing.report import Changes, Indication, Report
from signing.revocation.checker import Material
from signing.sign import seal
from signing.timestamps import LocalTimestamper
from signing.trust import Trust
from signing.validation.authority import material_of_authority
from signing.validation.inspect import inspect
from support.ocsp_responses import ocsp_answer
from support.pki import CURVE, NOW, Office, open_office
from support.small_forms import blank

SOURCE = "http://crl.contoh.go.id/akar.crl"


class Silent:
    """An authority that does not answer."""

    anchors = ()

    def stamp(self, digest: bytes, algorithm: str) -> bytes:  # noqa: ARG002 - the protocol's shape
        raise TimestampUnavailable("timestamp_unavailable.unreachable")


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def clock(office: Office) -> IssuedKey:
    return office.authority.tsa("Jam dengan Sumber", curve=CURVE, crl_url=SOURCE)


@pytest.fixture(scope="module")
def sealed(office: Office, clock: IssuedKey) -> bytes:
    key = office.authority.seal("Segel dengan Sumber", curve=CURVE, crl_url=SOURCE)
    return seal(
        blank(slots=()),
        holder=key.holder(),
        at=NOW,
        timestamper=LocalTimestamper(holder=clock.holder(), clock=lambda: NOW),
        stamp=None,
        box=(60, 100, 240, 170),
        reason="Sertifikat",
    )


def judged(office: Office, content: bytes, *, crls: tuple[bytes, ...] = ()) -> Report:
    return inspect(content, trust=office.trust(crls=crls))


def lasting(office: Office, clock: IssuedKey, content: bytes) -> bytes:
    material = judged(office, content, crls=(office.authority.revocation_list([], at=NOW),)).material
    assert material.complete
    stamps = LocalTimestamper(holder=clock.holder(), clock=lambda: NOW)
    return with_archive_stamp(content, material, timestamper=stamps, at=NOW)


def test_a_document_closed_to_every_change_is_made_to_last_and_proves_itself(
    office: Office, clock: IssuedKey, sealed: bytes
) -> None:
    assert {found.sub_indication for found in judged(office, sealed).signatures} == {"TRY_LATER"}
    once = lasting(office, clock, sealed)
    twice = lasting(office, clock, once)
    for content, before in ((once, sealed), (twice, once)):
        assert only_signatures_added(content, before)
        report = judged(office, content)
        assert {found.indication for found in report.signatures} == {Indication.TOTAL_PASSED}
        assert (report.signatures[0].profile, report.signatures[0].changes_after) == ("PAdES-B-LTA", Changes.LTV)


def test_validation_data_alone_make_it_b_lt(office: Office, sealed: bytes) -> None:
    material = judged(office, sealed, crls=(office.authority.revocation_list([], at=NOW),)).material
    (found,) = judged(office, with_material(sealed, material)).signatures
    assert (found.indication, found.profile) == (Indication.TOTAL_PASSED, "PAdES-B-LT")


def test_the_stamp_is_a_locked_field_without_size_or_appearance(
    office: Office, clock: IssuedKey, sealed: bytes
) -> None:
    with pikepdf.open(io.BytesIO(lasting(office, clock, sealed))) as pdf:
        stamp = pdf.Root.AcroForm.Fields[-1]
        assert "/AP" not in stamp
        assert (int(stamp.F), [float(edge) for edge in stamp.Rect.as_list()]) == (132, [0, 0, 0, 0])
        assert (stamp.V.SubFilter, int(pdf.Root.Extensions.ESIC.ExtensionLevel)) == ("/ETSI.RFC3161", 1)
        assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1


def test_answers_of_a_responder_serve_as_well_as_lists(office: Office, clock: IssuedKey, sealed: bytes) -> None:
    (found,) = judged(office, sealed).signatures
    assert found.signer is not None
    issuer = office.authority.issued
    answers = tuple(ocsp_answer(subject, issuer, at=NOW) for subject in (found.signer.certificate, clock.der))
    root = (office.authority.der,)
    material = inspect(sealed, trust=Trust(roots=root, timestamp_roots=root, moment=NOW, ocsps=answers)).material
    assert (material.complete, material.crls, set(material.ocsps)) == (True, (), set(answers))
    stamps = LocalTimestamper(holder=clock.holder(), clock=lambda: NOW)
    report = judged(office, with_archive_stamp(sealed, material, timestamper=stamps, at=NOW))
    assert {found.indication for found in report.signatures} == {Indication.TOTAL_PASSED}
    assert report.signatures[0].profile == "PAdES-B-LTA"


def test_what_is_stored_already_is_not_stored_again(office: Office, clock: IssuedKey, sealed: bytes) -> None:
    twice = lasting(office, clock, lasting(office, clock, sealed))
    with pikepdf.open(io.BytesIO(twice)) as pdf:
        certificates = [stream.read_bytes() for stream in pdf.Root.DSS.Certs.as_list()]
    assert len(certificates) == len(set(certificates)) == 3


def test_material_is_incomplete_when_nothing_speaks_for_some_certificate(office: Office, sealed: bytes) -> None:
    assert not judged(office, sealed).material.complete
    plain = seal(
        blank(slots=()),
        holder=office.people[0].holder(),
        at=NOW,
        timestamper=office.timestamper(),
        stamp=None,
        box=(60, 100, 240, 170),
        reason=None,
    )
    report = judged(office, plain)
    # It passes, because nothing says where to ask; but nobody can show later that it was not revoked.
    assert report.signatures[0].indication is Indication.TOTAL_PASSED
    assert not report.material.complete


def test_material_is_incomplete_when_the_time_stamp_is_not_believed(office: Office, sealed: bytes) -> None:
    crls = (office.authority.revocation_list([], at=NOW),)
    unbelieved = Trust(roots=(office.authority.der,), timestamp_roots=(), moment=NOW, crls=crls)
    assert not inspect(sealed, trust=unbelieved).material.complete


def test_an_authority_is_judged_before_its_stamp_is_set(office: Office, clock: IssuedKey) -> None:
    stamps = LocalTimestamper(holder=clock.holder(), clock=lambda: NOW)
    certificates = authority_of(stamps, b"\0" * 32)
    assert certificates[0] == clock.der
    current, yesterday = office.authority.revocation_list([], at=NOW), NOW - dt.timedelta(days=1)
    assert material_of_authority(certificates, trust=office.trust(crls=(current,))).complete
    assert not material_of_authority(certificates, trust=office.trust()).complete
    revoked = office.authority.revocation_list([(clock, yesterday)], at=NOW)
    assert not material_of_authority(certificates, trust=office.trust(crls=(revoked,))).complete
    nobody = Trust(roots=(office.authority.der,), timestamp_roots=(), moment=NOW, crls=(current,))
    assert not material_of_authority(certificates, trust=nobody).complete
    assert not material_of_authority((office.people[0].der,), trust=office.trust(crls=(current,))).complete
    assert not material_of_authority((), trust=office.trust()).complete


def test_nothing_is_added_when_the_authority_is_silent_or_the_file_is_broken(sealed: bytes) -> None:
    with pytest.raises(TimestampUnavailable):
        with_archive_stamp(sealed, Material(), timestamper=Silent(), at=NOW)
    for broken in (b"%PDF-1.7\nnothing", b""):
        with pytest.raises(CannotSign):
            with_material(broken, Material())


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_change_of_a_covered_byte_passes(data: st.DataObject) -> None:
    content, office, newest = made_once()
    place = data.draw(st.integers(0, newest - 1))
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    report = judged(office, bytes(changed))
    passed = [found.field for found in report.signatures if found.indication is Indication.TOTAL_PASSED]
    assert len(passed) < 2


_MADE: list[tuple[bytes, Office, int]] = []


def made_once() -> tuple[bytes, Office, int]:
    if not _MADE:
        office = open_office()
        clock = office.authority.tsa("Jam", curve=CURVE, crl_url=SOURCE)
        stamps = LocalTimestamper(holder=clock.holder(), clock=lambda: NOW)
        holder = office.authority.seal("Segel", curve=CURVE, crl_url=SOURCE).holder()
        box = (60.0, 100.0, 240.0, 170.0)
        content = seal(blank(slots=()), holder=holder, at=NOW, timestamper=stamps, stamp=None, box=box, reason=None)
        content = lasting(office, clock, content)
        start = content.rindex(b"/Contents <")
        _MADE.append((content, office, start))
    return _MADE[0]


def test_qpdf_finds_nothing_wrong(office: Office, clock: IssuedKey, sealed: bytes, tmp_path: Path) -> None:
    import subprocess

    path = tmp_path / "sertifikat.pdf"
    path.write_bytes(lasting(office, clock, sealed))
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0
