"""The report of one verification, as a page, a PDF, JSON or the ETSI report, whatever the file does to its reader."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.apart import read_apart
from service.config import Settings
from service.limits import GaveUp, Limits
from service.opening import moment_of, store_of
from service.sources import Source, Unopened

if TYPE_CHECKING:
    from service.afterwards import Afterwards
    from service.judged import Judged

# Drawing pages takes a renderer besides the readers; nothing of it is kept. Whatever the file, both tries together end
# within 20 seconds.
_LIMITS = Limits(memory=512 * 2**20, cpu=8, wall=12.0)
_SHORTER = Limits(cpu=3, wall=4.0)
_MODULES = ("service.judged", "service.store", "service.afterwards")
KINDS = (".html", ".pdf", ".json", ".xml")


def report_of(
    subject: str, number: int | None, settings: Settings, now: dt.datetime, kind: str
) -> tuple[Judged, bytes]:
    """The judgement and the report of it, as `kind` (`.html`, `.pdf`, `.json`, `.xml`).

    Strangers' bytes are read in a child; what ends it costs only its part. BadInput as `judged` has it.
    """
    try:
        found, seen, written = read_apart(
            _in_child, subject, number, settings, now, kind, modules=_MODULES, limits=_LIMITS
        )
    except (GaveUp, Unopened) as error:
        # Once more without drawing anything; what still cannot be read is reported as that.
        found, seen, written = _without_pictures(subject, number, settings, now, error), None, b""
        if kind == ".xml":
            raise
    if kind == ".json":
        written = json.dumps(machine(found), ensure_ascii=False, indent=2).encode()
    elif kind != ".xml":
        written = _for_people(found, seen, settings, kind)
    return found, written


def _in_child(
    subject: str, number: int | None, settings: Settings, now: dt.datetime, kind: str
) -> tuple[Judged, Afterwards | None, bytes]:
    found = _judged(subject, number, settings, now)
    seen, written = None, b""
    if kind == ".xml":
        written = _xml(found)
    elif kind != ".json":
        from service.afterwards import afterwards

        seen = afterwards(found.content, found.told)
    # The bytes stay here: nobody outside needs a stranger's file.
    return replace(found, content=b""), seen, written


def _without_pictures(
    subject: str, number: int | None, settings: Settings, now: dt.datetime, error: GaveUp | Unopened
) -> Judged:
    from service.judged import Judged
    from service.proof.answer import answer_json
    from service.proof.unread import answer_unread

    try:
        return read_apart(_judged, subject, number, settings, now, modules=_MODULES, limits=_SHORTER)
    except (GaveUp, Unopened):
        source = Source(path=Path(subject))
        return Judged(told=answer_json(answer_unread(source.name, error, source.digest())), at=now, content=b"")


def _judged(subject: str, number: int | None, settings: Settings, now: dt.datetime) -> Judged:
    from service.judged import judged

    with store_of(settings) as store:
        return judged(subject, number, store=store, moment=moment_of(store, settings, now))


def _xml(found: Judged) -> bytes:
    from service.proof.kept import signatures_of
    from service.proof.policies import CURRENT
    from signing.etsi import Document, validation_report

    told: Mapping[str, Any] = found.told
    policy = found.kept[found.number - 1].policy if found.number else CURRENT.id
    reasons = tuple(dict.fromkeys(each["code"] for each in told["reasons"]))
    return validation_report(
        found.content,
        signatures_of(told),
        document=Document(verdict=told["verdict"], reasons=reasons, policy=policy, moment=found.at),
    )


def _for_people(found: Judged, seen: Afterwards | None, settings: Settings, kind: str) -> bytes:
    from forms.render import Renderer
    from service.proof.account import account_of

    account = account_of(
        found.told,
        at=found.at,
        zone=settings.timezone,
        pictures=seen.pictures if seen else (),
        note=seen.note if seen else "",
        changes=seen.answers if seen else (),
        submission=found.submission,
        kept=found.kept,
        number=found.number,
    )
    renderer = Renderer()
    return renderer.report(account) if kind == ".pdf" else renderer.report_page(account).encode()


def machine(found: Judged) -> dict[str, Any]:
    place = {"submission": found.submission, "number": found.number, "of": len(found.kept)} if found.submission else {}
    return {**found.told, **place, "verified_at": found.at.isoformat()}
