"""A year's certificates to SIASN, one by one: each at most once there, whatever is killed or times out when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from service.errors import MissingResource
from service.records import Certificate, CertificateState
from service.siasn.client import Unclear
from service.siasn.course import Course, complete, course_of
from service.siasn.reply import Reply
from service.siasn.settling import WAIT, Mission, Sent, end, found, judge, named, open_
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
