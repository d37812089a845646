"""What is sent to the gateway, read from the form: whose turn it is, where the stamp goes, and its picture."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from forms.schema import Role
from parsers.opening import looking_into
from parsers.pictures import as_png, first_page_png
from parsers.widgets import places_of
from service.signatory import shown_otherwise
from service.stamps import reason_for, stamp_for
from service.store.delegations import Delegation
from service.turn import StandingIn, Turn, turn_of
from signing.signers.bsre import Place
from signing.stamp_page import stamp_page
from signing.trust import Trust
from signing.verify import inspect

_SHARPNESS = 4.0  # pixels per point: the code in the stamp is read from paper too


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
    place = _place(content, turn)
    left, bottom, right, top = place.box
    if look.image is None:
        stamp = stamp_for(turn, content, at=look.at, zone=look.zone, instead=instead)
        image = first_page_png(stamp_page(stamp, right - left, top - bottom), scale=_SHARPNESS)
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


def _place(content: bytes, turn: Turn) -> Place:
    """The box of the role's slot on the page as it is; the form's own where the file lost its empty slots."""
    slot = turn.slot
    places = looking_into(content, places_of)
    on_page = [each.page_box for each in places if each.page == slot.page]
    left, bottom, _, top = on_page[0] if on_page else (0.0, 0.0, 0.0, 0.0)
    box = (slot.box[0] - left, slot.box[1] - bottom, slot.box[2] - left, slot.box[3] - bottom)
    return Place(page=slot.page + 1, height=top - bottom, box=box)
