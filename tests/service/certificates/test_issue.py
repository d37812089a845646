"""Certificates: once, sealed, the same again, superseded explicitly, whatever is killed when."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from pypdf import PdfReader

from service.certificates.check import State, confirm_file, confirm_number
from service.certificates.lifecycle import revoke
from service.errors import BadInput, MissingResource, NotGranted
from service.records import CertificateState
from service.submissions.decisions import reject
from service.year import accumulate
from signing.report import Indication
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.office import CAHYA, HERI, NOW, Office, keys


def test_nothing_counts_before_biro_sdm_approved_it(office: Office) -> None:
    submission = office.submit(office.signed("coaching"))
    with office.store.reading() as tx:
        assert accumulate(CAHYA, 2025, tx).assessment.total == Decimal(0)
    with pytest.raises(NotGranted, match="certificate_without_jp"):
        office.issue()
    reject(submission.id, "Dokumentasi belum lengkap.", store=office.store, now=NOW, actor="biro")
    with pytest.raises(NotGranted, match="certificate_without_jp"):
        office.issue()


def test_a_certificate_is_sealed_with_a_trusted_time_and_permits_no_change(office: Office) -> None:
    office.approved("coaching")
    issued = office.issue()
    root = keys().authority.der
    report = inspect(issued.content, trust=Trust(roots=(root,), timestamp_roots=(root,), moment=NOW))
    (seal,) = report.signatures
    assert seal.indication is Indication.TOTAL_PASSED
    assert seal.profile == "PAdES-B-T"
    assert seal.covers_whole_file
    assert PdfReader(io.BytesIO(issued.content)).trailer["/Root"]["/Perms"]["/DocMDP"]


def test_the_attached_json_is_what_the_register_keeps(office: Office) -> None:
    office.approved("coaching")
    issued = office.issue()
    attached = PdfReader(io.BytesIO(issued.content)).attachments["sertifikat.json"][0]
    assert json.loads(attached) == issued.certificate.content
    assert issued.certificate.content["total_jp"] == "2"


def test_issuing_again_gives_the_same_bytes(office: Office) -> None:
    office.approved("coaching")
    first, again = office.issue(), office.issue()
    assert (first.new, again.new) == (True, False)
    assert first.content == again.content


def test_a_later_approval_supersedes_the_number_and_says_so(office: Office) -> None:
    office.approved("coaching")
    old = office.issue()
    office.approved("mentoring", tanggal="20 Mei 2025")
    new = office.issue()
    assert new.certificate.number != old.certificate.number
    assert new.certificate.jp == Decimal(4)
    answer = confirm_number(old.certificate.number, store=office.store)
    assert answer.state is State.SUPERSEDED
    assert answer.certificate is not None
    assert answer.certificate.superseded_by == new.certificate.number
    assert confirm_file(new.content, store=office.store).state is State.VALID


def test_numbers_of_a_year_have_no_gaps(office: Office) -> None:
    office.approved("coaching")
    office.issue()
    office.approved("mentoring", tanggal="20 Mei 2025")
    office.issue()
    with office.store.reading() as tx:
        assert [certificate.sequence for certificate in tx.certificates.of_year(2025)] == [1, 2]


def test_a_run_killed_before_sealing_is_finished_under_the_same_number(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.approved("coaching")
    with monkeypatch.context() as patch:
        patch.setattr("service.certificates.issue.seal", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            office.issue()
    with office.store.reading() as tx:
        intention = tx.certificates.intention(CAHYA, 2025)
    assert intention is not None
    assert confirm_number(intention.number, store=office.store).state is State.UNKNOWN
    issued = office.issue()
    assert issued.certificate.number == intention.number
    assert issued.certificate.state is CertificateState.ISSUED


def test_what_was_intended_is_finished_before_newer_approvals_supersede_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.approved("coaching")
    with monkeypatch.context() as patch:
        patch.setattr("service.certificates.issue.seal", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            office.issue()
    office.approved("mentoring", tanggal="20 Mei 2025")
    issued = office.issue()
    with office.store.reading() as tx:
        states = [certificate.state for certificate in tx.certificates.of_year(2025)]
    assert states == [CertificateState.SUPERSEDED, CertificateState.ISSUED]
    assert issued.certificate.jp == Decimal(4)


def _power_cut(*_: object, **__: object) -> bytes:
    raise KeyboardInterrupt


def test_a_year_that_is_not_over_needs_the_explicit_word(office: Office) -> None:
    office.approved("coaching", tanggal="4 Maret 2026", tanggal_tanda_tangan="5 Maret 2026")
    with pytest.raises(NotGranted, match="certificate_too_early"):
        office.issue(year=2026)
    assert office.issue(year=2026, early=True).new


def test_a_revoked_certificate_says_why(office: Office) -> None:
    office.approved("coaching")
    issued = office.issue()
    revoke(issued.certificate.number, "Nama keliru.", store=office.store, now=NOW, actor="biro")
    answer = confirm_file(issued.content, store=office.store)
    assert answer.state is State.REVOKED
    assert answer.certificate is not None
    assert answer.certificate.end_reason == "Nama keliru."
    with pytest.raises(NotGranted, match="revocation_of_ended"):
        revoke(issued.certificate.number, "Lagi.", store=office.store, now=NOW, actor="biro")


def test_a_touched_file_is_altered_and_a_strangers_file_unknown(office: Office) -> None:
    office.approved("coaching")
    issued = office.issue()
    assert confirm_file(issued.content + b"\n%", store=office.store).state is State.ALTERED
    assert confirm_file(office.filled("coaching"), store=office.store).state is State.UNKNOWN
    assert confirm_file(b"rubbish", store=office.store).state is State.UNKNOWN
    assert confirm_number("CMB-2025-000001-AAAAAAAA", store=office.store).state is State.UNKNOWN
    assert confirm_number("bukan nomor", store=office.store).state is State.UNKNOWN


def test_the_public_answer_masks_the_nip(office: Office) -> None:
    office.approved("coaching")
    answer = confirm_number(office.issue().certificate.number.lower(), store=office.store)
    assert answer.holder == "Cahya Lestari"
    assert answer.masked_nip == "1997•••••••••••005"


def test_without_an_official_nothing_is_issued(office: Office) -> None:
    from dataclasses import replace

    office.approved("coaching")
    nameless = replace(office, settings=replace(office.settings, official=None))
    with pytest.raises(MissingResource, match="certificate_official_missing"):
        nameless.issue()
    with office.store.reading() as tx:
        assert tx.certificates.intention(CAHYA, 2025) is None


def test_somebody_without_anything_or_unknown_is_told_so(office: Office) -> None:
    with pytest.raises(NotGranted, match="certificate_without_jp"):
        office.issue(nip=HERI)
    with pytest.raises(NotGranted, match="certificate_for_unknown_nip"):
        office.issue(nip="199001012015031001")
    with pytest.raises(BadInput, match="certificate_unknown"):
        revoke("CMB-2025-000001-AAAAAAAA", "x", store=office.store, now=NOW, actor="biro")
