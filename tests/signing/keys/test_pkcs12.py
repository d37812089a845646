"""Key files and certificates: which open, which are refused, and with what message."""

from __future__ import annotations

import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from signing.certificates import national_root_note, read_certificate
from signing.demo_authority import open_authority
from signing.errors import BadCertificate, BadKeyFile, CannotSign, NotSound, SigningError, WrongPassphrase
from signing.keys.pkcs12 import open_pkcs12
from signing.report import Report
from support.pki import CURVE, DAY, NOW, Office, open_office
from support.said import advice, said


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


def test_a_key_file_opens_with_its_passphrase(office: Office) -> None:
    person = office.people[0]
    holder = open_pkcs12(person.pkcs12(b"rahasia sekali"), b"rahasia sekali")
    assert holder.certificate == person.der
    assert holder.chain == (office.authority.der,)
    assert (holder.algorithm, holder.bits) == ("ec", 256)
    person.key.public_key().verify(holder.sign(b"pesan", "sha256"), b"pesan", ec.ECDSA(_sha256()))  # type: ignore[union-attr, call-arg, arg-type] # an EC key


def _sha256() -> object:
    from cryptography.hazmat.primitives import hashes

    return hashes.SHA256()


def test_the_chain_is_in_order_and_without_strangers() -> None:
    root = open_authority("Akar", now=NOW, curve=CURVE)
    middle = root.authority("Penerbit", curve=CURVE)
    stranger = open_authority("Orang Lain", now=NOW, curve=CURVE)
    person = middle.person("Cahya", curve=CURVE)
    stored = serialize_key_and_certificates(
        None,
        person.key,
        person.certificate,
        [stranger.issued.certificate, root.issued.certificate, middle.issued.certificate],
        BestAvailableEncryption(b"x"),
    )
    assert open_pkcs12(stored, b"x").chain == (middle.der, root.der)


@pytest.mark.parametrize("passphrase", [b"salah", b"", None])
def test_a_wrong_passphrase_is_said_to_be_wrong(passphrase: bytes | None, office: Office) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        open_pkcs12(office.people[0].pkcs12(b"rahasia"), passphrase)
    assert "salah" in said(caught.value)
    assert "rahasia" not in repr(caught.value)


def test_a_key_without_a_passphrase_opens_without_one(office: Office) -> None:
    person = office.people[0]
    stored = serialize_key_and_certificates(None, person.key, person.certificate, None, NoEncryption())
    assert open_pkcs12(stored, None).certificate == person.der


@pytest.mark.parametrize("content", [b"", b"bukan kunci", b"\x30\x03\x02\x01\x03", b"-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_key_file_is_refused(content: bytes) -> None:
    with pytest.raises(BadKeyFile):
        open_pkcs12(content, b"x")


def test_a_certificate_without_its_key_is_refused(office: Office) -> None:
    stored = serialize_key_and_certificates(None, None, office.people[0].certificate, None, NoEncryption())
    with pytest.raises(BadKeyFile):
        open_pkcs12(stored, None)


def test_somebody_else_s_certificate_is_refused(office: Office) -> None:
    from cryptography.hazmat.primitives.serialization import pkcs12

    one, other = office.people[0], office.people[1]
    with pytest.raises((BadKeyFile, ValueError)):
        open_pkcs12(pkcs12.serialize_key_and_certificates(None, one.key, other.certificate, None, NoEncryption()), None)


def test_a_truncated_key_file_is_refused(office: Office) -> None:
    stored = office.people[0].pkcs12(b"x")
    with pytest.raises((BadKeyFile, WrongPassphrase)):
        open_pkcs12(stored[: len(stored) // 2], b"x")


@pytest.mark.parametrize("kind", ["weak", "edwards"])
def test_keys_of_a_kind_we_do_not_use_are_refused(kind: str) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - weak on purpose
    key = weak if kind == "weak" else ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Lemah")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + DAY)
        .sign(key, hashes.SHA256() if kind == "weak" else None)
    )
    with pytest.raises(BadKeyFile):
        open_pkcs12(serialize_key_and_certificates(None, key, certificate, None, NoEncryption()), None)


def test_the_key_never_shows_in_a_representation(office: Office) -> None:
    assert "key=" not in repr(office.people[0].holder())
    assert "key=" not in repr(office.people[0])


def test_a_certificate_is_read_from_pem_and_der_alike(office: Office) -> None:
    person = office.people[0]
    read = read_certificate(person.der)
    assert read_certificate(b"catatan di atas\n" + person.pem) == read
    assert read.name == "Cahya Lestari"
    assert read.subject.endswith("C=ID")
    assert int(read.serial, 16) == person.certificate.serial_number
    assert (read.not_before, read.not_after) == (NOW - 31 * DAY, NOW + 700 * DAY)
    assert not read.is_ca
    assert read.key_identifier
    assert read_certificate(office.authority.pem).is_ca


@pytest.mark.parametrize(
    "content", [b"", b"bukan sertifikat", b"\x30\x03\x02\x01\x03", b"-----BEGIN CERTIFICATE-----\nx"]
)
def test_what_is_no_certificate_is_refused(content: bytes) -> None:
    with pytest.raises(BadCertificate) as caught:
        read_certificate(content)
    assert advice(caught.value)


def test_the_national_roots_are_known_by_their_fingerprints() -> None:
    note = national_root_note("B5F36672FD7CFD401E01EF640B2FE61F816F32F447B280B76F536244CF42FCDF")
    assert note is not None
    assert "Root CA Indonesia" in note
    assert national_root_note("00" * 32) is None


def test_errors_survive_the_way_between_processes() -> None:
    report = Report(sha256="0", readable=True, problem=None, signatures=())
    errors: list[SigningError] = [
        BadCertificate(),
        WrongPassphrase(),
        BadKeyFile("bad_key_file.kind"),
        CannotSign("cannot_sign.no_page", number=3),
        NotSound(report, ("expired",)),
    ]
    for error in errors:
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert (type(again), again.code, again.params) == (type(error), error.code, error.params)
