"""How values read on a page: dates, times, JP, NIP; the same everywhere, in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from service.policy import jp_text
from service.records import ActivityFacts
from service.sample_accounts import parts
from service.stamps import ZONES
from service.web.attached import attachments_of
from service.web.desk import desk
from service.web.happenings import told_event
from service.web.menu import menu
from service.web.phrases import said
from service.web.reasons_english import in_english
from service.web.spoken import duty, learned, level, training
from service.web.visitor import visitor

_MEGA = 1_000_000


def install(app: Flask) -> None:
    app.jinja_env.filters |= {
        "day": day,
        "moment": moment,
        "clock": clock,
        "hours": hours,
        "jp": jp,
        "nip": nip,
        "size": size,
        "kind": kind,
        "level": level,
        "learned": learned,
        "duty": duty,
        "said": said,
        "training": training,
        "holder": holder,
    }
    # Globals, not context: macros that are imported see nothing else.
    app.jinja_env.globals |= {
        "told_event": told_event,
        "in_english": in_english,
        "has_endpoint": app.view_functions.__contains__,
        "attachments_of": attachments_of,
        "sample_people": lambda: parts() if desk().settings.sample else (),
    }
    app.context_processor(_of_this_request)


def _of_this_request() -> dict[str, object]:
    settings = desk().settings
    return {"visitor": visitor(), "menu": menu(), "sample": settings.sample, "mails": settings.mail is not None}


def kind(value: str) -> str:
    """`Belajar mandiri`."""
    return {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": str(_("Belajar mandiri"))}.get(
        value, value
    )


def holder(subject: str) -> str:
    """`Cahya Lestari` of a certificate's subject (RFC 4514), which belongs under the technical words."""
    found = re.search(r"(?:^|,)CN=((?:\\.|[^,\\])+)", subject)
    return re.sub(r"\\(.)", r"\1", found.group(1)) if found else subject


def day(value: dt.date | str | None) -> str:
    """`7 April 2026`."""
    if not value:
        return ""
    date = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(date, "d MMMM yyyy", rebase=False))


def moment(value: dt.datetime | str | None) -> str:
    """`7 April 2026 09.00 WIB`, by the agency's clock."""
    if not value:
        return ""
    here = _here(value)
    return f"{day(here.date())} {clock(here)}"


def clock(value: dt.datetime | dt.time | str) -> str:
    """`09.00 WIB` of a moment, `09.00` of a time of day (English: `09:00`)."""
    dot = "." if str(get_locale() or "id") == "id" else ":"
    if isinstance(value, dt.time):
        return value.strftime(f"%H{dot}%M")
    here = _here(value)
    offset = (here.utcoffset() or dt.timedelta()) // dt.timedelta(hours=1)
    return f"{here.strftime(f'%H{dot}%M')} {ZONES.get(offset, here.strftime('%Z'))}"


def hours(value: ActivityFacts | Mapping[str, str]) -> str:
    """`22.30–00.30 hari berikutnya` of an activity or of its record as `verify` has it (English: `22:30–00:30`)."""
    if isinstance(value, Mapping):
        begins, ends = (dt.time.fromisoformat(value[name]) for name in ("begins", "ends"))
    else:
        begins, ends = value.begins, value.ends
    span = f"{clock(begins)}–{clock(ends)}"
    return str(_("%(hours)s hari berikutnya", hours=span)) if ends <= begins else span


def jp(value: Decimal | str) -> str:
    """`2,4` (English: `2.4`)."""
    text = jp_text(Decimal(value))
    return text.replace(".", ",") if str(get_locale() or "id") == "id" else text


def nip(value: str | None) -> str:
    """`19970821 202012 2 005`: as it is printed on letters (8-6-1-3)."""
    digits = value or ""
    if len(digits) != 18:  # noqa: PLR2004 - the length of a NIP
        return digits
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def size(value: int) -> str:
    """`1,2 MB`, `34 KB`."""
    text = f"{max(value // 1000, 1)} KB" if value < _MEGA else f"{value / _MEGA:.1f} MB"
    return text.replace(".", ",") if str(get_locale() or "id") == "id" else text


def _here(value: Any) -> dt.datetime:
    when: dt.datetime = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return when.astimezone(desk().settings.timezone)
