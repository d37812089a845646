"""SE Kepala BKN Nomor 3 Tahun 2022: the circular's own rules, each under its norm."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from service.law.calendar import by_day, by_month, day_of, days_of, in_turn, month_of
from service.law.interpretation import (
    INTERNATIONAL_COACHING,
    MENTORING_TOGETHER,
    MOST_JP,
    best_self_study,
    day_before_addition,
    day_limit,
)
from service.law.numbers import Regulation, Stated
from service.law.rule import Entries, Entry, Judge, Number, Outcome, Rule, number_text
from service.law.source import Citation


def _angka(article: str, norm: str) -> Citation:
    return Citation(instrument="SE Kepala BKN Nomor 3 Tahun 2022", article=f"angka {article}", norm=norm)


# "... memiliki hak mendapat pengembangan kompetensi 20 (dua puluh) Jam Pelajaran (JP) setahun." (angka 1)
TARGET_NORM = _angka("1", "memiliki hak mendapat pengembangan kompetensi 20 (dua puluh) Jam Pelajaran (JP) setahun.")

# "Ditetapkan di Jakarta pada tanggal 1 Februari 2022"
STARTS = _angka("6", "Surat Edaran ini mulai berlaku pada tanggal ditetapkan")
IN_FORCE = dt.date(2022, 2, 1)

COACHING_NORM = _angka("5.c.4) huruf a", "1 (satu) kali pertemuan setara dengan 2 (dua) JP.")
COACHING_LIMIT_NORM = _angka("5.c.1)c)", "Coaching paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan")
MENTORING_NORM = _angka("5.d.4) Nasional huruf a", "1 (satu) kali pertemuan setara dengan 2 (dua) JP.")
MENTORING_INTERNATIONAL_NORM = _angka("5.d.4) Internasional huruf a", "1 (satu) kali pertemuan dengan 4 (empat) JP.")
MENTORING_LIMIT_NORM = _angka("5.d.1)e)", "Mentoring paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan")
SELF_STUDY_MONTH_NORM = _angka("5.e.1)b)", "Belajar Mandiri paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan.")
SELF_STUDY_DAY_NORM = _angka(
    "5.e.3) Nasional huruf a", "Jumlah durasi Belajar Mandiri dihitung paling tinggi 2 (dua) JP sehari."
)
ADDITION_NORM = _angka(
    "5.e.3) Internasional huruf a",
    "Ditambahkan 20% (dua puluh persen) dari JP program belajar mandiri (self learning).",
)

_COACHING_JP = Stated(value=Decimal(2), citation=COACHING_NORM)
SE_BKN_3_2022 = Regulation(
    holds_from=IN_FORCE,
    target=Stated(value=Decimal(20), citation=TARGET_NORM),
    a_month={
        "coaching": Stated(value=2, citation=COACHING_LIMIT_NORM),
        "mentoring": Stated(value=2, citation=MENTORING_LIMIT_NORM),
        "belajar_mandiri": Stated(value=2, citation=SELF_STUDY_MONTH_NORM),
    },
    meetings={
        ("coaching", "nasional"): _COACHING_JP,
        ("coaching", "internasional"): _COACHING_JP,  # `INTERNATIONAL_COACHING`
        ("mentoring", "nasional"): Stated(value=Decimal(2), citation=MENTORING_NORM),
        ("mentoring", "internasional"): Stated(value=Decimal(4), citation=MENTORING_INTERNATIONAL_NORM),
    },
    a_day=Stated(value=Decimal(2), citation=SELF_STUDY_DAY_NORM),
    addition=Stated(value=Decimal("0.2"), citation=ADDITION_NORM),
)


def _before(rule: Rule, entries: Entries) -> Entries:
    return tuple(rule.settle(entry, Outcome.NOT_APPLICABLE, _too_early(entry)) for entry in entries)


def _too_early(entry: Entry) -> str:
    day = day_of(entry.activity.date)
    return f"Surat edaran berlaku sejak {day_of(IN_FORCE)}; kegiatan pada {day} tidak dihitung."


def _coaching_meeting(rule: Rule, entries: Entries) -> Entries:
    return tuple(
        _meeting(rule, entry, *((INTERNATIONAL_COACHING,) if entry.activity.scope == "internasional" else ()))
        for entry in _of("coaching", entries)
    )


def _meeting(rule: Rule, entry: Entry, *also: Citation) -> Entry:
    jp = entry.numbers.meetings[entry.activity.kind, entry.activity.scope].value
    rule = rule.with_numbers(entry.numbers)
    return rule.grant(entry, rule.sentence, *also, jp=jp)


def _coaching_month(rule: Rule, entries: Entries) -> Entries:
    months = by_month(_of("coaching", entries))
    return tuple(entry for month in months for entry in _limited(rule, month, month[: _a_month(month)]))


def _mentoring_meeting(rule: Rule, entries: Entries) -> Entries:
    return tuple(_meeting(rule, entry) for entry in _of("mentoring", entries) if entry.activity.scope == "nasional")


def _mentoring_international(rule: Rule, entries: Entries) -> Entries:
    mine = (entry for entry in _of("mentoring", entries) if entry.activity.scope == "internasional")
    return tuple(_meeting(rule, entry) for entry in mine)


def _mentoring_month(rule: Rule, entries: Entries) -> Entries:
    judged: list[Entry] = []
    for month in by_month(_of("mentoring", entries)):
        chosen = sorted(month, key=lambda entry: (-entry.jp, entry.turn))[: _a_month(month)]
        mixed = len({entry.activity.scope for entry in month}) > 1
        also = (MENTORING_TOGETHER,) if mixed else ()
        judged += _limited(rule, month, in_turn(chosen), *also)
    return tuple(judged)


def _self_study_month(rule: Rule, entries: Entries) -> Entries:
    """Choose which of a month count, with the day's limit and the addition in view."""
    judged: list[Entry] = []
    for month in by_month(_of("belajar_mandiri", entries)):
        times = _a_month(month)
        chosen = best_self_study(month, most=times, limit=day_limit(month[0].numbers))
        # While the month has room, what is left out gains nothing because of its day, and the day's rule says so.
        mine = month if len(chosen) == times else chosen
        judged += _limited(rule, mine, chosen)
    return tuple(judged)


def _self_study_day(rule: Rule, entries: Entries) -> Entries:
    return tuple(
        _share(rule.with_numbers(entry.numbers), entry, share)
        for day in by_day(_of("belajar_mandiri", entries))
        for entry, share in day_limit(day[0].numbers).shares(day)
    )


def _share(rule: Rule, entry: Entry, share: Decimal) -> Entry:
    day, most = day_of(entry.activity.date), entry.numbers.a_day.value
    if share == entry.jp:
        return rule.grant(entry, f"Masih dalam batas {most} JP sehari pada {day}.")
    because = f"Belajar mandiri dihitung paling tinggi {most} JP sehari; "
    if share == 0:
        return rule.settle(entry, Outcome.LIMITED, f"{because}pada {day} sudah penuh.", MOST_JP)
    because += f"pada {day} dihitung {share} JP dari {entry.jp} JP kegiatan ini."
    return rule.note(entry, Outcome.LIMITED, because, jp=share)


def _self_study_international(rule: Rule, entries: Entries) -> Entries:
    judged = []
    for entry in _of("belajar_mandiri", entries):
        grown = day_limit(entry.numbers).grown(entry, entry.jp)
        if grown != entry.jp:
            percent = number_text(entry.numbers.addition.value * 100)
            because = f"Tingkat internasional: {entry.jp} JP ditambah {percent} persen."
            rule_now = rule.with_numbers(entry.numbers)
            judged.append(rule_now.grant(entry, because, day_before_addition(entry.numbers), jp=grown))
    return tuple(judged)


def _a_month(month: Entries) -> int:
    """Return how many of one month's entries of one kind count."""
    return month[0].numbers.a_month[month[0].activity.kind].value


def _of(kind: str, entries: Entries) -> Entries:
    return tuple(entry for entry in entries if entry.activity.kind == kind)


def _limited(rule: Rule, month: Entries, chosen: Entries, *also: Citation) -> list[Entry]:
    """Grant the chosen entries of one month and count the others out; both findings say which count."""
    if not month:
        return []
    rule = rule.with_numbers(month[0].numbers)
    in_month = month_of(month[0].activity.date)
    places = [entry.place for entry in chosen]
    judged = []
    for entry in month:
        if entry.place in places:
            because = f"{rule.sentence} Kegiatan ini yang ke-{places.index(entry.place) + 1} pada {in_month}."
            judged.append(rule.grant(entry, because))
        else:
            because = f"{rule.sentence} Pada {in_month} sudah {len(chosen)}, yaitu tanggal {days_of(chosen)}."
            judged.append(rule.settle(entry, Outcome.LIMITED, because, *also, MOST_JP))
    return judged


def _rule(name: str, sentence: str, citation: Citation, judge: Judge, states: Number) -> Rule:
    return Rule(id=name, sentence=sentence, citation=citation, holds_from=IN_FORCE, states=states, judge=judge)


BEFORE = Rule(
    id="in_force",
    sentence=f"Kegiatan sebelum {day_of(IN_FORCE)} tidak dihitung.",
    citation=STARTS,
    holds_from=dt.date.min,
    holds_until=IN_FORCE - dt.timedelta(days=1),
    judge=_before,
)
COACHING = (
    _rule(
        "coaching_meeting",
        "Satu pertemuan coaching setara dengan {number} JP.",
        COACHING_NORM,
        _coaching_meeting,
        lambda numbers: numbers.meetings["coaching", "nasional"],
    ),
    _rule(
        "coaching_month_limit",
        "Coaching dihitung paling tinggi {number} kali dalam satu bulan.",
        COACHING_LIMIT_NORM,
        _coaching_month,
        lambda numbers: numbers.a_month["coaching"],
    ),
)
MENTORING = (
    _rule(
        "mentoring_meeting",
        "Satu pertemuan mentoring nasional setara dengan {number} JP.",
        MENTORING_NORM,
        _mentoring_meeting,
        lambda numbers: numbers.meetings["mentoring", "nasional"],
    ),
    _rule(
        "mentoring_international",
        "Satu pertemuan mentoring internasional setara dengan {number} JP.",
        MENTORING_INTERNATIONAL_NORM,
        _mentoring_international,
        lambda numbers: numbers.meetings["mentoring", "internasional"],
    ),
    _rule(
        "mentoring_month_limit",
        "Mentoring dihitung paling tinggi {number} kali dalam satu bulan.",
        MENTORING_LIMIT_NORM,
        _mentoring_month,
        lambda numbers: numbers.a_month["mentoring"],
    ),
)
SELF_STUDY = (
    _rule(
        "self_study_month_limit",
        "Belajar mandiri dihitung paling tinggi {number} kali dalam satu bulan.",
        SELF_STUDY_MONTH_NORM,
        _self_study_month,
        lambda numbers: numbers.a_month["belajar_mandiri"],
    ),
    _rule(
        "self_study_day_limit",
        "Belajar mandiri dihitung paling tinggi {number} JP sehari.",
        SELF_STUDY_DAY_NORM,
        _self_study_day,
        lambda numbers: numbers.a_day,
    ),
    _rule(
        "self_study_international",
        "Belajar mandiri tingkat internasional ditambah {number} persen.",
        ADDITION_NORM,
        _self_study_international,
        lambda numbers: replace(numbers.addition, value=numbers.addition.value * 100),
    ),
)
