"""Sending a year's certificates to SIASN: each is there at most once, whatever is killed or times out when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from service.errors import MissingResource
from service.records import Certificate, CertificateState, Event
from service.siasn.client import RegisteredCourse, Reply, SiasnClient, UnclearAnswer, tokens_refused
from service.siasn.courses import Course, completed_request, course_of
from service.siasn.settings import Codes
from service.store import Store
from service.store.errors import UnknownRow
from service.store.siasn import Outcome, Sending

# After so long, a request without an answer was either saved at SIASN or never will be (our own estimate).
SETTLES = dt.timedelta(minutes=15)
# After so many certificates in a row without a clear answer, SIASN is taken to be away.
_MAX_UNCLEAR = 3


def send_year(year: int, sending_context: SendingContext) -> Iterator[Sent]:
    """Send the living certificates of a year, in their order, and yield what became of each.

    Safe to repeat: accepted ones are skipped, refused ones tried again, unknown ones looked for at SIASN first. Raises
    TokensRefused, or MissingResource when the register is away; what came before is kept.
    """
    with sending_context.store.reading() as tx:
        certificates = list(tx.certificates.of_year(year))
    ended: dict[str, set[str]] = {}
    for certificate in certificates:
        if certificate.state is not CertificateState.ISSUED:
            ended.setdefault(certificate.nip, set()).add(certificate.number)
    patience = Patience()
    for certificate in certificates:
        if certificate.state is not CertificateState.ISSUED:
            continue
        try:
            with patience:
                sent = _send(
                    certificate,
                    course_of(certificate, sending_context.codes),
                    ended.get(certificate.nip, set()),
                    sending_context,
                )
        except UnclearAnswer as error:
            course = course_of(certificate, sending_context.codes)
            sent = Sent(course=course, outcome="postponed", new=False, message=error.message)
        yield sent


def send_number(number: str, sending_context: SendingContext) -> Sent:
    """Send one certificate, as `send_year` does each. Raises UnclearAnswer or TokensRefused."""
    with sending_context.store.reading() as tx:
        certificate = tx.certificates.find(number)
        if certificate is None:
            raise UnknownRow("certificate_unknown", number=number)
        same_year = [sibling for sibling in tx.certificates.of_nip(certificate.nip) if sibling.year == certificate.year]
    course = course_of(certificate, sending_context.codes)
    if certificate.state is not CertificateState.ISSUED:
        return Sent(course=course, outcome="postponed", new=False, message="Sertifikat ini tidak berlaku lagi.")
    ended = {sibling.number for sibling in same_year if sibling.state is not CertificateState.ISSUED}
    return _send(certificate, course, ended, sending_context)


class Patience:
    """A context for each certificate: several `UnclearAnswer` in a row become MissingResource."""

    def __init__(self) -> None:
        self._unclear = 0

    def __enter__(self) -> Self:
        """Begin one certificate."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End it; MissingResource when SIASN must be taken to be away."""
        self._unclear = self._unclear + 1 if isinstance(error, UnclearAnswer) else 0
        if self._unclear >= _MAX_UNCLEAR:
            raise MissingResource(
                "SIASN sedang tidak dapat dihubungi.",
                "Jalankan lagi nanti; yang sudah diterima tidak dikirim ulang.",
            ) from error


def _send(certificate: Certificate, course: Course, ended: set[str], sending_context: SendingContext) -> Sent:
    with sending_context.store.reading() as tx:
        last = tx.sendings.latest(course.number)
        older = [sending for number in sorted(ended) if (sending := tx.sendings.latest(number))]
    if last is not None and last.outcome is Outcome.ACCEPTED:
        return Sent(course=course, outcome="accepted", new=False, register_id=last.register_id)
    if course.hours < 1:
        return Sent(course=course, outcome="postponed", new=False, message="Kurang dari 1 jam setelah dibulatkan.")
    # (1) What does SIASN have? It alone knows what became of a request without an answer.
    listed = sending_context.register.courses(certificate.nip)
    existing = find_course(listed, {course.number})
    if existing is not None:
        return record_found(course, existing, last, sending_context)
    waiting = [sending for sending in (last, *older) if sending is not None and is_open(sending)]
    for pending in waiting:
        if sending_context.clock() - pending.at < SETTLES and find_course(listed, {pending.number}) is None:
            return Sent(course=course, outcome="unknown", new=False, message=WAIT)
    if last is not None and is_open(last):
        end(
            last.id,
            Outcome.REFUSED,
            Reply(status=last.status, body={"text": "tidak ada pada riwayat kursus"}),
            sending_context,
        )
    # (2) SIASN's id of the person, and the course of an older certificate that this one replaces.
    person = sending_context.register.person(certificate.nip)
    if person is None:
        return Sent(
            course=course, outcome="postponed", new=False, message=f"SIASN tidak mengenal NIP {certificate.nip}."
        )
    replaced = find_course(listed, ended)
    request = completed_request(course, person=person, replaces=replaced.id if replaced else None)
    # (3) Keep the intention before anything is sent.
    with sending_context.store.transaction() as tx:
        begun = tx.sendings.begin(course.number, request, sending_context.clock())
    if begun is None:
        return Sent(course=course, outcome="unknown", new=False, message="Sedang dikirim oleh proses lain.")
    # (4) Send once, then record the reply.
    return record_reply(course, begun, sending_context.register.save(request), sending_context)


# --- The outcome of one request


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
class SendingContext:
    """The dependencies of sending."""

    store: Store
    register: SiasnClient
    codes: Codes
    clock: Callable[[], dt.datetime]
    actor: str


WAIT = "Jawaban SIASN untuk pengiriman sebelumnya belum pasti; dicari lagi pada pengiriman berikutnya."


def record_reply(course: Course, begun: int, reply: Reply, sending_context: SendingContext) -> Sent:
    if reply.is_accepted:
        register_id = _register_id(reply) or _listed_id(course, sending_context)
        end(begun, Outcome.ACCEPTED, reply, sending_context, register_id)
        _log(course, "siasn.accepted", sending_context)
        return Sent(course=course, outcome="accepted", new=True, register_id=register_id)
    if reply.tokens_refused:
        end(begun, Outcome.REFUSED, reply, sending_context)
        raise tokens_refused(reply)
    if not reply.connected or reply.too_many:
        # Nothing was saved at SIASN.
        end(begun, Outcome.REFUSED, reply, sending_context)
        raise UnclearAnswer(f"SIASN tidak menerima kiriman. {reply.message}".strip())
    if reply.is_refused:
        end(begun, Outcome.REFUSED, reply, sending_context)
        # "Already there" has many wordings; the list of courses tells for certain.
        existing = _find_without_errors(course, sending_context)
        if existing is not None:
            return record_found(course, existing, None, sending_context)
        return Sent(course=course, outcome="refused", new=False, message=reply.message or f"HTTP {reply.status}")
    end(begun, Outcome.UNKNOWN, reply, sending_context)
    return Sent(course=course, outcome="unknown", new=False, message=WAIT)


def record_found(
    course: Course, existing: RegisteredCourse, last: Sending | None, sending_context: SendingContext
) -> Sent:
    answer = {"riwayatKursus": {"id": existing.id, "nomor": existing.number}}
    with sending_context.store.transaction() as tx:
        if last is not None and is_open(last):
            tx.sendings.end(last.id, Outcome.ACCEPTED, status=last.status, answer=answer, register_id=existing.id)
        else:
            tx.sendings.add_found(course.number, sending_context.clock(), answer, existing.id)
    _log(course, "siasn.found", sending_context)
    return Sent(course=course, outcome="accepted", new=False, register_id=existing.id)


def end(
    sending_id: int, outcome: Outcome, reply: Reply, sending_context: SendingContext, register_id: str | None = None
) -> None:
    with sending_context.store.transaction() as tx:
        tx.sendings.end(sending_id, outcome, status=reply.status, answer=reply.body, register_id=register_id)


def _log(course: Course, action: str, sending_context: SendingContext) -> None:
    with sending_context.store.transaction() as tx:
        tx.events.append(
            Event(at=sending_context.clock(), actor=sending_context.actor, action=action, subject=course.number)
        )


def _listed_id(course: Course, sending_context: SendingContext) -> str | None:
    existing = _find_without_errors(course, sending_context)
    return existing.id if existing else None


def _find_without_errors(course: Course, sending_context: SendingContext) -> RegisteredCourse | None:
    """Return the course if SIASN lists it; None also when SIASN cannot be asked: the next run asks again."""
    try:
        return find_course(sending_context.register.courses(course.nip), {course.number})
    except (UnclearAnswer, MissingResource):
        return None


def _register_id(reply: Reply) -> str | None:
    data: Any = reply.body.get("mapData")
    register_id = data.get("rwKursusId") if isinstance(data, dict) else None
    return str(register_id) if register_id else None


def find_course(listed: Sequence[RegisteredCourse], numbers: set[str]) -> RegisteredCourse | None:
    return next((course for course in listed if course.number in numbers), None)


def is_open(sending: Sending) -> bool:
    return sending.outcome in {Outcome.STARTED, Outcome.UNKNOWN}


# --- The registration status of each certificate

_GONE = "Sertifikat ini tidak berlaku lagi, sedangkan SIASN masih memuatnya; hapus di sana."


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationStatus:
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
        """Tell whether sending would try it; an unknown one is looked for at SIASN first."""
        return self.living and self.state != "accepted"

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the command."""
        at = self.at.isoformat() if self.at else None
        return {
            "number": self.number,
            "nip": self.nip,
            "outcome": self.state,
            "at": at,
            "register_id": self.register_id,
            "message": self.message,
        }


def registration_statuses(year: int, store: Store) -> Iterator[RegistrationStatus]:
    """Yield the status of every certificate of the year that is living, or was sent and has ended since."""
    with store.reading() as tx:
        rows = list(tx.sendings.of_year(year))
        replaced = {
            sending.register_id
            for certificate, sending in rows
            if sending and _holds(certificate.state, sending.outcome)
        }
    for certificate, sending in rows:
        living = certificate.state is CertificateState.ISSUED
        if sending is None:
            state, message = "not_sent", ""
        elif living:
            state = "unknown" if sending.outcome is Outcome.STARTED else sending.outcome.value
            message = _message(sending.answer) if state == "refused" else ""
        else:
            # When a newer certificate replaced its course at SIASN, nothing is left to remove.
            left = sending.outcome is not Outcome.REFUSED and sending.register_id not in replaced
            state, message = ("to_remove", _GONE) if left else ("not_sent", "")
        if living or state == "to_remove":
            yield RegistrationStatus(
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
    message = answer.get("message") or answer.get("text") if isinstance(answer, dict) else None
    return str(message or "")
