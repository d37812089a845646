"""What the law says of an activity, in which words, when, and what it refuses to judge."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.law import RULES, Activity, Outcome, PolicyError, assess, jp_text

MONTH_LIMIT = next(rule for rule in RULES if rule.id == "coaching_month_limit")
ROOT = Path(__file__).parents[3]


def coaching(day: dt.date, **more: Any) -> Activity:
    return replace(Activity(kind="coaching", date=day), **more)


def march(*days: int) -> list[Activity]:
    return [coaching(dt.date(2024, 3, day)) for day in days]


def test_the_target_is_twenty_jp_and_nothing_caps_the_year() -> None:
    year = [coaching(dt.date(2024, month, day)) for month in range(1, 13) for day in (4, 11)]
    assessment = assess(year)
    assert assessment.total == 48
    assert assessment.target == 20


def test_a_third_coaching_is_told_the_month_and_the_days_that_count() -> None:
    left_out = assess(march(18, 4, 11)).items[0].findings[-1]
    assert left_out.rule == "coaching_month_limit"
    assert left_out.outcome is Outcome.LIMITED
    assert left_out.because == (
        "Coaching dihitung paling tinggi 2 kali dalam satu bulan. Pada Maret 2024 sudah 2, yaitu tanggal 4 dan 11."
    )


def test_the_circular_is_quoted_word_for_word_and_our_own_decision_besides() -> None:
    circular, ours = assess(march(4, 11, 18)).items[2].findings[-1].cites_text
    assert circular == (
        "SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1)c): "
        "“Coaching paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan”"
    )
    assert ours.startswith("Keputusan layanan (pilihan yang dihitung): ")


def test_two_coachings_of_one_day_name_the_day_once() -> None:
    assert assess(march(4, 4, 11)).items[2].findings[-1].because.endswith("sudah 2, yaitu tanggal 4.")


def test_a_counted_coaching_knows_its_place_in_the_month() -> None:
    assert assess(march(4, 11)).items[1].findings[-1].because.endswith("Kegiatan ini yang ke-2 pada Maret 2024.")


def test_an_activity_before_the_circular_says_so() -> None:
    (item,) = assess([coaching(dt.date(2022, 1, 31))]).items
    (finding,) = item.findings
    assert finding.outcome is Outcome.NOT_APPLICABLE
    assert finding.because == (
        "Surat edaran berlaku sejak 1 Februari 2022; kegiatan pada 31 Januari 2022 tidak dihitung."
    )


def test_a_shortened_self_study_is_told_what_was_left_of_it() -> None:
    (item,) = assess([Activity(kind="belajar_mandiri", date=dt.date(2024, 6, 5), minutes=180)]).items
    assert item.findings[-1].because == (
        "Belajar mandiri dihitung paling tinggi 2 JP sehari; pada 5 Juni 2024 dihitung 2 JP dari 4 JP kegiatan ini."
    )


def test_self_study_without_its_length_is_incomplete_and_says_what_to_do() -> None:
    (item,) = assess([Activity(kind="belajar_mandiri", date=dt.date(2024, 6, 5))]).items
    assert [finding.outcome for finding in item.findings] == [Outcome.INCOMPLETE]
    assert "Lengkapi lamanya" in item.findings[0].because


def test_the_growth_of_international_self_study_cites_the_circular_and_our_order() -> None:
    activity = Activity(kind="belajar_mandiri", date=dt.date(2024, 6, 5), minutes=180, scope="internasional")
    circular, ours = assess([activity]).items[0].findings[-1].cites_text
    assert "20% (dua puluh persen)" in circular
    assert "urutan tambahan 20 persen" in ours


def test_a_mentoring_left_out_among_both_scopes_cites_that_they_share_the_month() -> None:
    day = dt.date(2024, 5, 2)
    mentoring = [Activity(kind="mentoring", date=day, scope=scope) for scope in ("nasional", *["internasional"] * 2)]
    cites = " ".join(assess(mentoring).items[0].findings[-1].cites_text)
    assert "mentoring kedua tingkat" in cites


def test_international_coaching_cites_that_it_counts_as_coaching() -> None:
    (item,) = assess([coaching(dt.date(2024, 3, 4), scope="internasional")]).items
    assert "coaching internasional" in " ".join(item.findings[0].cites_text)


def test_both_activities_that_overlap_name_the_other_and_keep_their_jp() -> None:
    day = dt.date(2024, 3, 4)
    early = coaching(day, begins=dt.time(9), minutes=60)
    late = replace(early, kind="mentoring", begins=dt.time(9, 30))
    first, second = assess([early, late]).items
    assert first.findings[0].outcome is second.findings[0].outcome is Outcome.REVIEW
    assert "4 Maret 2024 pukul 09.30" in first.findings[0].because
    assert "4 Maret 2024 pukul 09.00" in second.findings[0].because
    assert first.counted
    assert second.counted


def test_an_activity_within_a_long_one_is_found_though_another_ended_between() -> None:
    day = dt.date(2024, 3, 4)
    times = [(dt.time(8), 240), (dt.time(9), 30), (dt.time(11), 30), (dt.time(12), 30)]
    listed = [Activity(kind="belajar_mandiri", date=day, begins=begins, minutes=minutes) for begins, minutes in times]
    found = [any(finding.outcome is Outcome.REVIEW for finding in item.findings) for item in assess(listed).items]
    assert found == [True, True, True, False]


def test_an_overlap_is_found_in_an_activity_the_month_leaves_out_too() -> None:
    days = march(4, 11, 18)
    third = replace(days[2], begins=dt.time(9), minutes=60)
    other = replace(third, kind="mentoring")
    item = assess([*days[:2], third, other]).items[2]
    assert not item.counted
    assert Outcome.REVIEW in {finding.outcome for finding in item.findings}


def test_a_duplicate_is_no_overlap_and_answers_to_no_other_rule() -> None:
    activity = coaching(dt.date(2024, 3, 4), begins=dt.time(9), minutes=60)
    first, second = assess([activity, activity]).items
    assert [finding.outcome for finding in second.findings] == [Outcome.DUPLICATE]
    assert Outcome.REVIEW not in {finding.outcome for finding in first.findings}


def test_a_superseded_rule_holds_to_its_last_day_and_no_longer() -> None:
    ended = replace(MONTH_LIMIT, holds_until=dt.date(2024, 3, 31))
    rules = tuple(ended if rule.id == MONTH_LIMIT.id else rule for rule in RULES)
    april = [coaching(dt.date(2024, 4, day)) for day in (1, 2, 3)]
    assert assess(march(29, 30, 31), rules=rules).total == 4
    assert assess(april, rules=rules).total == 6
    assert assess(april).total == 4


def test_without_rules_nothing_counts() -> None:
    assert assess(march(4), rules=()).total == 0


def test_self_study_counts_nothing_when_no_rule_says_what_minutes_are_worth() -> None:
    rules = tuple(rule for rule in RULES if rule.id != "self_study_blocks")
    assert assess([Activity(kind="belajar_mandiri", date=dt.date(2024, 6, 5), minutes=90)], rules=rules).total == 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "seminar"}, "Jenis kegiatan “seminar” tidak dikenal"),
        ({"kind": "Coaching"}, "Jenis kegiatan “Coaching” tidak dikenal"),
        ({"scope": "regional"}, "Tingkat “regional” tidak dikenal"),
        ({"minutes": -1}, "Lama kegiatan -1 menit"),
        ({"date": dt.datetime(2024, 3, 4, 9, tzinfo=dt.UTC)}, "tidak boleh memuat jam"),
        ({"begins": dt.time(9, tzinfo=dt.UTC)}, "jam setempat"),
    ],
)
def test_what_the_law_has_no_words_for_is_refused_in_a_sentence(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(PolicyError, match=told) as refused:
        coaching(dt.date(2024, 3, 4), **wrong)
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    ("jp", "text"),
    [
        ("2", "2"),
        ("2.0", "2"),
        ("2.40", "2.4"),
        ("0", "0"),
        ("0.0", "0"),
        ("20", "20"),
        ("2E+1", "20"),
        ("1E+2", "100"),
    ],
)
def test_jp_are_written_without_exponent_or_idle_zeros(jp: str, text: str) -> None:
    assert jp_text(Decimal(jp)) == text


def test_the_law_needs_the_standard_library_only() -> None:
    told = (
        "import sys; before = set(sys.modules); import service.law; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    run = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) - set(sys.stdlib_module_names) == {"service"}
