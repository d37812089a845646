"""A certificate of 2026 is provable in 2046: sealed to last, renewed every year; and never more is said than is so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from service.certificates.check import State, confirm_file, confirm_number, public_json
from service.certificates.issue import Issued
from service.certificates.lasting import due_numbers
from service.certificates.lifecycle import revoke
from service.certificates.proof import SealedReadings
from service.errors import BadInput, MissingResource, NotGranted
from service.language import Reader, words
from signing.errors import NotSound, TimestampUnavailable
from signing.report import Indication
from signing.timestamps import LocalTimestamper
from support.incremental_updates import NameObject, annotate, appended, pdf_string, rectangle
from support.lasting import Lasting, clock_of, crl, day, judged, root, seal_key, trust
from support.office import NOW, Office, keys

# Whoever looked in these years, and when the copy before was renewed.
RENEWALS = (2027, 2028, 2032, 2037)


class Stamps:
    """An authority that gives only so many stamps."""

    anchors = ()

    def __init__(self, most: int) -> None:
        self._left, self._clock = most, LocalTimestamper(holder=clock_of(NOW).holder(), clock=lambda: NOW)

    def stamp(self, digest: bytes, algorithm: str) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise TimestampUnavailable("timestamp_unavailable.unreachable")
        return self._clock.stamp(digest, algorithm)


@pytest.fixture
def lasting(office: Office) -> Lasting:
    return Lasting(office=office)


@pytest.fixture
def issued(lasting: Lasting) -> Issued:
    return lasting.issue()


def renewed_each_time(lasting: Lasting, number: str) -> dict[int, bytes]:
    return {year: lasting.renew(number, day(year)).content for year in RENEWALS}


def passes(content: bytes, year: int) -> bool:
    return judged(content, day(year)).signatures[0].indication is Indication.TOTAL_PASSED


def change(office: Office, statement: str, *values: object) -> None:
    path = office.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


# --- What is issued


def test_it_is_issued_as_b_lta_and_says_so(lasting: Lasting, issued: Issued) -> None:
    assert (issued.level, issued.because) == ("PAdES-B-LTA", None)
    alone = judged(issued.content, NOW, crls=False)
    assert [found.indication for found in alone.signatures] == [Indication.TOTAL_PASSED] * 2
    again = lasting.issue()
    assert (again.new, again.content, again.level) == (False, issued.content, "PAdES-B-LTA")
    with lasting.office.store.reading() as tx:
        (event,) = tx.events.of_actions(issued.certificate.number, ("certificate.issued",))
    assert event.detail["level"] == "PAdES-B-LTA"


@pytest.mark.parametrize(
    ("changes", "level", "because"),
    [
        ({"crls": ()}, "PAdES-B-T", "seal_level_low.no_revocation_data"),
        ({"timestamper": None}, "PAdES-B-B", "seal_level_low.no_authority"),
        ({"timestamper": Stamps(1)}, "PAdES-B-LT", "seal_level_low.authority_silent"),
        ({"timestamp_roots": ()}, "PAdES-B-B", "seal_level_low.untrusted_authority"),
    ],
)
def test_what_is_missing_makes_the_level_lower_and_is_said(
    lasting: Lasting, changes: dict[str, object], level: str, because: str
) -> None:
    if "timestamper" in changes and changes["timestamper"] is not None:
        changes = {"timestamper": Stamps(1)}
    issued = lasting.issue(**changes)
    assert issued.because is not None
    assert (issued.level, issued.because.code) == (level, because)
    assert words(issued.because, Reader()) != because
    answer = confirm_file(issued.content, store=lasting.office.store)
    assert (answer.state, answer.level) == (State.VALID, level)


def test_a_seal_of_a_revoked_key_is_not_issued_at_all(lasting: Lasting) -> None:
    revoked = root().revocation_list([(seal_key(), NOW - (day(2026, 2) - day(2026, 1)))], at=NOW)
    with pytest.raises(NotSound) as error:
        lasting.issue(crls=(revoked,))
    assert error.value.faults == ("revoked",)


def test_a_silent_authority_issues_nothing(lasting: Lasting) -> None:
    with pytest.raises(TimestampUnavailable):
        lasting.issue(timestamper=Stamps(0))


def test_a_lower_level_than_the_settings_ask_for_is_refused_and_the_number_kept(lasting: Lasting) -> None:
    settings = replace(lasting.office.settings, seal_level="PAdES-B-LTA")
    with pytest.raises(MissingResource) as error:
        lasting.issue(settings=settings, crls=())
    assert error.value.code == "seal_level_too_low"
    assert words(error.value, Reader()).startswith("Sertifikat belum diterbitkan: segelnya hanya mencapai PAdES-B-T")
    issued = lasting.issue(settings=settings)
    assert (issued.level, issued.certificate.sequence) == ("PAdES-B-LTA", 1)


# --- Twenty years


def test_each_copy_is_the_one_before_with_proof_added_and_holds_until_its_authority_ends(
    lasting: Lasting, issued: Issued
) -> None:
    copies = renewed_each_time(lasting, issued.certificate.number)
    before = issued.content
    for content in copies.values():
        assert content.startswith(before)
        before = content
    held = {
        year: [copy for copy, content in copies.items() if passes(content, year)] for year in (2028, 2031, 2036, 2046)
    }
    assert held == {2028: [2027, 2028, 2032, 2037], 2031: [2027, 2028, 2032, 2037], 2036: [2032, 2037], 2046: [2037]}
    assert passes(issued.content, 2028)
    assert not passes(issued.content, 2031)


def test_every_copy_is_valid_for_the_public_and_only_these_bytes(lasting: Lasting, issued: Issued) -> None:
    number, store = issued.certificate.number, lasting.office.store
    copies, readings = [issued.content, *renewed_each_time(lasting, number).values()], SealedReadings()
    for content in copies:
        answer = confirm_file(content, store=store, readings=readings)
        assert (answer.state, answer.level) == (State.VALID, "PAdES-B-LTA")
    assert confirm_file(copies[1] + b"\n", store=store, readings=readings).state is State.ALTERED
    assert public_json(confirm_number(number, store=store))["level"] == "PAdES-B-LTA"
    revoke(number, "Salah nama.", store=store, now=day(2038), actor="biro")
    assert {confirm_file(one, store=store, readings=readings).state for one in copies} == {State.REVOKED}


def test_the_renewed_copy_is_the_one_that_is_handed_out(lasting: Lasting, issued: Issued) -> None:
    from service.certificates.check import shared_document
    from service.certificates.lasting import newest_document
    from service.certificates.lifecycle import share

    number, store = issued.certificate.number, lasting.office.store
    renewed = lasting.renew(number, day(2027))
    assert newest_document(issued.certificate, store) == renewed.content
    share(number, holder_nip=issued.certificate.nip, store=store, now=NOW)
    shown = shared_document(number, store=store, readings=SealedReadings())
    assert shown is not None
    assert shown[1] == renewed.content
    assert lasting.issue().content == issued.content


def test_a_year_needs_one_stamp(lasting: Lasting, issued: Issued) -> None:
    number = issued.certificate.number
    assert not lasting.renew(number, day(2026, 12)).new
    first, again = lasting.renew(number, day(2027)), lasting.renew(number, day(2027, 9))
    assert (first.new, again.new, again.content) == (True, False, first.content)
    settings = lasting.office.settings
    with lasting.office.store.reading() as tx:
        assert list(due_numbers(now=day(2027, 10), settings=settings, tx=tx)) == []
        assert list(due_numbers(now=day(2028), settings=settings, tx=tx)) == [number]
        assert list(due_numbers(now=day(2028), settings=settings, tx=tx, year=2024)) == []


def test_of_two_who_renew_at_once_one_copy_is_kept(lasting: Lasting, issued: Issued) -> None:
    number = issued.certificate.number

    class Overtaking(LocalTimestamper):
        def stamp(self, digest: bytes, algorithm: str) -> bytes:
            lasting.renew(number, day(2027))
            return super().stamp(digest, algorithm)

    slow = Overtaking(holder=clock_of(day(2027)).holder(), clock=lambda: day(2027))
    answer = lasting.renew(number, day(2027), timestamper=slow)
    assert not answer.new
    with lasting.office.store.reading() as tx:
        assert len(tx.certificates.copies(number)) == 2
        assert len(tx.events.of_actions(number, ("certificate.renewed",))) == 1


def test_what_was_issued_lower_is_raised_by_a_renewal(lasting: Lasting) -> None:
    issued = lasting.issue(crls=())
    renewed = lasting.renew(issued.certificate.number, day(2026, 12))
    assert (issued.level, renewed.new, renewed.copy.level) == ("PAdES-B-T", True, "PAdES-B-LTA")
    assert confirm_file(issued.content, store=lasting.office.store).level == "PAdES-B-T"
    assert confirm_file(renewed.content, store=lasting.office.store).level == "PAdES-B-LTA"


def test_a_store_of_before_is_renewed_too(lasting: Lasting, issued: Issued) -> None:
    change(lasting.office, "DELETE FROM certificate_copies")
    renewed = lasting.renew(issued.certificate.number, day(2027))
    assert renewed.new
    for content in (issued.content, renewed.content):
        assert confirm_file(content, store=lasting.office.store).state is State.VALID


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"trust": lambda at: trust(at, crls=False)}, "certificate_not_renewed.no_revocation_data"),
        ({"trust": lambda at: replace(trust(at), roots=())}, "certificate_not_renewed.unsound"),
        (
            {"timestamper": LocalTimestamper(holder=keys().tsa.holder(), clock=lambda: day(2027))},
            "certificate_not_renewed.authority",
        ),
    ],
)
def test_without_proof_nothing_is_added_and_the_reason_is_said(
    lasting: Lasting, issued: Issued, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(NotGranted) as error:
        lasting.renew(issued.certificate.number, day(2027), **changes)
    assert error.value.code == code
    assert issued.certificate.number in words(error.value, Reader())
    with lasting.office.store.reading() as tx:
        assert len(tx.certificates.copies(issued.certificate.number)) == 1


def test_too_late_is_too_late(lasting: Lasting, issued: Issued) -> None:
    with pytest.raises(NotGranted) as error:
        lasting.renew(issued.certificate.number, day(2029))
    assert error.value.code == "certificate_not_renewed.unsound"
    assert confirm_file(issued.content, store=lasting.office.store).state is State.VALID


def test_an_unknown_number_and_one_that_ended_are_not_renewed(lasting: Lasting, issued: Issued) -> None:
    with pytest.raises(BadInput):
        lasting.renew("CMB-2025-000009-AAAAAAAA", day(2027))
    number = issued.certificate.number
    revoke(number, "Salah nama.", store=lasting.office.store, now=NOW, actor="biro")
    with pytest.raises(NotGranted) as error:
        lasting.renew(number, day(2027))
    assert error.value.code == "certificate_not_renewed.ended"


def test_a_row_that_leads_to_another_file_is_not_renewed(lasting: Lasting, issued: Issued) -> None:
    digest = lasting.office.store.keep_document(lasting.office.blank().content)
    change(lasting.office, "UPDATE certificate_copies SET digest = ?", digest)
    with pytest.raises(NotGranted) as error:
        lasting.renew(issued.certificate.number, day(2027))
    assert error.value.code == "certificate_not_renewed.unconfirmed"


# --- Copies that are none of ours


def with_note(content: bytes) -> bytes:
    note = {"/Subtype": NameObject("/Text"), "/Rect": rectangle(10, 10, 30, 30), "/Contents": pdf_string("19 JP")}
    return appended(content, lambda writer: annotate(writer, note))


def keep_as_copy(lasting: Lasting, issued: Issued, content: bytes, *, logged: bool) -> None:
    """Keep bytes as a renewed copy, as somebody with the store would; with an event as somebody with the service."""
    from service.records import Event
    from service.store.certificates import Copy

    number, store = issued.certificate.number, lasting.office.store
    copy = Copy(digest=store.keep_document(content), number=number, level="PAdES-B-LTA", made_at=NOW)
    with store.transaction() as tx:
        assert tx.certificates.keep_copy(copy, after=tx.certificates.copies(number)[-1])
        if logged:
            detail = {"digest": copy.digest, "level": copy.level}
            tx.events.append(Event(at=NOW, actor="x", action="certificate.renewed", subject=number, detail=detail))


def false_copies(lasting: Lasting, issued: Issued) -> Iterator[tuple[str, bytes]]:
    yield "painted over", with_note(issued.content)
    yield "another file", lasting.office.blank().content
    yield "shorter", issued.content[: len(issued.content) // 2]


def test_a_copy_that_is_more_than_the_issued_bytes_and_proof_is_not_confirmed(lasting: Lasting, issued: Issued) -> None:
    for name, content in false_copies(lasting, issued):
        keep_as_copy(lasting, issued, content, logged=True)
        answer = confirm_file(content, store=lasting.office.store)
        assert (answer.state, answer.differs) == (State.UNCONFIRMED, ("copy",)), name
        # Nobody's certificate is doubted because somebody put a file beside it.
        assert confirm_number(issued.certificate.number, store=lasting.office.store).state is State.VALID, name


def test_a_copy_the_log_does_not_name_is_not_confirmed(lasting: Lasting, issued: Issued) -> None:
    stranger = lasting.renew(issued.certificate.number, day(2027)).content
    change(lasting.office, "DELETE FROM certificate_copies WHERE id > 1")
    assert confirm_file(stranger, store=lasting.office.store).state is State.ALTERED
    unlogged = with_note(issued.content)
    keep_as_copy(lasting, issued, unlogged, logged=False)
    assert confirm_file(unlogged, store=lasting.office.store).differs == ("copy",)


def test_a_damaged_copy_is_said_to_be_so(lasting: Lasting, issued: Issued) -> None:
    renewed = lasting.renew(issued.certificate.number, day(2027))
    path: Path
    (path,) = lasting.office.settings.home.rglob(renewed.copy.digest)
    path.unlink()
    assert confirm_file(renewed.content, store=lasting.office.store).differs == ("copy_damaged",)
    assert confirm_file(issued.content, store=lasting.office.store).state is State.VALID


# --- Algorithms retired on the way


@pytest.fixture
def rsa_ends_2035(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """RSA of 2048 bits is no longer strong from 2035 on."""
    from signing.validation import algorithms, chain

    steps = (*algorithms._RSA, (3071, day(2035, 1)))
    monkeypatch.setattr(algorithms, "_RSA", steps)
    monkeypatch.setattr(chain, "ENDS", (*algorithms.ENDS, day(2035, 1)))
    chain._find_chain.cache_clear()
    yield
    chain._find_chain.cache_clear()


@pytest.mark.usefixtures("rsa_ends_2035")
def test_a_key_too_short_by_then_still_counts_for_what_was_stamped_before(office: Office) -> None:
    lasting = Lasting(office=office, holder=seal_key(rsa=True).holder())
    issued = lasting.issue()
    copies = renewed_each_time(lasting, issued.certificate.number)
    assert passes(copies[2037], 2046)
    assert passes(copies[2032], 2036)
    assert not passes(issued.content, 2036)
    assert confirm_file(copies[2037], store=office.store).state is State.VALID


def test_a_key_revoked_later_still_counts_for_what_was_stamped_before(issued: Issued) -> None:
    revoked = root().revocation_list([(seal_key(), day(2027, 5))], at=day(2027))
    report = judged(issued.content, day(2027))
    assert report.signatures[0].indication is Indication.TOTAL_PASSED
    from signing.validation.inspect import inspect

    later = inspect(issued.content, trust=replace(trust(day(2027)), crls=(revoked, crl(day(2027)))))
    assert later.signatures[0].indication is Indication.TOTAL_PASSED
