"""RFC 3161 time stamps: request them over HTTP, and answer as a small authority for the sample office and tests."""

from __future__ import annotations

import datetime as dt
import http.client
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from signing.asn1 import algos, cms, core, tsp, x509
from signing.cms import sign_tst_info
from signing.errors import TimestampUnavailable
from signing.keys import KeyHolder

Randomness = Callable[[int], bytes]
_LARGEST_ANSWER = 256 * 1024


class Timestamper(Protocol):
    """A time-stamp authority: attests when a digest existed."""

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Roots (DER) the authority is known to chain to; empty when unknown."""

    def stamp(self, digest: bytes, algorithm: str) -> bytes:
        """Return a time-stamp token (DER ContentInfo) over the digest. Raises TimestampUnavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTimestamper:
    """An authority behind a URL (RFC 3161 3.4). One attempt per stamp: the caller decides on a retry."""

    url: str
    timeout: float = 15.0
    anchors: tuple[bytes, ...] = ()
    randomness: Randomness = secrets.token_bytes

    def stamp(self, digest: bytes, algorithm: str) -> bytes:
        nonce = int.from_bytes(self.randomness(8), "big")
        body = timestamp_request(digest, algorithm, nonce=nonce)
        if not self.url.startswith(("http://", "https://")):
            raise TimestampUnavailable("timestamp_unavailable.scheme")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        # The scheme was checked just above: no file:// or other opener is reachable.
        request = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310 - scheme checked
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 - same check
                response = answer.read(_LARGEST_ANSWER)
        except urllib.error.HTTPError as error:
            error.close()
            raise TimestampUnavailable("timestamp_unavailable.status", status=error.code) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise TimestampUnavailable("timestamp_unavailable.unreachable") from error
        try:
            return open_response(response, digest=digest, algorithm=algorithm, nonce=nonce)
        except ValueError as error:
            raise TimestampUnavailable("timestamp_unavailable.unreadable") from error


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
            raise TimestampUnavailable("timestamp_unavailable.local") from error


# --- RFC 3161 messages

# An arc for examples (RFC 5612 documentation enterprise number); a throwaway authority has no policy of its own.
_POLICY = "1.3.6.1.4.1.32473.1"


def timestamp_request(digest: bytes, algorithm: str, *, nonce: int | None) -> bytes:
    """Return a TimeStampReq (DER) that asks for the authority's certificate to be included (RFC 3161 2.4.1)."""
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}), "hashed_message": digest}
    body = {"version": "v1", "message_imprint": imprint, "cert_req": True}
    if nonce is not None:
        body["nonce"] = nonce
    return bytes(tsp.TimeStampReq(body).dump())


def open_response(response: bytes, *, digest: bytes, algorithm: str, nonce: int | None) -> bytes:
    """Return the token of a granted TimeStampResp that answers exactly our request; ValueError otherwise."""
    try:
        parsed = tsp.TimeStampResp.load(response, strict=True)
        if parsed["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise ValueError("not granted")
        token = parsed["time_stamp_token"]
        content = token["content"]["encap_content_info"]["content"].parsed
        imprint = content["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != algorithm or imprint["hashed_message"].native != digest:
            raise ValueError("another imprint")
        if nonce is not None and content["nonce"].native != nonce:
            raise ValueError("another nonce")
        return bytes(token.dump())
    except (TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError("not a time-stamp response") from error


def token_time(token: bytes) -> dt.datetime:
    """Return the time a time-stamp token states (UTC), its signature unchecked. ValueError when it is no token."""
    try:
        facts = cms.ContentInfo.load(token, strict=True)["content"]["encap_content_info"]["content"].parsed
        moment: dt.datetime = facts["gen_time"].native
    except (TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError("not a time-stamp token") from error
    return moment.astimezone(dt.UTC)


def answer_timestamp_request(
    request: bytes, holder: KeyHolder, at: dt.datetime, *, randomness: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Return a TimeStampResp (DER) for a TimeStampReq (DER), as a web server would; a rejection for a bad request."""
    try:
        parsed = tsp.TimeStampReq.load(request, strict=True)
        imprint = parsed["message_imprint"]
        acceptable = imprint["hash_algorithm"]["algorithm"].native in ("sha256", "sha384", "sha512")
        nonce = parsed["nonce"]
    except (ValueError, TypeError, KeyError):
        acceptable = False
    if not acceptable:
        return bytes(tsp.TimeStampResp({"status": {"status": "rejection", "fail_info": {"bad_request"}}}).dump())
    facts = {
        "version": "v1",
        "policy": _POLICY,
        "message_imprint": imprint,
        "serial_number": int.from_bytes(randomness(15), "big") + 1,
        "gen_time": at.astimezone(dt.UTC),
        "tsa": x509.GeneralName("directory_name", x509.Certificate.load(holder.certificate).subject),
    }
    if not isinstance(nonce, core.Void):
        facts["nonce"] = nonce
    token = sign_tst_info(tsp.TSTInfo(facts).dump(), holder=holder)
    granted = {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
    return bytes(tsp.TimeStampResp(granted).dump())
