"""What is kept of oneself, and who did what with it (UU PDP 27/2022): to read and to take along."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from service.records import Event
from service.store import Transaction
from service.web.desk import desk
from service.web.papers import file_answer
from service.web.visitor import only, signed_in

_MAILS = ("each", "daily", "none")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/data-saya", "own", own)
    blueprint.add_url_rule("/data-saya.json", "own_file", own_file)
    blueprint.add_url_rule("/data-saya/surel", "mail", mail, methods=["POST"])


@only()
def own() -> str:
    who = signed_in()
    with desk().store.reading() as tx:
        enrolled = tx.signers.of(who.nip)
        trail = _trail(tx, who.nip, limit=100)
        account = tx.accounts.get(who.account.id)
    return render_template(
        "pegawai/own.html", enrolled=enrolled, trail=trail, account=account, gateway=desk().settings.gateway is not None
    )


@only()
def own_file() -> Response:
    """The same as a file; keys and passwords are not kept, so they are not in it."""
    who = signed_in()
    with desk().store.reading() as tx:
        told: dict[str, Any] = {
            "employee": asdict(who.employee) if who.employee else None,
            "account": {"login": who.account.login, "language": who.account.language, "mail": who.account.mail},
            "signer_certificates": [
                {"fingerprint": each.fingerprint, "subject": each.subject, "enrolled_at": each.enrolled_at.isoformat()}
                for each in tx.signers.of(who.nip)
            ],
            "certificates": [each.number for each in tx.certificates.of_nip(who.nip)],
            "trail": [asdict(each) for each in _trail(tx, who.nip, limit=5000)],
        }
    content = json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()
    return file_answer(content, name="data-saya.json", media_type="application/json", save=True)


@only()
def mail() -> Answer:
    """How often one is written to."""
    wanted = request.form.get("mail", "")
    if wanted in _MAILS:
        with desk().store.transaction() as tx:
            tx.accounts.change(signed_in().account.id, mail=wanted)
    return redirect(url_for("pegawai.own"))


def _trail(tx: Transaction, nip: str, *, limit: int) -> list[Event]:
    """What the person did, and what others did to what is theirs; newest first."""
    return list(tx.events.concerning(nip, limit=limit))
