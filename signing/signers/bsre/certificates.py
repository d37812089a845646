"""Certificates in an answer whose exact shape is nowhere written: PEM or base64, anywhere in JSON or text."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from signing.certificates import SignerCertificate, read_certificate
from signing.errors import BadCertificate
from signing.signers.bsre.replies import object_in
from signing.signers.bsre.wire import Reply

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]{300,}")
_MOST = 16


def certificates_in(reply: Reply) -> tuple[SignerCertificate, ...]:
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
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
