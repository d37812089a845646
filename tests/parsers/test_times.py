"""Spans of time: past midnight, 24.00, and mistakes that look like a night."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.build import build
from parsers.records import Problem
from parsers.values import LONGEST_PAST_MIDNIGHT, impossible_span, minutes_between, read_end, read_time, span_of
from support.hand_made_forms import QUESTIONS, answers
from support.said import advice, said

DAY = dt.date(2026, 4, 7)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: dt.time(*divmod(minute, 60)))


@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [
        ("22.30", "00.30", 120),
        ("23.00", "00.00", 60),
        ("23.00", "24.00", 60),
        ("23.59", "24:00 WIB", 1),
        ("20.00", "04.00", 480),
        ("08.00", "24.00", 960),
        ("00.00", "23.59", 1439),
        ("09.00", "10.30", 90),
    ],
)
def test_an_activity_past_midnight_is_one_of_the_day_it_began(begins: str, ends: str, minutes: int) -> None:
    zone = begins + (" WIB" if "WIB" in ends else "")
    result = build(answers(waktu_mulai=zone, waktu_selesai=ends), QUESTIONS)
    assert result.problems == ()
    assert result.record is not None
    assert (result.record.date, result.record.minutes) == (DAY, minutes)
    assert result.record.ends == read_end(ends)


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        ("09.00", "09.00", "sama dengan waktu mulai"),
        ("00.00", "24.00", "sama dengan waktu mulai"),
        ("09.00", "08.30", "23 jam 30 menit"),  # a wrong hour
        ("10.30", "09.00", "22 jam 30 menit"),  # begin and end exchanged
        ("10.00", "01.30", "15 jam 30 menit"),  # half past one in the afternoon
        ("20.00", "04.01", "8 jam 1 menit"),
        ("08.00", "00.00", "16 jam 0 menit"),
    ],
)
def test_an_end_that_is_no_night_is_refused_with_what_it_would_mean(begins: str, ends: str, sentence: str) -> None:
    result = build(answers(waktu_mulai=begins, waktu_selesai=ends), QUESTIONS)
    (problem,) = result.problems
    assert (problem.field, problem.code) == ("waktu_selesai", "invalid_value")
    assert sentence in said(problem)
    assert advice(problem)


@pytest.mark.parametrize("text", ["24.00", "24:00", "24.00 WIB"])
def test_nothing_begins_at_24_00(text: str) -> None:
    result = build(answers(waktu_mulai=text, waktu_selesai="00.30"), QUESTIONS)
    assert [(problem.field, problem.code) for problem in result.problems] == [("waktu_mulai", "invalid_value")]
    assert "tanggal hari berikutnya" in advice(result.problems[0])
    assert read_end(text) == dt.time.min


@pytest.mark.parametrize("text", ["24.01", "24.30", "25.00", "0024", "24", "24.00.00"])
def test_no_other_time_of_the_25th_hour_is_an_end(text: str) -> None:
    assert isinstance(read_end(text), Problem)
    assert isinstance(read_time(text), Problem)


@given(MINUTES, MINUTES)
def test_a_span_is_as_long_as_its_minutes_and_never_a_day(begins: dt.time, ends: dt.time) -> None:
    first, last = span_of(DAY, begins, ends)
    assert (first.date(), first.time(), last.time()) == (DAY, begins, ends)
    assert dt.timedelta() < last - first <= dt.timedelta(days=1)
    assert last - first == dt.timedelta(minutes=minutes_between(begins, ends))


@given(MINUTES, MINUTES, st.data())
def test_what_is_accepted_ends_the_same_day_or_within_the_limit(
    begins: dt.time, ends: dt.time, data: st.DataObject
) -> None:
    written = f"{ends:%H.%M}"
    if ends == dt.time.min:
        written = data.draw(st.sampled_from(["24.00", "00.00"]))
    record = build(answers(waktu_mulai=f"{begins:%H.%M}", waktu_selesai=written), QUESTIONS).record
    over_night = dt.timedelta(minutes=minutes_between(begins, ends)) <= LONGEST_PAST_MIDNIGHT
    assert (record is not None) is (begins < ends or (begins != ends and (over_night or written == "24.00")))
    assert (impossible_span(begins, ends, written=written) is None) is (record is not None)
    if record is not None:
        first, last = span_of(record.date, record.begins, record.ends)
        assert record.minutes == (last - first) // dt.timedelta(minutes=1)


@given(st.integers(1, 8 * 60), MINUTES)
def test_the_usual_slips_of_an_ordinary_activity_are_not_taken_for_a_night(length: int, begins: dt.time) -> None:
    """Begin and end exchanged, and an afternoon end written on a 12-hour clock."""
    first, last = span_of(DAY, begins, begins)[0], span_of(DAY, begins, begins)[0] + dt.timedelta(minutes=length)
    if last.date() != first.date():
        return
    assert impossible_span(last.time(), begins) is not None
    if last.time() >= dt.time(13) and (last - dt.timedelta(hours=12)).time() < begins:
        assert impossible_span(begins, (last - dt.timedelta(hours=12)).time()) is not None


def test_the_last_day_of_the_calendar_has_an_end_too() -> None:
    assert span_of(dt.date.max, dt.time(23), dt.time(1))[1].date() == dt.date.max
