"""Certificates are cached between files, except long ones, with which a stranger could fill the memory."""

from __future__ import annotations

from asn1crypto import x509

from signing.certificates import cached_certificate
from signing.validation.chain import Roots
from support.pki import NOW, open_office


def absurdly_long() -> x509.Certificate:
    read = x509.Certificate.load(open_office().people[0].holder().certificate)
    read["tbs_certificate"]["extensions"].append({"extn_id": "1.2.3.4", "extn_value": b"\0" * 100_000})
    return x509.Certificate.load(read.dump(force=True))


def test_a_certificate_of_usual_length_is_read_once() -> None:
    der = open_office().people[0].holder().certificate
    assert cached_certificate(der) is cached_certificate(bytes(bytearray(der)))


def test_a_certificate_of_absurd_length_is_read_but_not_kept() -> None:
    der = absurdly_long().dump()
    assert cached_certificate(der).dump() == der
    assert cached_certificate(der) is not cached_certificate(der)


def test_a_chain_is_kept_unless_a_stranger_made_it_long() -> None:
    office = open_office()
    leaf = x509.Certificate.load(office.people[0].holder().certificate)
    roots = Roots([office.authority.der])
    short = roots.chain(leaf, [], NOW)
    assert short.sub_indication is None
    assert roots.chain(leaf, [], NOW) is short
    long = [absurdly_long()]
    assert roots.chain(leaf, long, NOW) == short
    assert roots.chain(leaf, long, NOW) is not roots.chain(leaf, long, NOW)
