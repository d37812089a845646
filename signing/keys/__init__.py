"""The ways to sign, one module each, and the protocol they share."""

from __future__ import annotations

from typing import Protocol


class KeyHolder(Protocol):
    """Something that can sign: a key file, a token. The private key never leaves it."""

    @property
    def certificate(self) -> bytes:
        """The signer certificate, DER."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The known certificates above it, DER, issuer first."""

    @property
    def algorithm(self) -> str:
        """`rsa` (PKCS#1 v1.5), `rsa_pss` (salt as long as the digest) or `ec` (ECDSA)."""

    @property
    def bits(self) -> int:
        """Key size in bits; of the curve for `ec`."""

    def sign(self, message: bytes, digest: str) -> bytes:
        """Return the raw signature over the whole message with this digest (`sha256`, `sha384`, `sha512`)."""
