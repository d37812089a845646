"""What is sent to the gateway, read from the form: whose turn it is, where the stamp goes, and its picture."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from forms.schema import Role
from parsers.pictures import as_png
from service.gateway.place import picture_of, place_on
from service.signatory import shown_otherwise
from service.stamps import reason_for, stamp_for
from service.store.delegations import Delegation
from service.turn import StandingIn, Turn, turn_of
from signing.signers.bsre import Place
from signing.trust import Trust
from signing.verify import inspect


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whose stamp to make: `actor` signs, by `delegation` where the form names somebody else; `image` is their own."""

    role: str
    actor: str
    actor_name: str
    delegation: Delegation | None
    at: dt.datetime
    zone: ZoneInfo
    trust: Trust = field(repr=False)
    image: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """`nip` is whom the form names, `signers` fingerprints of the certificates that have signed it already."""

    serial: str
    nip: str
    place: Place
    image: bytes = field(repr=False)
    reason: str
    location: str
    signers: frozenset[str]
    warnings: tuple[str, ...]


def look_at(content: bytes, look: Look) -> Looked:
    """Read one form. BadInput for what is no form of ours; Unreadable for an image that is none."""
    turn = turn_of(content, Role(look.role))
    instead = _instead(turn, look)
    place = place_on(content, page=turn.slot.page, box=turn.slot.box)
    if look.image is None:
        stamp = stamp_for(turn, content, at=look.at, zone=look.zone, instead=instead)
        image = picture_of(stamp, place)
    else:
        image = as_png(look.image)
    signatures = inspect(content, trust=look.trust).signatures
    return Looked(
        serial=turn.serial,
        nip=turn.nip,
        place=place,
        image=image,
        reason=reason_for(turn, instead),
        location=turn.answers.get("tempat_tanda_tangan", "").strip(),
        signers=frozenset(each.signer.fingerprint for each in signatures if each.signer),
        warnings=shown_otherwise(content, turn),
    )


def _instead(turn: Turn, look: Look) -> StandingIn | None:
    if look.delegation is None:
        return None
    roles = tuple(role for role in turn.held if role.value in look.delegation.scope)
    return StandingIn(nip=look.actor, name=look.actor_name, kind=look.delegation.kind, roles=roles)
