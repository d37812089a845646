"""One signature on one of our forms: the right slot, the visible stamp, and a look at whose key it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.catalog import form_font
from forms.schema import Role
from parsers.appearance import hidden_or_differing
from parsers.parse import build, read
from parsers.values import indonesian_date
from service.errors import BadInput, NotGranted
from service.proof.roles import SPOKEN
from signing.sign import sign
from signing.signers import KeyHolder
from signing.stamp import Stamp
from signing.timestamps import Timestamper

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


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
) -> Signed:
    """Sign the role's slot. NotGranted when the key is known to be somebody else's than the form names for the role."""
    reading = read(content)
    form = reading.form
    if form is None or reading.source != "acroform":
        first = reading.problems[0] if reading.problems else None
        raise BadInput(
            first.message if first else "Berkas ini bukan formulir Lampiran I dari layanan ini.",
            first.hint if first else "Unduh formulir baru dari layanan ini.",
        )
    name = reading.answers.get(f"nama_{role.value}", "").strip()
    nip = re.sub(r"\D", "", reading.answers.get(f"nip_{role.value}", ""))
    if not nip:
        raise BadInput(
            f"Formulir ini tidak menyebut {SPOKEN[role]}.", "Isi nama dan NIP-nya, atau pilih peran yang lain."
        )
    if enrolled_nip is not None and enrolled_nip != nip:
        raise NotGranted(
            f"Kunci ini terdaftar untuk NIP {enrolled_nip}, sedangkan {SPOKEN[role]} pada formulir adalah "
            f"{name} (NIP {nip}).",
            f"Minta {name} menandatangani dengan kuncinya sendiri, atau pilih peran yang sesuai.",
        )
    slot = next(slot for slot in form.slots if slot.role is role)
    held = [each for each in (role, *Role) if re.sub(r"\D", "", reading.answers.get(f"nip_{each.value}", "")) == nip]
    title = " dan ".join(SPOKEN[each] for each in dict.fromkeys(held)).capitalize()
    # What nobody sees would be refused later, after all three have signed (some programs store values undrawn).
    problems = (*hidden_or_differing(content, form), *build(reading.answers, form).problems)
    warnings = tuple(each.message for each in problems)
    stamp = Stamp(
        heading="Ditandatangani secara elektronik oleh:",
        name=name,
        lines=(f"NIP {nip}", title, moment_text(at, zone)),
        qr_text=f"{reading.serial} {hashlib.sha256(content).hexdigest()[:16]}",
        font=form_font(),
    )
    signed = sign(
        content,
        holder=holder,
        at=at,
        field=slot.name,
        place=None,
        stamp=stamp,
        timestamper=timestamper,
        reason=f"{title}, formulir {reading.serial}",
    )
    return Signed(content=signed, warnings=warnings)


def moment_text(at: dt.datetime, zone: ZoneInfo) -> str:
    """`8 April 2026 09.12 WIB`."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or dt.timedelta(0)
    name = ZONES.get(int(offset.total_seconds() // 3600), local.tzname() or "")
    return f"{indonesian_date(local.date())} {local:%H.%M} {name}".rstrip()
