"""Build forms signed by the wrong people, or at the wrong time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from service.people.enrolment import enrol
from service.verification.prove import Moment
from signing.demo_authority import Authority, IssuedKey
from signing.keys import KeyHolder
from signing.sign import sign
from signing.timestamps import Timestamper
from support.office import CAHYA, DIAH, HERI, NOW, Office, keys, signing_time

DAY = dt.timedelta(days=1)
SLOTS = {"ttd_pegawai": CAHYA, "ttd_pembimbing": HERI, "ttd_atasan": DIAH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A form and the moment of its proof."""

    content: bytes
    moment: Moment


Impostor = Callable[[Office], Attempt]


def signed_by(
    pdf: bytes,
    *,
    instead: dict[str, KeyHolder] | None = None,
    at: dt.datetime | None = None,
    timestamper: Timestamper | None = None,
    leave: str = "",
    only: str = "",
) -> bytes:
    """Sign in the slots, as their owners or as somebody `instead`; one may be left empty, or all but one."""
    people, at = keys().people, at or signing_time(pdf)
    for slot, nip in SLOTS.items():
        if slot != leave and (not only or slot == only):
            holder = (instead or {}).get(slot) or people[nip].holder()
            pdf = sign(pdf, holder=holder, at=at, field=slot, timestamper=timestamper)
    return pdf


def attempt(office: Office, content: bytes, *, now: dt.datetime = NOW, crls: tuple[bytes, ...] = ()) -> Attempt:
    trust = replace(office.moment.trust, moment=now, crls=crls)
    return Attempt(content=content, moment=replace(office.moment, now=now, trust=trust))


def authority() -> Authority:
    return keys().authority


def enrolled(office: Office, issued: IssuedKey, nip: str) -> KeyHolder:
    """Enrol the key for an employee: the forger even got the certificate into the register."""
    enrol(nip, issued.pem, store=office.store, now=NOW, actor="uji")
    return issued.holder()


def supervised_by(holder: KeyHolder, office: Office) -> Attempt:
    """Return a form with this key in the supervisor's slot."""
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": holder}))
