"""Calls to the gateway. A sign call goes out once: what then happened is an answer, a refusal, or unknown."""

from __future__ import annotations

from signing.certificates import SignerCertificate
from signing.signers.bsre import v1, v2
from signing.signers.bsre.certificates import certificates_in
from signing.signers.bsre.errors import GatewayRefused, GatewayUnreachable, OutcomeUnknown
from signing.signers.bsre.replies import OK, lacks_path, object_in, refusal_of
from signing.signers.bsre.request import Signatory, SignedFile, SignRequest, require_signatory
from signing.signers.bsre.secret import Secret
from signing.signers.bsre.status import UserStatus
from signing.signers.bsre.wire import Installation, Lost, NotSent, Question, Reply, exchange

_NOT_REGISTERED = 2011
_LATER = "Coba lagi beberapa saat lagi, atau tandatangani dengan aplikasi Anda sendiri lalu unggah berkasnya."


class Gateway:
    """One installation's gateway. It remembers which version answered, and nothing else."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._old = installation.version == "v1"

    def status(self, nik: Secret) -> UserStatus:
        """What the provider says of a person. Raises GatewayRefused, GatewayUnreachable."""
        reply = self._either(v2.status(nik), v1.status(nik))
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
        reply = self._asked(v2.totp(nik, count))
        refusal = refusal_of(reply, (nik,))
        if refusal is not None or reply.status != OK:
            raise refusal or _puzzling()

    def signer_certificate(self, nik: Secret) -> SignerCertificate:
        """The person's own certificate, without their having signed anything. GatewayRefused, GatewayUnreachable."""
        self._require_new("Rantai sertifikat")
        reply = self._asked(v2.chain(nik))
        own = [each for each in certificates_in(reply) if not each.is_ca]
        if len(own) == 1:
            return own[0]
        raise refusal_of(reply, (nik,)) or _puzzling()

    def sign(self, signatory: Signatory, request: SignRequest) -> SignedFile:
        """One file, sent once. Raises GatewayRefused and GatewayUnreachable (nothing signed), or OutcomeUnknown.

        Version 1 is asked when version 2's path is not there, which means that nothing behind it was reached.
        """
        require_signatory(signatory)
        if not self._old:
            reply = self._sent(v2.sign(signatory, request))
            if not (self._installation.version == "auto" and lacks_path(reply)):
                return _outcome(reply, v2.signed(reply), signatory)
            self._old = True
        if signatory.totp:
            self._require_new("Kode TOTP")
        reply = self._sent(v1.sign(signatory, request))
        return _outcome(reply, v1.signed(reply), signatory)

    def download(self, document_id: str) -> SignedFile:
        """The copy version 1 kept under that number, given out once. Raises GatewayRefused, GatewayUnreachable."""
        reply = self._asked(v1.download(document_id))
        found = v1.signed(reply) if reply.status == OK else None
        if found is None:
            raise refusal_of(reply, ()) or _puzzling()
        return found

    def _either(self, new: Question, old: Question) -> Reply:
        if not self._old:
            reply = self._asked(new)
            if not (self._installation.version == "auto" and lacks_path(reply)):
                return reply
            self._old = True
        return self._asked(old)

    def _asked(self, question: Question) -> Reply:
        """For what signs nothing: any loss is only that."""
        try:
            return exchange(self._installation, question)
        except (NotSent, Lost):
            raise _unreachable() from None

    def _sent(self, question: Question) -> Reply:
        """For what signs."""
        try:
            return exchange(self._installation, question)
        except NotSent:
            raise _unreachable() from None
        except Lost as error:
            raise OutcomeUnknown(error.why, error.document_id) from None

    def _require_new(self, what: str) -> None:
        if self._old:
            raise GatewayUnreachable(f"{what} memerlukan layanan BSrE versi 2.", "Pakai passphrase Anda.")


def _outcome(reply: Reply, found: SignedFile | None, signatory: Signatory) -> SignedFile:
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
