"""A year's certificates to SIASN, one by one: each at most once there, whatever is killed or times out when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from service.errors import MissingResource
from service.records import Certificate, CertificateState, Event
from service.siasn.client import Listed, Register, Reply, Unclear, tokens_refused
from service.siasn.courses import Course, complete, course_of
from service.siasn.settings import Codes
from service.store import Store
from service.store.errors import UnknownRow
from service.store.siasn import Outcome, Sending

# After that long a request whose answer was lost has been kept over there or never will be (ours).
SETTLES = dt.timedelta(minutes=15)
# So many certificates in a row without a clear answer, and the register is taken to be away.
_PATIENT = 3


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
    patience = Patience()
    for each in certificates:
        if each.state is not CertificateState.ISSUED:
            continue
        try:
            with patience:
                sent = _send(each, course_of(each, mission.codes), ended.get(each.nip, set()), mission)
        except Unclear as error:
            course = course_of(each, mission.codes)
            sent = Sent(course=course, outcome="postponed", new=False, message=error.message)
        yield sent


def send_number(number: str, mission: Mission) -> Sent:
    """Send one certificate, as `send_year` does each. Raises Unclear when SIASN could not be asked, TokensRefused."""
    with mission.store.reading() as tx:
        certificate = tx.certificates.find(number)
        if certificate is None:
            raise UnknownRow(f"Sertifikat {number} tidak ada.", "Periksa nomornya.")
        mine = [each for each in tx.certificates.of_nip(certificate.nip) if each.year == certificate.year]
    course = course_of(certificate, mission.codes)
    if certificate.state is not CertificateState.ISSUED:
        return Sent(course=course, outcome="postponed", new=False, message="Sertifikat ini tidak berlaku lagi.")
    ended = {each.number for each in mine if each.state is not CertificateState.ISSUED}
    return _send(certificate, course, ended, mission)


class Patience:
    """Around each certificate: lets `Unclear` through until there were several in a row, then MissingResource."""

    def __init__(self) -> None:
        self._unclear = 0

    def __enter__(self) -> Self:
        """One certificate begins."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """It ended; MissingResource when the register must be taken to be away."""
        self._unclear = self._unclear + 1 if isinstance(error, Unclear) else 0
        if self._unclear >= _PATIENT:
            raise MissingResource(
                "SIASN sedang tidak dapat dihubungi.",
                "Jalankan lagi nanti; yang sudah diterima tidak dikirim ulang.",
            ) from error


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
    there = named(listed, {course.number})
    if there is not None:
        return found(course, there, last, mission)
    waiting = [each for each in (last, *older) if each is not None and open_(each)]
    for each in waiting:
        if mission.clock() - each.at < SETTLES and named(listed, {each.number}) is None:
            return Sent(course=course, outcome="unknown", new=False, message=WAIT)
    if last is not None and open_(last):
        end(
            last.id, Outcome.REFUSED, Reply(status=last.status, body={"text": "tidak ada pada riwayat kursus"}), mission
        )
    # (2) Who is it there, and does this certificate take the place of an older one?
    person = mission.register.person(certificate.nip)
    if person is None:
        return Sent(
            course=course, outcome="postponed", new=False, message=f"SIASN tidak mengenal NIP {certificate.nip}."
        )
    replaced = named(listed, ended)
    request = complete(course, person=person, replaces=replaced.id if replaced else None)
    # (3) The intention, before anything leaves the house.
    with mission.store.transaction() as tx:
        begun = tx.sendings.begin(course.number, request, mission.clock())
    if begun is None:
        return Sent(course=course, outcome="unknown", new=False, message="Sedang dikirim oleh proses lain.")
    # (4) Once; then whatever came back.
    return judge(course, begun, mission.register.save(request), mission)


# --- What became of one request to SIASN, and how it is kept


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
            tx.sendings.add_found(course.number, mission.clock(), answer, there.id)
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


# --- How each certificate stands in SIASN, as far as its answers tell

_GONE = "Sertifikat ini tidak berlaku lagi, sedangkan SIASN masih memuatnya; hapus di sana."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`state`: not_sent, accepted, refused, unknown, or to_remove (ended here and not replaced there)."""

    number: str
    nip: str
    living: bool
    state: str
    at: dt.datetime | None
    register_id: str | None
    message: str

    @property
    def to_send(self) -> bool:
        """Whether a sending would try it; an unknown one is looked for there first."""
        return self.living and self.state != "accepted"

    def told(self) -> dict[str, Any]:
        """As the command tells it."""
        at = self.at.isoformat() if self.at else None
        return {
            "number": self.number,
            "nip": self.nip,
            "outcome": self.state,
            "at": at,
            "register_id": self.register_id,
            "message": self.message,
        }


def standing_of(year: int, store: Store) -> Iterator[Standing]:
    """Every certificate of the year that is living, or was sent and has ended since; in their order."""
    with store.reading() as tx:
        rows = list(tx.sendings.of_year(year))
        replaced = {sending.register_id for each, sending in rows if sending and _holds(each.state, sending.outcome)}
    for certificate, sending in rows:
        living = certificate.state is CertificateState.ISSUED
        if sending is None:
            state, message = "not_sent", ""
        elif living:
            state = "unknown" if sending.outcome is Outcome.STARTED else sending.outcome.value
            message = _message(sending.answer) if state == "refused" else ""
        else:
            # A newer certificate that took over the entry over there leaves nothing to remove.
            left = sending.outcome is not Outcome.REFUSED and sending.register_id not in replaced
            state, message = ("to_remove", _GONE) if left else ("not_sent", "")
        if living or state == "to_remove":
            yield Standing(
                number=certificate.number,
                nip=certificate.nip,
                living=living,
                state=state,
                at=sending.at if sending else None,
                register_id=sending.register_id if sending else None,
                message=message,
            )


def _holds(state: CertificateState, outcome: Outcome) -> bool:
    return state is CertificateState.ISSUED and outcome is Outcome.ACCEPTED


def _message(answer: Any) -> str:
    told = answer.get("message") or answer.get("text") if isinstance(answer, dict) else None
    return str(told or "")
