"""The day's tie: when the form says it was signed, when it was signed, and when the activity was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.schema import Role
from parsers.build import build
from parsers.records import ActivityRecord
from parsers.values import indonesian_date
from service.law.dated import Dated, value_on
from service.law.interpretation import signing_days
from service.verification.explanation import account_of, checks_of
from service.verification.reasons import Verdict
from service.verification.register_checks import against_calendar
from service.verification.result import answer_json
from signing.report import SignatureReport
from signing.validation.inspect import inspect
from support.hand_made_forms import QUESTIONS, answers
from support.office import NOW, ZONE, Office

LATE, BEFORE = "signed_long_after_activity", "form_date_before_activity"
DAY = dt.timedelta(days=1)


def dated(day: dt.date, printed: dt.date | None = None, **times: str) -> dict[str, str]:
    told = {"tanggal": indonesian_date(day), "tanggal_tanda_tangan": indonesian_date(printed or day)}
    return told | times


def record_of(day: dt.date, printed: dt.date, **times: str) -> ActivityRecord:
    record = build(answers(**dated(day, printed, **times)), QUESTIONS).record
    assert record is not None
    return record


@pytest.fixture
def signature(office: Office) -> SignatureReport:
    """A report on some signature; its time is set by the tests."""
    return inspect(office.signed("coaching", **dated(dt.date(2025, 3, 4))), trust=office.moment.trust).signatures[0]


def codes(record: ActivityRecord, *signed: SignatureReport, now: dt.datetime = NOW) -> list[str]:
    by_role = dict(zip((Role.PEGAWAI, Role.ATASAN), signed, strict=False))
    return [reason.code for reason in against_calendar(record, by_role, now=now, zone=ZONE)]


def test_a_printed_date_before_the_activity_passes_with_a_notice_that_is_shown_everywhere(office: Office) -> None:
    content = office.signed("coaching", **dated(dt.date(2025, 3, 4), dt.date(2025, 3, 3)))
    answer = office.prove(content)
    assert (answer.verdict, [reason.code for reason in answer.reasons]) == (Verdict.PASSED, [BEFORE])
    (found,) = answer.reasons
    assert found.message == (
        "Tanggal tanda tangan yang tercetak pada formulir, 3 Maret 2025, lebih awal daripada kegiatan tanggal 4 Maret "
        "2025."
    )
    told = answer_json(answer)
    shown = next(check for check in checks_of(told) if check.title == "Waktunya wajar")
    assert (shown.tone, shown.text) == ("plain", found.message)


def test_a_form_signed_long_after_its_activity_passes_with_a_notice(office: Office) -> None:
    content = office.filled("coaching", **dated(dt.date(2026, 8, 20)))
    for role, nip in ((Role.PEGAWAI, "199708212020122005"), (Role.ATASAN, "197801012003122001")):
        content = office.sign(content, role, nip, at=NOW - DAY)
    answer = office.prove(content)
    assert (answer.verdict, [reason.code for reason in answer.reasons]) == (Verdict.PASSED, [LATE])
    (found,) = answer.reasons
    assert "23 November 2026, 95 hari sesudah kegiatan tanggal 20 Agustus 2026" in found.message
    assert "paling lama 90 hari" in found.message
    assert "ditandatangani lama sesudahnya" in found.cites[0]
    pages = account_of(answer_json(answer), at=NOW, zone=ZONE)
    assert found.message in str(pages)


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, False), (90, False), (91, True), (400, True)])
def test_a_printed_date_is_late_after_90_days(days: int, *, late: bool) -> None:
    day = dt.date(2025, 3, 4)
    assert codes(record_of(day, day + days * DAY)) == [LATE] * late


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, []), (24 * 90, []), (24 * 90 + 13, []), (24 * 91, [LATE])],
)
def test_a_signature_is_late_after_90_days_by_the_agency_s_calendar(
    signature: SignatureReport, hours: int, expected: list[str]
) -> None:
    day = dt.date(2025, 3, 4)
    made = dt.datetime.combine(day, dt.time(10, 30), ZONE) + dt.timedelta(hours=hours)
    early = replace(signature, signed_at=dt.datetime.combine(day, dt.time(11), ZONE))
    record = record_of(day, day, waktu_selesai="10.00")
    assert codes(record, replace(signature, signed_at=made)) == expected
    # One late signature is enough, whichever it is.
    assert codes(record, early, replace(signature, signed_at=made)) == expected
    assert codes(record, replace(signature, signed_at=made), early) == expected


def test_days_are_counted_from_the_end_of_an_activity_past_midnight() -> None:
    day, night = dt.date(2025, 3, 4), {"waktu_mulai": "22.30", "waktu_selesai": "00.30"}
    assert codes(record_of(day, day + 91 * DAY, **night)) == []
    assert codes(record_of(day, day + 92 * DAY, **night)) == [LATE]


def test_what_began_before_midnight_may_bear_the_date_of_that_evening() -> None:
    day, night = dt.date(2025, 3, 4), {"waktu_mulai": "22.30", "waktu_selesai": "00.30"}
    assert codes(record_of(day, day, **night)) == []
    assert codes(record_of(day, day - DAY, **night)) == [BEFORE]


def test_a_signing_date_that_is_still_to_come_is_not_called_late_too() -> None:
    assert codes(record_of(dt.date(2025, 3, 4), dt.date(2027, 3, 1))) == ["signed_in_future"]


def test_an_activity_past_midnight_is_over_on_the_next_day(signature: SignatureReport) -> None:
    day = dt.date(2026, 11, 20)
    record = record_of(day, day + DAY, waktu_mulai="22.30", waktu_selesai="00.30")

    def at(hour: int, minute: int, days: int) -> dt.datetime:
        # The easternmost zone reads every time as early as it can have been.
        east = dt.timezone(dt.timedelta(hours=9))
        return dt.datetime.combine(day + days * DAY, dt.time(hour, minute), east)

    assert codes(record, now=at(0, 29, 1)) == ["future_activity"]
    assert codes(record, now=at(0, 30, 1)) == []
    assert codes(record, replace(signature, signed_at=at(23, 59, 0))) == ["signed_before_activity"]
    assert codes(record, replace(signature, signed_at=at(0, 29, 1))) == ["signed_before_activity"]
    assert codes(record, replace(signature, signed_at=at(0, 30, 1))) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    day=st.dates(dt.date(2022, 2, 1), dt.date(2026, 6, 1)),
    printed=st.integers(-200, 200),
    signed=st.integers(0, 200),
    night=st.booleans(),
)
def test_the_two_notices_are_there_exactly_when_the_days_say_so(
    signature: SignatureReport, day: dt.date, printed: int, signed: int, *, night: bool
) -> None:
    now = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)
    hours = {"waktu_mulai": "22.30", "waktu_selesai": "00.30"} if night else {}
    over = day + DAY * night
    made = dt.datetime.combine(over + signed * DAY, dt.time(12), ZONE)
    found = codes(record_of(day, day + printed * DAY, **hours), replace(signature, signed_at=made), now=now)
    usual = signing_days(day)
    late = signed > usual or (day + printed * DAY - over).days > usual
    assert found == [BEFORE] * (printed < 0) + [LATE] * late


def test_a_policy_value_is_that_of_its_day() -> None:
    values = (
        Dated(value=90, holds_from=dt.date.min),
        Dated(value=30, holds_from=dt.date(2027, 1, 1)),
        Dated(value=60, holds_from=dt.date(2026, 1, 1)),
    )
    days = (dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    assert [value_on(values, day) for day in days] == [90, 60, 60, 30]
    with pytest.raises(ValueError, match="no value holds"):
        value_on(values[1:], dt.date(2025, 1, 1))
    assert signing_days(dt.date(2026, 11, 24)) == 90
