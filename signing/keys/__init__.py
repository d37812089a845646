"""Ways to sign, one module each, behind one small protocol."""

from __future__ import annotations

from typing import Protocol


class KeyHolder(Protocol):
    """Somebody who can sign: a file, a token, a gateway. The key itself never leaves the holder."""

    @property
    def certificate(self) -> bytes:
        """The signer certificate, DER."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates above it that are known, DER, issuer first."""

    @property
    def algorithm(self) -> str:
        """`rsa` (PKCS#1 v1.5), `rsa_pss` (salt as long as the digest) or `ec` (ECDSA)."""

    @property
    def bits(self) -> int:
        """Key size in bits; of the curve for `ec`."""

    def sign(self, message: bytes, digest: str) -> bytes:
        """The raw signature over the whole message with that digest (`sha256`, `sha384`, `sha512`)."""
