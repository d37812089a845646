"""Call the gateway. A sign call goes out once: its outcome is a signed file, a refusal, or unknown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from signing.certificates import SignerCertificate, read_certificate
from signing.errors import BadCertificate, Cause
from signing.keys.bsre import versions
from signing.keys.bsre.http import (
    OK,
    AnswerLost,
    GatewayReply,
    GatewayRequest,
    Installation,
    NotSent,
    exchange,
    lacks_endpoint,
    object_in,
    refusal_of,
)
from signing.keys.bsre.request import (
    GatewayRefused,
    GatewayUnreachable,
    OutcomeUnknown,
    Secret,
    Signatory,
    SignedFile,
    SignRequest,
    require_signatory,
)

_NOT_REGISTERED = 2011


class Gateway:
    """The gateway of one installation. It remembers which version answered, and nothing else."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._is_v1 = installation.version == "v1"

    def status(self, nik: Secret) -> UserStatus:
        """Return the provider's status of a person. Raises GatewayRefused, GatewayUnreachable."""
        reply = self._ask_either(versions.status_v2(nik), versions.status_v1(nik))
        word = object_in(reply).get("status")
        if reply.status == OK and isinstance(word, str) and word.isupper():
            return UserStatus(word=word)
        refusal = refusal_of(reply, (nik,))
        if refusal is not None and refusal.number == _NOT_REGISTERED:
            return UserStatus(word="NOT_REGISTERED", provider=refusal.provider)
        raise refusal or _unreadable_reply()

    def request_totp(self, nik: Secret, count: int) -> None:
        """Have a one-time code for `count` files sent to the person. Raises GatewayRefused, GatewayUnreachable."""
        self._require_v2("totp")
        reply = self._ask(versions.totp_v2(nik, count))
        refusal = refusal_of(reply, (nik,))
        if refusal is not None or reply.status != OK:
            raise refusal or _unreadable_reply()

    def signer_certificate(self, nik: Secret) -> SignerCertificate:
        """Return the person's own certificate; nothing is signed. Raises GatewayRefused, GatewayUnreachable."""
        self._require_v2("chain")
        reply = self._ask(versions.chain_v2(nik))
        own = [certificate for certificate in certificates_in(reply) if not certificate.is_ca]
        if len(own) == 1:
            return own[0]
        raise refusal_of(reply, (nik,)) or _unreadable_reply()

    def sign(self, signatory: Signatory, request: SignRequest) -> SignedFile:
        """Sign one file, sent once. Raises GatewayRefused or GatewayUnreachable (nothing signed), or OutcomeUnknown.

        Version 1 is asked when version 2's path does not exist, which means that nothing behind it was reached.
        """
        require_signatory(signatory)
        if not self._is_v1:
            reply = self._send_to_sign(versions.sign_v2(signatory, request))
            if not (self._installation.version == "auto" and lacks_endpoint(reply)):
                return _outcome(reply, versions.signed_v2(reply), signatory)
            self._is_v1 = True
        if signatory.totp:
            self._require_v2("totp")
        reply = self._send_to_sign(versions.sign_v1(signatory, request))
        return _outcome(reply, versions.signed_v1(reply), signatory)

    def download(self, document_id: str) -> SignedFile:
        """Return the copy version 1 keeps under this number, given out once. GatewayRefused, GatewayUnreachable."""
        reply = self._ask(versions.download_v1(document_id))
        signed = versions.signed_v1(reply) if reply.status == OK else None
        if signed is None:
            raise refusal_of(reply, ()) or _unreadable_reply()
        return signed

    def _ask_either(self, v2: GatewayRequest, v1: GatewayRequest) -> GatewayReply:
        if not self._is_v1:
            reply = self._ask(v2)
            if not (self._installation.version == "auto" and lacks_endpoint(reply)):
                return reply
            self._is_v1 = True
        return self._ask(v1)

    def _ask(self, request: GatewayRequest) -> GatewayReply:
        """Send a request that signs nothing: a lost answer has no consequences."""
        try:
            return exchange(self._installation, request)
        except (NotSent, AnswerLost):
            raise _unreachable() from None

    def _send_to_sign(self, request: GatewayRequest) -> GatewayReply:
        """Send a request that signs: after a lost answer the outcome is unknown."""
        try:
            return exchange(self._installation, request)
        except NotSent:
            raise _unreachable() from None
        except AnswerLost as error:
            raise OutcomeUnknown(error.why, error.document_id) from None

    def _require_v2(self, feature: str) -> None:
        if self._is_v1:
            raise GatewayUnreachable(f"gateway_unreachable.{feature}")


def _outcome(reply: GatewayReply, signed: SignedFile | None, signatory: Signatory) -> SignedFile:
    if signed is not None and reply.status == OK:
        return signed
    refusal: GatewayRefused | None = refusal_of(reply, signatory.secrets)
    if refusal is None:
        raise OutcomeUnknown(Cause("answer_lost.unreadable", {"status": reply.status}), reply.document_id)
    raise refusal


def _unreachable() -> GatewayUnreachable:
    return GatewayUnreachable("gateway_unreachable")


def _unreadable_reply() -> GatewayUnreachable:
    return GatewayUnreachable("gateway_unreachable.unreadable")


# --- Status of a person (only ISSUE can sign)

STATUS_WORDS = (
    "ISSUE",
    "EXPIRED",
    "RENEW",
    "WAITING_FOR_VERIFICATION",
    "NEW",
    "NO_CERTIFICATE",
    "NOT_REGISTERED",
    "SUSPEND",
    "REVOKE",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStatus:
    """The provider's status of a person: `word` is its name for it, `provider` any other text it sent."""

    word: str
    provider: str = ""

    @property
    def can_sign(self) -> bool:
        return self.word == "ISSUE"

    @property
    def said(self) -> Cause:
        """The status explained to the person."""
        if self.word in STATUS_WORDS:
            return Cause(f"gateway_status.{self.word.lower()}")
        return Cause("gateway_status", {"word": self.word})


# --- Certificates in a reply (its shape is undocumented: PEM or base64, anywhere in JSON or text)

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]{300,}")
_MOST = 16


def certificates_in(reply: GatewayReply) -> tuple[SignerCertificate, ...]:
    """Return every certificate in the reply, in order, none twice."""
    certificates: dict[str, SignerCertificate] = {}
    texts = list(_texts(object_in(reply))) or [reply.content.decode("utf-8", "replace")]
    for text in texts:
        for content in _candidates(text):
            try:
                certificate = read_certificate(content)
            except BadCertificate:
                continue
            certificates.setdefault(certificate.fingerprint, certificate)
    return tuple(certificates.values())[:_MOST]


def _candidates(text: str) -> Iterator[bytes]:
    content = text.replace("\\n", "\n").encode("utf-8")
    if blocks := _PEM.findall(content):
        yield from blocks
    elif _BASE64.fullmatch(text.strip()):
        try:
            yield base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            return


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
