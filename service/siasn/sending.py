"""A year's certificates to SIASN, one by one: each at most once there, whatever is killed or times out when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from service.errors import MissingResource
from service.records import Certificate, CertificateState
from service.siasn.client import Unclear
from service.siasn.course import Course, complete, course_of
from service.siasn.reply import Reply
from service.siasn.settling import WAIT, Mission, Sent, end, found, judge, named, open_
from service.store.errors import UnknownRow
from service.store.sendings import Outcome

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
