"""What became of one request to SIASN, and how it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import MissingResource
from service.records import Event
from service.siasn.client import Listed, Register, Unclear, tokens_refused
from service.siasn.course import Course
from service.siasn.reply import Reply
from service.siasn.settings import Codes
from service.store import Store
from service.store.sendings import Outcome, Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one certificate. `outcome`: accepted, refused, unknown, or postponed (nothing was sent).

    `new` is False when SIASN had it before.
    """

    course: Course
    outcome: str
    new: bool
    message: str = ""
    register_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """What sending needs, handed in."""

    store: Store
    register: Register
    codes: Codes
    clock: Callable[[], dt.datetime]
    actor: str


WAIT = "Jawaban SIASN untuk pengiriman sebelumnya belum pasti; dicari lagi pada pengiriman berikutnya."


def judge(course: Course, begun: int, reply: Reply, mission: Mission) -> Sent:
    if reply.said_yes:
        register_id = _register_id(reply) or _late_id(course, mission)
        end(begun, Outcome.ACCEPTED, reply, mission, register_id)
        _note(course, "siasn.accepted", mission)
        return Sent(course=course, outcome="accepted", new=True, register_id=register_id)
    if reply.tokens_refused:
        end(begun, Outcome.REFUSED, reply, mission)
        raise tokens_refused(reply)
    if not reply.connected or reply.too_many:
        # Turned away at the door: nothing was kept there.
        end(begun, Outcome.REFUSED, reply, mission)
        raise Unclear(f"SIASN tidak menerima kiriman. {reply.message}".strip())
    if reply.said_no:
        end(begun, Outcome.REFUSED, reply, mission)
        # "Already there" is said in many ways; the register's own list says it in one.
        there = _quietly(course, mission)
        if there is not None:
            return found(course, there, None, mission)
        return Sent(course=course, outcome="refused", new=False, message=reply.message or f"HTTP {reply.status}")
    end(begun, Outcome.UNKNOWN, reply, mission)
    return Sent(course=course, outcome="unknown", new=False, message=WAIT)


def found(course: Course, there: Listed, last: Sending | None, mission: Mission) -> Sent:
    answer = {"riwayatKursus": {"id": there.id, "nomor": there.number}}
    with mission.store.transaction() as tx:
        if last is not None and open_(last):
            tx.sendings.end(last.id, Outcome.ACCEPTED, status=last.status, answer=answer, register_id=there.id)
        else:
            tx.sendings.found(course.number, mission.clock(), answer, there.id)
    _note(course, "siasn.found", mission)
    return Sent(course=course, outcome="accepted", new=False, register_id=there.id)


def end(sending_id: int, outcome: Outcome, reply: Reply, mission: Mission, register_id: str | None = None) -> None:
    with mission.store.transaction() as tx:
        tx.sendings.end(sending_id, outcome, status=reply.status, answer=reply.body, register_id=register_id)


def _note(course: Course, action: str, mission: Mission) -> None:
    with mission.store.transaction() as tx:
        tx.events.append(Event(at=mission.clock(), actor=mission.actor, action=action, subject=course.number))


def _late_id(course: Course, mission: Mission) -> str | None:
    there = _quietly(course, mission)
    return there.id if there else None


def _quietly(course: Course, mission: Mission) -> Listed | None:
    """Look once more; what cannot be seen now is seen by the next run."""
    try:
        return named(mission.register.courses(course.nip), {course.number})
    except (Unclear, MissingResource):
        return None


def _register_id(reply: Reply) -> str | None:
    told: Any = reply.body.get("mapData")
    found = told.get("rwKursusId") if isinstance(told, dict) else None
    return str(found) if found else None


def named(listed: Sequence[Listed], numbers: set[str]) -> Listed | None:
    return next((each for each in listed if each.number in numbers), None)


def open_(sending: Sending) -> bool:
    return sending.outcome in {Outcome.STARTED, Outcome.UNKNOWN}
