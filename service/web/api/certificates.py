"""API operations on certificates, public checks, and a person's year in JP."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import request

from service.access import Act, Kind, Subject, may
from service.access_lookup import of_certificate, of_employee
from service.certificates.check import caller_digest, check_file, check_number, public_json
from service.certificates.lasting import newest_document
from service.certificates.lifecycle import reissues_of, revoke
from service.config import local_day
from service.errors import BadInput
from service.identifiers import as_typed
from service.jobs.requests import request_batch
from service.records import Certificate, CertificateState
from service.store.certificates import Copy
from service.verification.result import assessed_json
from service.web.api import models
from service.web.api.batches import batch_payload
from service.web.api.errors import ApiError
from service.web.api.models import (
    CertificatesAsked,
    Issuing,
    Nothing,
    OneCertificate,
    OneYear,
    Renewing,
    Revocation,
    TypedNumber,
)
from service.web.api.operation import ApiRequest, ApiResponse, Operation, ResponseSpec
from service.web.auth import require_visitor
from service.web.context import current_services
from service.year import accumulate


def list_certificates(call: ApiRequest[CertificatesAsked, Nothing]) -> ApiResponse:
    """List certificates: all for Biro SDM, the visitor's own for others, or one person's where they may be seen."""
    visitor, limit, params = require_visitor(), call.params.limit, call.params
    everybody = may(visitor.viewer, Act.SEE, Subject(kind=Kind.CERTIFICATE))
    nip = params.nip or (None if everybody else visitor.nip)
    with current_services().store.reading() as tx:
        certificates = tx.certificates.list(limit + 1, after_number=params.cursor, nip=nip, year=params.year)
        page = certificates[:limit]
        copies = tx.certificates.newest_copies([certificate.number for certificate in page])
        visible = [certificate for certificate in page if may(visitor.viewer, Act.SEE, of_certificate(tx, certificate))]
    more = page[-1].number if len(certificates) > limit else None
    return ApiResponse(
        body=models.CertificatePage(
            items=tuple(_payload(one, copies.get(one.number)) for one in visible), next_cursor=more
        )
    )


def get_certificate(call: ApiRequest[OneCertificate, Nothing]) -> ApiResponse:
    return ApiResponse(body=_with_newest(_visible_certificate(call.params.number)))


def certificate_file(call: ApiRequest[OneCertificate, Nothing]) -> ApiResponse:
    """Send the sealed bytes as stored, of the newest copy."""
    certificate = _visible_certificate(call.params.number)
    if certificate.digest is None:
        raise ApiError(404)
    return ApiResponse(content=newest_document(certificate, current_services().store), name=f"{certificate.number}.pdf")


def issue_certificates(call: ApiRequest[Nothing, Issuing]) -> ApiResponse:
    """Start issuing as a batch; a certificate on the same basis is kept."""
    services, visitor, year = current_services(), require_visitor(), call.body.year
    if not may(visitor.viewer, Act.DECIDE, Subject(kind=Kind.CERTIFICATE)):
        raise ApiError(403)
    asked: dict[str, Any] = {"year": year, "early": call.body.early}
    if call.body.nips is not None:
        asked["nips"] = list(call.body.nips)
    if call.body.reissue is not None:
        reason = call.body.reason or ""
        with services.store.reading() as tx:
            decisions = reissues_of(call.body.reissue, reason, tx)
        if any(certificate.year != year for certificate, _ in decisions.values()):
            raise BadInput("Nomor-nomor itu menyangkut tahun lain.", "Sebutkan tahun sertifikat yang dicabut.")
        asked["nips"] = [*decisions, *(nip for nip in asked.get("nips", ()) if nip not in decisions)]
        asked["reissue"] = {nip: decision.number for nip, (_, decision) in decisions.items()}
        asked["reason"] = reason.strip()
    batch = request_batch(
        "issue",
        f"Sertifikat {year}",
        {name: value for name, value in asked.items() if value is not None},
        store=services.store,
        now=services.clock(),
        actor=visitor.actor,
        randomness=services.randomness,
    )
    return ApiResponse(status=202, body=batch_payload(batch.id), location=f"/api/v1/batches/{batch.id}")


def revoke_certificate(call: ApiRequest[OneCertificate, Revocation]) -> ApiResponse:
    """Revoke a certificate; the reason is shown to those who check it."""
    services, visitor, number = current_services(), require_visitor(), call.params.number
    certificate = _visible_certificate(number)
    with services.store.reading() as tx:
        allowed = may(visitor.viewer, Act.DECIDE, of_certificate(tx, certificate))
    if not allowed:
        raise ApiError(403)
    revoke(number, call.body.reason, store=services.store, now=services.clock(), actor=visitor.actor)
    return ApiResponse(body=_with_newest(_visible_certificate(number)))


def renew_certificates(call: ApiRequest[Nothing, Renewing]) -> ApiResponse:
    """Start adding this year's archive time stamps as a batch."""
    services, visitor = current_services(), require_visitor()
    if not may(visitor.viewer, Act.DECIDE, Subject(kind=Kind.CERTIFICATE)):
        raise ApiError(403)
    numbers = call.body.numbers
    batch = request_batch(
        "renew",
        f"Stempel arsip {local_day(services.clock(), services.settings).year}",
        {} if numbers is None else {"numbers": list(numbers)},
        store=services.store,
        now=services.clock(),
        actor=visitor.actor,
        randomness=services.randomness,
    )
    return ApiResponse(status=202, body=batch_payload(batch.id), location=f"/api/v1/batches/{batch.id}")


def _visible_certificate(number: str) -> Certificate:
    with current_services().store.reading() as tx:
        certificate = tx.certificates.find(number)
        allowed = certificate is not None and may(require_visitor().viewer, Act.SEE, of_certificate(tx, certificate))
    if certificate is None or not allowed or certificate.state is CertificateState.INTENDED:
        raise ApiError(404)
    return certificate


def _with_newest(certificate: Certificate) -> models.Certificate:
    with current_services().store.reading() as tx:
        return _payload(certificate, tx.certificates.newest_copies([certificate.number]).get(certificate.number))


def _payload(certificate: Certificate, newest: Copy | None) -> models.Certificate:
    """Return a certificate with the digest of its newest copy, which is the file that is sent."""
    return models.Certificate(
        number=certificate.number,
        nip=certificate.nip,
        year=certificate.year,
        jp=certificate.jp,
        state=certificate.state,
        sha256=certificate.digest if newest is None else newest.digest,
        level=None if newest is None else newest.level,
        issued_at=certificate.issued_at,
        ended_at=certificate.ended_at,
        end_reason=certificate.end_reason,
    )


# --- Checks: what the public page says, and no more

# As on the public page: programs may not try all numbers either.
_RATE = "30 per minute; 300 per hour"
_LARGEST = 5 * 1024 * 1024


def check_by_number(call: ApiRequest[TypedNumber, Nothing]) -> ApiResponse:
    """Check a number as people type it; anything else than a number is unknown."""
    services = current_services()
    answer = check_number(
        as_typed(call.params.number),
        store=services.store,
        settings=services.settings,
        readings=services.sealed_readings,
        now=services.clock(),
        caller=_caller(),
    )
    return ApiResponse(body=public_json(answer))


def check_by_file(call: ApiRequest[Nothing, Nothing]) -> ApiResponse:
    """Check a file, compared byte by byte; it is not stored."""
    services = current_services()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "berkas.pdf"
        path.write_bytes(call.content)
        answer = check_file(
            path,
            store=services.store,
            settings=services.settings,
            apart=services.sandbox,
            now=services.clock(),
            caller=_caller(),
        )
    return ApiResponse(body=public_json(answer))


def _caller() -> str:
    return caller_digest(request.remote_addr or "", current_services().settings)


# --- Year in JP


def get_year(call: ApiRequest[OneYear, Nothing]) -> ApiResponse:
    """Return a person's year in JP with the findings of the law, as `cmb jp` does."""
    nip, year = call.params.nip, call.params.year
    with current_services().store.reading() as tx:
        allowed = may(require_visitor().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD))
        if not allowed or tx.employees.get(nip) is None:
            raise ApiError(404)
        assessment = accumulate(nip, year, tx).assessment
    payload = models.Assessment(
        nip=nip,
        year=year,
        total=assessment.total,
        target=assessment.target,
        items=tuple(assessed_json(item) for item in assessment.items),
    )
    return ApiResponse(body=payload)


OPERATIONS = (
    Operation(
        method="GET",
        path="/certificates",
        id="listCertificates",
        tag="certificates",
        summary="Sertifikat, tahun terbaru di depan",
        scope="certificates:read",
        view=list_certificates,
        params=CertificatesAsked,
        body=Nothing,
        answers={200: ResponseSpec(description="Satu halaman.", model=models.CertificatePage)},
    ),
    Operation(
        method="GET",
        path="/certificates/{number}",
        id="getCertificate",
        tag="certificates",
        summary="Satu sertifikat",
        scope="certificates:read",
        view=get_certificate,
        params=OneCertificate,
        body=Nothing,
        answers={200: ResponseSpec(description="Sertifikat.", model=models.Certificate)},
    ),
    Operation(
        method="GET",
        path="/certificates/{number}/file",
        id="getCertificateFile",
        tag="certificates",
        summary="Berkas sertifikat bersegel",
        scope="certificates:read",
        view=certificate_file,
        params=OneCertificate,
        body=Nothing,
        answers={200: ResponseSpec(description="Berkas itu, bita demi bita.", pdf=True)},
    ),
    Operation(
        method="POST",
        path="/certificates",
        id="issueCertificates",
        tag="certificates",
        summary="Terbitkan sertifikat setahun (Biro SDM)",
        scope="certificates:issue",
        view=issue_certificates,
        params=Nothing,
        body=Issuing,
        largest=64 * 1024,
        answers={202: ResponseSpec(description="Dikerjakan; lihat kemajuannya.", model=models.Batch, location=True)},
        rate="20 per minute",
    ),
    Operation(
        method="POST",
        path="/certificates/renewals",
        id="renewCertificates",
        tag="certificates",
        summary="Tambahkan stempel waktu arsip tahun ini (Biro SDM)",
        scope="certificates:issue",
        view=renew_certificates,
        params=Nothing,
        body=Renewing,
        largest=64 * 1024,
        answers={202: ResponseSpec(description="Dikerjakan; lihat kemajuannya.", model=models.Batch, location=True)},
        rate="20 per minute",
    ),
    Operation(
        method="POST",
        path="/certificates/{number}/revocation",
        id="revokeCertificate",
        tag="certificates",
        summary="Cabut sertifikat dengan alasan (Biro SDM)",
        scope="certificates:revoke",
        view=revoke_certificate,
        params=OneCertificate,
        body=Revocation,
        largest=16 * 1024,
        answers={200: ResponseSpec(description="Sudah dicabut.", model=models.Certificate)},
        rate="120 per minute",
    ),
    Operation(
        method="GET",
        path="/checks/{number}",
        id="checkNumber",
        tag="checks",
        summary="Periksa sebuah nomor sertifikat",
        scope="checks:read",
        view=check_by_number,
        params=TypedNumber,
        body=Nothing,
        answers={200: ResponseSpec(description="Keadaannya.", model=models.Check)},
        rate=_RATE,
    ),
    Operation(
        method="POST",
        path="/checks",
        id="checkFile",
        tag="checks",
        summary="Periksa sebuah berkas sertifikat; berkas tidak disimpan",
        scope="checks:read",
        view=check_by_file,
        params=Nothing,
        body=Nothing,
        largest=_LARGEST,
        answers={200: ResponseSpec(description="Keadaannya.", model=models.Check)},
        rate=_RATE,
    ),
    Operation(
        method="GET",
        path="/jp/{nip}/{year}",
        id="getJp",
        tag="jp",
        summary="Jam pelajaran setahun beserta alasannya",
        scope="jp:read",
        view=get_year,
        params=OneYear,
        body=Nothing,
        answers={200: ResponseSpec(description="Hitungan tahun itu.", model=models.Assessment)},
    ),
)
