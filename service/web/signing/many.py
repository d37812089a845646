"""Several documents in one go: all shown, then signed with one key and one passphrase."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from service.circulation.sign import sign_many
from service.errors import BadInput, NotGranted
from service.web.desk import desk
from service.web.signing.deciding import key_in_request
from service.web.signing.turns import require_shown, turn_of
from service.web.signing.ways import offered
from service.web.visitor import only, signed_in
from signing.errors import SigningError

_MOST = 50


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tanda-tangan/beberapa", "many", many, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/beberapa/tanda-tangani", "sign_many", sign, methods=["POST"])


@only()
def many() -> str:
    """The chosen documents, one under the other, and one place to sign them all."""
    turns = [turn_of(serial) for serial in _chosen()]
    return render_template("signing/many.html", turns=turns, ways=offered(), problem=None)


@only()
def sign() -> str | tuple[str, int]:
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
