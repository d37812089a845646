"""What of the circulation sees strangers' bytes, as functions a confined child can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.circulation.means import KeyOrder
from service.config import Settings

if TYPE_CHECKING:
    from service.turn import StandingIn
    from signing.timestamps import Timestamper


def sign_with_file(settings: Settings, order: KeyOrder) -> tuple[bytes, tuple[str, ...]]:
    """The signed bytes, and sentences its signer should read; with the installation's time stamps."""
    from service.opening import timestamper_of, utc_now

    return signed_with(order, timestamper_of(settings.timestamp_url, settings, utc_now))


def signed_with(order: KeyOrder, timestamper: Timestamper | None) -> tuple[bytes, tuple[str, ...]]:
    """The same with any time stamps. NotGranted for a key that is not enrolled for the actor.

    The key is opened, used and forgotten here; neither it nor its passphrase is written anywhere.
    """
    from forms.schema import Role
    from service.signatory import sign_form
    from signing.certificates import read_certificate
    from signing.signers.pkcs12 import open_pkcs12

    holder = open_pkcs12(order.key, order.passphrase)
    certificate = read_certificate(holder.certificate)
    _require_enrolled(certificate.fingerprint, certificate.name, order)
    signed = sign_form(
        order.content,
        role=Role(order.role),
        holder=holder,
        at=order.at,
        zone=order.zone,
        timestamper=timestamper,
        enrolled_nip=order.actor,
        instead=_instead(order),
    )
    return signed.content, signed.warnings


def raw_answers(content: bytes) -> dict[str, str]:
    """The answers in a form that was filled elsewhere; empty where it cannot be read."""
    from parsers.parse import read

    return {name: value for name, value in read(content).answers.items() if value}


def _instead(order: KeyOrder) -> StandingIn | None:
    from forms.schema import Role
    from service.turn import StandingIn, turn_of

    if order.delegation is None:
        return None
    scope = order.delegation.scope
    held = tuple(role for role in turn_of(order.content, Role(order.role)).held if role.value in scope)
    return StandingIn(nip=order.actor, name=order.actor_name, kind=order.delegation.kind, roles=held)


def _require_enrolled(fingerprint: str, name: str, order: KeyOrder) -> None:
    from service.errors import NotGranted

    if fingerprint not in order.enrolled:
        raise NotGranted(
            f"Sertifikat elektronik atas nama {name} belum terdaftar untuk NIP Anda, sehingga belum dapat dipakai.",
            "Unggah satu formulir yang sudah Anda tanda tangani dengan sertifikat itu agar dicocokkan, atau minta "
            "pengelola kepegawaian atau Biro SDM mendaftarkannya.",
        )
