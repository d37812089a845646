"""The installation's secret, kept beside the settings, and the keys derived from it, one per purpose."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.config import Settings
from service.errors import MissingResource

FILE_NAME = "secret.key"
_BYTES = 32


def make_secret(home: Path, randomness: Callable[[int], bytes]) -> None:
    """Write `HOME/secret.key` (0600) unless it exists. With it sign-ins and webhooks can be forged."""
    with suppress(FileExistsError):
        descriptor = os.open(home / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(randomness(_BYTES))


def derive_key(settings: Settings, purpose: str) -> bytes:
    """Return 32 bytes for one purpose (HKDF, RFC 5869); one key reveals nothing about another.

    MissingResource when `cmb init` has not made the secret, or it was cut short.
    """
    path = settings.home / FILE_NAME
    secret = path.read_bytes() if path.is_file() else b""
    if len(secret) != _BYTES:
        raise MissingResource("service_key_missing", path=str(path))
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
