"""One signature on one of our forms: the right slot, the visible stamp, and a look at whose key it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.schema import Role
from parsers.appearance import hidden_or_differing
from parsers.parse import build
from service.errors import NotGranted
from service.proof.spoken import SPOKEN
from service.stamps import moment_text, reason_for, stamp_for
from service.turn import StandingIn, Turn, turn_of
from signing.sign import sign
from signing.signers import KeyHolder
from signing.timestamps import Timestamper

__all__ = ["Signed", "moment_text", "shown_otherwise", "sign_form"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The signed bytes, and sentences the signer should read (nothing that forbids signing)."""

    content: bytes
    warnings: tuple[str, ...]


def sign_form(
    content: bytes,
    *,
    role: Role,
    holder: KeyHolder,
    at: dt.datetime,
    zone: ZoneInfo,
    timestamper: Timestamper | None,
    enrolled_nip: str | None,
    instead: StandingIn | None = None,
) -> Signed:
    """Sign the role's slot, in person or as the Plt. or Plh. the caller found to stand in (`instead`).

    NotGranted when the key is known to be somebody else's than the form names for the role.
    """
    turn = turn_of(content, role)
    if enrolled_nip is not None and enrolled_nip != (instead.nip if instead else turn.nip):
        raise NotGranted(
            f"Kunci ini terdaftar untuk NIP {enrolled_nip}, sedangkan {SPOKEN[role]} pada formulir adalah "
            f"{turn.name} (NIP {turn.nip}).",
            f"Minta {turn.name} menandatangani dengan kuncinya sendiri, atau pilih peran yang sesuai.",
        )
    warnings = shown_otherwise(content, turn)
    signed = sign(
        content,
        holder=holder,
        at=at,
        field=turn.slot.name,
        place=None,
        stamp=stamp_for(turn, content, at=at, zone=zone, instead=instead),
        timestamper=timestamper,
        reason=reason_for(turn, instead),
    )
    return Signed(content=signed, warnings=warnings)


def shown_otherwise(content: bytes, turn: Turn) -> tuple[str, ...]:
    """What nobody sees would be refused later, after all three have signed (some programs store values undrawn)."""
    problems = (*hidden_or_differing(content, turn.form), *build(turn.answers, turn.form).problems)
    return tuple(each.message for each in problems)
