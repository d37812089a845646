"""Signatures made as Plt. or Plh.: in whose roles somebody not named in the form may sign, and what proves the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.schema import Role
from service.proof.spoken import Party
from service.standing import holds
from service.store.delegations import Delegation
from signing.report import SignatureReport, TimeSource

Between = Callable[[str, str], Sequence[Delegation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`seen_at`: when the file was there for certain; `zone`: where the days of a delegation are counted."""

    seen_at: dt.datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What a delegate's signature stands for: `proven` roles, and roles only its own clock vouches for."""

    proven: Mapping[Role, Delegation]
    unproven: Mapping[Role, Delegation]


def acting_as(
    signature: SignatureReport,
    signer_nip: str,
    named: tuple[Party, ...],
    *,
    wanted: Role | None,
    between: Between,
    calendar: Calendar,
) -> Acting:
    """The roles of officials this signer stood in for when signing. Nobody named in the form stands in for another.

    Whoever reports, coaches or supervises here signs as that: an employee never approves their own form, and a mentor
    never approves on behalf of the supervisor whose approval it needs (circular 5.d.1.b). A delegation counts straight
    from the official to the signer only.

    In one form a delegate stands in for one official only, so that two approvals never become one person's: for the
    official of the slot `wanted`, else for the supervisor.

    A trusted time stamp proves the day. A claimed time is anybody's to write, so it counts while the delegation still
    holds when the file is first seen; later it goes to a person.
    """
    proven: dict[Role, Delegation] = {}
    unproven: dict[Role, Delegation] = {}
    if any(party.nip == signer_nip for party in named):
        return Acting(proven=proven, unproven=unproven)
    for party in named:
        for each in between(party.nip, signer_nip):
            # Not even a row in the register makes an employee's signature somebody else's to give.
            if party.role is Role.PEGAWAI or party.role.value not in each.scope:
                continue
            kept = _certainty(each, signature, calendar, proven, unproven)
            if kept is not None:
                kept.setdefault(party.role, each)
    unproven = {role: each for role, each in unproven.items() if role not in proven}
    return Acting(proven=_of_one(proven, wanted), unproven=_of_one(unproven, wanted))


def _of_one(given: Mapping[Role, Delegation], wanted: Role | None) -> dict[Role, Delegation]:
    """Only what the one official gave: of the wanted role, else of the last role named (the supervisor's)."""
    chosen = given.get(wanted) if wanted else given[max(given, key=list(Role).index)] if given else None
    return {role: each for role, each in given.items() if chosen and each.from_nip == chosen.from_nip}


def _certainty(
    delegation: Delegation,
    signature: SignatureReport,
    calendar: Calendar,
    proven: dict[Role, Delegation],
    unproven: dict[Role, Delegation],
) -> dict[Role, Delegation] | None:
    made = signature.signed_at
    if made is None or not holds(delegation, made, calendar.zone):
        return None
    if signature.time_source is TimeSource.TIMESTAMP or holds(delegation, calendar.seen_at, calendar.zone):
        return proven
    return unproven
