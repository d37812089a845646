"""Yearly certificates: read by whoever may, issued and revoked by Biro SDM."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import request

from service.access import Act, Kind, Subject, may
from service.access_lookup import of_certificate, of_employee
from service.certificates.check import caller_of, check_file, check_number, public_json
from service.certificates.lifecycle import revoke
from service.identifiers import as_typed
from service.jobs.requests import request_batch
from service.law import jp_text
from service.records import Certificate, CertificateState
from service.verification.result import assessed_json
from service.web.api.batches import batch_json
from service.web.api.errors import Refused
from service.web.api.operation import Answer, Asked, Body, Json, Operation, Told
from service.web.api.schema import BOOL, LIMIT, NIP, NUMBER, YEAR, asked, cursor, in_path, in_query, ref, text
from service.web.auth import signed_in
from service.web.context import desk
from service.year import accumulate

_NUMBER = in_path("number", NUMBER, "Nomor sertifikat.")
_MOST_NIPS = 1000
_ISSUE = asked(
    "year",
    year=YEAR,
    nips={"type": "array", "items": NIP, "minItems": 1, "maxItems": _MOST_NIPS, "uniqueItems": True},
    early=BOOL,
)
_REVOKE = asked("reason", reason=text(500, least=3))


def listed(call: Asked) -> Told:
    """Everybody's for Biro SDM, one's own for the others, or one person's, where one may see them."""
    who, limit, params = signed_in(), call.params["limit"] or 50, call.params
    everybody = may(who.viewer, Act.SEE, Subject(kind=Kind.CERTIFICATE))
    nip = params["nip"] or (None if everybody else who.nip)
    with desk().store.reading() as tx:
        found = tx.certificates.list(limit + 1, after_number=params["cursor"], nip=nip, year=params["year"])
        page = found[:limit]
        seen = [each for each in page if may(who.viewer, Act.SEE, of_certificate(tx, each))]
    more = page[-1].number if len(found) > limit else None
    return Told(body={"items": [_told(each) for each in seen], "next_cursor": more})


def one(call: Asked) -> Told:
    return Told(body=_told(_seen(call.params["number"])))


def file(call: Asked) -> Told:
    """The sealed bytes, as kept."""
    found = _seen(call.params["number"])
    if found.digest is None:
        raise Refused(404)
    return Told(content=desk().store.document(found.digest), name=f"{found.number}.pdf")


def issue(call: Asked) -> Told:
    """Long work: who has a certificate on the same basis keeps it."""
    at, who, year = desk(), signed_in(), call.body["year"]
    if not may(who.viewer, Act.DECIDE, Subject(kind=Kind.CERTIFICATE)):
        raise Refused(403)
    made = request_batch(
        "issue",
        f"Sertifikat {year}",
        {name: call.body[name] for name in ("year", "nips", "early") if name in call.body},
        store=at.store,
        now=at.clock(),
        actor=who.actor,
        randomness=at.randomness,
    )
    return Told(status=202, body=batch_json(made.id), location=f"/api/v1/batches/{made.id}")


def end(call: Asked) -> Told:
    """Revoke; whoever checks the number reads the reason."""
    at, who, number = desk(), signed_in(), call.params["number"]
    found = _seen(number)
    with at.store.reading() as tx:
        allowed = may(who.viewer, Act.DECIDE, of_certificate(tx, found))
    if not allowed:
        raise Refused(403)
    revoke(number, call.body["reason"], store=at.store, now=at.clock(), actor=who.actor)
    return Told(body=_told(_seen(number)))


def _seen(number: str) -> Certificate:
    with desk().store.reading() as tx:
        found = tx.certificates.find(number)
        allowed = found is not None and may(signed_in().viewer, Act.SEE, of_certificate(tx, found))
    if found is None or not allowed or found.state is CertificateState.INTENDED:
        raise Refused(404)
    return found


def _told(each: Certificate) -> Json:
    return {
        "number": each.number,
        "nip": each.nip,
        "year": each.year,
        "jp": jp_text(each.jp),
        "state": each.state.value,
        "sha256": each.digest,
        "issued_at": each.issued_at.isoformat() if each.issued_at else None,
        "ended_at": each.ended_at.isoformat() if each.ended_at else None,
        "end_reason": each.end_reason,
    }


# --- Whether a number or a file is a certificate of ours: what the public page says, and no more

# As the public page has it: the register is not walked by programs either.
_RATE = "30 per minute; 300 per hour"
_LARGEST = 5 * 1024 * 1024


def by_number(call: Asked) -> Told:
    """As people type it; what is no number of ours is unknown, like any other."""
    at = desk()
    answer = check_number(as_typed(call.params["number"]), store=at.store, now=at.clock(), caller=_caller())
    return Told(body=public_json(answer))


def by_file(call: Asked) -> Told:
    """Compared byte by byte, and not kept."""
    at = desk()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "berkas.pdf"
        path.write_bytes(call.content)
        answer = check_file(
            path, store=at.store, settings=at.settings, apart=at.apart, now=at.clock(), caller=_caller()
        )
    return Told(body=public_json(answer))


def _caller() -> str:
    return caller_of(request.remote_addr or "", desk().settings)


# --- A person's year in JP, with the law's findings: the answer of `cmb jp`


def year_of(call: Asked) -> Told:
    nip, year = call.params["nip"], call.params["year"]
    with desk().store.reading() as tx:
        allowed = may(signed_in().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD))
        if not allowed or tx.employees.get(nip) is None:
            raise Refused(404)
        assessment = accumulate(nip, year, tx).assessment
    told = {
        "nip": nip,
        "year": year,
        "total": jp_text(assessment.total),
        "target": jp_text(assessment.target),
        "items": [assessed_json(item) for item in assessment.items],
    }
    return Told(body=told)


OPERATIONS = (
    Operation(
        method="GET",
        path="/certificates",
        id="listCertificates",
        tag="certificates",
        summary="Sertifikat, tahun terbaru di depan",
        scope="certificates:read",
        view=listed,
        params=(
            in_query("nip", NIP, "Hanya milik pegawai ini."),
            in_query("year", YEAR, "Hanya tahun ini."),
            LIMIT,
            cursor(NUMBER),
        ),
        answers={200: Answer(description="Satu halaman.", schema=ref("CertificatePage"))},
    ),
    Operation(
        method="GET",
        path="/certificates/{number}",
        id="getCertificate",
        tag="certificates",
        summary="Satu sertifikat",
        scope="certificates:read",
        view=one,
        params=(_NUMBER,),
        answers={200: Answer(description="Sertifikat.", schema=ref("Certificate"))},
    ),
    Operation(
        method="GET",
        path="/certificates/{number}/file",
        id="getCertificateFile",
        tag="certificates",
        summary="Berkas sertifikat bersegel",
        scope="certificates:read",
        view=file,
        params=(_NUMBER,),
        answers={200: Answer(description="Berkas itu, bita demi bita.", pdf=True)},
    ),
    Operation(
        method="POST",
        path="/certificates",
        id="issueCertificates",
        tag="certificates",
        summary="Terbitkan sertifikat setahun (Biro SDM)",
        scope="certificates:issue",
        view=issue,
        body=Body(largest=64 * 1024, schema=_ISSUE),
        answers={202: Answer(description="Dikerjakan; lihat kemajuannya.", schema=ref("Batch"), location=True)},
        rate="20 per minute",
    ),
    Operation(
        method="POST",
        path="/certificates/{number}/revocation",
        id="revokeCertificate",
        tag="certificates",
        summary="Cabut sertifikat dengan alasan (Biro SDM)",
        scope="certificates:revoke",
        view=end,
        params=(_NUMBER,),
        body=Body(largest=16 * 1024, schema=_REVOKE),
        answers={200: Answer(description="Sudah dicabut.", schema=ref("Certificate"))},
        rate="120 per minute",
    ),
    Operation(
        method="GET",
        path="/checks/{number}",
        id="checkNumber",
        tag="checks",
        summary="Periksa sebuah nomor sertifikat",
        scope="checks:read",
        view=by_number,
        params=(in_path("number", text(60, least=1), "Nomor, seperti orang mengetiknya."),),
        answers={200: Answer(description="Keadaannya.", schema=ref("Check"))},
        rate=_RATE,
    ),
    Operation(
        method="POST",
        path="/checks",
        id="checkFile",
        tag="checks",
        summary="Periksa sebuah berkas sertifikat; berkas tidak disimpan",
        scope="checks:read",
        view=by_file,
        body=Body(largest=_LARGEST),
        answers={200: Answer(description="Keadaannya.", schema=ref("Check"))},
        rate=_RATE,
    ),
    Operation(
        method="GET",
        path="/jp/{nip}/{year}",
        id="getJp",
        tag="jp",
        summary="Jam pelajaran setahun beserta alasannya",
        scope="jp:read",
        view=year_of,
        params=(in_path("nip", NIP, "Pegawai."), in_path("year", YEAR, "Tahun kalender.")),
        answers={200: Answer(description="Hitungan tahun itu.", schema=ref("Assessment"))},
    ),
)
