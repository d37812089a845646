"""What of the circulation sees strangers' bytes, as functions a confined child can be given."""

from __future__ import annotations

from service.circulation.desk import KeyOrder
from service.config import Settings


def sign_with_file(settings: Settings, order: KeyOrder) -> tuple[bytes, tuple[str, ...]]:
    """The signed bytes, and sentences its signer should read. NotGranted for a key that is not enrolled for the actor.

    The key is opened, used and forgotten here; neither it nor its passphrase is written anywhere.
    """
    from forms.schema import Role
    from service.opening import timestamper_of, utc_now
    from service.signatory import sign_form
    from signing.certificates import read_certificate
    from signing.signers.pkcs12 import open_pkcs12

    holder = open_pkcs12(order.key, order.passphrase)
    certificate = read_certificate(holder.certificate)
    require_enrolled(certificate.fingerprint, certificate.name, order)
    signed = sign_form(
        order.content,
        role=Role(order.role),
        holder=holder,
        at=order.at,
        zone=order.zone,
        timestamper=timestamper_of(settings.timestamp_url, settings, utc_now),
        enrolled_nip=order.actor,
    )
    return signed.content, signed.warnings


def require_enrolled(fingerprint: str, name: str, order: KeyOrder) -> None:
    """NotGranted, with the way to enrol, for a certificate that is not one of the actor's."""
    from service.errors import NotGranted

    if fingerprint not in order.enrolled:
        raise NotGranted(
            f"Sertifikat elektronik atas nama {name} belum terdaftar untuk NIP Anda, sehingga belum dapat dipakai.",
            "Unggah satu formulir yang sudah Anda tanda tangani dengan sertifikat itu agar dicocokkan, atau minta "
            "pengelola kepegawaian atau Biro SDM mendaftarkannya.",
        )


def raw_answers(content: bytes) -> dict[str, str]:
    """The answers in a form that was filled elsewhere; empty where it cannot be read."""
    from parsers.parse import read

    return {name: value for name, value in read(content).answers.items() if value}
