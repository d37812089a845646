"""What a person asks the gateway for before signing: a one-time code, and to have their certificate recognised."""

from __future__ import annotations

from service.errors import BadInput
from service.gateway.desk import Desk
from service.proposals import propose_certificate
from signing.signers.bsre import Secret

_MOST = 50


def request_code(nik: Secret, count: int, *, desk: Desk) -> None:
    """Have a one-time code (TOTP) for so many files sent to the person; GatewayRefused, GatewayUnreachable."""
    if not 1 <= count <= _MOST:
        raise BadInput(f"Kode TOTP diminta untuk 1 sampai {_MOST} berkas.", "Pilih lebih sedikit berkas.")
    desk.gateway.request_totp(nik, count)


def propose_own_certificate(nik: Secret, actor: str, *, desk: Desk) -> str:
    """Propose the certificate the gateway keeps for this NIK as the actor's; its fingerprint.

    Whose NIK it is only the person says, so somebody responsible confirms it like any other.
    """
    certificate = desk.gateway.signer_certificate(nik)
    now = desk.moment().now
    propose_certificate(certificate.der, actor, seen_in="gateway:chain", store=desk.store, now=now)
    return certificate.fingerprint
