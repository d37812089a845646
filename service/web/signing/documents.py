"""The list of what waits for one, each document as it is, and taking a copy signed elsewhere."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from service.accounts.secrets import own_key
from service.circulation.drafts import preview
from service.circulation.errors import Stale
from service.circulation.intake import Outcome, Taken
from service.circulation.returns import return_to_employee
from service.circulation.signing import sign_many, sign_with_key
from service.circulation.turns import require_turn
from service.circulation.turns import waiting as waiting_for
from service.errors import BadInput, NotGranted
from service.gateway.recovery import is_looked_after
from service.store.circulations import WITH_EMPLOYEE, ListedCirculation
from service.store.gateway_calls import GatewayCall
from service.web.auth import TOKEN, only, signed_in
from service.web.context import desk
from service.web.requests import pdf_answer
from signing.errors import SigningError


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tanda-tangan", "waiting", waiting)
    blueprint.add_url_rule("/tanda-tangan/<serial>", "document", document)
    blueprint.add_url_rule("/tanda-tangan/<serial>/dokumen.pdf", "file", file)
    blueprint.add_url_rule("/tanda-tangan/<serial>/kunci", "sign_with_key", sign, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/<serial>/kembalikan", "return", send_back, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/beberapa", "many", many, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/beberapa/tanda-tangani", "sign_many", sign_chosen, methods=["POST"])


@only()
def waiting() -> str:
    """Everything that waits for the visitor, longest waiting first."""
    who, means = signed_in(), desk().means
    with means.store.reading() as tx:
        listed = waiting_for(tx, who.nip, now=means.clock(), zone=means.zone)
    return render_template("signing/waiting.html", listed=listed, ways=offered())


@only()
def document(serial: str) -> str:
    """One document and the ways to sign it."""
    return render_template("signing/document.html", turn=turn_of(serial), ways=offered(), problem=None)


@only()
def file(serial: str) -> Response:
    """The document to be signed. Fetching it is what makes it signable in this session."""
    turn = turn_of(serial)
    answer = pdf_answer(content_of(turn), name=f"{serial}.pdf")
    note_shown(turn.mark, answer)
    return answer


# --- Signing one document with a key file, or sending it back with a reason

Page = str | BaseResponse | tuple[str, int]
_LARGEST_KEY = 256 * 1024


@only()
def sign(serial: str) -> Page:
    """The key file and its passphrase live for this one action, in memory."""
    turn = turn_of(serial)
    revision = request.form.get("revision", 0, type=int)
    try:
        require_shown(turn, revision)
        key, passphrase = key_in_request()
        taken = sign_with_key(
            serial, revision=revision, key=key, passphrase=passphrase, means=desk().means, actor=signed_in().nip
        )
    except (BadInput, NotGranted, SigningError) as problem:
        page = render_template("signing/document.html", turn=turn_of(serial), ways=offered(), problem=problem)
        return page, 422
    return answered(taken)


@only()
def send_back(serial: str) -> Page:
    """Back to the employee with a reason; the signatures on it are void."""
    turn = turn_of(serial)
    try:
        return_to_employee(
            serial,
            reason=request.form.get("reason", ""),
            revision=request.form.get("revision", 0, type=int),
            means=desk().means,
            actor=signed_in().nip,
        )
    except BadInput as problem:
        page = render_template("signing/document.html", turn=turn, ways=offered(), problem=problem)
        return page, 422
    flash(_("Formulir dikembalikan kepada %(name)s dengan alasan Anda.", name=turn.listed.employee_name), "good")
    return redirect(url_for("signing.waiting"))


def key_in_request() -> tuple[bytes, bytes]:
    """The PKCS#12 file and its passphrase, as they were sent; kept nowhere."""
    sent = request.files.get("key")
    key = sent.stream.read(_LARGEST_KEY) if sent else b""
    if not key:
        raise BadInput(_("Berkas kunci belum dipilih."), _("Pilih berkas .p12 atau .pfx Anda."))
    return key, request.form.get("passphrase", "").encode()


def answered(taken: Taken) -> Page:
    """Where a signature leads: on to the next signer, or to the submission when everybody has signed."""
    if not taken.moved:
        return render_template("signing/unmoved.html", taken=taken), 422
    if taken.outcome is Outcome.COMPLETE and taken.submission:
        flash(_("Semua tanda tangan lengkap. Formulir diserahkan dan diperiksa."), "good")
    else:
        flash(_("Tanda tangan Anda tersimpan. Penanda tangan berikutnya diberi tahu."), "good")
    for each in taken.warnings:
        flash(each, "doubt")
    own = taken.circulation is not None and taken.circulation.employee_nip == signed_in().nip
    if own and taken.serial:
        return redirect(url_for("pegawai.circulation", serial=taken.serial))
    return redirect(url_for("signing.waiting"))


# --- Whose turn it is, and whether the document was shown before it is signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A form it is the visitor's turn to sign; `instead_of` is the official they stand in for.

    `doubt`: a call to the gateway for this signature whose outcome is not known yet; `looked_after`: a worker asks.
    """

    listed: ListedCirculation
    role: str
    instead_of: str | None
    doubt: GatewayCall | None = None
    looked_after: bool = False

    @property
    def mark(self) -> str:
        """The form as it is now: what has to have been shown."""
        return f"{self.listed.circulation.serial}:{self.listed.circulation.revision}"


def turn_of(serial: str) -> Turn:
    """NotGranted, with whose turn it is, when it is not the visitor's; BadInput for a form that is not there."""
    means, who = desk().means, signed_in()
    with means.store.reading() as tx:
        mover = require_turn(tx, serial, who.nip, now=means.clock(), zone=means.zone)
        listed = tx.circulations.listed(serial)
        kept = mover.circulation
        role = "pegawai" if kept.state in WITH_EMPLOYEE else kept.awaits or ""
        doubts = [each for each in tx.gateway_calls.unknown(serial) if each.role == role]
        looked_after = any(is_looked_after(tx, each) for each in doubts)
    assert listed is not None
    return Turn(
        listed=listed,
        role=role,
        instead_of=listed.awaits_name if mover.delegation else None,
        doubt=doubts[-1] if doubts else None,
        looked_after=looked_after,
    )


def content_of(turn: Turn) -> bytes:
    """The document as it will be signed: a draft filled with what was typed, else the newest bytes."""
    kept = turn.listed.circulation
    if kept.state in WITH_EMPLOYEE:
        return preview(kept.serial, kept.answers, means=desk().means)
    return desk().store.document(kept.digest)


def require_shown(turn: Turn, revision: int) -> None:
    """Stale when the form moved since the page was made, NotGranted when its document was never opened."""
    if turn.listed.circulation.revision != revision:
        raise Stale(turn.listed.circulation)
    if not was_shown(turn.mark):
        raise NotGranted(
            _("Dokumen %(serial)s belum Anda buka.", serial=turn.listed.circulation.serial),
            _("Buka dan baca dokumennya lebih dahulu, lalu tanda tangani."),
        )


# --- That a document was sent to this session's browser: a word of ours for each, in a cookie of its own
#
# Several documents of one page are loaded at once; in one cookie together each answer would overwrite the others'
# word.

_PLACE = "/tanda-tangan"
_LASTS = dt.timedelta(hours=2)  # who signs many a day sends the word of few of them along
_ENOUGH = 16  # bytes of the digest


def note_shown(mark: str, answer: Response) -> None:
    """The document of that mark (serial:revision) goes out with this answer; only then may it be signed there."""
    answer.set_cookie(
        _name(mark),
        _word(mark),
        max_age=_LASTS,
        path=_PLACE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def was_shown(mark: str) -> bool:
    """Whether that document, as it is now, went out to this session."""
    return hmac.compare_digest(request.cookies.get(_name(mark), "").encode(), _word(mark).encode())


def _name(mark: str) -> str:
    return f"cmb-{mark.partition(':')[0]}"


def _word(mark: str) -> str:
    told = f"{session.get(TOKEN, '')}\n{mark}".encode()
    digest = hmac.new(own_key(desk().settings, "documents shown"), told, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_ENOUGH]).decode().rstrip("=")


# --- The ways to sign that this installation offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """A key file and one's own application always; the national gateway where it is set up."""

    gateway: bool


def offered() -> Ways:
    return Ways(gateway=desk().settings.gateway is not None)


# --- Several documents in one go: all shown, then signed with one key and one passphrase

_MOST = 50


@only()
def many() -> str:
    """The chosen documents, one under the other, and one place to sign them all."""
    turns = [turn_of(serial) for serial in _chosen()]
    return render_template("signing/many.html", turns=turns, ways=offered(), problem=None)


@only()
def sign_chosen() -> str | tuple[str, int]:
    """What became of each."""
    pairs = [each.partition(":") for each in request.form.getlist("document")]
    try:
        choices = [(serial, int(revision)) for serial, _mark, revision in pairs if revision.isdecimal()]
        shown = [turn_of(serial) for serial, _revision in choices]
        for turn, (_serial, revision) in zip(shown, choices, strict=True):
            require_shown(turn, revision)
        key, passphrase = key_in_request()
        done = sign_many(choices, key=key, passphrase=passphrase, means=desk().means, actor=signed_in().nip)
    except (BadInput, NotGranted, SigningError) as problem:
        turns = [turn_of(serial) for serial, _mark, _revision in pairs]
        return render_template("signing/many.html", turns=turns, ways=offered(), problem=problem), 422
    return render_template("signing/signed.html", done=done, turns=shown)


def _chosen() -> list[str]:
    chosen = list(dict.fromkeys(request.form.getlist("serial")))
    if not chosen:
        raise BadInput(_("Belum ada formulir yang dipilih."), _("Centang formulir yang akan ditandatangani."))
    if len(chosen) > _MOST:
        raise BadInput(_("Terlalu banyak sekaligus."), _("Pilih paling banyak %(most)s formulir.", most=_MOST))
    return chosen
