"""Valid forms of unusual make: other keys, chains, encodings, orders and programs. Each must pass verification."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pypdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from forms.schema import Role
from service.people.enrolment import enrol
from signing.keys.pkcs12 import PrivateKey
from support.added_evidence import with_document_timestamp_by, with_security_store
from support.external_signatures import sign_elsewhere
from support.foreign_signers import DETACHED, Habits, sign_foreign
from support.hybrid_files import hybrid_revision
from support.incremental_updates import appended
from support.office import CAHYA, NOW, SIGNERS, Office, keys

MakeForm = Callable[[Office], bytes]
MENTORING = SIGNERS["mentoring"]


def signed_by(office: Office, *habits: Habits, form: bytes | None = None) -> bytes:
    """Return a mentoring form that pyHanko signs for all three people, with these habits in turn."""
    form = office.filled("mentoring") if form is None else form
    for index, (role, nip) in enumerate(MENTORING):
        form = sign_foreign(form, role, keys().people[nip], habits[index % len(habits)])
    return form


def with_key(office: Office, key: PrivateKey, habits: Habits = Habits(), *, under: str = "root") -> bytes:  # noqa: B008 - frozen
    """Return a form whose first signer has this key, certified by the authority of the office or one below it."""
    authority = keys().authority
    for name in {"root": (), "issuing": ("Penerbit",), "long": ("Satu", "Dua", "Tiga")}[under]:
        authority = authority.authority(name, curve=ec.SECP256R1())
    person = authority.person("Cahya Lestari", curve=ec.SECP256R1())
    builder = x509.CertificateBuilder(
        subject_name=person.certificate.subject,
        issuer_name=person.certificate.issuer,
        public_key=key.public_key(),
        serial_number=person.certificate.serial_number + 1,
        not_valid_before=person.certificate.not_valid_before_utc,
        not_valid_after=person.certificate.not_valid_after_utc,
        extensions=[
            extension for extension in person.certificate.extensions if extension.oid != x509.SubjectKeyIdentifier.oid
        ],
    )
    issued = replace(person, key=key, certificate=builder.sign(authority.issued.key, hashes.SHA256()))
    enrol(CAHYA, issued.pem, store=office.store, now=NOW, actor="uji")
    form = sign_foreign(office.filled("mentoring"), Role.PEGAWAI, issued, habits)
    for role, nip in MENTORING[1:]:
        form = office.sign(form, role, nip)
    return form


def signed_in_order(office: Office, *indices: int, own: bool = False) -> bytes:
    form = office.filled("mentoring")
    for index in indices:
        role, nip = MENTORING[index]
        form = sign_elsewhere(form, nip, own_field=True) if own else office.sign(form, role, nip)
    return form


def saved_first(office: Office, save: Callable[[bytes], bytes]) -> bytes:
    """Return a form that `save` rewrites before anybody signs; then all three sign here."""
    form = save(office.filled("mentoring"))
    for role, nip in MENTORING:
        form = office.sign(form, role, nip)
    return form


def by_pikepdf(pdf: bytes, **options: object) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        out = io.BytesIO()
        document.save(out, **options)  # type: ignore[arg-type] # options of pikepdf
        return out.getvalue()


def by_pypdf(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pypdf_appended(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Producer": "pypdf"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_qpdf(pdf: bytes, *arguments: str) -> bytes:
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
        source.write_bytes(pdf)
        subprocess.run(["qpdf", *arguments, source, target], check=True, capture_output=True)
        return target.read_bytes()


def appended_by_pyhanko(pdf: bytes) -> bytes:
    return appended(pdf, lambda writer: writer.update_root())


def hybrid_that_hides_nothing(pdf: bytes) -> bytes:
    return hybrid_revision(pdf, shown={9000: b"null"})


def hybrid_and_store(office: Office) -> bytes:
    """Return a signed hybrid with a security store after every signature, as seen in a government file."""
    form = hybrid_that_hides_nothing(office.filled("mentoring"))
    for role, nip in MENTORING:
        form = with_store(office.sign(form, role, nip))
    return form


def changed_after(office: Office, change: Callable[[bytes], bytes], *after: int) -> bytes:
    """Return a form that all three sign here; `change` is applied after these signatures (0 to 2)."""
    form = office.filled("mentoring")
    for index, (role, nip) in enumerate(MENTORING):
        form = office.sign(form, role, nip)
        if index in after:
            form = change(form)
    return form


def with_store(pdf: bytes) -> bytes:
    crl = keys().authority.revocation_list([], at=NOW)
    return with_security_store(pdf, certificates=(keys().authority.der,), crls=(crl,))


def with_timestamp(pdf: bytes) -> bytes:
    return with_document_timestamp_by(pdf, keys().tsa, NOW)


def with_store_and_timestamp(pdf: bytes) -> bytes:
    return with_timestamp(with_store(pdf))


def time_stamped_here(office: Office) -> bytes:
    from support.signed_by_key import by_key

    return by_key(office.filled("mentoring"), "mentoring", stamped=True)


def with_line_end_after(office: Office) -> bytes:
    return office.signed("mentoring") + b"\r\n"


def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


OWN_FIELD = Habits(own_field="sig_1712542345", stamped=True)
ODDITIES: Mapping[str, MakeForm] = {
    # Keys
    "rsa_2048": lambda office: with_key(office, rsa_key(2048)),
    "rsa_3072": lambda office: with_key(office, rsa_key(3072)),
    "rsa_4096": lambda office: with_key(office, rsa_key(4096)),
    "rsa_pss": lambda office: with_key(office, rsa_key(2048), Habits(pss=True)),
    "rsa_pss_sha384": lambda office: with_key(office, rsa_key(3072), Habits(pss=True, digest="sha384")),
    "rsa_pss_sha512": lambda office: with_key(office, rsa_key(3072), Habits(pss=True, digest="sha512")),
    "rsa_sha384": lambda office: with_key(office, rsa_key(2048), Habits(digest="sha384")),
    "rsa_sha512": lambda office: with_key(office, rsa_key(2048), Habits(digest="sha512")),
    "p256_sha512": lambda office: with_key(office, ec.generate_private_key(ec.SECP256R1()), Habits(digest="sha512")),
    "p384": lambda office: with_key(office, ec.generate_private_key(ec.SECP384R1()), Habits(digest="sha384")),
    "p384_sha256": lambda office: with_key(office, ec.generate_private_key(ec.SECP384R1())),
    "p521": lambda office: with_key(office, ec.generate_private_key(ec.SECP521R1()), Habits(digest="sha512")),
    # Chains
    "issuing_authority": lambda office: with_key(office, ec.generate_private_key(ec.SECP256R1()), under="issuing"),
    "chain_of_five": lambda office: with_key(office, ec.generate_private_key(ec.SECP256R1()), under="long"),
    "chain_of_five_rsa": lambda office: with_key(office, rsa_key(2048), under="long"),
    "root_left_out_of_the_value": lambda office: signed_by(office, Habits(without_chain=True)),
    # Values
    "sha384": lambda office: signed_by(office, Habits(digest="sha384")),
    "sha512": lambda office: signed_by(office, Habits(digest="sha512")),
    "each_another_digest": lambda office: signed_by(office, Habits(), Habits(digest="sha384"), Habits(digest="sha512")),
    "older_sub_filter": lambda office: signed_by(office, Habits(sub_filter=DETACHED)),
    "older_sub_filter_stamped": lambda office: signed_by(office, Habits(sub_filter=DETACHED, stamped=True)),
    "sub_filters_mixed": lambda office: signed_by(office, Habits(), Habits(sub_filter=DETACHED)),
    "time_stamped": lambda office: signed_by(office, Habits(stamped=True)),
    "one_of_three_time_stamped": lambda office: signed_by(office, Habits(), Habits(stamped=True), Habits()),
    "reason_place_and_contact": lambda office: signed_by(
        office, Habits(reason="Saya menyetujui dokumen ini", location="Jakarta", contact="021-555 0100")
    ),
    "much_room_for_the_value": lambda office: signed_by(office, Habits(room=65_536)),
    # Fields
    "own_fields": lambda office: signed_by(office, OWN_FIELD),
    "own_fields_of_milliseconds_older_sub_filter": lambda office: signed_by(
        office, replace(OWN_FIELD, sub_filter=DETACHED)
    ),
    "own_fields_invisible": lambda office: signed_by(office, Habits(own_field="Signature", shown=False)),
    "own_field_first": lambda office: signed_by(office, OWN_FIELD, Habits(), Habits()),
    "own_field_between": lambda office: signed_by(office, Habits(), OWN_FIELD, Habits()),
    "own_field_last": lambda office: signed_by(office, Habits(), Habits(), OWN_FIELD),
    "own_stamps_of_ours": lambda office: signed_in_order(office, 0, 1, 2, own=True),
    # Orders
    "order_021": lambda office: signed_in_order(office, 0, 2, 1),
    "order_102": lambda office: signed_in_order(office, 1, 0, 2),
    "order_120": lambda office: signed_in_order(office, 1, 2, 0),
    "order_201": lambda office: signed_in_order(office, 2, 0, 1),
    "order_210": lambda office: signed_in_order(office, 2, 1, 0),
    "order_210_own_fields": lambda office: signed_in_order(office, 2, 1, 0, own=True),
    # What comes between and after
    "store_after_the_first": lambda office: changed_after(office, with_store, 0),
    "store_after_each": lambda office: changed_after(office, with_store, 0, 1, 2),
    "store_after_all": lambda office: changed_after(office, with_store, 2),
    "document_time_stamp_after_the_first": lambda office: changed_after(office, with_timestamp, 0),
    "document_time_stamp_after_each": lambda office: changed_after(office, with_timestamp, 0, 1, 2),
    "store_and_document_time_stamp": lambda office: changed_after(office, with_store_and_timestamp, 2),
    "store_and_document_time_stamp_after_each": lambda office: changed_after(office, with_store_and_timestamp, 0, 1, 2),
    "line_end_after_the_file": with_line_end_after,
    "time_stamped_here": time_stamped_here,
    # Saved by others before anybody signed
    "saved_by_pypdf": lambda office: saved_first(office, by_pypdf),
    "appended_by_pypdf": lambda office: saved_first(office, by_pypdf_appended),
    "appended_by_pyhanko": lambda office: saved_first(office, appended_by_pyhanko),
    "saved_by_pikepdf": lambda office: saved_first(office, by_pikepdf),
    "linearized": lambda office: saved_first(office, partial(by_pikepdf, linearize=True)),
    "pdf_2_header": lambda office: saved_first(office, partial(by_pikepdf, force_version="2.0")),
    "pdf_1_7_header": lambda office: saved_first(office, partial(by_pikepdf, force_version="1.7")),
    "without_object_streams": lambda office: saved_first(
        office, partial(by_pikepdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    ),
    "unpacked_streams": lambda office: saved_first(office, partial(by_pikepdf, compress_streams=False)),
    "object_streams_of_qpdf": lambda office: saved_first(office, lambda pdf: by_qpdf(pdf, "--object-streams=generate")),
    "linearized_by_qpdf": lambda office: saved_first(office, lambda pdf: by_qpdf(pdf, "--linearize")),
    "qdf_of_qpdf": lambda office: saved_first(office, lambda pdf: by_qpdf(pdf, "--qdf", "--object-streams=disable")),
    "hybrid_that_hides_nothing": lambda office: saved_first(office, hybrid_that_hides_nothing),
    "hybrid_and_store": hybrid_and_store,
}
