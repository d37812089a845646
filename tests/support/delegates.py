"""Delegates of the sample office: their delegations, and forms they sign as Plt. or Plh."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from forms.schema import Role
from parsers.values import indonesian_date
from service.people.delegations import delegate
from service.people.enrolment import enrol
from service.store.delegations import Delegation
from signing.demo_authority import IssuedKey
from signing.sign import sign
from signing.timestamps import LocalTimestamper
from support.office import CAHYA, DIAH, EKO, HERI, NOW, ZONE, Office, keys

TODAY = NOW.astimezone(ZONE).date()
DAY = dt.timedelta(days=1)


def add_delegate(office: Office, to_nip: str = EKO, from_nip: str = DIAH, **changed: Any) -> Delegation:
    """Make Eko Plh. of Diah today, in both roles, entered by Biro SDM."""
    options: dict[str, Any] = {"kind": "plh", "scope": ("pembimbing", "atasan"), "starts": TODAY, "ends": TODAY}
    options |= {"reason": "SP-1/2026", "now": NOW, "zone": ZONE, "actor": "biro", "by": None} | changed
    return delegate(from_nip, to_nip, store=office.store, randomness=secrets.token_bytes, **options)


def store_delegation(office: Office, to_nip: str, from_nip: str = DIAH, scope: tuple[str, ...] = ("atasan",)) -> None:
    """Store a delegation that the service would have refused."""
    with office.store.transaction() as tx:
        tx.delegations.add(
            Delegation(
                id=f"D-{secrets.token_hex(4)}",
                from_nip=from_nip,
                to_nip=to_nip,
                kind="plh",
                scope=scope,
                starts=TODAY - 400 * DAY,
                ends=TODAY + 400 * DAY,
                reason="x",
                made_at=NOW,
                made_by="x",
            )
        )


def key_of(office: Office, nip: str = EKO, name: str = "Eko Nugroho") -> IssuedKey:
    """Enrol a new certificate of a person."""
    issued = keys().authority.person(name, curve=ec.SECP256R1(), ends=NOW + 730 * DAY)
    enrol(nip, issued.pem, store=office.store, now=NOW, actor="uji")
    return issued


def signed_for(
    office: Office,
    issued: IssuedKey,
    *,
    kind: str = "coaching",
    at: dt.datetime = NOW,
    stamped: bool = False,
    field: str | None = "ttd_atasan",
    **answers: str,
) -> bytes:
    """Return a form signed by the employee, then by `issued` in the supervisor's slot (None: in a new field)."""
    day = (at - 3 * DAY).astimezone(ZONE).date()
    soon = dict.fromkeys(("tanggal", "tanggal_tanda_tangan"), indonesian_date(day))
    content = office.sign(office.filled(kind, **soon | answers), Role.PEGAWAI, CAHYA, at=at)
    if kind == "mentoring":
        content = office.sign(content, Role.PEMBIMBING, HERI, at=at)
    clock = LocalTimestamper(holder=keys().tsa.holder(), clock=lambda: at) if stamped else None
    return sign(content, holder=issued.holder(), at=at, field=field, timestamper=clock)
