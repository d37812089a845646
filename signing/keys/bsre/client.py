"""Calls to the gateway. A sign call goes out once: what then happened is an answer, a refusal, or unknown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from signing.certificates import SignerCertificate, read_certificate
from signing.errors import BadCertificate
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
_LATER = "Coba lagi beberapa saat lagi, atau tandatangani dengan aplikasi Anda sendiri lalu unggah berkasnya."


class Gateway:
    """One installation's gateway. It remembers which version answered, and nothing else."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._old = installation.version == "v1"

    def status(self, nik: Secret) -> UserStatus:
        """What the provider says of a person. Raises GatewayRefused, GatewayUnreachable."""
        reply = self._either(versions.status_v2(nik), versions.status_v1(nik))
        word = object_in(reply).get("status")
        if reply.status == OK and isinstance(word, str) and word.isupper():
            return UserStatus(word=word)
        refusal = refusal_of(reply, (nik,))
        if refusal is not None and refusal.code == _NOT_REGISTERED:
            return UserStatus(word="NOT_REGISTERED", provider=refusal.provider)
        raise refusal or _puzzling()

    def request_totp(self, nik: Secret, count: int) -> None:
        """Have a one-time code for so many files sent to the person. Raises GatewayRefused, GatewayUnreachable."""
        self._require_new("Kode TOTP")
        reply = self._asked(versions.totp_v2(nik, count))
        refusal = refusal_of(reply, (nik,))
        if refusal is not None or reply.status != OK:
            raise refusal or _puzzling()

    def signer_certificate(self, nik: Secret) -> SignerCertificate:
        """The person's own certificate, without their having signed anything. GatewayRefused, GatewayUnreachable."""
        self._require_new("Rantai sertifikat")
        reply = self._asked(versions.chain_v2(nik))
        own = [certificate for certificate in certificates_in(reply) if not certificate.is_ca]
        if len(own) == 1:
            return own[0]
        raise refusal_of(reply, (nik,)) or _puzzling()

    def sign(self, signatory: Signatory, request: SignRequest) -> SignedFile:
        """One file, sent once. Raises GatewayRefused and GatewayUnreachable (nothing signed), or OutcomeUnknown.

        Version 1 is asked when version 2's path is not there, which means that nothing behind it was reached.
        """
        require_signatory(signatory)
        if not self._old:
            reply = self._sent(versions.sign_v2(signatory, request))
            if not (self._installation.version == "auto" and lacks_endpoint(reply)):
                return _outcome(reply, versions.signed_v2(reply), signatory)
            self._old = True
        if signatory.totp:
            self._require_new("Kode TOTP")
        reply = self._sent(versions.sign_v1(signatory, request))
        return _outcome(reply, versions.signed_v1(reply), signatory)

    def download(self, document_id: str) -> SignedFile:
        """The copy version 1 kept under that number, given out once. Raises GatewayRefused, GatewayUnreachable."""
        reply = self._asked(versions.download_v1(document_id))
        found = versions.signed_v1(reply) if reply.status == OK else None
        if found is None:
            raise refusal_of(reply, ()) or _puzzling()
        return found

    def _either(self, new: GatewayRequest, old: GatewayRequest) -> GatewayReply:
        if not self._old:
            reply = self._asked(new)
            if not (self._installation.version == "auto" and lacks_endpoint(reply)):
                return reply
            self._old = True
        return self._asked(old)

    def _asked(self, question: GatewayRequest) -> GatewayReply:
        """For what signs nothing: any loss is only that."""
        try:
            return exchange(self._installation, question)
        except (NotSent, AnswerLost):
            raise _unreachable() from None

    def _sent(self, question: GatewayRequest) -> GatewayReply:
        """For what signs."""
        try:
            return exchange(self._installation, question)
        except NotSent:
            raise _unreachable() from None
        except AnswerLost as error:
            raise OutcomeUnknown(error.why, error.document_id) from None

    def _require_new(self, what: str) -> None:
        if self._old:
            raise GatewayUnreachable(f"{what} memerlukan layanan BSrE versi 2.", "Pakai passphrase Anda.")


def _outcome(reply: GatewayReply, found: SignedFile | None, signatory: Signatory) -> SignedFile:
    if found is not None and reply.status == OK:
        return found
    refusal: GatewayRefused | None = refusal_of(reply, signatory.secrets)
    if refusal is None:
        raise OutcomeUnknown(f"jawaban layanan BSrE tidak dapat dibaca (HTTP {reply.status})", reply.document_id)
    raise refusal


def _unreachable() -> GatewayUnreachable:
    return GatewayUnreachable(
        "Layanan BSrE tidak dapat dihubungi; tidak ada yang dikirim untuk ditandatangani.", _LATER
    )


def _puzzling() -> GatewayUnreachable:
    return GatewayUnreachable("Layanan BSrE memberi jawaban yang tidak dapat dibaca.", _LATER)


# --- What the provider says of a person, and what that means for them. Only ISSUE can sign

_SENTENCES = {
    "ISSUE": "Sertifikat elektronik Anda aktif dan dapat dipakai.",
    "EXPIRED": "Sertifikat elektronik Anda sudah berakhir; ajukan pembaruan kepada verifikator BSrE di unit Anda.",
    "RENEW": "Sertifikat elektronik Anda sedang diperbarui; selesaikan pembaruannya lewat surel dari BSrE.",
    "WAITING_FOR_VERIFICATION": "Pendaftaran Anda menunggu verifikasi; hubungi verifikator BSrE di unit Anda.",
    "NEW": "Pendaftaran Anda baru dibuat; selesaikan pendaftaran dan buat passphrase lewat surel dari BSrE.",
    "NO_CERTIFICATE": "Anda terdaftar tetapi belum memiliki sertifikat elektronik; hubungi verifikator BSrE.",
    "NOT_REGISTERED": "NIK itu belum terdaftar di BSrE; hubungi verifikator BSrE di unit Anda.",
    "SUSPEND": "Sertifikat elektronik Anda ditangguhkan; hubungi verifikator BSrE di unit Anda.",
    "REVOKE": "Sertifikat elektronik Anda sudah dicabut; ajukan yang baru kepada verifikator BSrE di unit Anda.",
}
STATUS_WORDS = tuple(_SENTENCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStatus:
    """`word` is the provider's, `provider` what else it said."""

    word: str
    provider: str = ""

    @property
    def can_sign(self) -> bool:
        return self.word == "ISSUE"

    @property
    def sentence(self) -> str:
        """Indonesian, for the person."""
        otherwise = (
            f"Layanan BSrE menyebut keadaan Anda “{self.word}”, yang tidak kami kenal; Anda belum dapat menandatangani."
        )
        return _SENTENCES.get(self.word, otherwise)


# --- Certificates in an answer whose exact shape is nowhere written: PEM or base64, anywhere in JSON or text

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]{300,}")
_MOST = 16


def certificates_in(reply: GatewayReply) -> tuple[SignerCertificate, ...]:
    """Every certificate found, in the order it stands there, none twice."""
    found: dict[str, SignerCertificate] = {}
    texts = list(_texts(object_in(reply))) or [reply.content.decode("utf-8", "replace")]
    for text in texts:
        for content in _candidates(text):
            try:
                certificate = read_certificate(content)
            except BadCertificate:
                continue
            found.setdefault(certificate.fingerprint, certificate)
    return tuple(found.values())[:_MOST]


def _candidates(text: str) -> Iterator[bytes]:
    content = text.replace("\\n", "\n").encode("utf-8")
    if found := _PEM.findall(content):
        yield from found
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
