"""Forged keys, certificates and time stamps, and weak or foreign values; every function makes a whole form."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from forgeries.impostors import DAY, Attempt, Impostor, attempt, authority, enrolled, signed_by, supervised_by
from signing.cms import sign_detached
from signing.demo_authority import Authority, IssuedKey, open_authority
from signing.timestamps import LocalTimestamper, Timestamper
from support.hand_made_cms import plain_cms
from support.hand_made_signatures import signed_with
from support.office import CAHYA, DIAH, EKO, FOUNDED, HERI, NOW, Keys, Office, keys
from support.pki import CURVE
from support.unusually_signed_forms import signed_by_the_others


def authority_that_only_looks_alike(office: Office) -> Attempt:
    other = open_authority("Akar Uji", now=FOUNDED, randomness=secrets.token_bytes, curve=ec.SECP256R1())
    twin = enrolled(office, other.person("Diah Contohwati", curve=CURVE), DIAH)
    return supervised_by(twin, office)


def certificate_signed_by_itself(office: Office) -> Attempt:
    alone = enrolled(office, open_authority("Diah Contohwati", now=FOUNDED, curve=CURVE).person("Diah"), DIAH)
    return supervised_by(alone, office)


def certificate_issued_by_a_colleague(office: Office) -> Attempt:
    usurper = Authority(issued=keys().people[EKO], now=FOUNDED, randomness=secrets.token_bytes)
    twin = enrolled(office, usurper.person("Diah Contohwati", curve=CURVE), DIAH)
    return supervised_by(twin, office)


def certificate_of_a_web_server(office: Office) -> Attempt:
    server = authority().person("Diah", curve=CURVE, purposes=(ExtendedKeyUsageOID.SERVER_AUTH,))
    wrong = enrolled(office, server, DIAH)
    return supervised_by(wrong, office)


def certificate_for_encryption(office: Office) -> Attempt:
    wrong = authority().person("Cahya", curve=CURVE, key_usage=frozenset({"key_encipherment"}))
    enrolled(office, wrong, CAHYA)
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: sign_detached(digest, holder=wrong.holder(), algorithm="sha256"),
    )
    return attempt(office, signed_by_the_others(first))


def certificate_that_ended(office: Office) -> Attempt:
    """Signed in time, as its owner says; nothing proves it."""
    short = enrolled(office, authority().person("Diah", curve=CURVE, ends=NOW + 2 * DAY), DIAH)
    return attempt(office, signed_by(office.filled("mentoring"), instead={"ttd_atasan": short}), now=NOW + 9 * DAY)


def certificate_that_was_revoked(office: Office) -> Attempt:
    crl = authority().revocation_list([(keys().people[DIAH], NOW - DAY)], at=NOW - DAY)
    return attempt(office, signed_by(office.filled("mentoring")), crls=(crl,))


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
    return attempt(office, signed_by_the_others(first))


def kind_of_signature_that_was_withdrawn(office: Office) -> Attempt:
    person = keys().people[CAHYA]
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: plain_cms(digest, person, algorithm="sha256", named=person.der, content=digest),
        sub_filter="/adbe.pkcs7.sha1",
        digest="sha1",
    )
    return attempt(office, signed_by_the_others(first))


def value_that_names_another_certificate(office: Office) -> Attempt:
    person = keys().people[CAHYA]
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: plain_cms(digest, person, algorithm="sha256", named=keys().people[DIAH].der),
    )
    return attempt(office, signed_by_the_others(first))


def value_that_names_no_certificate(office: Office) -> Attempt:
    person = keys().people[CAHYA]
    first = signed_with(office.filled("mentoring"), lambda digest: plain_cms(digest, person, algorithm="sha256"))
    return attempt(office, signed_by_the_others(first))


def value_by_another_key_than_it_says(office: Office) -> Attempt:
    people: Keys = keys()
    mixed = IssuedKey(key=people.people[EKO].key, certificate=people.people[DIAH].certificate, above=())
    return supervised_by(mixed.holder(), office)


def value_over_another_document(office: Office) -> Attempt:
    person = keys().people[CAHYA].holder()
    first = signed_with(
        office.filled("mentoring"),
        lambda digest: sign_detached(bytes(reversed(digest)), holder=person, algorithm="sha256"),
    )
    return attempt(office, signed_by_the_others(first))


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
