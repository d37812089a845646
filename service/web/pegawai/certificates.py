"""One's yearly certificates, to read and to save."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from service.records import CertificateState
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sertifikat", "certificates", certificates)
    blueprint.add_url_rule("/sertifikat/<number>.pdf", "certificate_file", certificate_file)


@only()
def certificates() -> str:
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        mine = [each for each in tx.certificates.of_nip(who.nip) if each.state is not CertificateState.INTENDED]
    return render_template("pegawai/certificates.html", mine=mine)


@only()
def certificate_file(number: str) -> Response:
    """The sealed bytes, as kept; also of one that ended, marked so on the page that leads here."""
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        found = tx.certificates.find(number)
    if found is None or found.nip != who.nip or found.digest is None:
        abort(404)
    return pdf_answer(at.store.document(found.digest), name=f"{found.number}.pdf")
