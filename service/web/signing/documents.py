"""Pages of documents to sign: the list, one document, signing with a key file, returning it to the employee."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.accounts.secrets import derive_key
from service.circulation.drafts import preview
from service.circulation.errors import Stale
from service.circulation.intake import IntakeResult, Outcome
from service.circulation.returns import return_to_employee
from service.circulation.signing import sign_many, sign_with_key
from service.circulation.turns import require_turn
from service.circulation.turns import waiting as waiting_for
from service.errors import BadInput, NotGranted
from service.gateway.recovery import is_looked_up_again
from service.store.circulations import WITH_EMPLOYEE, ListedCirculation
from service.store.gateway_calls import GatewayCall
from service.web.auth import TOKEN, require_visitor, sign_in_required
from service.web.context import Page, current_services
from service.web.i18n import translate
from service.web.requests import number_in_form, pdf_answer
from signing.errors import SigningError


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tanda-tangan", "waiting", waiting)
    blueprint.add_url_rule("/tanda-tangan/<serial>", "document", document)
    blueprint.add_url_rule("/tanda-tangan/<serial>/dokumen.pdf", "file", document_file)
    blueprint.add_url_rule("/tanda-tangan/<serial>/kunci", "sign_with_key", sign_document, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/<serial>/kembalikan", "return", send_back, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/beberapa", "many", show_chosen, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/beberapa/tanda-tangani", "sign_many", sign_chosen_documents, methods=["POST"])


@sign_in_required
def waiting() -> str:
    """List the forms that wait for the visitor's signature, longest waiting first."""
    visitor, context = require_visitor(), current_services().circulation_context
    with context.store.reading() as tx:
        listed = waiting_for(tx, visitor.nip, now=context.clock(), zone=context.zone)
    return render_template("signing/waiting.html", listed=listed, ways=signing_ways())


@sign_in_required
def document(serial: str) -> str:
    """Show one document and the ways to sign it."""
    return render_template("signing/document.html", turn=turn_of(serial), ways=signing_ways(), problem=None)


@sign_in_required
def document_file(serial: str) -> Response:
    """Send the document to be signed; only then can it be signed in this session."""
    turn = turn_of(serial)
    answer = pdf_answer(content_of(turn), name=f"{serial}.pdf")
    note_shown(turn.mark, answer)
    return answer


# --- Signing with a key file, and returning

_LARGEST_KEY = 256 * 1024


@sign_in_required
def sign_document(serial: str) -> Page:
    """Sign one document; the key file and its passphrase are used for this action only, in memory."""
    turn = turn_of(serial)
    revision = request.form.get("revision", 0, type=number_in_form)
    try:
        require_shown(turn, revision)
        key, passphrase = key_in_request()
        result = sign_with_key(
            serial,
            revision=revision,
            key=key,
            passphrase=passphrase,
            context=current_services().circulation_context,
            actor=require_visitor().nip,
        )
    except (BadInput, NotGranted, SigningError) as problem:
        page = render_template("signing/document.html", turn=turn_of(serial), ways=signing_ways(), problem=problem)
        return page, 422
    return result_page(result)


@sign_in_required
def send_back(serial: str) -> Page:
    """Return the form to the employee with a reason; the signatures on it become void."""
    turn = turn_of(serial)
    try:
        return_to_employee(
            serial,
            reason=request.form.get("reason", ""),
            revision=request.form.get("revision", 0, type=number_in_form),
            context=current_services().circulation_context,
            actor=require_visitor().nip,
        )
    except BadInput as problem:
        page = render_template("signing/document.html", turn=turn, ways=signing_ways(), problem=problem)
        return page, 422
    flash(_("Formulir dikembalikan kepada %(name)s dengan alasan Anda.", name=turn.listed.employee_name), "good")
    return redirect(url_for("signing.waiting"))


def key_in_request() -> tuple[bytes, bytes]:
    """Return the PKCS#12 file and its passphrase from the request; they are not stored."""
    sent = request.files.get("key")
    key = sent.stream.read(_LARGEST_KEY) if sent else b""
    if not key:
        raise BadInput(_("Berkas kunci belum dipilih."), _("Pilih berkas .p12 atau .pfx Anda."))
    return key, request.form.get("passphrase", "").encode()


def result_page(result: IntakeResult) -> Page:
    """Return the page after signing: who is next, or that the complete form was submitted."""
    if not result.moved:
        return render_template("signing/unmoved.html", result=result), 422
    if result.outcome is Outcome.COMPLETE and result.submission:
        flash(_("Semua tanda tangan lengkap. Formulir diserahkan dan diperiksa."), "good")
    else:
        flash(_("Tanda tangan Anda tersimpan. Penanda tangan berikutnya diberi tahu."), "good")
    for warning in result.warnings:
        flash(translate(warning), "doubt")
    own = result.circulation is not None and result.circulation.employee_nip == require_visitor().nip
    if own and result.serial:
        return redirect(url_for("pegawai.circulation", serial=result.serial))
    return redirect(url_for("signing.waiting"))


# --- Turn of the visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningTurn:
    """A form that the visitor may sign now; `instead_of` is the official whose Plt. or Plh. they are.

    `unresolved`: a gateway call for this signature whose outcome is not known yet; `looked_after`: a worker will ask.
    """

    listed: ListedCirculation
    role: str
    instead_of: str | None
    unresolved: GatewayCall | None = None
    looked_after: bool = False

    @property
    def mark(self) -> str:
        """The serial and revision that must have been shown before signing."""
        return f"{self.listed.circulation.serial}:{self.listed.circulation.revision}"


def turn_of(serial: str) -> SigningTurn:
    """Return the visitor's turn; NotGranted when it is somebody else's, BadInput for an unknown form."""
    context, visitor = current_services().circulation_context, require_visitor()
    with context.store.reading() as tx:
        turn = require_turn(tx, serial, visitor.nip, now=context.clock(), zone=context.zone)
        listed = tx.circulations.listed(serial)
        circulation = turn.circulation
        role = "pegawai" if circulation.state in WITH_EMPLOYEE else circulation.awaits or ""
        calls = [call for call in tx.gateway_calls.unknown(serial) if call.role == role]
        looked_after = any(is_looked_up_again(tx, call) for call in calls)
    assert listed is not None
    return SigningTurn(
        listed=listed,
        role=role,
        instead_of=listed.awaits_name if turn.delegation else None,
        unresolved=calls[-1] if calls else None,
        looked_after=looked_after,
    )


def content_of(turn: SigningTurn) -> bytes:
    """Return the document as it will be signed: a draft filled with its answers, else the newest bytes."""
    circulation = turn.listed.circulation
    if circulation.state in WITH_EMPLOYEE:
        return preview(circulation.serial, circulation.answers, context=current_services().circulation_context)
    return current_services().store.document(circulation.digest)


def require_shown(turn: SigningTurn, revision: int) -> None:
    """Raise Stale when the form changed since the page was made, NotGranted when its document was not opened."""
    if turn.listed.circulation.revision != revision:
        raise Stale(turn.listed.circulation)
    if not was_shown(turn.mark):
        raise NotGranted(
            _("Dokumen %(serial)s belum Anda buka.", serial=turn.listed.circulation.serial),
            _("Buka dan baca dokumennya lebih dahulu, lalu tanda tangani."),
        )


# --- Proof that a document was shown in this session: one signed cookie per document
#
# Several documents of one page load at once; in a single cookie, each answer would overwrite the others' proof.

_COOKIE_PATH = "/tanda-tangan"
_COOKIE_AGE = dt.timedelta(hours=2)  # few cookies are sent along when somebody signs many forms a day
_PROOF_BYTES = 16


def note_shown(mark: str, answer: Response) -> None:
    """Set the cookie proving that this answer shows the document of that mark (serial:revision)."""
    answer.set_cookie(
        _cookie_name(mark),
        _proof(mark),
        max_age=_COOKIE_AGE,
        path=_COOKIE_PATH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def was_shown(mark: str) -> bool:
    """Tell whether that revision of the document was shown in this session."""
    return hmac.compare_digest(request.cookies.get(_cookie_name(mark), "").encode(), _proof(mark).encode())


def _cookie_name(mark: str) -> str:
    return f"cmb-{mark.partition(':')[0]}"


def _proof(mark: str) -> str:
    message = f"{session.get(TOKEN, '')}\n{mark}".encode()
    digest = hmac.new(derive_key(current_services().settings, "documents shown"), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_PROOF_BYTES]).decode().rstrip("=")


# --- Ways to sign


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningWays:
    """The ways to sign: always a key file or another application; the gateway where it is set up."""

    gateway: bool


def signing_ways() -> SigningWays:
    """Return the ways that this installation offers."""
    return SigningWays(gateway=current_services().settings.gateway is not None)


# --- Signing several documents with one key

_MOST = 50


@sign_in_required
def show_chosen() -> str:
    """Show the chosen documents and one form to sign them all."""
    turns = [turn_of(serial) for serial in _chosen()]
    return render_template("signing/many.html", turns=turns, ways=signing_ways(), problem=None)


@sign_in_required
def sign_chosen_documents() -> str | tuple[str, int]:
    """Sign the chosen documents; show the result of each."""
    choices = chosen_documents()
    try:
        turns = [turn_of(serial) for serial, _revision in choices]
        for turn, (_serial, revision) in zip(turns, choices, strict=True):
            require_shown(turn, revision)
        key, passphrase = key_in_request()
        results = sign_many(
            choices,
            key=key,
            passphrase=passphrase,
            context=current_services().circulation_context,
            actor=require_visitor().nip,
        )
    except (BadInput, NotGranted, SigningError) as problem:
        turns = [turn_of(serial) for serial, _revision in choices]
        return render_template("signing/many.html", turns=turns, ways=signing_ways(), problem=problem), 422
    return render_template("signing/signed.html", results=results, turns=turns)


def chosen_documents() -> list[tuple[str, int]]:
    """Return serial and shown revision of each document chosen in the form; BadInput for a revision out of range."""
    pairs = [choice.partition(":") for choice in request.form.getlist("document")]
    return [
        (serial, number_in_form(revision))
        for serial, _mark, revision in pairs
        if revision.isascii() and revision.isdecimal()
    ]


def _chosen() -> list[str]:
    chosen = list(dict.fromkeys(request.form.getlist("serial")))
    if not chosen:
        raise BadInput(_("Belum ada formulir yang dipilih."), _("Centang formulir yang akan ditandatangani."))
    if len(chosen) > _MOST:
        raise BadInput(_("Terlalu banyak sekaligus."), _("Pilih paling banyak %(most)s formulir.", most=_MOST))
    return chosen
