"""Sound signatures by the wrong person or at the wrong time; every function makes a whole form."""

from __future__ import annotations

import datetime as dt

from forgeries.impostors import DAY, SLOTS, Attempt, Impostor, attempt, authority, enrolled, signed_by, supervised_by
from signing.keys import KeyHolder
from support.office import CAHYA, DIAH, EKO, HERI, NOW, Office, keys
from support.pki import CURVE


def supervisor_left_out(office: Office) -> Attempt:
    return attempt(office, signed_by(office.filled("mentoring"), leave="ttd_atasan"))


def employee_signs_for_everybody(office: Office) -> Attempt:
    own = keys().people[CAHYA].holder()
    return attempt(office, signed_by(office.filled("mentoring"), instead=dict.fromkeys(SLOTS, own)))


def colleague_signs_for_the_supervisor(office: Office) -> Attempt:
    other = enrolled(office, authority().person("Eko Nugroho", curve=CURVE), EKO)
    return supervised_by(other, office)


def coach_and_supervisor_exchange_slots(office: Office) -> Attempt:
    people = keys().people
    exchanged: dict[str, KeyHolder] = {"ttd_atasan": people[HERI].holder(), "ttd_pembimbing": people[DIAH].holder()}
    return attempt(office, signed_by(office.filled("mentoring"), instead=exchanged))


def namesake_nobody_enrolled(office: Office) -> Attempt:
    twin = authority().person("Diah Contohwati", curve=CURVE).holder()
    return supervised_by(twin, office)


def name_that_only_looks_alike(office: Office) -> Attempt:
    """A Cyrillic letter in it."""
    twin = authority().person("Diah C\u043entohwati", curve=CURVE).holder()
    return supervised_by(twin, office)


def enrolment_that_was_ended(office: Office) -> Attempt:
    gone = authority().person("Diah", curve=CURVE)
    holder = enrolled(office, gone, DIAH)
    with office.store.reading() as tx:
        enrolment = next(signer for signer in tx.signers.all() if signer.der == gone.der)
    with office.store.transaction() as tx:
        tx.signers.end(enrolment.fingerprint, NOW + dt.timedelta(seconds=1))
    return supervised_by(holder, office)


def time_before_the_activity(office: Office) -> Attempt:
    pdf = office.filled("mentoring", tanggal="23 November 2026")
    return attempt(office, signed_by(pdf, at=NOW - 2 * DAY))


def time_of_tomorrow(office: Office) -> Attempt:
    return attempt(office, signed_by(office.filled("mentoring"), at=NOW + 30 * DAY))


def date_of_tomorrow_in_the_form(office: Office) -> Attempt:
    return attempt(office, signed_by(office.filled("mentoring", tanggal_tanda_tangan="1 Maret 2027")))


def activity_of_tomorrow(office: Office) -> Attempt:
    answers = {"tanggal": "1 Maret 2027", "tanggal_tanda_tangan": "2 Maret 2027"}
    return attempt(office, signed_by(office.filled("mentoring", **answers)))


PEOPLE: tuple[Impostor, ...] = (
    supervisor_left_out,
    employee_signs_for_everybody,
    colleague_signs_for_the_supervisor,
    coach_and_supervisor_exchange_slots,
    namesake_nobody_enrolled,
    name_that_only_looks_alike,
    enrolment_that_was_ended,
    time_before_the_activity,
    time_of_tomorrow,
    date_of_tomorrow_in_the_form,
    activity_of_tomorrow,
)
