"""Sign a form by each way of signing."""

from __future__ import annotations

from service.form_signing import sign_form
from signing.timestamps import LocalTimestamper
from support.office import NOW, SIGNERS, ZONE, keys


def by_key(content: bytes, kind: str, *, stamped: bool = False) -> bytes:
    """`cmb sign` with a key file."""
    clock = LocalTimestamper(holder=keys().tsa.holder(), clock=lambda: NOW) if stamped else None
    for role, nip in SIGNERS[kind]:
        content = sign_form(
            content,
            role=role,
            holder=keys().people[nip].holder(),
            at=NOW,
            zone=ZONE,
            timestamper=clock,
            enrolled_nip=nip,
        ).content
    return content
