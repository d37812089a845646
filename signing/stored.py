"""What the document security store holds, as far as it can be read; a broken one proves nothing and breaks nothing."""

from __future__ import annotations

from collections.abc import Sequence

from asn1crypto import x509

from signing.certificates import read_certificate
from signing.dss import store_contents
from signing.errors import BadCertificate
from signing.history import History, Snapshot, raw


def stored_contents(history: History, keys: tuple[str, ...]) -> list[bytes]:
    """The security store as far as it can be read; a broken one proves nothing and breaks nothing."""
    try:
        return list(store_contents(history, keys))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError):
        return []


def stored_in(history: History) -> int | None:
    """The revision in which the file got its security store; None when it has none."""
    for revision in range(history.last + 1):
        if raw(Snapshot(history, revision).root, "/DSS") is not None:
            return revision
    return None


def stored_certificates(stored: Sequence[bytes]) -> list[x509.Certificate]:
    found = []
    for each in stored:
        try:
            read_certificate(each)
        except BadCertificate:
            continue
        found.append(x509.Certificate.load(each))
    return found
