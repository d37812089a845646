"""A token (SoftHSM2) with a key of every kind, certified by an authority of its own; one a process."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.demo_authority import Authority, IssuedKey, open_authority
from signing.keys import KeyHolder
from support.pki import CURVE, DAY, NOW

PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
SOURCE = "http://crl.contoh.go.id/akar.crl"
PIN = "471100"
CURVES = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "rsa": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token with one key of every kind, and the certificates of these keys in PEM; `folder` goes with it."""

    module: str
    keys: dict[str, IssuedKey]
    chain: bytes
    folder: TemporaryDirectory[str]

    def open(self, label: str, **changes: str) -> KeyHolder:
        from signing.keys.pkcs11 import open_pkcs11

        asked = {"module": self.module, "token": "segel", "label": label, "pin": PIN} | changes
        return open_pkcs11(**asked, certificates=self.chain)


@cache
def authority() -> Authority:
    return open_authority("Akar Token", now=NOW - 30 * DAY, curve=CURVE)


@cache
def open_token() -> Token:
    """Make the token. The library reads where it is once, when it is loaded: so there is one a process."""
    module = next((place for place in PLACES if Path(place).exists()), None)
    if module is None or not shutil.which("softhsm2-util"):
        pytest.fail("softhsm2 is missing: .ci/setup test installs it")
    holder = TemporaryDirectory(prefix="token")
    folder = Path(holder.name)
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    _util("--init-token", "--free", "--label", "segel", "--so-pin", "0000", "--pin", PIN)
    ends = NOW + 1000 * DAY
    keys = {
        name: authority().seal(f"Segel {name}", curve=curve, crl_url=SOURCE, ends=ends)
        for name, curve in CURVES.items()
    }
    for number, (name, issued) in enumerate(keys.items(), 1):
        path = folder / f"{name}.pem"
        path.write_bytes(issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _util("--import", path, "--token", "segel", "--label", name, "--id", f"A{number}", "--pin", PIN)
    chain = b"".join(issued.pem for issued in keys.values()) + authority().pem
    return Token(module=module, keys=keys, chain=chain, folder=holder)


def _util(*arguments: object) -> None:
    subprocess.run(["softhsm2-util", *map(str, arguments)], check=True, capture_output=True)
