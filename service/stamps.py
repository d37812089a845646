"""What the visible signature on a form says, whoever draws it: name, NIP, role, moment, and a code."""

from __future__ import annotations

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from forms.catalog import form_font
from parsers.values import indonesian_date
from service.proof.spoken import SPOKEN, STANDING_IN
from service.turn import StandingIn, Turn
from signing.stamp import Stamp

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def stamp_for(
    turn: Turn, content: bytes, *, at: dt.datetime, zone: ZoneInfo, instead: StandingIn | None = None
) -> Stamp:
    """The stamp of the turn's person, or of who stands in; its code names the form and the bytes that are signed."""
    nip, name = (instead.nip, instead.name) if instead else (turn.nip, turn.name)
    return Stamp(
        heading="Ditandatangani secara elektronik oleh:",
        name=name,
        lines=(f"NIP {nip}", title_of(turn, instead), moment_text(at, zone)),
        qr_text=f"{turn.serial} {hashlib.sha256(content).hexdigest()[:16]}",
        font=form_font(),
    )


def title_of(turn: Turn, instead: StandingIn | None = None) -> str:
    """`Coach/mentor dan atasan langsung`, or `Plh. atasan langsung` for who stands in."""
    title = " dan ".join(SPOKEN[role] for role in (instead.roles if instead else turn.held))
    return f"{STANDING_IN[instead.kind]} {title}" if instead else title.capitalize()


def reason_for(turn: Turn, instead: StandingIn | None = None) -> str:
    """The reason a signature carries."""
    return f"{title_of(turn, instead)}, formulir {turn.serial}"


def moment_text(at: dt.datetime, zone: ZoneInfo) -> str:
    """`8 April 2026 09.12 WIB`."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or dt.timedelta(0)
    name = ZONES.get(int(offset.total_seconds() // 3600), local.tzname() or "")
    return f"{indonesian_date(local.date())} {local:%H.%M} {name}".rstrip()
