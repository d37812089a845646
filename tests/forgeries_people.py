"""Lies about who signed and when. Each makes a whole form of an office, and says at which moment it is judged."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from bareforms import signed_with
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from handcms import plain_cms
from office import CAHYA, DIAH, EKO, HERI, NOW, Keys, Office, keys
from pki import CURVE

from service.enrolment import enrol
from service.ingest import Moment
from signing.cms import sign_detached
from signing.sign import sign
from signing.signers import KeyHolder
from signing.throwaway import Authority, Issued, open_authority
from signing.timestamps import LocalTimestamper, Timestamper

DAY = dt.timedelta(days=1)
SLOTS = {"ttd_pegawai": CAHYA, "ttd_pembimbing": HERI, "ttd_atasan": DIAH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A form and the moment of its proof."""

    content: bytes
    moment: Moment


Impostor = Callable[[Office], Attempt]


def signed_by(
    pdf: bytes,
    *,
    instead: dict[str, KeyHolder] | None = None,
    at: dt.datetime = NOW,
    timestamper: Timestamper | None = None,
    leave: str = "",
    only: str = "",
) -> bytes:
    """Signatures into the slots, by their owners or by somebody instead; one may be left empty, or all but one."""
    people = keys().people
    for slot, nip in SLOTS.items():
        if slot != leave and (not only or slot == only):
            holder = (instead or {}).get(slot) or people[nip].holder()
            pdf = sign(pdf, holder=holder, at=at, field=slot, timestamper=timestamper)
    return pdf


def attempt(office: Office, content: bytes, *, now: dt.datetime = NOW, crls: tuple[bytes, ...] = ()) -> Attempt:
    trust = replace(office.moment.trust, moment=now, crls=crls)
    return Attempt(content=content, moment=replace(office.moment, now=now, trust=trust))


def authority() -> Authority:
    return keys().authority


def enrolled(office: Office, issued: Issued, nip: str) -> KeyHolder:
    """The forger even got the certificate into the register."""
    enrol(nip, issued.pem, store=office.store, now=NOW, actor="uji")
    return issued.holder()


def nobody_signed(office: Office) -> Attempt:
    """No lie at all: what the lies below start from, all signed."""
    return attempt(office, signed_by(office.filled("mentoring")))


def supervisor_left_out(office: Office) -> Attempt:
    return attempt(office, signed_by(office.filled("mentoring"), leave="ttd_atasan"))


def employee_signs_for_everybody(office: Office) -> Attempt:
    own = keys().people[CAHYA].holder()
    return attempt(office, signed_by(office.filled("mentoring"), instead=dict.fromkeys(SLOTS, own)))


def colleague_signs_for_the_supervisor(office: Office) -> Attempt:
    other = enrolled(office, authority().person("Eko Nugroho", curve=CURVE), EKO)
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": other}))


def coach_and_supervisor_exchange_slots(office: Office) -> Attempt:
    people = keys().people
    exchanged: dict[str, KeyHolder] = {"ttd_atasan": people[HERI].holder(), "ttd_pembimbing": people[DIAH].holder()}
    return attempt(office, signed_by(office.filled("mentoring"), instead=exchanged))


def namesake_nobody_enrolled(office: Office) -> Attempt:
    twin = authority().person("Diah Contohwati", curve=CURVE).holder()
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": twin}))


def name_that_only_looks_alike(office: Office) -> Attempt:
    """A Cyrillic letter in it."""
    twin = authority().person("Diah C\u043entohwati", curve=CURVE).holder()
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": twin}))


def authority_that_only_looks_alike(office: Office) -> Attempt:
    other = open_authority("Akar Uji", now=NOW - 10 * DAY, randomness=secrets.token_bytes, curve=ec.SECP256R1())
    twin = enrolled(office, other.person("Diah Contohwati", curve=CURVE), DIAH)
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": twin}))


def certificate_signed_by_itself(office: Office) -> Attempt:
    alone = enrolled(office, open_authority("Diah Contohwati", now=NOW - DAY, curve=CURVE).person("Diah"), DIAH)
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": alone}))


def certificate_issued_by_a_colleague(office: Office) -> Attempt:
    usurper = Authority(issued=keys().people[EKO], now=NOW - DAY, randomness=secrets.token_bytes)
    twin = enrolled(office, usurper.person("Diah Contohwati", curve=CURVE), DIAH)
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": twin}))


def certificate_of_a_web_server(office: Office) -> Attempt:
    server = authority().person("Diah", curve=CURVE, purposes=(ExtendedKeyUsageOID.SERVER_AUTH,))
    wrong = enrolled(office, server, DIAH)
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": wrong}))


def certificate_for_encryption(office: Office) -> Attempt:
    wrong = authority().person("Cahya", curve=CURVE, key_usage=frozenset({"key_encipherment"}))
    enrolled(office, wrong, CAHYA)
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: sign_detached(digest, holder=wrong.holder(), algorithm="sha256"),
    )
    return attempt(office, _the_others(first))


def certificate_that_ended(office: Office) -> Attempt:
    """Signed in time, as its owner says; nothing proves it."""
    short = enrolled(office, authority().person("Diah", curve=CURVE, ends=NOW + 2 * DAY), DIAH)
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": short}), now=NOW + 9 * DAY)


def certificate_that_was_revoked(office: Office) -> Attempt:
    crl = authority().revocation_list([(keys().people[DIAH], NOW - DAY)], at=NOW - DAY)
    return attempt(office, signed_by(office.filled("mentoring")), crls=(crl,))


def enrolment_that_was_ended(office: Office) -> Attempt:
    gone = authority().person("Diah", curve=CURVE)
    holder = enrolled(office, gone, DIAH)
    with office.store.reading() as tx:
        kept = next(each for each in tx.signers.all() if each.der == gone.der)
    with office.store.transaction() as tx:
        tx.signers.end(kept.fingerprint, NOW + dt.timedelta(seconds=1))
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": holder}))


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


def time_stamp_of_a_strangers_clock_for_a_certificate_that_ended(office: Office) -> Attempt:
    stranger = open_authority("Jam Lain", now=NOW - 30 * DAY, curve=CURVE).tsa("Jam Lain", curve=CURVE)
    return _after_the_end(office, LocalTimestamper(holder=stranger.holder(), clock=lambda: NOW))


def time_stamp_made_with_a_persons_key(office: Office) -> Attempt:
    return _after_the_end(office, LocalTimestamper(holder=keys().people[HERI].holder(), clock=lambda: NOW))


def _after_the_end(office: Office, timestamper: Timestamper) -> Attempt:
    short = enrolled(office, authority().person("Diah", curve=CURVE, ends=NOW + 2 * DAY), DIAH)
    content = signed_by(office.filled("mentoring"), instead={"ttd_atasan": short}, timestamper=timestamper)
    return attempt(office, content, now=NOW + 9 * DAY)


def digest_nobody_trusts_any_more(office: Office) -> Attempt:
    person = keys().people[CAHYA]
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: plain_cms(digest, person, algorithm="sha1", named=person.der),
        digest="sha1",
    )
    return attempt(office, _the_others(first))


def kind_of_signature_that_was_withdrawn(office: Office) -> Attempt:
    person = keys().people[CAHYA]
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: plain_cms(digest, person, algorithm="sha256", named=person.der, content=digest),
        sub_filter="/adbe.pkcs7.sha1",
        digest="sha1",
    )
    return attempt(office, _the_others(first))


def value_that_names_another_certificate(office: Office) -> Attempt:
    person = keys().people[CAHYA]
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: plain_cms(digest, person, algorithm="sha256", named=keys().people[DIAH].der),
    )
    return attempt(office, _the_others(first))


def value_that_names_no_certificate(office: Office) -> Attempt:
    person = keys().people[CAHYA]
    first = signed_with(office.filled("mentoring"), lambda digest: plain_cms(digest, person, algorithm="sha256"))
    return attempt(office, _the_others(first))


def value_by_another_key_than_it_says(office: Office) -> Attempt:
    people: Keys = keys()
    mixed = Issued(key=people.people[EKO].key, certificate=people.people[DIAH].certificate, above=())
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": mixed.holder()}))


def value_over_another_document(office: Office) -> Attempt:
    person = keys().people[CAHYA].holder()
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: sign_detached(bytes(reversed(digest)), holder=person, algorithm="sha256"),
    )
    return attempt(office, _the_others(first))


def _the_others(pdf: bytes) -> bytes:
    for slot in ("ttd_pembimbing", "ttd_atasan"):
        pdf = sign(pdf, holder=keys().people[SLOTS[slot]].holder(), at=NOW, field=slot)
    return pdf


# Whether the signatures themselves are at fault, or only who made them and when.
KEYS: tuple[Impostor, ...] = (
    authority_that_only_looks_alike,
    certificate_signed_by_itself,
    certificate_issued_by_a_colleague,
    certificate_of_a_web_server,
    certificate_for_encryption,
    certificate_that_ended,
    certificate_that_was_revoked,
    time_stamp_of_a_strangers_clock_for_a_certificate_that_ended,
    time_stamp_made_with_a_persons_key,
    digest_nobody_trusts_any_more,
    kind_of_signature_that_was_withdrawn,
    value_that_names_another_certificate,
    value_that_names_no_certificate,
    value_by_another_key_than_it_says,
    value_over_another_document,
)
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
