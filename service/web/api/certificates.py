"""Yearly certificates: read by whoever may, issued and revoked by Biro SDM."""

from __future__ import annotations

from service.access import Act, Kind, Subject, may
from service.policy import jp_text
from service.records import Certificate, CertificateState
from service.revoke import revoke
from service.subjects import of_certificate
from service.web.api.batches import batch_json
from service.web.api.operation import Answer, Asked, Body, Json, Operation, Told
from service.web.api.refusals import Refused
from service.web.api.shapes import BOOL, LIMIT, NIP, NUMBER, YEAR, asked, cursor, in_path, in_query, ref, text
from service.web.desk import desk
from service.web.visitor import signed_in
from service.works.asking import ask

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
    made = ask(
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
)
