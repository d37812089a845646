"""API operations on certificates, public checks, and a person's year in JP."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import request

from service.access import Act, Kind, Subject, may
from service.access_lookup import of_certificate, of_employee
from service.certificates.check import caller_digest, check_file, check_number, public_json
from service.certificates.lifecycle import reissues_of, revoke
from service.errors import BadInput
from service.identifiers import as_typed
from service.jobs.requests import request_batch
from service.law import jp_text
from service.records import Certificate, CertificateState
from service.verification.result import assessed_json
from service.web.api.batches import batch_json
from service.web.api.errors import ApiError
from service.web.api.operation import ApiRequest, ApiResponse, Body, Json, Operation, ResponseSpec
from service.web.api.schema import BOOL, LIMIT, NIP, NUMBER, YEAR, cursor, in_path, in_query, ref, request_object, text
from service.web.auth import require_visitor
from service.web.context import current_services
from service.year import accumulate

_NUMBER = in_path("number", NUMBER, "Nomor sertifikat.")
_MOST_NIPS = 1000
_ISSUE = request_object(
    "year",
    year=YEAR,
    nips={"type": "array", "items": NIP, "minItems": 1, "maxItems": _MOST_NIPS, "uniqueItems": True},
    early=BOOL,
    reissue={"type": "array", "items": NUMBER, "minItems": 1, "maxItems": _MOST_NIPS, "uniqueItems": True},
    reason=text(500, least=3),
)
_REVOKE = request_object("reason", reason=text(500, least=3))


def list_certificates(call: ApiRequest) -> ApiResponse:
    """List certificates: all for Biro SDM, the visitor's own for others, or one person's where they may be seen."""
    visitor, limit, params = require_visitor(), call.params["limit"] or 50, call.params
    everybody = may(visitor.viewer, Act.SEE, Subject(kind=Kind.CERTIFICATE))
    nip = params["nip"] or (None if everybody else visitor.nip)
    with current_services().store.reading() as tx:
        certificates = tx.certificates.list(limit + 1, after_number=params["cursor"], nip=nip, year=params["year"])
        page = certificates[:limit]
        visible = [certificate for certificate in page if may(visitor.viewer, Act.SEE, of_certificate(tx, certificate))]
    more = page[-1].number if len(certificates) > limit else None
    return ApiResponse(body={"items": [_payload(certificate) for certificate in visible], "next_cursor": more})


def get_certificate(call: ApiRequest) -> ApiResponse:
    return ApiResponse(body=_payload(_visible_certificate(call.params["number"])))


def certificate_file(call: ApiRequest) -> ApiResponse:
    """Send the sealed bytes as stored."""
    certificate = _visible_certificate(call.params["number"])
    if certificate.digest is None:
        raise ApiError(404)
    return ApiResponse(content=current_services().store.document(certificate.digest), name=f"{certificate.number}.pdf")


def issue_certificates(call: ApiRequest) -> ApiResponse:
    """Start issuing as a batch; a certificate on the same basis is kept."""
    services, visitor, year = current_services(), require_visitor(), call.body["year"]
    if not may(visitor.viewer, Act.DECIDE, Subject(kind=Kind.CERTIFICATE)):
        raise ApiError(403)
    asked: Json = {name: call.body[name] for name in ("year", "nips", "early") if name in call.body}
    if "reissue" in call.body:
        with services.store.reading() as tx:
            decisions = reissues_of(call.body["reissue"], call.body.get("reason", ""), tx)
        if any(certificate.year != year for certificate, _ in decisions.values()):
            raise BadInput("Nomor-nomor itu menyangkut tahun lain.", "Sebutkan tahun sertifikat yang dicabut.")
        asked["nips"] = [*decisions, *(nip for nip in call.body.get("nips", ()) if nip not in decisions)]
        asked["reissue"] = {nip: decision.number for nip, (_, decision) in decisions.items()}
        asked["reason"] = call.body.get("reason", "").strip()
    batch = request_batch(
        "issue",
        f"Sertifikat {year}",
        asked,
        store=services.store,
        now=services.clock(),
        actor=visitor.actor,
        randomness=services.randomness,
    )
    return ApiResponse(status=202, body=batch_json(batch.id), location=f"/api/v1/batches/{batch.id}")


def revoke_certificate(call: ApiRequest) -> ApiResponse:
    """Revoke a certificate; the reason is shown to those who check it."""
    services, visitor, number = current_services(), require_visitor(), call.params["number"]
    certificate = _visible_certificate(number)
    with services.store.reading() as tx:
        allowed = may(visitor.viewer, Act.DECIDE, of_certificate(tx, certificate))
    if not allowed:
        raise ApiError(403)
    revoke(number, call.body["reason"], store=services.store, now=services.clock(), actor=visitor.actor)
    return ApiResponse(body=_payload(_visible_certificate(number)))


def _visible_certificate(number: str) -> Certificate:
    with current_services().store.reading() as tx:
        certificate = tx.certificates.find(number)
        allowed = certificate is not None and may(require_visitor().viewer, Act.SEE, of_certificate(tx, certificate))
    if certificate is None or not allowed or certificate.state is CertificateState.INTENDED:
        raise ApiError(404)
    return certificate


def _payload(certificate: Certificate) -> Json:
    return {
        "number": certificate.number,
        "nip": certificate.nip,
        "year": certificate.year,
        "jp": jp_text(certificate.jp),
        "state": certificate.state.value,
        "sha256": certificate.digest,
        "issued_at": certificate.issued_at.isoformat() if certificate.issued_at else None,
        "ended_at": certificate.ended_at.isoformat() if certificate.ended_at else None,
        "end_reason": certificate.end_reason,
    }


# --- Checks: what the public page says, and no more

# As on the public page: programs may not try all numbers either.
_RATE = "30 per minute; 300 per hour"
_LARGEST = 5 * 1024 * 1024


def check_by_number(call: ApiRequest) -> ApiResponse:
    """Check a number as people type it; anything else than a number is unknown."""
    services = current_services()
    answer = check_number(
        as_typed(call.params["number"]),
        store=services.store,
        settings=services.settings,
        readings=services.sealed_readings,
        now=services.clock(),
        caller=_caller(),
    )
    return ApiResponse(body=public_json(answer))


def check_by_file(call: ApiRequest) -> ApiResponse:
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


def get_year(call: ApiRequest) -> ApiResponse:
    """Return a person's year in JP with the findings of the law, as `cmb jp` does."""
    nip, year = call.params["nip"], call.params["year"]
    with current_services().store.reading() as tx:
        allowed = may(require_visitor().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD))
        if not allowed or tx.employees.get(nip) is None:
            raise ApiError(404)
        assessment = accumulate(nip, year, tx).assessment
    payload = {
        "nip": nip,
        "year": year,
        "total": jp_text(assessment.total),
        "target": jp_text(assessment.target),
        "items": [assessed_json(item) for item in assessment.items],
    }
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
        params=(
            in_query("nip", NIP, "Hanya milik pegawai ini."),
            in_query("year", YEAR, "Hanya tahun ini."),
            LIMIT,
            cursor(NUMBER),
        ),
        answers={200: ResponseSpec(description="Satu halaman.", schema=ref("CertificatePage"))},
    ),
    Operation(
        method="GET",
        path="/certificates/{number}",
        id="getCertificate",
        tag="certificates",
        summary="Satu sertifikat",
        scope="certificates:read",
        view=get_certificate,
        params=(_NUMBER,),
        answers={200: ResponseSpec(description="Sertifikat.", schema=ref("Certificate"))},
    ),
    Operation(
        method="GET",
        path="/certificates/{number}/file",
        id="getCertificateFile",
        tag="certificates",
        summary="Berkas sertifikat bersegel",
        scope="certificates:read",
        view=certificate_file,
        params=(_NUMBER,),
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
        body=Body(largest=64 * 1024, schema=_ISSUE),
        answers={202: ResponseSpec(description="Dikerjakan; lihat kemajuannya.", schema=ref("Batch"), location=True)},
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
        params=(_NUMBER,),
        body=Body(largest=16 * 1024, schema=_REVOKE),
        answers={200: ResponseSpec(description="Sudah dicabut.", schema=ref("Certificate"))},
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
        params=(in_path("number", text(60, least=1), "Nomor, seperti orang mengetiknya."),),
        answers={200: ResponseSpec(description="Keadaannya.", schema=ref("Check"))},
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
        body=Body(largest=_LARGEST),
        answers={200: ResponseSpec(description="Keadaannya.", schema=ref("Check"))},
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
        params=(in_path("nip", NIP, "Pegawai."), in_path("year", YEAR, "Tahun kalender.")),
        answers={200: ResponseSpec(description="Hitungan tahun itu.", schema=ref("Assessment"))},
    ),
)
