"""RFC 3161 time stamps: asking an authority over HTTP, and being a small one for the sample office and tests."""

from __future__ import annotations

import datetime as dt
import http.client
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from signing.errors import TimestampUnavailable
from signing.signers import KeyHolder
from signing.tokens import answer_timestamp_request, open_response, timestamp_request

__all__ = ["HttpTimestamper", "LocalTimestamper", "Timestamper", "answer_timestamp_request"]

Randomness = Callable[[int], bytes]
_LARGEST_ANSWER = 256 * 1024


class Timestamper(Protocol):
    """Somebody who attests when a digest existed."""

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Roots (DER) the authority is known to chain to; empty when nobody said."""

    def stamp(self, digest: bytes, algorithm: str) -> bytes:
        """A time-stamp token (DER ContentInfo) over the digest. Raises TimestampUnavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTimestamper:
    """An authority behind a URL (RFC 3161 3.4). One attempt per stamp: a retry is the caller's decision."""

    url: str
    timeout: float = 15.0
    anchors: tuple[bytes, ...] = ()
    randomness: Randomness = secrets.token_bytes

    def stamp(self, digest: bytes, algorithm: str) -> bytes:
        nonce = int.from_bytes(self.randomness(8), "big")
        body = timestamp_request(digest, algorithm, nonce=nonce)
        if not self.url.startswith(("http://", "https://")):
            raise _unavailable("alamatnya bukan http:// atau https://")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        # The scheme was checked just above: no file:// or other opener is reachable.
        request = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310 - scheme checked
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 - same check
                response = answer.read(_LARGEST_ANSWER)
        except urllib.error.HTTPError as error:
            error.close()
            raise _unavailable(f"jawaban HTTP {error.code}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _unavailable("tidak dapat dihubungi") from error
        try:
            return open_response(response, digest=digest, algorithm=algorithm, nonce=nonce)
        except ValueError as error:
            raise _unavailable("jawabannya bukan tanda waktu yang diminta") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTimestamper:
    """A real RFC 3161 authority inside this process, for the sample office and tests; never for production."""

    holder: KeyHolder
    clock: Callable[[], dt.datetime]
    randomness: Randomness = secrets.token_bytes

    @property
    def anchors(self) -> tuple[bytes, ...]:
        return (self.holder.chain[-1] if self.holder.chain else self.holder.certificate,)

    def stamp(self, digest: bytes, algorithm: str) -> bytes:
        request = timestamp_request(digest, algorithm, nonce=int.from_bytes(self.randomness(8), "big"))
        answer = answer_timestamp_request(request, self.holder, self.clock(), randomness=self.randomness)
        try:
            return open_response(answer, digest=digest, algorithm=algorithm, nonce=None)
        except ValueError as error:
            raise _unavailable("penanda waktu setempat menolak permintaan") from error


def _unavailable(why: str) -> TimestampUnavailable:
    return TimestampUnavailable(
        f"Penanda waktu (TSA) tidak memberi tanda waktu: {why}. Berkas belum ditandatangani.",
        "Coba lagi beberapa saat lagi, atau hubungi pengelola layanan penanda waktu.",
    )
