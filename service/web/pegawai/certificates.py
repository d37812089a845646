"""One's yearly certificates, to read and to save."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Page

from service.records import CertificateState
from service.sharing import share, unshare
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sertifikat", "certificates", certificates)
    blueprint.add_url_rule("/sertifikat/<number>.pdf", "certificate_file", certificate_file)
    blueprint.add_url_rule("/sertifikat/<number>/berbagi", "share_certificate", share_certificate, methods=["POST"])


@only()
def certificates() -> str:
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        mine = [each for each in tx.certificates.of_nip(who.nip) if each.state is not CertificateState.INTENDED]
        shown = {each.number for each in mine if tx.shares.since(each.number) is not None}
    return render_template("pegawai/certificates.html", mine=mine, shown=shown)


@only()
def certificate_file(number: str) -> Response:
    """The sealed bytes, as kept; also of one that ended, marked so on the page that leads here."""
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        found = tx.certificates.find(number)
    if found is None or found.nip != who.nip or found.digest is None:
        abort(404)
    return pdf_answer(at.store.document(found.digest), name=f"{found.number}.pdf")


@only()
def share_certificate(number: str) -> Page:
    """Show the document beside its public check, or show it no more; only its holder may."""
    who, at = signed_in(), desk()
    change = share if request.form.get("shared") == "1" else unshare
    change(number, holder_nip=who.nip, store=at.store, now=at.clock())
    return redirect(url_for("pegawai.certificates"))
