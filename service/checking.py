"""What anybody may ask: is this number, or this file, a certificate of ours. Questions are noted, nobody is named."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.config import Settings
from service.confirm import PublicAnswer, State, confirm_file, confirm_number
from service.limits import GaveUp
from service.numbers import is_number
from service.opening import store_of
from service.own_key import own_key
from service.policy import jp_text
from service.records import Certificate
from service.sources import Source, Unopened
from service.store import Store
from service.store.checks import Check

# What has not the shape of a number is not noted: people type names and NIPs into such fields.
_NO_NUMBER = "-"


def check_number(number: str, *, store: Store, now: dt.datetime, caller: str) -> PublicAnswer:
    """What the register says of a number; noted with the keyed digest of who asked (`caller_of`)."""
    answer = confirm_number(number, store=store)
    asked = number.strip().upper() if is_number(number) else _NO_NUMBER
    _note("number", asked, answer, store=store, now=now, caller=caller)
    return answer


def check_file(
    path: Path, *, store: Store, settings: Settings, apart: Callable[..., PublicAnswer], now: dt.datetime, caller: str
) -> PublicAnswer:
    """What the register says of a file, which a confined child reads (`apart`: service.apart) and nobody keeps."""
    digest = Source(path=path).digest()
    try:
        answer = apart(confirm_at, path, settings)
    except (GaveUp, Unopened):
        # The very bytes we sealed are known by their digest before anybody reads them: these are others.
        answer = PublicAnswer(state=State.UNKNOWN)
    _note("file", digest, answer, store=store, now=now, caller=caller)
    return answer


def confirm_at(path: Path, settings: Settings) -> PublicAnswer:
    """`confirm_file` for a child: it opens the store itself."""
    with store_of(settings) as store:
        return confirm_file(Source(path=path).read(), store=store)


_NOT_OURS = {"state": "unknown", "number": None, "year": None, "jp": None, "holder": None, "issued_at": None}


def public_json(answer: PublicAnswer) -> dict[str, Any]:
    """The object of `check` (contract), with the masked NIP.

    Nothing that leads to another certificate: whoever has the number of one is not given its successor's.
    """
    certificate = answer.certificate
    if certificate is None:
        return {**_NOT_OURS, "state": answer.state.value}
    told: dict[str, Any] = {
        "state": answer.state.value,
        "number": certificate.number,
        "year": certificate.year,
        "jp": jp_text(certificate.jp),
        "holder": answer.holder,
        "nip": answer.masked_nip,
        "issued_at": certificate.issued_at.isoformat() if certificate.issued_at else None,
    }
    reason = certificate.end_reason if certificate.superseded_by is None else None
    return told | ({"reason": reason} if reason else {})


def caller_of(address: str, settings: Settings) -> str:
    """A stand-in for an address: the same caller again is recognised, the address is not to be had from it."""
    key = own_key(settings, "public checks")
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]


def shown_document(number: str, *, store: Store) -> tuple[Certificate, bytes] | None:
    """A valid certificate and its sealed bytes when its holder shows them; None for every other number alike."""
    certificate = confirm_number(number, store=store).certificate
    if certificate is None or certificate.digest is None or not is_shown(certificate, store=store):
        return None
    return certificate, store.document(certificate.digest)


def is_shown(certificate: Certificate, *, store: Store) -> bool:
    """Whether its holder shows the document. One that ended is not shown: its paper would not say so."""
    with store.reading() as tx:
        return certificate.ended_at is None and tx.shares.since(certificate.number) is not None


def _note(by: str, asked: str, answer: PublicAnswer, *, store: Store, now: dt.datetime, caller: str) -> None:
    with store.transaction() as tx:
        tx.checks.append(Check(at=now, by=by, asked=asked, state=answer.state.value, caller=caller))
