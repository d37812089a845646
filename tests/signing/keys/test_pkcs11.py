"""Seal with keys that stay in a token (SoftHSM2): RSA and EC, up to B-LTA; what is wrong with a token is said."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from signing.archive import with_archive_stamp
from signing.errors import BadToken
from signing.keys.pkcs11 import open_pkcs11
from signing.report import Indication
from signing.sign import seal
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.pki import NOW, Office, open_office
from support.sealing_token import CURVES, PIN, SOURCE, Token, authority, open_token
from support.small_forms import blank


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def token() -> Token:
    return open_token()


@pytest.mark.parametrize("kind", CURVES)
def test_a_key_in_a_token_seals_up_to_b_lta(kind: str, token: Token, office: Office) -> None:
    holder = token.open(kind)
    issued = token.keys[kind]
    assert (holder.certificate, holder.chain) == (issued.der, (authority().der,))
    assert (holder.algorithm, holder.bits) == ("rsa" if kind == "rsa" else "ec", issued.key.key_size)
    clock = authority().tsa("Jam", curve=ec.SECP256R1(), crl_url=SOURCE)
    stamps = office.timestamper()
    stamps = type(stamps)(holder=clock.holder(), clock=lambda: NOW)
    content = seal(
        blank(slots=()),
        holder=holder,
        at=NOW,
        timestamper=stamps,
        stamp=None,
        box=(60, 100, 240, 170),
        reason="Sertifikat",
    )
    root = (authority().der,)
    trust = Trust(roots=root, timestamp_roots=root, moment=NOW, crls=(authority().revocation_list([], at=NOW),))
    content = with_archive_stamp(content, inspect(content, trust=trust).material, timestamper=stamps, at=NOW)
    report = inspect(content, trust=Trust(roots=root, timestamp_roots=root, moment=NOW))
    assert {found.indication for found in report.signatures} == {Indication.TOTAL_PASSED}
    assert report.signatures[0].profile == "PAdES-B-LTA"
    assert report.signatures[0].signer is not None
    assert report.signatures[0].signer.certificate == issued.der


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_what_the_token_signs_the_public_key_confirms(kind: str, digest: str, token: Token) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    holder, message = token.open(kind), b"Sertifikat" * 1000
    algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest]
    public = token.keys[kind].certificate.public_key()
    for _ in range(3):
        signature = holder.sign(message, digest)
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, padding.PKCS1v15(), algorithm)
        else:
            public.verify(signature, message, ec.ECDSA(algorithm))


def test_the_certificate_is_the_one_the_key_belongs_to_whatever_stands_first(token: Token) -> None:
    others = b"".join(issued.pem for name, issued in reversed(token.keys.items()) if name != "p256")
    mixed = others + authority().pem + token.keys["p256"].pem
    holder = open_pkcs11(module=token.module, token="segel", label="p256", pin=PIN, certificates=mixed)
    assert holder.certificate == token.keys["p256"].der


@pytest.mark.parametrize(
    ("label", "changes", "code"),
    [
        ("p256", {"token": "lain"}, "bad_token.unknown"),
        ("lain", {}, "bad_token.no_key"),
        ("p256", {"module": "/nonexistent/pkcs11.so"}, "bad_token.module"),
    ],
)
def test_what_is_wrong_with_a_token_is_said(label: str, changes: dict[str, str], code: str, token: Token) -> None:
    with pytest.raises(BadToken) as error:
        token.open(label, **changes)
    assert error.value.code == code


def test_a_wrong_pin_is_said(token: Token) -> None:
    """In a process of its own, because a process that is logged in is not asked again."""
    words = f"module={token.module!r}, token='segel', label='p256', pin='000000'"
    program = f"from signing.keys.pkcs11 import open_pkcs11 as o\ntry: o({words})\nexcept Exception as e: print(e.code)"
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "bad_token.pin"


def test_a_key_without_its_certificate_is_not_used(token: Token) -> None:
    for certificates in (authority().pem, token.keys["p384"].pem, b"", None):
        with pytest.raises(BadToken) as error:
            open_pkcs11(module=token.module, token="segel", label="p256", pin=PIN, certificates=certificates)
        assert error.value.code == "bad_token.no_certificate"
    damaged = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(BadToken) as error:
        open_pkcs11(module=token.module, token="segel", label="p256", pin=PIN, certificates=damaged)
    assert error.value.code == "bad_token.certificates"


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(BadToken) as error:
        open_pkcs11(module="x", token="x", label="x", pin="x")
    assert error.value.code == "bad_token.library"


def test_a_revoked_key_in_a_token_is_as_revoked_as_any(token: Token, office: Office) -> None:
    holder = token.open("p256")
    content = seal(
        blank(slots=()),
        holder=holder,
        at=NOW,
        timestamper=office.timestamper(),
        stamp=None,
        box=(60, 100, 240, 170),
        reason=None,
    )
    revoked = authority().revocation_list([(token.keys["p256"], NOW)], at=NOW)
    trust = Trust(roots=(authority().der,), timestamp_roots=(authority().der,), moment=NOW, crls=(revoked,))
    assert inspect(content, trust=trust).signatures[0].sub_indication == "REVOKED_NO_POE"
