"""A year's certificates to SIASN, one by one: each at most once there, whatever is killed or times out when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import MissingResource
from service.records import Certificate, CertificateState, Event
from service.siasn.client import Listed, Register, Reply, Unclear, tokens_refused
from service.siasn.course import Course, complete, course_of
from service.siasn.settings import Codes
from service.store import Store
from service.store.sendings import Outcome, Sending

# After that long a request whose answer was lost has been kept over there or never will be (ours).
SETTLES = dt.timedelta(minutes=15)
# So many certificates in a row without a clear answer, and the register is taken to be away.
_PATIENT = 3


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


def send_year(year: int, mission: Mission) -> Iterator[Sent]:
    """Send the living certificates of a year, in their order; what was accepted before is not sent again.

    Safe to repeat: what was refused is tried again, what is unknown is looked for there first. Raises TokensRefused,
    or MissingResource when the register is away; what came before is kept.
    """
    with mission.store.reading() as tx:
        certificates = list(tx.certificates.of_year(year))
    ended: dict[str, set[str]] = {}
    for each in certificates:
        if each.state is not CertificateState.ISSUED:
            ended.setdefault(each.nip, set()).add(each.number)
    unclear = 0
    for each in certificates:
        if each.state is not CertificateState.ISSUED:
            continue
        course = course_of(each, mission.codes)
        try:
            sent = _send(each, course, ended.get(each.nip, set()), mission)
        except Unclear as error:
            unclear += 1
            yield Sent(course=course, outcome="postponed", new=False, message=error.message)
            if unclear >= _PATIENT:
                raise MissingResource(
                    "SIASN sedang tidak dapat dihubungi.",
                    "Jalankan lagi nanti; yang sudah diterima tidak dikirim ulang.",
                ) from error
            continue
        unclear = 0
        yield sent


def _send(certificate: Certificate, course: Course, ended: set[str], mission: Mission) -> Sent:
    with mission.store.reading() as tx:
        last = tx.sendings.latest(course.number)
        older = [sending for number in sorted(ended) if (sending := tx.sendings.latest(number))]
    if last is not None and last.outcome is Outcome.ACCEPTED:
        return Sent(course=course, outcome="accepted", new=False, register_id=last.register_id)
    if course.hours < 1:
        return Sent(course=course, outcome="postponed", new=False, message="Kurang dari 1 jam setelah dibulatkan.")
    # (1) What does the register have? It alone knows what became of a request without an answer.
    listed = mission.register.courses(certificate.nip)
    there = _named(listed, {course.number})
    if there is not None:
        return _found(course, there, last, mission)
    waiting = [each for each in (last, *older) if each is not None and _open(each)]
    for each in waiting:
        if mission.clock() - each.at < SETTLES and _named(listed, {each.number}) is None:
            return Sent(course=course, outcome="unknown", new=False, message=_WAIT)
    if last is not None and _open(last):
        _end(
            last.id, Outcome.REFUSED, Reply(status=last.status, body={"text": "tidak ada pada riwayat kursus"}), mission
        )
    # (2) Who is it there, and does this certificate take the place of an older one?
    person = mission.register.person(certificate.nip)
    if person is None:
        return Sent(
            course=course, outcome="postponed", new=False, message=f"SIASN tidak mengenal NIP {certificate.nip}."
        )
    replaced = _named(listed, ended)
    request = complete(course, person=person, replaces=replaced.id if replaced else None)
    # (3) The intention, before anything leaves the house.
    with mission.store.transaction() as tx:
        begun = tx.sendings.begin(course.number, request, mission.clock())
    if begun is None:
        return Sent(course=course, outcome="unknown", new=False, message="Sedang dikirim oleh proses lain.")
    # (4) Once; then whatever came back.
    return _judge(course, begun, mission.register.save(request), mission)


_WAIT = "Jawaban SIASN untuk pengiriman sebelumnya belum pasti; dicari lagi pada pengiriman berikutnya."


def _judge(course: Course, begun: int, reply: Reply, mission: Mission) -> Sent:
    if reply.said_yes:
        register_id = _register_id(reply) or _late_id(course, mission)
        _end(begun, Outcome.ACCEPTED, reply, mission, register_id)
        _note(course, "siasn.accepted", mission)
        return Sent(course=course, outcome="accepted", new=True, register_id=register_id)
    if reply.tokens_refused:
        _end(begun, Outcome.REFUSED, reply, mission)
        raise tokens_refused(reply)
    if not reply.connected or reply.too_many:
        # Turned away at the door: nothing was kept there.
        _end(begun, Outcome.REFUSED, reply, mission)
        raise Unclear(f"SIASN tidak menerima kiriman. {reply.message}".strip())
    if reply.said_no:
        _end(begun, Outcome.REFUSED, reply, mission)
        # "Already there" is said in many ways; the register's own list says it in one.
        there = _quietly(course, mission)
        if there is not None:
            return _found(course, there, None, mission)
        return Sent(course=course, outcome="refused", new=False, message=reply.message or f"HTTP {reply.status}")
    _end(begun, Outcome.UNKNOWN, reply, mission)
    return Sent(course=course, outcome="unknown", new=False, message=_WAIT)


def _found(course: Course, there: Listed, last: Sending | None, mission: Mission) -> Sent:
    answer = {"riwayatKursus": {"id": there.id, "nomor": there.number}}
    with mission.store.transaction() as tx:
        if last is not None and _open(last):
            tx.sendings.end(last.id, Outcome.ACCEPTED, status=last.status, answer=answer, register_id=there.id)
        else:
            tx.sendings.found(course.number, mission.clock(), answer, there.id)
    _note(course, "siasn.found", mission)
    return Sent(course=course, outcome="accepted", new=False, register_id=there.id)


def _end(sending_id: int, outcome: Outcome, reply: Reply, mission: Mission, register_id: str | None = None) -> None:
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
        return _named(mission.register.courses(course.nip), {course.number})
    except (Unclear, MissingResource):
        return None


def _register_id(reply: Reply) -> str | None:
    told: Any = reply.body.get("mapData")
    found = told.get("rwKursusId") if isinstance(told, dict) else None
    return str(found) if found else None


def _named(listed: Sequence[Listed], numbers: set[str]) -> Listed | None:
    return next((each for each in listed if each.number in numbers), None)


def _open(sending: Sending) -> bool:
    return sending.outcome in {Outcome.STARTED, Outcome.UNKNOWN}
